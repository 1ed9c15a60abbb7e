"""Columns of numbers in which words stand, too: slips, or words for what is missing that are not listed."""

import json

import numpy as np

from nnctl.data.tables.dressed import find_number
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.table import Table
from nnctl.data.tables.words import parse_number

_MANY = 20  # different values: more numbers are no categories
_LOOKED_AT = 2_000  # different words
_NAMED = 5  # words that a hint lists
# What spreadsheets, forms and people write where there is no value, beside what pandas takes for it.
_NONE = frozenset(
    (
        *(
            "-",
            "--",
            "---",
            ".",
            "..",
            "*",
            "_",
            "?",
            "??",
            "–",
            "—",
            "n.a.",
            "n.a",
            "na",
            "n/a",
            "#n/a",
            "n.d.",
            "nd",
            "n/d",
        ),
        *(
            "k.a.",
            "none",
            "null",
            "nil",
            "nan",
            "missing",
            "unknown",
            "undefined",
            "unspecified",
            "blank",
            "empty",
            "invalid",
        ),
        *(
            "tbd",
            "tba",
            "pending",
            "error",
            "(blank)",
            "(null)",
            "(empty)",
            "\\n",
            "#div/0!",
            "#value!",
            "#ref!",
            "#name?",
        ),
        *("#num!", "#null!", "not available", "not applicable", "not known", "no data", "no value", "keine angabe"),
        *("unbekannt", "inconnu", "desconocido"),
    )
)


def refuse_mixed(table: Table, name: str, hint: str, older: bool = False, label: bool = False) -> None:
    """Refuses a column of texts most of which are numbers: the others are slips, or words for what is missing.

    Args:
        table: the table.
        name: the column.
        hint: what to do else.
        older: whether rows alone are counted.
        label: whether it holds labels, none of which can be missing.

    Raises:
        DataError: with the first that is no number.
    """
    column = table.columns[name]
    if not isinstance(column, Texts) or not (found := find_strange(column, older)):
        return
    strange = np.isin(np.arange(len(column.words)), found)
    row = column.find_first(strange)
    word, others = (
        column.words[column.codes[row]],
        int((column.codes >= 0).sum() - np.append(strange, False)[column.codes].sum()),
    )
    message = f"holds {word!r}, and numbers in {others:,} other {'row' if others == 1 else 'rows'}"
    table.fail("mixed-column", name, message, row, _explain_words(column, found, word, label) + hint)


def find_strange(column: Texts, older: bool = False) -> list[int]:
    """The words that are no numbers in a column of numbers, by their places among the words; none of any other column.

    Of numbers is a column of which they are most rows, or nearly all of the different values, or all beside words for none.

    Args:
        column: the column.
        older: whether rows alone are counted.
    """
    strange = [at for at, word in enumerate(column.words) if parse_number(word) is None]
    numbers = len(column.words) - len(strange)
    if not strange or not numbers:
        return []
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.words))
    rare = bool(2 * counts[strange].sum() < counts.sum())
    if rare or (not older and _are_numbers([column.words[at] for at in strange], numbers)):
        return strange
    return []


def is_none(word: str) -> bool:
    """Whether a word stands for no value in many tables."""
    return word.casefold() in _NONE


def _are_numbers(strange: list[str], numbers: int) -> bool:
    """Whether a column of so many different numbers is one of numbers, whatever these other words are."""
    if all(map(is_none, strange)):
        return True
    if numbers + len(strange) <= _MANY:
        return False
    dressed = sum(find_number(word) is not None for word in strange[:_LOOKED_AT])
    return (numbers > _MANY and 4 * len(strange) <= numbers) or (
        3 * numbers >= len(strange) and 2 * dressed > min(len(strange), _LOOKED_AT)
    )


def _explain_words(column: Texts, strange: list[int], word: str, label: bool) -> str:
    """What to do with words beside numbers: `missing`, with the usual words that occur, or one unit for all."""
    if find_number(word):
        return "write all with one unit or all without; `numbers` reads those with one; "
    words = [column.words[at] for at in strange] if len(strange) <= _NAMED else [word]
    listed = json.dumps([*words, *column.absent], ensure_ascii=False)
    return "" if label else f"`missing: {listed}` if {'it stands' if len(words) == 1 else 'they stand'} for no value; "

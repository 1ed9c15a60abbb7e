"""Columns of texts that are no categories: dressed numbers, times, dates, sentences.

Each would become hundreds of columns of zeros and ones in silence. They are refused with what reads them, or told if they
have so few different values that a column for each may be meant.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from nnctl.data.tables.delimited import has_comma
from nnctl.data.tables.dressed import find_number, has_parts, is_date, undress
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.layout import Layout
from nnctl.data.tables.table import Table
from nnctl.data.tables.words import describe_lookalikes, parse_number
from nnctl.errors import DataError, Problem
from nnctl.spelling import limit

_ORDINALS = {"st", "nd", "rd", "th"}  # 1st and 2nd are no amounts
FEW = 20  # different values: so many may be categories, whatever they look like
_LOOKED_AT = 2_000  # different words of a column
_SENTENCE = 4  # words on average
_GLUED = re.compile(
    "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]"
)  # scripts without blanks, of which two signs count as a word
_UNITS = 5  # different units of one column
_ONE = 0.9  # of the numbers: so many of one unit are of this, and the others are slips
_SCALES = frozenset("kKMBTmb")  # thousands, millions: other letters alone may be those of seats and houses
_SHOWN = 40  # characters of one
_MOST = 8  # columns that are told of


class _Oddity(NamedTuple):
    """A kind of text that is no category: one of them, what they are, and what to do."""

    example: str
    what: str
    hint: str


def refuse_oddities(table: Table, layout: Layout, labels: str) -> None:
    """Refuses columns of texts that would be taken for categories or classes in silence, and are none.

    Args:
        table: the table.
        layout: which of its columns is what; those that are said to be categories are passed over.
        labels: `data.labels`; a label column is passed over where these are said to be classes.

    Raises:
        DataError: with every such column; of very many with the first ones, and their number.
    """
    doubtful = _list_doubtful(table, layout, labels)
    problems = [problem for name, column in doubtful if (problem := _explain_oddity(table, name, column, layout))]
    told, left = problems[:_MOST], len(problems) - _MOST
    if left > 0:
        message, code = f"{table.path} has {left:,} more columns that look like no categories", problems[_MOST].code
        told.append(Problem(code, message, table.place, "`ignore` leaves columns out"))
    if told:
        raise DataError(*told)


def describe_oddities(table: Table, layout: Layout, labels: str) -> tuple[str, ...]:
    """What is told of such columns that have few different values, and of texts that nearly every row has another of."""
    told = [_describe_column(name, column, layout) for name, column in _list_doubtful(table, layout, labels)]
    return limit([each for each in told if each], "columns of texts are to be looked at", _MOST)


def _describe_column(name: str, column: Texts, layout: Layout) -> str | None:
    words, rows = _sample(column.words), int((column.codes >= 0).sum())
    if name not in layout.used and len(column.words) <= FEW:
        return None  # names of classes, which the note on these tells of
    found = _find_moments(name, column, words) or _find_dressed(name, column, words)
    if found or (found := _find_sentences(name, column, words, often=True)):
        kind = f"{'category' if name in layout.used else 'class'} of its own"
        count = f"{len(column.words):,} different ones in {rows:,} rows"
        return f"column {name!r} holds {found.example!r}, {found.what}, {count}, each taken for a {kind}: {found.hint}"
    if name not in layout.used:
        return None
    if len(column.words) > max(FEW, rows // 2) and layout.find_embedding(name) is None:
        hint = f"`ignore: [{_write(name)}]`, or a vector for each: `embed: [{_write(name)}]`"
        return f"column {name!r} holds {len(column.words):,} different texts in {rows:,} rows: {hint}"
    return describe_lookalikes(words, f"categories of {name!r}")


def _list_doubtful(table: Table, layout: Layout, labels: str) -> Iterator[tuple[str, Texts]]:
    """The columns of texts that nobody says are categories."""
    asked = layout.labels if labels in ("integer", "one_hot") else ()
    passed = layout.chosen.union(asked, layout.units)
    for name, column in table.columns.items():
        if isinstance(column, Texts) and column.words and name not in passed:
            yield name, column


def _sample(words: tuple[str, ...]) -> list[str]:
    """Some of the words, evenly over all."""
    return list(words[:: max(1, len(words) // _LOOKED_AT)])


def _explain_keeping(name: str, layout: Layout) -> str:
    if name in layout.used:
        return f"; `categories: [{_write(name)}]` takes each for a category"
    return "; `labels: integer` takes each for a class"


def _explain_oddity(table: Table, name: str, column: Texts, layout: Layout) -> Problem | None:
    """What is wrong with a column, or None."""
    words, keep = _sample(column.words), _explain_keeping(name, layout)
    if 2 * sum(map(has_comma, words)) > len(words):
        word = next(filter(has_comma, words))
        numbers = f"`numbers: [{_write(name)}]` if it stands between thousands"
        hint = f"`decimal: ','` if it begins the fraction; {numbers}{keep}"
        return table.explain("number-with-comma", name, f"holds {word!r}, a number with a comma", None, hint)
    looks = (("date-or-time", _find_moments), ("dressed-number", _find_dressed), ("free-text", _find_sentences))
    for code, find in looks if len(column.words) > FEW else ():
        if found := find(name, column, words):
            count = f"{len(column.words):,} different ones in {len(table.lines):,} rows"
            return table.explain(code, name, f"holds {found.example!r}, {found.what}: {count}", None, found.hint + keep)
    return None


def _find_dressed(name: str, column: Texts, words: Sequence[str]) -> _Oddity | None:
    """What is told of a column most words of which are dressed numbers of one unit."""
    if several := _find_units(name, words):
        return several
    found = find_unit(words)
    if found is None:
        return None
    unit, word = found[0], found[1][0]
    what = f"a number with {unit!r}" if unit else "a number with brackets, a minus behind or marks between thousands"
    return _Oddity(word, what, _explain_units(name, *found))


def _find_units(name: str, words: Sequence[str]) -> _Oddity | None:
    """As `_find_dressed`, of numbers with one of several units."""
    numbers = {word: number for word in words if parse_number(word) is None and (number := find_number(word))}
    counts = Counter(number.unit for number in numbers.values() if number.unit)
    units = sorted(counts)
    if set(units) <= _ORDINALS:
        return None
    known = set(units) <= _SCALES or any(len(unit) > 1 or not unit.isalpha() for unit in units)
    one = max(counts.values(), default=0) > _ONE * len(numbers)
    if not 1 < len(units) <= _UNITS or not known or one or 2 * len(numbers) <= len(words):
        return None
    what = f"a number with one of several units ({', '.join(map(repr, units))})"
    hint = f"write all with one unit, and `numbers: {{{_write(name)}: {_write(units[0])}}}` reads them"
    return _Oddity(next(iter(numbers)), what, hint)


def find_unit(words: Sequence[str]) -> tuple[str, list[str]] | None:
    """The unit that most words have, "" for marks alone, and those that are dressed so; None if there is none."""
    dressed = {word: number for word in words if parse_number(word) is None and (number := find_number(word))}
    if not dressed:
        return None
    unit = Counter(number.unit for number in dressed.values()).most_common(1)[0][0]
    chosen = [word for word, number in dressed.items() if number.unit == unit]
    plain = 0 if unit else sum(parse_number(word) is not None for word in words)
    return (unit, chosen) if 2 * (len(chosen) + plain) > len(words) else None


def _explain_units(name: str, unit: str, words: Sequence[str]) -> str:
    """The options that read dressed numbers."""
    options = f"numbers: {{{_write(name)}: {_write(unit)}}}" if unit else f"numbers: [{_write(name)}]"
    reads: dict[str, Callable[[str], object]] = {".": undress, ",": lambda word: undress(word, ",")}
    point, comma = (all(read(word) for word in words) for read in reads.values())
    if comma and not point:
        return f"`decimal: ','` and `{options}` read them"
    if not point and not comma:
        return f"write all with one mark for the fraction, and `{options}` reads them"
    if point and comma and any(mark in word for word in words for mark in ".,"):
        return f"`{options}` reads them, beside `decimal: ','` if a comma begins the fraction"
    return f"`{options}` reads them"


def _write(text: str) -> str:
    """A text as YAML takes it in a list or a map on one line."""
    return (
        text
        if text.isidentifier() and text.lower() not in ("null", "true", "false")
        else json.dumps(text, ensure_ascii=False)
    )


def _find_moments(name: str, column: Texts, words: Sequence[str]) -> _Oddity | None:
    """As `_find_dressed`, of dates and of amounts in several numbers."""
    for holds, what, hint in (
        (
            is_date,
            "a date",
            "columns of the year, the month or the weekday may tell more, and `split: {time: ...}` cuts by it",
        ),
        (
            has_parts,
            "a time or another amount in several numbers",
            "write it as one number, such as minutes, or as a column for each",
        ),
    ):
        if 2 * sum(map(holds, words)) > len(words):
            word = next(filter(holds, words))
            return _Oddity(word, what, f"{hint}; or leave it out: `ignore: [{_write(name)}]`")
    return None


def holds_sentences(name: str, column: Texts) -> bool:
    """Whether a column of texts holds sentences, whether they come again or not."""
    words = _sample(column.words)
    return any(_find_sentences(name, column, words, often) for often in (False, True)) if words else False


def _find_sentences(name: str, column: Texts, words: Sequence[str], often: bool = False) -> _Oddity | None:
    """As `_find_dressed`, of texts of several words; of those that come again if `often`, else most rows have another one."""
    lengths = [max(len(word.split()), len(_GLUED.findall(word)) // 2) for word in words]
    again = bool(2 * len(column.words) <= (column.codes >= 0).sum())
    if again != often or len(column.words) <= FEW or sum(lengths) < _SENTENCE * len(words):
        return None
    text = words[0] if len(words[0]) <= _SHOWN else f"{words[0][:_SHOWN]}..."
    what = f"a sentence, of {sum(lengths) / len(words):.0f} words on average and of {max(lengths)} at most"
    hint = f"nnctl reads no sentences: make numbers of them first, or leave it out: `ignore: [{_write(name)}]`"
    return _Oddity(text, what, hint)

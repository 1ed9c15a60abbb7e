"""A look at the columns of a CSV file: how it is written, which column is the label, which ones tell nothing."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from nnctl.data.tables.delimited import Dialect, has_comma, read_rows
from nnctl.data.tables.dressed import has_parts, is_date
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.header import read_names
from nnctl.data.tables.oddities import holds_sentences
from nnctl.data.tables.table import MISSING, Request, Table, read_table
from nnctl.errors import DataError
from nnctl.files import UTF8, find_encoding
from nnctl.spec.sections import Value
from nnctl.spelling import format_names
from nnctl.starters.dressing import describe_units, find_missing, find_units, need_comma
from nnctl.starters.findings import SourceOptions
from nnctl.starters.labelling import choose_labels, find_label, find_separator

_NUMBERING = {"", "index", "row", "rownames", "unnamed: 0"}
_IDENTITY = re.compile("(.*[^A-Za-z])?(?i:id|uid|uuid)|.*[a-z](Id|ID)")  # Id, order_id, PassengerId, but not covid
_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 20_000  # rows
_BELOW = 2000  # rows that the first is compared with
_NUMBERS, _EMPTY = "it numbers the rows", "it holds no value"
_WORDS = 20  # different texts that a column may have, however few rows there are


def infer_options(path: Path, asked: str | None = None) -> SourceOptions:
    """How a file is written, which column is the label, and which ones are left out, by its first 20,000 rows.

    Args:
        path: the file.
        asked: the column of the labels, or several with commas between; None to go by the names.

    Raises:
        DataError: the file cannot be read.
        UsageError: it has no such column.
    """
    dialect = _infer_dialect(path)
    table = _read_first_rows(path, dialect)
    if dialect.delimiter != "," and _has_commas(table):
        dialect = replace(dialect, decimal=",")
        table = _read_first_rows(path, dialect)
    missing, units = find_missing(path, table, dialect), find_units(table, dialect)
    if missing or units:
        table = _read_first_rows(path, dialect, missing or MISSING, units)
    held = tuple(table.columns)
    reasons = {name: reason for name in held if (reason := _find_idle_reason(table, name))}
    if asked is None:
        label, why = find_label(held, reasons)
        labels = [label]
    else:
        labels, why = choose_labels(path, held, asked), "The label is the one that was asked for."
    idle = {name: reason for name, reason in reasons.items() if name not in labels}
    several, undecided = _find_several(table, labels)
    if len(idle) == len(held) - len(labels):  # better a bad column than none
        rest = {name: reason for name, reason in idle.items() if reason not in (_NUMBERS, _EMPTY)}
        undecided = undecided or _explain_no_use(rest or idle)
        idle = {name: reason for name, reason in idle.items() if name not in rest} if rest else {}
    written: list[Value] = [name if dialect.header else int(name) for name in labels]
    options: dict[str, Value] = {"label": written[0] if len(written) == 1 else written}
    options |= {"ignore": [name if dialect.header else int(name) for name in idle]} if idle else {}
    used = {name: unit for name, unit in units.items() if name not in idle}
    options |= {"numbers": _write_units(used, dialect)} if used else {}
    options |= {"missing": list[Value](missing)} if missing else {}
    options |= {} if dialect.delimiter == "," else {"delimiter": dialect.delimiter}
    options |= {} if dialect.decimal == "." else {"decimal": dialect.decimal}
    options |= {} if dialect.header else {"header": False}
    options |= {} if dialect.encoding == UTF8 else {"encoding": dialect.encoding}
    facts = [] if dialect.header else ["The first line is taken for an example, so that columns go by their numbers."]
    facts += [why] if dialect.decimal == "." else [why, "Numbers are taken to have a decimal comma."]
    if dialect.encoding != UTF8:
        told = "see whether its names and words are right here, and say otherwise in `encoding`"
        facts.append(f"The file is not UTF-8 and is taken for {dialect.encoding}: {told}.")
    facts += describe_units(used)
    facts += [f"Taken for no value: {format_names(missing)}."] if missing else []
    return SourceOptions(
        options,
        [*facts, *(f"Column {name!r} is left out: {reason}." for name, reason in idle.items())],
        undecided=undecided,
        several=tuple(several),
    )


def _explain_no_use(idle: Mapping[str, str]) -> str:
    """What there is to decide where no column tells anything that a network could learn from."""
    if not idle:
        return "the label is the only column"
    name, reason = next(iter(idle.items()))
    return f"no column besides the label is of use as it is; of {name!r}: {reason}"


def _find_several(table: Table, labels: Sequence[str]) -> tuple[list[str], str | None]:
    """The labels that one column holds several of in a row, and what there is to decide then; none and None else."""
    name = labels[0]
    mark = find_separator(table.columns[name]) if len(labels) == 1 else None
    if mark is None:
        return [], None
    column: Any = table.columns[name]
    several = sorted({part.strip() for word in column.words for part in word.split(mark)})
    pandas = f"table.drop(columns={name!r}).join(table[{name!r}].str.get_dummies({mark!r}))"
    told = f"column {name!r} holds several labels a row, with {mark!r} between, and nnctl takes a column of 0 and 1 for each"
    return several, f"{told}: write them into the table (pandas: `{pandas}`)"


def _read_first_rows(
    path: Path, dialect: Dialect, missing: Sequence[str] = MISSING, units: Mapping[str, str] | None = None
) -> Table:
    """All columns of the first rows, in the order of the file."""
    held = read_names(path, dialect, None)
    table = read_table(path, dialect, Request(held, (), missing, _LOOKED_AT, units or {}), None)
    return replace(table, columns={name: table.columns[name] for name in held})


def _has_commas(table: Table) -> bool:
    """Whether a column holds nothing but numbers, some of them with a decimal comma."""
    texts = (column.words for column in table.columns.values() if isinstance(column, Texts))
    return any(
        (any(map(has_comma, words)) and all(has_comma(word) or _is_number(word) for word in words)) or need_comma(words)
        for words in texts
    )


def _write_units(units: Mapping[str, str], dialect: Dialect) -> Value:
    """The option `numbers`: a list of columns where there are marks alone, else what stands around each one's numbers."""
    if any(units.values()):
        return {name: unit or None for name, unit in units.items()}
    return [name if dialect.header else int(name) for name in units]


def _infer_dialect(path: Path) -> Dialect:
    """The delimiter that splits the first row into most names; a row that looks like those below it is no header.

    Raises:
        DataError: the first row cannot be read, whatever the delimiter.
    """
    try:
        encoding = find_encoding(path)
    except OSError:  # what is wrong is told where the first row is read
        encoding = UTF8
    kinds = [Dialect(delimiter, encoding=encoding) for delimiter in _DELIMITERS]
    firsts = {kind: first for kind in kinds if (first := _read_first_row(path, kind))}
    best = max(firsts, key=lambda each: len(firsts[each]), default=kinds[0])
    return replace(best, header=not _is_example(path, best, firsts.get(best, [""])))


def _read_first_row(path: Path, dialect: Dialect) -> list[str] | None:
    """The first row as a delimiter cuts it; None where a quote, or a line `sep=;`, says that it is another's."""
    try:
        return next(iter(read_rows(path, dialect, None)), (1, [""]))[1]
    except DataError as error:
        if error.problems[0].code in ("bad-csv", "bad-header"):
            return None
        raise


def _is_example(path: Path, dialect: Dialect, first: Sequence[str]) -> bool:
    """Whether each value of the first row is a number or stands at least twice below: names do neither."""
    empty = ("", *MISSING)
    words = {
        place: name for place, name in enumerate(first) if not (_is_number(name) or has_comma(name) or name in empty)
    }
    if not words:
        return any(name not in empty for name in first)
    seen: Counter[int] = Counter()
    for _, row in islice(read_rows(path, dialect, None), 1, _BELOW):
        seen.update(place for place, name in words.items() if place < len(row) and row[place] == name)
    return all(seen[place] > 1 for place in words)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _find_idle_reason(table: Table, name: str) -> str | None:
    """Why a column tells nothing that a network could learn from, or None."""
    column: Any = table.columns[name]
    if isinstance(column, Texts):
        count, words = len(column.codes), len(column.words)
        if words and all(map(is_date, column.words)):
            return (
                "it holds dates, which are no categories; columns of the year, the month or the weekday may tell more"
            )
        if words and all(map(has_parts, column.words)):
            return "it holds times, which are no categories; one number, such as minutes, may tell more"
        if holds_sentences(name, column):
            return "it holds sentences, which nnctl does not read: numbers made of them may tell more"
        return f"{words:,} different texts in {count:,} rows" if words > max(_WORDS, count // 2) else None
    if np.isnan(column).all():
        return _EMPTY
    named = name.lower() in _NUMBERING or _IDENTITY.fullmatch(name) is not None
    return _NUMBERS if named and len(np.unique(column)) == len(column) else None

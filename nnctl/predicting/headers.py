"""Which columns of a new table are the inputs of a run: by name, by number, or refused. A row is never taken for another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from nnctl.data.tables.columns import Columns
from nnctl.data.tables.delimited import Dialect, read_rows
from nnctl.data.tables.dressed import find_number
from nnctl.data.tables.feature import find_known
from nnctl.data.tables.header import read_names
from nnctl.data.tables.words import Known, parse_number
from nnctl.errors import DataError, Problem
from nnctl.spelling import compose, find_nearest, format_names

_LOOKED_AT = 100  # rows below the first
_LEAST = 3  # of them, to tell names from an example
_NO_LABEL = "it has no column of labels"
_LONG = 8  # numbers of one step in a row, which are hardly an example


@dataclass(frozen=True, slots=True)
class Beside:
    """What a run's table holds beside the columns that its network gets.

    Attributes:
        labels: the label columns, by name or, as texts, by number.
        ignored: the columns that are said to be left out.
        more: whether there may be others, of which nothing is said.
        answers: the names of the classes, where the label is one of them; else ().
    """

    labels: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    more: bool = True
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """Where the inputs stand in a file.

    Attributes:
        start: how many rows are no examples: 0 or 1.
        places: the column (from 0) of each input.
        width: how many columns each row has.
        said: what was found, a sentence each.
    """

    start: int
    places: tuple[int, ...]
    width: int
    said: tuple[str, ...] = ()


def match_columns(path: Path, dialect: Dialect, columns: Columns, beside: Beside, missing: Collection[str]) -> Header:
    """Where the columns of a run stand in a table, with the label or without it.

    Args:
        path: the file.
        dialect: how the run's table is written; with a header columns go by name, without one by number.
        columns: what was learned of the columns.
        beside: what the run's table holds beside them.
        missing: what stands for a missing value.

    Raises:
        DataError: the file cannot be read, a column is missing, or a line of names is missing or stands where none should be.
    """
    names = [compose(feature.name) for feature in columns.features]
    if not dialect.header:
        _refuse_names(path, dialect, columns, missing)
        header = _match_numbers(path, [int(name) for name in names], beside, len(read_names(path, dialect, None)))
        if _NO_LABEL not in header.said and not beside.more:
            _refuse_other_labels(path, dialect, beside, missing)
        return header
    try:
        held = read_names(path, dialect, None, names)
    except DataError as error:
        if error.problems[0].code != "no-header":
            raise
        hint = "the run goes by the names of columns: put the line of names in front"
        raise DataError(Problem("no-header", error.problems[0].message, hint=hint)) from None
    places = {name: place for place, name in enumerate(held)}
    for name in names:
        if name not in places:
            raise DataError(_explain_absent(path, name, held))
    known = {*names, *map(compose, (*beside.labels, *beside.ignored))}
    others = [] if beside.more else [name for name in held if name not in known]
    said = (f"it has columns that training has not, which are not used: {format_names(others)}",) if others else ()
    return Header(1, tuple(places[name] for name in names), len(held), said)


def find_numbers(path: Path, dialect: Dialect, width: int) -> Header:
    """Where the inputs stand in a table of plain numbers, whose columns go by their order.

    A first row of names is passed over. A first row of numbers is an example, unless it is pandas's numbering of the columns:
    it has whole numbers alone, and all below it have points. 0, 1, 2, ... and long rows of one step may be either, and are
    refused.

    Args:
        path: the file.
        dialect: how it is written.
        width: how many numbers an example has.

    Raises:
        DataError: the file cannot be read, has another width, or its first row may be either.
    """
    first, *below = [row for _, row in islice(read_rows(path, dialect, None), 1 + _LOOKED_AT)] or [[""]]
    if len(first) != width:
        message = f"{path} has {len(first):,} columns, expected {width:,}, a number each"
        hint = "leave out the label and whatever else is no input" if len(first) > width else None
        raise DataError(Problem("wrong-input", message, hint=hint))
    places = tuple(range(width))
    if all(parse_number(value) is None for value in first):
        return Header(
            1, places, width, (f"its columns are taken in their order: {format_names(first)}",) if width > 1 else ()
        )
    numbers = [int(value) for value in map(str.strip, first) if value.isascii() and value.isdigit()]
    if len(set(numbers)) < width:
        return Header(0, places, width)
    pointed = len(below) >= _LEAST and all("." in value or "e" in value.lower() for row in below for value in row)
    order = np.argsort(numbers).tolist()
    if pointed:
        counted = sorted(numbers) == list(range(min(numbers), min(numbers) + width)) and min(numbers) in (0, 1)
        said = (
            f"the first line holds whole numbers, the others have points: it is taken for names ({', '.join(first[:3])}"
        )
        more = ", ...)" if width > 3 else ")"
        moved = ", and the columns are put in its order" if counted and order != list(places) else ""
        return Header(1, tuple(order) if counted else places, width, (said + more + moved,))
    in_step = width > 1 and len(set(np.diff(numbers).tolist())) == 1
    if below and in_step and (numbers[0] == 0 or width >= _LONG):
        message = f"{path}, line 1 holds {', '.join(first[:4])}{', ...' if width > 4 else ''}"
        message += ": numbers of the columns, or an example"
        raise DataError(Problem("no-header", message, hint="put a line of names (a, b, ...) in front, or in its place"))
    return Header(0, places, width)


def _match_numbers(path: Path, wanted: Sequence[int], beside: Beside, width: int) -> Header:
    """Where columns that go by number stand in a file without names, from which the label may be missing."""
    labels, ignored = ({int(each) for each in held if each.isdigit()} for held in (beside.labels, beside.ignored))
    held = {*wanted, *labels, *ignored}
    if beside.more:
        if width < max(held):
            message = f"{path} has {width:,} columns, the run's table has at least {max(held):,}"
            raise DataError(
                Problem("wrong-input", message, hint="columns go by number: keep all of them, with the label")
            )
        said = f"columns go by number: {', '.join(map(str, wanted[:8]))}{', ...' if len(wanted) > 8 else ''} of {width}"
        return Header(0, tuple(number - 1 for number in wanted), width, (said,))
    if width == len(held):
        return Header(0, tuple(number - 1 for number in wanted), width)
    left = {number: place for place, number in enumerate(sorted(held - labels))}
    if width == len(left):
        return Header(0, tuple(left[number] for number in wanted), width, (_NO_LABEL,))
    message = f"{path} has {width:,} columns, the run's table {len(held):,}, and {len(left):,} without the label"
    raise DataError(Problem("wrong-input", message, hint="columns go by number: keep all of them, in their order"))


def _refuse_other_labels(path: Path, dialect: Dialect, beside: Beside, missing: Collection[str]) -> None:
    """Refuses a table without names, the label in it, whose label stands elsewhere: where it should be no class is known."""
    places = [int(each) - 1 for each in beside.labels if each.isdigit()]
    if len(places) != 1 or not beside.answers:
        return
    rows = [row for _, row in islice(read_rows(path, dialect, None), _LOOKED_AT)]
    known, cells = Known(beside.answers), [row[places[0]].strip() for row in rows if places[0] < len(row)]
    if not cells or any(cell in missing or known.find(cell) >= 0 for cell in cells):
        return
    message = f"{path}, line 1, column {places[0] + 1} holds {cells[0]!r}, and the run's table has the label there"
    hint = f"the classes are {format_names(beside.answers)}; put the columns in the order of the run's table"
    raise DataError(Problem("wrong-input", message, hint=hint))


def _refuse_names(path: Path, dialect: Dialect, columns: Columns, missing: Collection[str]) -> None:
    """Refuses a line of names in a table that should have none."""
    first, *below = [row for _, row in islice(read_rows(path, dialect, None), 1 + _LOOKED_AT)] or [[""]]
    numbers = [int(each.name) - 1 for each in columns.features if each.categories is None]
    found = [first[place].strip() for place in numbers if place < len(first)]
    named = bool(found) and all(value not in missing and _read_number(value) is None for value in found)
    if not numbers and below:
        seen = [_count_known(columns, row) for row in (first, *below)]
        named = seen[0] == 0 and 2 * sum(seen[1:]) > len(below) * len(columns.features)
    if named:
        message = (
            f"{path}, line 1 holds {format_names(first, 3)}, as a line of names does, and the run's table has none"
        )
        raise DataError(Problem("no-header", message, hint="take that line off"))


def _read_number(text: str) -> object:
    """The number that a text holds, plain or dressed, or None."""
    plain = parse_number(text)
    return find_number(text) if plain is None else plain


def _count_known(columns: Columns, row: Sequence[str]) -> int:
    """How many values of a row are categories of training."""
    places = [(feature, int(feature.name) - 1) for feature in columns.features]
    return sum(find_known(feature).find(row[place].strip()) >= 0 for feature, place in places if place < len(row))


def _explain_absent(path: Path, name: str, held: tuple[str, ...]) -> Problem:
    near = find_nearest(name, held)
    hint = f"is it {near!r}?" if near else f"its columns are {format_names(held)}"
    if any(parse_number(each) is not None for each in held) and not near:
        hint = f"{hint}: if that is an example, put the line of names in front"
    return Problem("missing-column", f"{path} has no column {name!r}, training has", None, hint)

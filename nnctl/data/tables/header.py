"""The names of a CSV file's columns, in its first row, and what is wrong with them."""

import json
from collections.abc import Iterable
from pathlib import Path

from nnctl import bounds
from nnctl.data.tables.delimited import Dialect, read_rows
from nnctl.data.tables.words import parse_number
from nnctl.errors import DataError, Place, Problem
from nnctl.spelling import compose


def read_names(path: Path, dialect: Dialect, place: Place | None, expected: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of a file's columns; without a header their numbers from 1.

    Args:
        path: the file.
        dialect: how it is written.
        place: where errors are shown.
        expected: names that are among them for sure: where they are, it is the header, even if it holds numbers only.

    Raises:
        DataError: the file cannot be read or is empty, or a name is missing or stands twice.
    """
    line, row = next(read_rows(path, dialect, place), (0, []))
    if len(row) > bounds.COLUMNS:
        message = f"{path}, line {line} has {len(row):,} values, more than the {bounds.COLUMNS:,} columns of a table"
        raise DataError(Problem("bad-csv", message, place, "expected a line an example: is it the other way round?"))
    if not row:
        raise DataError(Problem("no-examples", f"{path} is empty", place, "expected a line an example"))
    if not dialect.header:
        return tuple(str(number) for number in range(1, len(row) + 1))
    held = tuple(compose(name.strip()) for name in row)
    if set(expected) <= set(held) and expected:
        return held
    if problem := _find_name_problem(f"{path}, line {line}", held, dialect, place):
        raise DataError(problem)
    return held


def _find_name_problem(where: str, held: tuple[str, ...], dialect: Dialect, place: Place | None) -> Problem | None:
    if all(parse_number(name) is not None for name in held):
        message = f"{where} holds numbers only, expected the names of the columns"
        return Problem("no-header", message, place, "if the file has no header: `header: false`")
    if "" in held:
        number = held.index("") + 1
        message = f"{where}: column {number} has no name"
        hint = "name it, or write the file without it"
        hint += " (pandas: `index=False`)" if number == 1 else ""
        if 1 < number == len(held):
            hint = f"if each line ends with {dialect.delimiter!r}, take that off; or name the column"
        return Problem("bad-header", message, place, hint)
    seen: set[str] = set()
    for name in held:
        if name in seen:
            hint = "rename one of them" if parse_number(name) is None else "if the file has no header: `header: false`"
            return Problem("bad-header", f"{where}: two columns are called {name!r}", place, hint)
        seen.add(name)
    other = next((each for each in ";\t|," if each in held[0]), None) if len(held) == 1 else None
    if other is None:
        return None
    message = f"{where} holds one column, {held[0]!r}, when cut at {dialect.delimiter!r}"
    return Problem("bad-header", message, place, f"`delimiter: {json.dumps(other)}`")

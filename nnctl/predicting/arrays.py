"""Arrays and data frames of a program as blocks of what a network takes: the same refusals and remarks as for files."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.tables.columns import Columns
from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.table import MISSING
from nnctl.errors import DataError, NnctlError, Problem
from nnctl.predicting.encoding import convert_examples
from nnctl.predicting.reading import BLOCK, Block, Reading
from nnctl.spelling import format_names

_ARRAY, _TABLE = "the array", "the table"


def read_array(reading: Reading, x: Any) -> Iterator[Block]:
    """The examples of an array or of a pandas data frame, a few hundred at a time.

    Args:
        reading: how files are read for the run.
        x: of shape (n, ...), numbers as the run's source holds them. For a run on a table a data frame, whose columns go by name,
            or an array of shape (n, k) with the columns that the network gets, in the run's order.

    Raises:
        DataError: it has another shape, or holds what the network does not take.
    """
    if reading.columns is not None:
        yield from _read_table(reading, reading.columns, x)
        return
    try:
        values = np.asarray(x)
    except ValueError:  # lists of different lengths
        message = "the examples are lists of different lengths, expected an array"
        raise DataError(Problem("wrong-input", message)) from None
    if values.dtype.kind not in "iufb":
        message = f"{_ARRAY} holds {values.dtype}, expected numbers"
        raise DataError(Problem("wrong-input", message, hint="give the examples as the run's data hold them"))
    wanted = reading.inputs.shape
    if values.ndim == 0 or not (values.shape[1:] == wanted or _matches(values.shape, wanted)):
        message = f"{_ARRAY} has the shape {values.shape}, expected (n, {', '.join(map(str, wanted))})"
        hint = "the first axis counts the examples: `x[None]` is one" if values.shape == wanted else None
        raise DataError(Problem("wrong-input", message, hint=hint or "the first axis counts the examples"))
    for first in range(0, len(values), BLOCK):
        block = values[first : first + BLOCK]
        rows = range(first, first + len(block))  # as Python counts them
        yield Block(_ARRAY, rows, *convert_examples(block, reading.inputs, _ARRAY, rows))


def is_frame(x: Any) -> bool:
    """Whether something is a data frame, by what it can do: pandas need not be installed."""
    return hasattr(x, "columns") and hasattr(x, "itertuples")


def _matches(shape: Sequence[int], wanted: Sequence[int]) -> bool:
    """Whether examples differ from what is wanted by an axis of one channel, or by being flat, and are no single example."""
    return tuple(shape) != tuple(wanted) and int(np.prod(shape[1:])) == int(np.prod(wanted))


def _read_table(reading: Reading, columns: Columns, x: Any) -> Iterator[Block]:
    """Rows as a file holds them, which is read as every other one is: categories, missing values and units are told alike."""
    dialect = replace(reading.written, header=True)
    names, rows = _list_rows(columns, x)
    if not len(rows):
        return
    with tempfile.TemporaryDirectory(prefix="nnctl-") as folder:
        path, empty = (
            Path(folder, "table.csv"),
            "" if len(names) > 1 else (reading.missing or tuple(MISSING) or ("",))[0],
        )
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=dialect.delimiter, quotechar=dialect.quote, lineterminator="\n")
            writer.writerow(names)
            writer.writerows([_format_cell(cell, dialect, empty) for cell in row] for row in rows)
        try:
            first = 0
            for block in replace(reading, written=dialect).read_blocks(path, _TABLE):
                yield replace(block, rows=range(first, first + len(block.x)))
                first += len(block.x)
        except NnctlError as error:  # the path of this file is no name that the user knows
            clean = [replace(each, message=each.message.replace(str(path), _TABLE)) for each in error.problems]
            raise DataError(*clean) from None


def _list_rows(columns: Columns, x: Any) -> tuple[list[str], Any]:
    """The names of a table's columns, and its rows."""
    learned = [feature.name for feature in columns.features]
    if is_frame(x):
        return [str(name) for name in x.columns], list(x.itertuples(index=False, name=None))
    rows: NDArray[Any] = np.asarray(x, dtype=object)
    if rows.ndim != 2 or rows.shape[1] != len(learned):
        message = f"{_ARRAY} has the shape {rows.shape}, expected (n, {len(learned)}): {format_names(learned)}"
        raise DataError(Problem("wrong-input", message, hint="a data frame may have them in any order, and others"))
    return learned, rows


def _format_cell(cell: Any, dialect: Dialect, empty: str) -> str:
    """A value as it would stand in the run's table."""
    if cell is None or type(cell).__name__ in ("NAType", "NaTType") or cell != cell:  # NaN alone differs from itself
        return empty
    if isinstance(cell, (float, np.floating)):
        return repr(float(cell)).replace(".", dialect.decimal)
    return str(cell)

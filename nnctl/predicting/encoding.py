"""Examples without labels as a network takes them: rows of a table, encoded as training has learned, and plain numbers."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from nnctl.data.inputs import Inputs
from nnctl.data.preparing.checks import check_finite
from nnctl.data.source import Pair, StoredColumn
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.delimited import Dialect, read_rows
from nnctl.data.tables.feature import MISSING as ABSENT
from nnctl.data.tables.feature import Feature
from nnctl.data.tables.growing import GrowingNumbers, GrowingTexts
from nnctl.data.tables.layout import format_names, parse_number, read_names
from nnctl.data.tables.table import MISSING
from nnctl.errors import DataError, Problem
from nnctl.spelling import find_nearest

Rows = list[tuple[int, list[str]]]
_TOLD = 3  # new categories that are named


def encode_rows(
    path: Path, dialect: Dialect, columns: Columns, missing: tuple[str, ...] | None, size: int
) -> Iterator[tuple[NDArray[Any], tuple[str, ...]]]:
    """The rows of a table as the network gets them, and what should be said of a block.

    Columns are found by name; those that training does not have are passed over.

    Args:
        path: the file.
        dialect: how it is written.
        columns: what was learned of the columns.
        missing: what stands for a missing value; None for the usual words.
        size: how many rows a block has.

    Raises:
        DataError: a column is missing, or a row cannot be read; when that row is reached.
    """
    held = read_names(path, dialect, None)
    places = {name: index for index, name in enumerate(held)}
    for feature in columns.features:
        if feature.name not in places:
            raise DataError(_explain_absent(path, feature.name, held))
    words = frozenset(("", *(MISSING if missing is None else missing)))
    for block in _read_blocks(path, dialect, len(held), size, int(dialect.header)):
        cells = [[row[places[feature.name]] for _, row in block] for feature in columns.features]
        pairs = zip(columns.features, cells, strict=True)
        read = [_parse_column(each, cell, words, block, path) for each, cell in pairs]
        x = np.stack([values for values, _ in read], axis=1)
        pair = Pair(x, np.zeros(len(x)), str(path), columns=tuple(column for _, column in read))
        said = [_describe_unknown(*each) for each in zip(columns.features, read, strict=True)]
        yield columns.encode(pair, None), tuple(each for each in said if each)


def read_numbers(path: Path, dialect: Dialect, width: int, size: int) -> Iterator[NDArray[np.float64]]:
    """The rows of a table of plain numbers, float64 of shape (n, width); a first row that holds none is its header.

    Raises:
        DataError: a row has another width, or holds what is no number; when that row is reached.
    """
    first = next(read_rows(path, dialect, None), (1, [""]))[1]
    header = all(parse_number(value) is None for value in first)
    if len(first) != width:
        message = f"{path} has {len(first):,} columns, expected {width:,}, a number each"
        hint = "leave out the label and whatever else is no input" if len(first) > width else None
        raise DataError(Problem("wrong-input", message, hint=hint))
    for block in _read_blocks(path, dialect, width, size, int(header)):
        found = [[parse_number(value) for value in row] for _, row in block]
        for (line, row), values in zip(block, found, strict=True):
            if None in values:
                column = values.index(None)
                message = f"{path}, line {line}, column {column + 1} holds {row[column]!r}, expected a number"
                raise DataError(Problem("bad-number", message))
        yield np.array(found, np.float64)


def convert_examples(x: NDArray[Any], inputs: Inputs, name: str, first: int) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Numbers in the type and shape that the network takes, and what seems wrong with their range.

    Args:
        x: of shape (n, ...), numbers of any type.
        inputs: what the network takes.
        name: what their file is called.
        first: the number (from 0) of the first of them in it.

    Raises:
        DataError: one is not finite, as float32 too, or is no value of the type that training has.
    """
    dtype, where = np.dtype(inputs.dtype), f"{name}, examples {first + 1:,} to {first + len(x):,}"
    check_finite(name, x, None, dtype if dtype.kind == "f" else None, first)
    most = max(abs(inputs.lowest), abs(inputs.highest))
    scaled = most > 2 and x.size > 1 and 0 < float(np.abs(x).max()) <= 1
    if dtype.kind in "iu":
        bounds = np.iinfo(dtype)
        whole = x.dtype.kind in "iub" or bool((x == np.rint(x)).all())
        if not whole or x.min() < bounds.min or x.max() > bounds.max:
            found = "fractions" if not whole else f"values from {x.min():g} to {x.max():g}"
            message = f"{where}: {found}, training has whole numbers from {inputs.lowest:g} to {inputs.highest:g}"
            hint = "give the values as they were stored: the model scales them itself"
            raise DataError(Problem("wrong-range", message, hint=hint))
    told = f"its values reach no further than 1, training's {most:g}: the model scales them itself, so do not"
    return x.astype(dtype).reshape(len(x), *inputs.shape), (told,) if scaled else ()


def _read_blocks(path: Path, dialect: Dialect, width: int, size: int, start: int) -> Iterator[Rows]:
    found = islice(read_rows(path, dialect, None), start, None)
    empty = True
    while block := list(islice(found, size)):
        empty = False
        for line, row in block:
            if len(row) != width:
                message = f"{path}, line {line} has {len(row):,} values, the first row {width:,}"
                hint = f"a value that holds {dialect.delimiter!r} must stand in quotes {dialect.quote}"
                raise DataError(Problem("ragged-row", message, hint=hint))
        yield block
    if empty:
        raise DataError(Problem("no-examples", f"{path} holds a header and no rows"))


def _explain_absent(path: Path, name: str, held: tuple[str, ...]) -> Problem:
    near = find_nearest(name, held)
    hint = f"is it {near!r}?" if near else f"its columns are {format_names(held)}"
    return Problem("missing-column", f"{path} has no column {name!r}, training has", None, hint)


def _parse_column(
    feature: Feature, texts: list[str], missing: frozenset[str], block: Rows, path: Path
) -> tuple[NDArray[Any], StoredColumn]:
    """The values of a block's column as `nnctl.data.source.Pair` has them, and what they stand for."""
    if feature.categories is not None:
        grown = GrowingTexts(missing)
        grown.add(texts)
        found = grown.join()
        return np.where(found.codes < 0, np.nan, found.codes).astype(np.float32), StoredColumn(
            feature.name, found.words
        )
    column = GrowingNumbers(missing, partial(_refuse, feature.name, block, path))
    if not column.add(texts):
        bare = [text.strip() for text in texts]
        row = next(i for i, text in enumerate(bare) if text not in missing and parse_number(text) is None)
        message = f"{path}, line {block[row][0]}, column {feature.name!r} holds {texts[row]!r}, training has numbers"
        raise DataError(Problem("bad-number", message, hint="correct it, or leave it empty for the median of training"))
    return column.join(), StoredColumn(feature.name)


def _refuse(name: str, block: Rows, path: Path, row: int, value: float) -> NoReturn:
    raise DataError(Problem("not-finite", f"{path}, line {block[row][0]}, column {name!r} is {value}, too large"))


def _describe_unknown(feature: Feature, read: tuple[NDArray[Any], StoredColumn]) -> str | None:
    """That a block has values that training does not know."""
    values, column = read
    if feature.categories is None:
        return (
            f"column {feature.name!r} has missing values: they take training's median"
            if np.isnan(values).any()
            else None
        )
    new = [word for word in column.words or () if word not in feature.categories and word != ABSENT]
    if not new:
        return None
    more = f" and {len(new) - _TOLD:,} more" if len(new) > _TOLD else ""
    return f"column {feature.name!r} holds {', '.join(map(repr, new[:_TOLD]))}{more}, which training does not have"

"""Examples without labels as a network takes them: rows of a table, encoded as training has learned, and plain numbers."""

from collections.abc import Iterator, Sequence
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
from nnctl.data.tables.dressed import read_dressed
from nnctl.data.tables.feature import Feature
from nnctl.data.tables.growing import GrowingNumbers, GrowingTexts
from nnctl.data.tables.novelty import Novelty
from nnctl.data.tables.table import MISSING
from nnctl.data.tables.words import parse_number
from nnctl.errors import DataError, Problem
from nnctl.predicting.headers import Beside, find_numbers, match_columns
from nnctl.spelling import compose, limit

Rows = list[tuple[int, list[str]]]


def encode_rows(
    path: Path,
    dialect: Dialect,
    columns: Columns,
    missing: tuple[str, ...] | None,
    size: int,
    beside: Beside = Beside(),  # noqa: B008  frozen
    older: bool = False,
) -> Iterator[tuple[NDArray[Any], tuple[str, ...], list[int]]]:
    """The rows of a table as the network gets them, what should be said of a block, of the whole with the last, and their lines.

    Columns are found by name; those that training does not have are passed over.

    Args:
        path: the file.
        dialect: how it is written.
        columns: what was learned of the columns.
        missing: what stands for a missing value; None for the usual words.
        size: how many rows a block has.
        beside: what the run's table holds beside these columns.
        older: whether the run is from before categories were known in whatever form they are written.

    Raises:
        DataError: a column is missing, or a row cannot be read; when that row is reached.
    """
    words = frozenset(("", *(MISSING if missing is None else missing)))
    header, counted = match_columns(path, dialect, columns, beside, words), Novelty(columns, older)
    waiting: tuple[NDArray[np.float32], tuple[str, ...], list[int]] | None = None
    for block in _read_blocks(path, dialect, header.width, size, header.start):
        if waiting is not None:
            yield waiting
        plain = _parse_numbers(columns, header.places, words, block, path)
        parse = partial(_parse_column, missing=words, block=block, path=path, decimal=dialect.decimal)
        pairs = zip(columns.features, header.places, strict=True)
        read = [plain.get(place) or parse(each, [row[place] for _, row in block]) for each, place in pairs]
        x = np.stack([values for values, _ in read], axis=1)
        pair = Pair(x, np.zeros(len(x)), str(path), columns=tuple(column for _, column in read))
        counted.count(pair)
        filled = limit(list(_describe_filled(columns, x)), "columns have missing values in these rows")
        waiting = columns.encode(pair, None, older), filled, [line for line, _ in block]
    assert waiting is not None
    yield waiting[0], (*waiting[1], *counted.describe(), *header.said), waiting[2]


def read_numbers(
    path: Path, dialect: Dialect, width: int, size: int
) -> Iterator[tuple[NDArray[np.float64], tuple[str, ...], list[int]]]:
    """The rows of a table of plain numbers, float64 of shape (n, width), what should be said of it, and their lines.

    Which row is the header, `nnctl.predicting.headers.find_numbers` tells.

    Raises:
        DataError: a row has another width, or holds what is no number; when that row is reached. The first row may be either.
    """
    header = find_numbers(path, dialect, width)
    for block in _read_blocks(path, dialect, width, size, header.start):
        found = [[parse_number(value) for value in row] for _, row in block]
        for (line, row), values in zip(block, found, strict=True):
            if None in values:
                column = values.index(None)
                message = f"{path}, line {line}, column {column + 1} holds {row[column]!r}, expected a number"
                raise DataError(Problem("bad-number", message))
        yield np.array(found, np.float64)[:, list(header.places)], header.said, [line for line, _ in block]


def convert_examples(
    x: NDArray[Any], inputs: Inputs, name: str, rows: Sequence[int]
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Numbers in the type and shape that the network takes, and what seems wrong with their range.

    Args:
        x: of shape (n, ...), numbers of any type.
        inputs: what the network takes.
        name: what their file is called.
        rows: the number of each in it.

    Raises:
        DataError: one is not finite, as float32 too, or is no value of the type that training has.
    """
    dtype, where = np.dtype(inputs.dtype), f"{name}, rows {rows[0]:,} to {rows[-1]:,}"
    check_finite(name, x, None, dtype if dtype.kind == "f" else None, rows)
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


def _parse_numbers(
    columns: Columns, places: Sequence[int], missing: frozenset[str], block: Rows, path: Path
) -> dict[int, tuple[NDArray[Any], StoredColumn]]:
    """What `_parse_column` finds of all columns of plain numbers, by their places: many are read faster together."""
    pairs = zip(columns.features, places, strict=True)
    wanted = {place: each for each, place in pairs if each.categories is None and each.unit is None}

    def refuse(place: int, row: int, value: float) -> NoReturn:
        _refuse(wanted[place].name, block, path, row, value)

    numbers = GrowingNumbers(tuple(wanted), missing, refuse)
    rows = [row for _, row in block]
    left = numbers.add(rows)
    for place in wanted if left else ():
        _refuse_texts(wanted[place], [row[place] for row in rows], missing, block, path)
    return {place: (values, StoredColumn(compose(wanted[place].name))) for place, values in numbers.join().items()}


def _parse_column(
    feature: Feature, texts: list[str], missing: frozenset[str], block: Rows, path: Path, decimal: str
) -> tuple[NDArray[Any], StoredColumn]:
    """The values of a block's column as `nnctl.data.source.Pair` has them, and what they stand for."""
    name = compose(feature.name)
    if feature.categories is not None:
        grown = GrowingTexts(missing)
        grown.add(texts)
        found = grown.join()
        return np.where(found.codes < 0, np.nan, found.codes).astype(np.float32), StoredColumn(name, found.words)
    if feature.unit is not None:
        read = [text if text.strip() in missing else read_dressed(text, feature.unit, decimal) for text in texts]
        if None in read:
            row = read.index(None)
            _refuse_text(feature, block[row][0], path, texts[row])
        texts = [str(text) for text in read]
    column = GrowingNumbers((0,), missing, lambda _, row, value: _refuse(feature.name, block, path, row, value))
    if column.add([(text,) for text in texts]):
        _refuse_texts(feature, texts, missing, block, path)
    return column.join()[0], StoredColumn(name)


def _refuse_texts(feature: Feature, texts: list[str], missing: frozenset[str], block: Rows, path: Path) -> None:
    """Refuses the first text of a column that is no number, if one is."""
    for (line, _), text in zip(block, texts, strict=True):
        if text.strip() not in missing and parse_number(text.strip()) is None:
            _refuse_text(feature, line, path, text)


def _refuse_text(feature: Feature, line: int, path: Path, text: str) -> NoReturn:
    numbers = f"numbers with {feature.unit!r}" if feature.unit else "numbers"
    message = f"{path}, line {line}, column {feature.name!r} holds {text!r}, training has {numbers}"
    raise DataError(Problem("bad-number", message, hint="correct it, or leave it empty for the median of training"))


def _refuse(name: str, block: Rows, path: Path, row: int, value: float) -> NoReturn:
    raise DataError(Problem("not-finite", f"{path}, line {block[row][0]}, column {name!r} is {value}, too large"))


def _describe_filled(columns: Columns, x: NDArray[Any]) -> Iterator[str]:
    """That numbers of a block are missing."""
    for feature, values in zip(columns.features, x.T, strict=True):
        if feature.categories is None and np.isnan(values).any():
            yield f"column {feature.name!r} has missing values: they take training's median"

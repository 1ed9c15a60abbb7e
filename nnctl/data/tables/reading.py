"""The rows of a CSV file as examples and labels, and what its first rows tell of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.source import Arrays, KeyColumn, Pair, StoredColumn, find_place
from nnctl.data.tables.answers import has_fractions, has_other_than_yes_or_no, has_parts, has_texts, make_labels
from nnctl.data.tables.dates import hold_dates
from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.header import read_names
from nnctl.data.tables.layout import Layout, Options, read_layout, require_split
from nnctl.data.tables.mixed import refuse_mixed
from nnctl.data.tables.oddities import describe_oddities, refuse_oddities
from nnctl.data.tables.table import MISSING, Request, Table, read_table
from nnctl.errors import DataError, Problem
from nnctl.spec.sections import Data, DataFacts
from nnctl.spelling import format_names

_PEEKED = 200  # rows that a look at a file reads


def peek(data: Data, options: Options) -> DataFacts:
    """What the header and the first rows tell; how many rows there are is not known, nor how many categories.

    Raises:
        DataError: the file cannot be read, or an option does not fit it.
    """
    dialect, layout = read_layout(data, options)
    names = read_names(_require_path(data), dialect, find_place(data, "path"))
    require_split(data, layout, names)
    table = _read_table(data, dialect, layout, options.missing, _PEEKED)
    if not data.older:
        refuse_oddities(table, layout, data.labels)
    # How many categories there are only the whole file tells; how wide they are embedded, the spec may.
    embedded = {name: layout.find_embedding(name) for name in layout.features if isinstance(table.columns[name], Texts)}
    width = sum(embedded.get(name, 1) or 0 for name in layout.features)
    task, outputs = _infer_task(table, layout.labels, data)
    shape = (width,) if all(embedded.values()) else None
    return DataFacts(shape, "float32", task, outputs, dates=_find_dates(data, dialect, layout, names))


def _find_dates(data: Data, dialect: Dialect, layout: Layout, names: Sequence[str]) -> tuple[str, ...]:
    """The columns besides the labels that hold dates in the first rows, also those that the network does not get."""
    others = tuple(name for name in names if name not in layout.labels)
    table = read_table(
        _require_path(data), dialect, Request(others, others, MISSING, _PEEKED), find_place(data, "path")
    )
    columns = ((name, table.columns[name]) for name in others)
    return tuple(name for name, column in columns if isinstance(column, Texts) and hold_dates(name, column.words))


def read_csv(data: Data, options: Options) -> Arrays:
    """The rows of a file, as `nnctl.data.sources.csv` has them.

    Raises:
        DataError: the file cannot be read, or an option does not fit it.
    """
    assert data.path is not None
    dialect, layout = read_layout(data, options)
    table = _read_table(data, dialect, layout, options.missing)
    if not data.older:
        refuse_oddities(table, layout, data.labels)
    x, columns = _make_examples(table, layout, data.older)
    if layout.embed is not None and all(column.embed is None for column in columns):
        message = f"embed is {options.embed!r}, and {data.path} has no column of categories"
        raise DataError(Problem("bad-value", message, find_place(data, "source.embed"), "name columns: `embed: [zip]`"))
    y = make_labels(table, layout.labels, data.labels, data.numbers, data.older)
    y_name = f"column {layout.labels[0]!r} of {data.path}" if len(layout.labels) == 1 else f"the labels of {data.path}"
    said = (*_describe_idle(layout), *describe_oddities(table, layout, data.labels))
    pair = Pair(x, y, str(data.path), y_name, columns, table.lines, said=said)
    names = layout.labels if len(layout.labels) > 1 else None
    dates = _find_dates(data, dialect, layout, read_names(data.path, dialect, find_place(data, "path")))
    return Arrays(data.path.name + _describe_missing(x), str(data.path), pair, class_names=names, dates=dates)


def read_key_column(data: Data, options: Options, pair: Pair) -> KeyColumn:
    """The column of a file that `data.split` cuts by, a value for each row that was read.

    Raises:
        DataError: the file has no such column, or cannot be read.
    """
    path, where = _require_path(data), find_place(data, "path")
    dialect, layout = read_layout(data, options)
    name = require_split(data, layout, read_names(path, dialect, where))
    assert name is not None
    missing = MISSING if options.missing is None else tuple(map(str, options.missing))
    table = read_table(path, dialect, Request((name,), (name,), missing), where)
    column = table.columns[name]
    assert isinstance(column, Texts)
    rows = np.searchsorted(table.lines, pair.lines) if pair.lines is not None else slice(None)
    return KeyColumn(f"column {name!r}", column.words, column.codes[rows].astype(np.int64))


def _require_path(data: Data) -> Path:
    assert data.path is not None
    return data.path


def _read_table(
    data: Data, dialect: Dialect, layout: Layout, missing: Sequence[str | float] | None, most: int | None = None
) -> Table:
    assert data.path is not None
    words = MISSING if missing is None else tuple(map(str, missing))
    read, texts = (*layout.labels, *layout.features), (*layout.labels, *layout.categories)
    request = Request(read, texts, words, most, layout.units)
    return read_table(data.path, dialect, request, find_place(data, "path"))


def _make_examples(table: Table, layout: Layout, older: bool) -> tuple[NDArray[Any], tuple[StoredColumn, ...]]:
    """The features, of shape (n, features): numbers, or the index of a text; NaN for what is missing.

    All are float64 if one of them is, else float32.
    """
    wide = any(getattr(table.columns[name], "dtype", None) == np.float64 for name in layout.features)
    x = np.empty((len(table.lines), len(layout.features)), np.float64 if wide else np.float32)
    columns = []
    for index, name in enumerate(layout.features):
        column = table.columns[name]
        if isinstance(column, Texts):
            if name not in layout.categories:
                refuse_mixed(table, name, f"or correct it, or take all as categories: `categories: [{name}]`", older)
            column = column if older else column.merge()
            x[:, index] = np.where(column.codes < 0, np.nan, column.codes)
            columns.append(StoredColumn(name, column.words, layout.find_embedding(name)))
        else:
            x[:, index] = column
            columns.append(StoredColumn(name, unit=layout.units.get(name)))
    return x, tuple(columns)


def _describe_idle(layout: Layout) -> tuple[str, ...]:
    """That columns are neither label nor feature, and not said to be left out."""
    if not layout.idle:
        return ()
    return (f"not used, as `features` does not name them: {format_names(layout.idle)}",)


def _infer_task(table: Table, names: tuple[str, ...], data: Data) -> tuple[str | None, int | None]:
    """The task and the number of outputs, as far as the first rows tell them."""
    if len(names) > 1:
        return None, len(names)
    if data.labels == "raw":
        return "regression", 1
    if has_texts(table, names[0]):
        return "multiclass", None
    numbers = has_fractions(table, names[0]) and not (data.probabilities and has_parts(table, names[0]))
    numbers = numbers or (data.numbers and has_other_than_yes_or_no(table, names[0]))
    return ("regression", 1) if numbers else (None, None)


def _describe_missing(x: NDArray[Any]) -> str:
    """How many values are missing, as a part of a title."""
    count = int(np.isnan(x).sum())
    return f" ({count:,} {'value' if count == 1 else 'values'} missing)" if count else ""

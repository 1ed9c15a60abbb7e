"""The rows of a CSV file as examples and labels, and what its first rows tell of them."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.unlabelled import choose_labelled, describe_left_out
from nnctl.data.memory.limit import Limit
from nnctl.data.memory.unread import Unread
from nnctl.data.source import Arrays, KeyColumn, Pair, StoredColumn, find_place
from nnctl.data.tables.answers import (
    find_absent_labels,
    has_fractions,
    has_other_than_yes_or_no,
    has_parts,
    has_texts,
    make_labels,
)
from nnctl.data.tables.dates import could_be_date, hold_dates
from nnctl.data.tables.delimited import Dialect, read_rows
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
    """The columns besides the labels that hold dates in the first rows, also those that the network does not get.

    The rows were read before, and none is longer than another. A column is looked at as long as its values could be dates:
    of most tables the first row tells that none is.
    """
    labels, none = frozenset(layout.labels), frozenset(("", *MISSING))
    words: dict[int, dict[str, None]] = {place: {} for place, name in enumerate(names) if name not in labels}
    rows = read_rows(_require_path(data), dialect, find_place(data, "path"))
    start = int(dialect.header)
    for _, row in islice(rows, start, start + _PEEKED):
        for place in list(words):
            if (word := row[place].strip()) not in none and word not in words[place]:
                words[place][word] = None
                if not could_be_date(names[place], word):
                    del words[place]
        if not words:
            break
    return tuple(names[place] for place, held in words.items() if hold_dates(names[place], list(held)))


def read_csv(data: Data, options: Options, limit: Limit | None = None) -> Arrays:
    """The rows of a file, as `nnctl.data.sources.csv` has them.

    Raises:
        DataError: the file cannot be read, or an option does not fit it.
        PastLimitError: the file is larger than may be read, or takes longer.
    """
    assert data.path is not None
    dialect, layout = read_layout(data, options)
    if limit is not None:
        return _read_labels(data, dialect, layout, options.missing, limit)
    table, kept, left_out = _leave_out(_read_table(data, dialect, layout, options.missing), layout, data)
    if not data.older:
        refuse_oddities(table, layout, data.labels)
    x, columns = _make_examples(table, layout, data.older)
    if layout.embed is not None and all(column.embed is None for column in columns):
        message = f"embed is {options.embed!r}, and {data.path} has no column of categories"
        raise DataError(Problem("bad-value", message, find_place(data, "source.embed"), "name columns: `embed: [zip]`"))
    y, y_name = _make_labels(table, layout, data)
    said = (*left_out, *_describe_idle(layout), *describe_oddities(table, layout, data.labels))
    pair = Pair(x, y, str(data.path), y_name, columns, table.lines, kept, said=said)
    names = _name_labels(layout)
    dates = _find_dates(data, dialect, layout, read_names(data.path, dialect, find_place(data, "path")))
    return Arrays(data.path.name + _describe_missing(x), str(data.path), pair, class_names=names, dates=dates)


def _read_labels(
    data: Data, dialect: Dialect, layout: Layout, missing: Sequence[str | float] | None, limit: Limit
) -> Arrays:
    """The same with the label columns alone read."""
    assert data.path is not None
    alone = replace(layout, features=(), categories=())
    table, *_ = _leave_out(_read_table(data, dialect, alone, missing, limit=limit), layout, data)
    if not data.older:
        refuse_oddities(table, alone, data.labels)
    y, y_name = _make_labels(table, layout, data)
    x = Unread((len(y), len(layout.features)), np.float32)
    pair = Pair(x, y, str(data.path), y_name, (), table.lines)  # type: ignore[arg-type]
    return Arrays(data.path.name, str(data.path), pair, class_names=_name_labels(layout))


def _leave_out(table: Table, layout: Layout, data: Data) -> tuple[Table, NDArray[np.int64] | None, tuple[str, ...]]:
    """The table without the rows that have no label, where the spec leaves them out; which are left, and what is said."""
    absent = find_absent_labels(table, layout.labels)
    if not data.skips("unlabelled") or not absent.any():
        return table, None, ()
    kept = choose_labelled(absent, str(data.path), find_place(data, "skip"))
    return table.take(kept), kept, (describe_left_out(table.lines[absent].tolist(), "line", str(data.path)),)


def _make_labels(table: Table, layout: Layout, data: Data) -> tuple[NDArray[Any], str]:
    """The labels, and what messages call them."""
    y = make_labels(table, layout.labels, data.labels, data.numbers, data.older)
    single = len(layout.labels) == 1
    return y, f"column {layout.labels[0]!r} of {data.path}" if single else f"the labels of {data.path}"


def _name_labels(layout: Layout) -> tuple[str, ...] | None:
    """The names of several labels an example, which are those of their columns."""
    return layout.labels if len(layout.labels) > 1 else None


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
    data: Data, dialect: Dialect, layout: Layout, missing: Sequence[str | float] | None, most: int | None = None,
    limit: Limit | None = None,
) -> Table:  # fmt: skip
    assert data.path is not None
    words = MISSING if missing is None else tuple(map(str, missing))
    read, texts = (*layout.labels, *layout.features), (*layout.labels, *layout.categories)
    request = Request(read, texts, words, most, layout.units, limit)
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
            if name not in layout.chosen:
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

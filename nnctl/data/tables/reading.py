"""The rows of a CSV file as examples and labels, and what its first rows tell of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.source import Arrays, Pair, StoredColumn, find_place
from nnctl.data.tables.answers import has_fractions, has_parts, has_texts, make_labels
from nnctl.data.tables.delimited import Dialect, has_comma
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.layout import Layout, Options, read_layout
from nnctl.data.tables.table import MISSING, Request, Table, read_table, refuse_mixed
from nnctl.errors import DataError, Problem
from nnctl.spec.sections import Data, DataFacts

_PEEKED = 200  # rows that a look at a file reads


def peek(data: Data, options: Options) -> DataFacts:
    """What the header and the first rows tell; how many rows there are is not known, nor how many categories.

    Raises:
        DataError: the file cannot be read, or an option does not fit it.
    """
    dialect, layout = read_layout(data, options)
    table = _read_table(data, dialect, layout, options.missing, _PEEKED)
    _refuse_commas(table, layout, data.labels)
    # How many categories there are only the whole file tells; how wide they are embedded, the spec may.
    embedded = {name: layout.find_embedding(name) for name in layout.features if isinstance(table.columns[name], Texts)}
    width = sum(embedded.get(name, 1) or 0 for name in layout.features)
    task, outputs = _infer_task(table, layout.labels, data)
    return DataFacts((width,) if all(embedded.values()) else None, "float32", task, outputs)


def read_csv(data: Data, options: Options) -> Arrays:
    """The rows of a file, as `nnctl.data.sources.csv` has them.

    Raises:
        DataError: the file cannot be read, or an option does not fit it.
    """
    assert data.path is not None
    dialect, layout = read_layout(data, options)
    table = _read_table(data, dialect, layout, options.missing)
    _refuse_commas(table, layout, data.labels)
    x, columns = _make_examples(table, layout)
    if layout.embed is not None and all(column.embed is None for column in columns):
        message = f"embed is {options.embed!r}, and {data.path} has no column of categories"
        raise DataError(Problem("bad-value", message, data.places.get("source"), "name columns: `embed: [zip]`"))
    y = make_labels(table, layout.labels, data.labels)
    y_name = f"column {layout.labels[0]!r} of {data.path}" if len(layout.labels) == 1 else f"the labels of {data.path}"
    pair = Pair(x, y, str(data.path), y_name, columns, table.lines)
    names = layout.labels if len(layout.labels) > 1 else None
    return Arrays(data.path.name + _describe_missing(x), str(data.path), pair, class_names=names)


def _read_table(
    data: Data, dialect: Dialect, layout: Layout, missing: Sequence[str | float] | None, most: int | None = None
) -> Table:
    assert data.path is not None
    words = MISSING if missing is None else tuple(map(str, missing))
    request = Request((*layout.labels, *layout.features), (*layout.labels, *layout.categories), words, most)
    return read_table(data.path, dialect, request, find_place(data, "path"))


def _refuse_commas(table: Table, layout: Layout, labels: str) -> None:
    """Refuses a column of numbers with commas, which would be taken for categories or classes in silence.

    Raises:
        DataError: with the first such column.
    """
    asked = layout.labels if labels in ("integer", "one_hot") else ()
    for name, column in table.columns.items():
        if not isinstance(column, Texts) or name in layout.categories or name in asked or not column.words:
            continue
        if sum(map(has_comma, column.words)) * 2 > len(column.words):
            word = next(filter(has_comma, column.words))
            kept = f"`categories: [{name}]`" if name in layout.features else "`labels: integer`"
            hint = f"`decimal: ','` if it begins the fraction; write thousands without; {kept} if this is no number"
            message = f"holds {word!r}, a number with a comma"
            table.fail("number-with-comma", name, message, None, hint)


def _make_examples(table: Table, layout: Layout) -> tuple[NDArray[Any], tuple[StoredColumn, ...]]:
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
                hint = f"correct it, list it in `missing`, or take all as categories: `categories: [{name}]`"
                refuse_mixed(table, name, hint)
            x[:, index] = np.where(column.codes < 0, np.nan, column.codes)
            columns.append(StoredColumn(name, column.words, layout.find_embedding(name)))
        else:
            x[:, index] = column
            columns.append(StoredColumn(name))
    return x, tuple(columns)


def _infer_task(table: Table, names: tuple[str, ...], data: Data) -> tuple[str | None, int | None]:
    """The task and the number of outputs, as far as the first rows tell them."""
    if len(names) > 1:
        return None, len(names)
    if data.labels == "raw":
        return "regression", 1
    if has_texts(table, names[0]):
        return "multiclass", None
    numbers = has_fractions(table, names[0]) and not (data.probabilities and has_parts(table, names[0]))
    return ("regression", 1) if numbers else (None, None)


def _describe_missing(x: NDArray[Any]) -> str:
    """How many values are missing, as a part of a title."""
    count = int(np.isnan(x).sum())
    return f" ({count:,} {'value' if count == 1 else 'values'} missing)" if count else ""

"""What the label columns of a table hold: classes, several labels an example, or numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.resolution import narrow
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.layout import parse_number
from nnctl.data.tables.table import Table, refuse_mixed

# Whole numbers of so few different values are taken for classes: grades and ratings, not prices and ages.
MOST_CLASSES = 20


def make_labels(table: Table, names: tuple[str, ...], form: str) -> NDArray[Any]:
    """The labels of one column, as `make_column_labels` takes them, or of several, as `make_row_labels` does."""
    return make_column_labels(table, names[0], form) if len(names) == 1 else make_row_labels(table, names, form)


def make_column_labels(table: Table, name: str, form: str) -> NDArray[Any]:
    """The labels of one column.

    Args:
        table: the table, which holds the column as texts.
        name: the column.
        form: `data.labels`: `integer` and `one_hot` insist on classes, `raw` on numbers. `auto` takes texts for classes,
            and whole numbers if there are at most 20 different ones, or if they are 0, 1, 2, ... without a gap, with two
            examples of each on average; all else for numbers.

    Returns:
        The names of the classes as texts, or float32; of shape (n,).

    Raises:
        DataError: a label is missing, or most are numbers and some are not.
    """
    column = _require_complete(table, name)
    values = _parse_values(column.words)
    if form == "raw" and np.isnan(values).any():
        row = column.find_first(np.isnan(values))
        word = column.words[column.codes[row]]
        table.fail("bad-labels", name, f"is {word!r}, and `labels: raw` takes numbers", row)
    if form == "auto":
        refuse_mixed(table, name, "correct it, or take all labels as the names of classes: `labels: integer`")
    classes = form in ("integer", "one_hot") or (form == "auto" and _are_classes(values, len(column.codes)))
    if not classes:
        return _convert_to_floats(table, name, column, values)
    words = [str(int(value)) if value.is_integer() else word for word, value in zip(column.words, values, strict=True)]
    return np.array(words, np.str_)[column.codes]


def make_row_labels(table: Table, names: tuple[str, ...], form: str) -> NDArray[Any]:
    """The labels of several columns: uint8 of shape (n, k) if all are 0 or 1, and numbers are not insisted on, or float32.

    Raises:
        DataError: a label is missing, or no number.
    """
    found = []
    for name in names:
        column = _require_complete(table, name)
        values = _parse_values(column.words)
        if np.isnan(values).any():
            row = column.find_first(np.isnan(values))
            word = column.words[column.codes[row]]
            table.fail("bad-labels", name, f"is {word!r}, expected a number", row, "texts can be the label alone only")
        found.append(_convert_to_floats(table, name, column, values))
    y = np.stack(found, axis=1)
    return y.astype(np.uint8) if form != "raw" and np.isin(y, (0, 1)).all() else y


def has_texts(table: Table, name: str) -> bool:
    """Whether a label column holds something else than numbers."""
    column = table.columns[name]
    return isinstance(column, Texts) and bool(np.isnan(_parse_values(column.words)).any())


def has_fractions(table: Table, name: str) -> bool:
    """Whether a label column holds numbers that are not whole."""
    column = table.columns[name]
    return isinstance(column, Texts) and any(not value.is_integer() for value in _parse_values(column.words))


def has_parts(table: Table, name: str) -> bool:
    """Whether all numbers of a label column lie from 0 to 1, as shares of a yes do."""
    column = table.columns[name]
    return isinstance(column, Texts) and all(0 <= value <= 1 for value in _parse_values(column.words))


def _require_complete(table: Table, name: str) -> Texts:
    """The column, no label of which is missing."""
    column = table.columns[name]
    assert isinstance(column, Texts)
    absent = column.codes < 0
    if absent.any():
        row, count = int(np.argmax(absent)), int(absent.sum())
        others = f", and on {count - 1:,} other lines" if count > 1 else ""
        table.fail("missing-value", name, f"has no label{others}", row, "remove these rows")
    return column


def _parse_values(words: tuple[str, ...]) -> NDArray[np.float64]:
    """Each word as a number, NaN where it is none."""
    found = (parse_number(word) for word in words)
    return np.array([np.nan if number is None else number for number in found], np.float64)


def _are_classes(values: NDArray[np.float64], examples: int) -> bool:
    if np.isnan(values).any():
        return True
    different = np.unique(values)
    if np.isinf(values).any() or (different != np.floor(different)).any() or 2 * len(different) > examples:
        return False
    return len(different) <= MOST_CLASSES or np.array_equal(different, np.arange(len(different)))


def _convert_to_floats(table: Table, name: str, column: Texts, values: NDArray[np.float64]) -> NDArray[Any]:
    """The numbers of a label column, float32 or, where that may lose different ones, float64."""
    faults = np.abs(values) > np.finfo(np.float32).max
    if faults.any():
        row = column.find_first(faults)
        table.fail("not-finite", name, f"is {column.words[column.codes[row]]}, too large for float32", row)
    return narrow(values[column.codes])

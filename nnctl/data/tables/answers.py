"""What the label columns of a table hold: classes, several labels an example, or numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.resolution import narrow
from nnctl.data.arrays.unlabelled import HINT
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.mixed import refuse_mixed
from nnctl.data.tables.table import Table
from nnctl.data.tables.words import is_code, parse_number

# Whole numbers of so few different values are taken for classes: grades and ratings, not prices and ages.
MOST_CLASSES = 20


def make_labels(
    table: Table, names: tuple[str, ...], form: str, numbers: bool = False, older: bool = False
) -> NDArray[Any]:
    """The labels of one column, as `make_column_labels` takes them, or of several, as `make_row_labels` does."""
    if len(names) == 1:
        return make_column_labels(table, names[0], form, numbers, older)
    return make_row_labels(table, names, form)


def make_column_labels(table: Table, name: str, form: str, numbers: bool = False, older: bool = False) -> NDArray[Any]:
    """The labels of one column.

    Args:
        table: the table, which holds the column as texts.
        name: the column.
        form: `data.labels`: `integer` and `one_hot` insist on classes, `raw` on numbers. `auto` takes texts for classes,
            and whole numbers if there are at most 20 different ones, or if they are 0, 1, 2, ... without a gap, with two
            examples of each on average, or if one begins with a zero or has more digits than a float holds; all else for
            numbers.
        numbers: whether `auto` takes whole numbers other than 0 and 1 for numbers, as `Data.numbers` says.
        older: whether classes are named as by nnctl before 0.3.0, by way of floats.

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
        refuse_mixed(
            table, name, "correct it, or take all labels as the names of classes: `labels: integer`", older, True
        )
    if form == "raw" or (form == "auto" and not _are_classes(column, values, numbers, older)):
        return _convert_to_floats(table, name, column, values)
    if not older:
        merged = column.merge(alone=True)
        return np.array(merged.words, np.str_)[merged.codes]
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


def has_other_than_yes_or_no(table: Table, name: str) -> bool:
    """Whether a label column holds something else than 0 and 1."""
    column = table.columns[name]
    return isinstance(column, Texts) and not np.isin(_parse_values(column.words), (0, 1)).all()


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
        others = f", and on {count - 1:,} other {'line' if count == 2 else 'lines'}" if count > 1 else ""
        words = ", ".join(map(repr, column.absent))
        told = f": {words} {'stands' if len(column.absent) == 1 else 'stand'} for no value" if words else ""
        more = "; if it is a class: `missing: []`, or there a list of what stands for no value" if words else ""
        table.fail("missing-value", name, f"has no label{others}{told}", row, f"{HINT}{more}")
    return column


def find_absent_labels(table: Table, names: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which rows lack a label, one of several also, of shape (n,)."""
    columns = (table.columns[name] for name in names)
    absent = [column.codes < 0 if isinstance(column, Texts) else np.isnan(column) for column in columns]
    return np.asarray(np.any(absent, axis=0))


def _parse_values(words: tuple[str, ...]) -> NDArray[np.float64]:
    """Each word as a number, NaN where it is none."""
    found = (parse_number(word) for word in words)
    return np.array([np.nan if number is None else number for number in found], np.float64)


def _are_classes(column: Texts, values: NDArray[np.float64], numbers: bool, older: bool) -> bool:
    """Whether `auto` takes labels for classes: `make_column_labels`."""
    if np.isnan(values).any():
        return True
    if numbers and not np.isin(values, (0, 1)).all():
        return False
    examples, different = len(column.codes), np.unique(values)
    if np.isinf(values).any() or (different != np.floor(different)).any():
        return False
    if not older and any(map(is_code, column.words)):  # of which floats may make one
        return 2 * len(column.words) <= examples
    if 2 * len(different) > examples:
        return False
    return len(different) <= MOST_CLASSES or np.array_equal(different, np.arange(len(different)))


def _convert_to_floats(table: Table, name: str, column: Texts, values: NDArray[np.float64]) -> NDArray[Any]:
    """The numbers of a label column, float32 or, where that may lose different ones, float64."""
    faults = np.abs(values) > np.finfo(np.float32).max
    if faults.any():
        row = column.find_first(faults)
        table.fail("not-finite", name, f"is {column.words[column.codes[row]]}, too large for float32", row)
    return narrow(values[column.codes])

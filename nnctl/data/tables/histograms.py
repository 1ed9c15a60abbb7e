"""How the values of each column are spread: counts of numbers in intervals, or of categories."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnctl.data.tables.columns import Columns
from nnctl.data.tables.feature import Feature

_MOST_BINS = 40
_WHOLE = 2**50  # beyond it float64 has hardly a number between two whole ones
_FEW = 20  # different whole numbers that are counted each by itself


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """One column.

    Attributes:
        name: what it is called.
        counts: how many examples are in each interval, or of each category: int64 of shape (m,).
        edges: of numbers the ends of the intervals, rising, float64 of shape (m + 1,); None of categories.
        labels: of categories their names, m of them; empty of numbers.
        missing: how many examples have no value, which are counted in no interval; None where nobody counted.
    """

    name: str
    counts: NDArray[np.int64]
    edges: NDArray[np.float64] | None = None
    labels: Sequence[str] = ()
    missing: int | None = None


def count_columns(x: NDArray[np.generic], learned: Columns | None) -> list[Histogram]:
    """A histogram for each column of some training examples, as the file has them: categories are not parted.

    Args:
        x: the examples, of shape (n, width).
        learned: what was learned of a table's columns from these examples; None for an array, whose columns have numbers.
    """
    if learned is None:
        return [count_numbers(f"feature {index}", values) for index, values in enumerate(x.T)]
    ends = np.cumsum([feature.width for feature in learned.features])[:-1]
    return [_count_feature(*pair) for pair in zip(learned.features, np.split(x, ends, axis=1), strict=True)]


def count_numbers(name: str, values: NDArray[np.generic], missing: int | None = None) -> Histogram:
    """A histogram of numbers: of few different whole numbers each by itself, else in equal intervals.

    There are about as many intervals as the square root of the examples, from 10 to 40.

    Args:
        name: of the column.
        values: the numbers that there are, finite, of shape (n,).
        missing: how many there are not.
    """
    held = values.astype(np.float64)
    if not len(held):
        return Histogram(name, np.zeros(1, np.int64), np.array([0.0, 1.0]), missing=missing)
    edges = _choose_edges(held)
    return Histogram(name, np.histogram(held, edges)[0].astype(np.int64), edges, missing=missing)


def _choose_edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = float(values.min()), float(values.max())
    wide, large = high - low, max(abs(low), abs(high))
    if wide < _FEW and large < _WHOLE and not np.any(values % 1):
        return np.arange(low - 0.5, high + 1)
    if wide == 0:
        return np.array([low - 1e-3 * large, high + 1e-3 * large])
    # Numbers that lie next to each other have no more intervals than there are floats between them.
    bins = min(np.clip(np.sqrt(len(values)), 10, _MOST_BINS), max(1.0, wide / np.spacing(large)))
    return np.linspace(low, high, int(bins) + 1)


def count_categories(name: str, indices: NDArray[np.integer], labels: Sequence[str]) -> Histogram:
    """How often each category occurs.

    Args:
        name: of the column.
        indices: of the categories, int of shape (n,).
        labels: their names.
    """
    return Histogram(name, np.bincount(indices, minlength=len(labels)).astype(np.int64), labels=labels)


def _count_feature(feature: Feature, columns: NDArray[np.generic]) -> Histogram:
    """One column of a table, by what it was made into, of shape (n, width)."""
    if feature.categories is None:
        return count_numbers(feature.name, _drop_filled(feature, columns[:, 0]), feature.missing)
    if feature.embed is not None:  # index 0 is what is missing or new
        labels = ("(missing)", *feature.categories)
        return count_categories(feature.name, columns[:, 0].astype(np.int64), labels)
    labels = tuple(category or "(missing)" for category in feature.categories)
    return Histogram(feature.name, columns.astype(np.int64).sum(axis=0), labels=labels)


def _drop_filled(feature: Feature, values: NDArray[np.generic]) -> NDArray[np.generic]:
    """The numbers without those that stand where none was given: as many medians as were missing."""
    filled = np.flatnonzero(values == values.dtype.type(feature.fill or 0.0))[: feature.missing]
    return np.delete(values, filled)

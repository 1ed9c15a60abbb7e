"""Values in the columns of a table that stand for something else than a number: -99999 for what was not measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.ranges import name_feature


@dataclass(frozen=True, slots=True)
class Sentinel:
    """A far value that repeats.

    Attributes:
        feature: what the column is called, or its index among the numbers of an example.
        value: the value.
        share: of the examples, those that have it.
        low: the least of the column's other values.
        high: the largest of them.
    """

    feature: str
    value: float
    share: float
    low: float
    high: float


def find_sentinels(x: NDArray[Any], names: Sequence[str] = ()) -> tuple[Sentinel, ...]:
    """The far values that repeat in the columns of a table, one a column at most, those of most examples first.

    Args:
        x: examples of shape (n, features), as they are stored.
        names: what the features are called, if they have names.
    """
    found = []
    for index, column in enumerate(np.asarray(x, np.float64).T):
        ends = [(value, column == value) for value in (column.min(), column.max())]
        each = [_examine(name_feature(index, names), float(value), column, same) for value, same in ends]
        found += [one for one in each if one is not None][:1]
    return tuple(sorted(found, key=lambda one: -one.share))


def _examine(feature: str, value: float, column: NDArray[np.float64], same: NDArray[np.bool_]) -> Sentinel | None:
    """What the least or the largest value of a column is, if it repeats, is a round word, and lies far from all others."""
    rest = column[~same]
    if (
        same.sum() < thresholds.SENTINEL_ROWS
        or len(rest) < len(column) / 2
        or len(np.unique(rest)) < thresholds.SENTINEL_ROWS
    ):
        return None
    low, high = float(rest.min()), float(rest.max())
    apart = low - value if value < low else value - high
    usual = bool(np.isin(abs(value), thresholds.SENTINELS)) or value == low - 1 == -1
    if apart < thresholds.SENTINEL_FAR * (high - low) or not usual:
        return None
    return Sentinel(feature, value, float(same.mean()), low, high)

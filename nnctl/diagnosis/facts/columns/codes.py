"""Columns of whole numbers that are names in truth: 1 for red, 2 for green, 7 for whatever is neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.ranges import name_feature


@dataclass(frozen=True, slots=True)
class Codes:
    """Columns that tell more as categories than as numbers.

    Attributes:
        features: what they are called, the one that tells most first.
        counts: how many different values each has.
        score: of a linear model that reads them as categories, on held-out training examples.
        linear: of one that reads them as numbers.
    """

    features: tuple[str, ...]
    counts: tuple[int, ...]
    score: float
    linear: float


def find_codes(x: NDArray[Any], yardstick: Yardstick, names: Sequence[str] = ()) -> Codes | None:
    """The columns of few whole numbers that a linear model reads much better as categories; None where it does not.

    A number says that 3 lies between 2 and 4. Where it is the name of something it says nothing of the kind, and a column of
    zeros and ones for each value tells a linear model more than the number does.

    Args:
        x: examples of shape (n, features), as they are stored.
        yardstick: scores models on the labels of some of them.
        names: what the features are called, if they have names.
    """
    table = np.asarray(x, np.float64)
    if table.shape[1] > thresholds.FEW_COLUMNS:
        return None
    levels = {at: found for at in range(table.shape[1]) if (found := _list_levels(table[:, at])) is not None}
    if not levels:
        return None
    linear = yardstick.score_linear(table)
    whole = yardstick.score_linear(_expand(table, levels))
    if not yardstick.is_well_above(whole, linear):
        return None
    gains = {at: yardstick.score_linear(_expand(table, {at: levels[at]})) - linear for at in levels}
    best = max(gains.values())
    told = sorted((at for at in gains if gains[at] >= thresholds.HALFWAY * best), key=lambda at: -gains[at])
    return Codes(tuple(name_feature(at, names) for at in told), tuple(len(levels[at]) for at in told), whole, linear)


def find_steps(x: NDArray[Any], yardstick: Yardstick, names: Sequence[str] = ()) -> Codes | None:
    """The column of many numbers that a linear model reads much better in steps than as a number; None where there is no one.

    The numbers of a column are cut into 24 groups of as many examples. Where one column alone tells most of what such steps tell
    of all columns, its numbers are not one quantity: two units, thousands read as decimals, a date written as one number.

    Args:
        x: examples of shape (n, features), as they are stored.
        yardstick: scores models on the labels of some of them.
        names: what the features are called, if they have names.
    """
    table = np.asarray(x, np.float64)
    if table.shape[1] > thresholds.FEW_COLUMNS:
        return None
    bins = {at: cut for at in range(table.shape[1]) if (cut := _cut(table[:, at])) is not None}
    if not bins:
        return None
    cuts = table.copy()
    for at, groups in bins.items():
        cuts[:, at] = groups
    linear = yardstick.score_linear(table)

    def score(chosen: list[int]) -> float:
        marks = [(cuts[:, [at]] == np.unique(cuts[:, at])).astype(np.float64) for at in chosen]
        return yardstick.score_linear(np.concatenate([table, *marks], axis=1))

    whole = score(list(bins))
    if not yardstick.is_well_above(whole, linear):
        return None
    alone = {at: score([at]) for at in bins}
    best = max(alone, key=lambda at: alone[at])
    if alone[best] - linear < thresholds.NEARLY * (whole - linear):
        return None
    return Codes((name_feature(best, names),), (thresholds.STEPS,), alone[best], linear)


def _cut(column: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """In which of 24 groups of as many examples each number lies; None of a column of few different ones."""
    if len(np.unique(column)) <= thresholds.STEPS:
        return None
    bounds = np.unique(np.quantile(column, np.linspace(0, 1, thresholds.STEPS + 1)[1:-1]))
    return np.searchsorted(bounds, column).astype(np.float64)


def _list_levels(column: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The values of a column of few whole numbers; None of any other."""
    if not (np.isfinite(column) & (column == np.rint(column))).all():
        return None
    levels = np.unique(column)
    few = 2 < len(levels) <= thresholds.CODES and len(column) >= thresholds.FEW_OF_A_CLASS * len(levels)
    return levels if few else None


def _expand(table: NDArray[np.float64], levels: dict[int, NDArray[np.float64]]) -> NDArray[np.float64]:
    """The table with a column of zeros and ones for each value of some columns beside its numbers."""
    marks = [(table[:, [at]] == each).astype(np.float64) for at, each in levels.items()]
    return np.concatenate([table, *marks], axis=1)

"""Columns with values far from all others, beside which the rest is squeezed together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.ranges import name_feature


@dataclass(frozen=True, slots=True)
class Tail:
    """A column with values that lie many of its deviations away from its mean.

    Attributes:
        index: its place among the numbers of an example.
        feature: what it is called.
        value: the farthest value.
        deviations: how far that is.
        half: between which values the middle half of the column lies.
    """

    index: int
    feature: str
    value: float
    deviations: float
    half: tuple[float, float]


def find_tails(x: NDArray[Any], names: Sequence[str] = ()) -> tuple[Tail, ...]:
    """The columns of a table with far values, the farthest first.

    Args:
        x: examples of shape (n, features), as they are stored.
        names: what the features are called, if they have names.
    """
    found = []
    for index, column in enumerate(np.asarray(x, np.float64).T):
        apart, deviation = abs(column - column.mean()), float(column.std())
        if deviation and apart.max() > thresholds.FAR_DEVIATIONS * deviation:
            low, high = np.quantile(column, (0.25, 0.75))
            value = float(column[int(np.argmax(apart))])
            name = name_feature(index, names)
            found.append(Tail(index, name, value, float(apart.max() / deviation), (float(low), float(high))))
    return tuple(sorted(found, key=lambda one: -one.deviations))


def score_ranked(x: NDArray[Any], tails: Sequence[Tail], yardstick: Yardstick) -> float | None:
    """The better of a linear model and neighbours on ranks in the place of far values; None without any, or of wide tables."""
    if not tails or x.shape[1] > thresholds.FEW_COLUMNS:
        return None
    ranked = rank_columns(np.asarray(x, np.float32), x, tails)
    return max(yardstick.score_linear(ranked), yardstick.score_neighbours(ranked))


def rank_columns(x: NDArray[Any], known: NDArray[Any], tails: Sequence[Tail]) -> NDArray[np.float32]:
    """Examples with the ranks of their values among known ones in some columns: of mean 0 and deviation 1 among these.

    Args:
        x: examples of shape (n, features).
        known: examples that the ranks are counted among, of shape (m, features).
        tails: which columns.

    Returns:
        float32 of shape (n, features).
    """
    ranked = np.array(x, np.float32)
    for tail in tails:
        values = np.sort(known[:, tail.index])
        sides = [np.searchsorted(values, x[:, tail.index], side) for side in ("left", "right")]
        # Ranks are spread evenly, which has a deviation of 1 / sqrt(12).
        ranked[:, tail.index] = ((sides[0] + sides[1]) / (2 * len(values)) - 0.5) * np.sqrt(12)
    return ranked

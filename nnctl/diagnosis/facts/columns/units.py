"""Columns that hold one quantity in two units: grams beside kilograms, shares beside per cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.ranges import name_feature


@dataclass(frozen=True, slots=True)
class Units:
    """A column of two groups of numbers, of which one is the other times a factor.

    Attributes:
        feature: what the column is called, or its index among the numbers of an example.
        factor: by how much the larger ones are larger.
        share: of the examples, those of the smaller group.
        bounds: the largest of the small numbers and the least of the large ones.
        large: whether the smaller group is that of the large numbers.
    """

    feature: str
    factor: float
    share: float
    bounds: tuple[float, float]
    large: bool


def find_units(x: NDArray[Any], names: Sequence[str] = (), yardstick: Yardstick | None = None) -> tuple[Units, ...]:
    """The columns of a table that hold one quantity in two units, in their order.

    Args:
        x: examples of shape (n, features), as they are stored.
        names: what the features are called, if they have names.
        yardstick: knows the classes of some of them: large birds among small ones are no second unit.
    """
    found = []
    for index, column in enumerate(np.asarray(x, np.float64).T):
        one = _examine(name_feature(index, names), column)
        if one is not None and (yardstick is None or not _is_told(abs(column) > one.bounds[0], yardstick)):
            found.append(one)
    return tuple(found)


def _is_told(large: NDArray[np.bool_], yardstick: Yardstick) -> bool:
    """Whether nearly all examples of a class are in the same of two groups, and the groups are not nearly one."""
    if yardstick.classes is None:
        return False
    counts = np.zeros((2, int(yardstick.classes.max()) + 1))
    np.add.at(counts, (large[yardstick.rows].astype(int), yardstick.classes), 1)
    right, trivial = counts.max(axis=0).sum() / counts.sum(), counts.sum(axis=1).max() / counts.sum()
    return bool(right - trivial > thresholds.HALFWAY * (1 - trivial))


def _examine(feature: str, column: NDArray[np.float64]) -> Units | None:
    """Two groups with a gap between them, alike once one is multiplied by a factor that units differ by."""
    if not (column > 0).all() and not (column < 0).all():
        return None
    sizes = np.sort(abs(column))
    cut = int(np.argmax(np.diff(np.log(sizes)))) + 1 if len(sizes) > 1 else 0
    low, high = sizes[:cut], sizes[cut:]
    if min(len(low), len(high)) < thresholds.UNIT_ROWS or min(map(_count_values, (low, high))) < thresholds.UNIT_ROWS:
        return None
    factor = float(np.median(high) / np.median(low))
    near = (each for each in thresholds.UNIT_FACTORS if abs(np.log(each / factor)) <= thresholds.UNIT_NEAR)
    nearest = next((each for each in near if _are_alike(low * each, high)), None)
    if nearest is None:
        return None
    large = len(high) < len(low)
    return Units(feature, nearest, min(len(low), len(high)) / len(sizes), (float(low[-1]), float(high[0])), large)


def _count_values(values: NDArray[np.float64]) -> int:
    return len(np.unique(values))


def _are_alike(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Whether two samples may be of one distribution, by the test of Kolmogorov and Smirnov at one in a hundred."""
    from scipy import stats

    return float(stats.ks_2samp(one, other).pvalue) > thresholds.UNIT_CHANCE

"""How large numbers are: of all inputs together, of each feature, of the targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds


@dataclass(frozen=True, slots=True)
class Range:
    """The spread of some numbers.

    Attributes:
        low: the least.
        high: the largest.
        mean: their mean.
        deviation: their standard deviation (divided by n).
    """

    low: float
    high: float
    mean: float
    deviation: float

    @property
    def largest(self) -> float:
        """The largest absolute value."""
        return max(abs(self.low), abs(self.high))

    @property
    def shares(self) -> bool:
        """Whether all lie in [0, 1], as probabilities do."""
        return self.low >= 0 and self.high <= 1

    def __str__(self) -> str:
        return f"{self.low:.4g} to {self.high:.4g}, mean {self.mean:.3g}, deviation {self.deviation:.3g}"


@dataclass(frozen=True, slots=True)
class Features:
    """How the features of a table differ; those that never vary are left out.

    Attributes:
        constant: how many never vary.
        count: how many there are.
        deviations: the least and the largest standard deviation of a feature, (0, 0) if all are constant.
        offset: the largest |mean| / deviation of a feature.
    """

    constant: int
    count: int
    deviations: tuple[float, float]
    offset: float

    @property
    def ratio(self) -> float:
        """The largest deviation over the least."""
        least, largest = self.deviations
        return largest / least if least else 1.0


def name_feature(index: int, names: Sequence[str]) -> str:
    """What messages call a feature: by its name in quotes, or by its place among the numbers of an example."""
    return repr(names[index]) if index < len(names) else f"feature {index}"


def measure_range(values: NDArray[Any]) -> Range:
    """The range of an array of numbers of any shape, taken in float64."""
    wide = np.asarray(values, np.float64)
    return Range(float(wide.min()), float(wide.max()), float(wide.mean()), float(wide.std()))


def measure_features(rows: NDArray[Any]) -> Features:
    """The features of examples of shape (n, ...), each number of an example a feature."""
    flat = rows.reshape(len(rows), -1).astype(np.float64)
    deviations, means = flat.std(axis=0), flat.mean(axis=0)
    # Float32 leaves crumbs in the deviation of what is constant.
    varies = deviations > 1e-6 * np.maximum(1, abs(means))
    if not varies.any():
        return Features(flat.shape[1], flat.shape[1], (0.0, 0.0), 0.0)
    kept, offsets = deviations[varies], abs(means[varies]) / deviations[varies]
    extremes = float(kept.min()), float(kept.max())
    return Features(int((~varies).sum()), flat.shape[1], extremes, float(offsets.max()))


def find_commonest(targets: NDArray[Any]) -> tuple[float, float]:
    """The value that most of some numbers have, and the share that has it; of several columns, of the one where it is largest."""
    counted = [np.unique(column, return_counts=True) for column in targets.reshape(len(targets), -1).T]
    value, count = max(((values[each.argmax()], each.max()) for values, each in counted), key=lambda one: one[1])
    return float(value), float(count / len(targets))


def find_few_values(x: NDArray[Any]) -> tuple[int, ...] | None:
    """The values of inputs that are few whole numbers, ascending; None of any others."""
    some = np.unique(x[:: max(1, len(x) // thresholds.FEW_EXAMPLES)])
    if len(some) > thresholds.FEW_VALUES:
        return None
    values = np.unique(x)
    few = len(values) <= thresholds.FEW_VALUES and bool(np.isfinite(values).all() and (values == np.rint(values)).all())
    return tuple(int(value) for value in values) if few else None

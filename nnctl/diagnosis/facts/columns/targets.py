"""Numbers to predict of which a few lie far from all others."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Yardstick, thin_features


@dataclass(frozen=True, slots=True)
class FarTargets:
    """A few targets far from all others, without which a model tells much more of the rest.

    Attributes:
        count: how many examples have one.
        share: of the examples that are looked at.
        value: the farthest.
        half: between which values the middle half of its column lies.
        among: r2 of the better of a linear model and neighbours on all of these examples.
        without: the same without the examples in question.
    """

    count: int
    share: float
    value: float
    half: tuple[float, float]
    among: float
    without: float


def find_far_targets(x: NDArray[Any], targets: NDArray[Any], reachable: float) -> FarTargets | None:
    """The targets that lie many times the width of the middle half away from it, if a model does much better without them.

    Args:
        x: examples of shape (n, ...), as the network gets them.
        targets: of shape (n,) or (n, k).
        reachable: r2 of the better of a linear model and neighbours on all examples.
    """
    wide = np.asarray(targets, np.float64).reshape(len(targets), -1)
    low, middle, high = np.quantile(wide, (0.25, 0.5, 0.75), axis=0)
    apart = abs(wide - middle) / np.maximum(high - low, thresholds.TINY)
    far = (apart > thresholds.FAR_HALVES).any(axis=1) & (high > low).all()
    kept = len(wide) - int(far.sum())
    if not far.any() or far.mean() > thresholds.FEW_FAR or kept < thresholds.FEW_EXAMPLES:
        return None
    rest, features = Yardstick(targets[~far], "regression", wide.shape[1]), thin_features(x)[~far]
    without = max(rest.score_linear(features), rest.score_neighbours(features))
    if without - max(reachable, 0.0) < thresholds.HALFWAY:
        return None
    row, column = np.unravel_index(int(apart.argmax()), apart.shape)
    half = float(low[column]), float(high[column])
    return FarTargets(int(far.sum()), float(far.mean()), float(wide[row, column]), half, reachable, without)

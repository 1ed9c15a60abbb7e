"""What stands in another order than it was made in: labels some rows further, pictures plane after plane."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import MOST_ROWS, Yardstick
from nnctl.spec.sections import CLASS_TASKS

_SHIFTS = (1, -1, 2, -2)


@dataclass(frozen=True, slots=True)
class Shift:
    """Labels that belong to examples some rows away.

    Attributes:
        rows: how many rows further the label of an example stands.
        score: of a linear model with these labels, on held-out training examples.
        linear: of one with the labels as they stand.
    """

    rows: int
    score: float
    linear: float


def find_shift(x: NDArray[Any], y: NDArray[Any], rows: NDArray[np.int64], task: str, outputs: int) -> Shift | None:
    """How far labels stand from their examples, if a linear model says much more with others; None where it does not.

    Args:
        x: examples of shape (n, ...), as they are stored.
        y: their labels, as a split holds them.
        rows: where each stands in the file, ascending.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, labels or targets.
    """
    flat = x.reshape(len(x), -1)[:MOST_ROWS]
    flat = flat[:, :: -(-flat.shape[1] // thresholds.FEW_COLUMNS)]
    if task not in CLASS_TASKS and task != "regression":
        return None
    found = []
    for shift in _SHIFTS:
        at = np.searchsorted(rows, rows[: len(flat)] + shift)
        known = at < len(rows)
        known[known] = rows[at[known]] == rows[: len(flat)][known] + shift
        if known.sum() < thresholds.FEW_EXAMPLES:
            continue
        here, there = (Yardstick(labels, task, outputs) for labels in (y[: len(flat)][known], y[at[known]]))
        linear, score = here.score_linear(flat[known]), there.score_linear(flat[known])
        if here.is_well_above(score, linear) and score - here.trivial > thresholds.UNLIKE:
            found.append(Shift(shift, score, linear))
    return max(found, key=lambda one: one.score, default=None)


def is_scrambled(x: NDArray[Any]) -> bool:
    """Whether pictures were made with their channels first and only called otherwise: neighbours are alike in planes alone.

    Args:
        x: pictures of shape (n, height, width, channels).
    """
    if x.ndim != 4 or x.shape[3] not in thresholds.CHANNELS[1:]:
        return False
    some = np.asarray(x[: thresholds.YARDSTICK_ROWS], np.float32)
    count, height, width, channels = some.shape
    planes = some.reshape(count, channels, height, width).transpose(0, 2, 3, 1)
    standing, read = _correlate_neighbours(some), _correlate_neighbours(planes)
    return read > max(thresholds.SMOOTHER * standing, standing + thresholds.POINTS)


def _correlate_neighbours(x: NDArray[np.float32]) -> float:
    """The mean correlation of neighbouring pixels of a channel, of the deviations from its mean in each picture."""
    apart = x - x.mean(axis=(1, 2), keepdims=True)
    variance = max(float(np.square(apart).mean()), thresholds.TINY)
    down, across = (apart[:, 1:] * apart[:, :-1]).mean(), (apart[:, :, 1:] * apart[:, :, :-1]).mean()
    return float(down + across) / (2 * variance)

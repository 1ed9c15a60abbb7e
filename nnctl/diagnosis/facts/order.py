"""What stands in another order than it was made in: arrays that were reshaped where they should have been transposed.

Reshaping keeps the order of the numbers and changes what they are called. Read in the order in which they were made, pictures are
smooth again; and where numbers of different examples were mixed, labels go with their examples again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data import Split
from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Yardstick, thin_features

Axes = tuple[int, ...]
_MOST_ORDERS = 4  # that are scored: the smoothest


@dataclass(frozen=True, slots=True)
class AxisOrder:
    """An order of axes in which the numbers of a whole file were made.

    Attributes:
        shape: of the array as it was made.
        axes: of these, the one that each axis of the array as it stands was: what `transpose` takes.
        standing: the score of a linear model or neighbours, the better of both, on held-out examples as they stand.
        read: the same once they are read in that order.
        metric: of both scores.
    """

    shape: tuple[int, ...]
    axes: Axes
    standing: float
    read: float
    metric: str


def is_scrambled(x: NDArray[Any]) -> bool:
    """Whether pictures were made with their channels first and only called otherwise: neighbours are alike in planes alone.

    Args:
        x: pictures of shape (n, height, width, channels).
    """
    if x.ndim != 4 or x.shape[3] not in thresholds.CHANNELS[1:]:
        return False
    some = x[: thresholds.YARDSTICK_ROWS]
    standing = _correlate_neighbours(some)
    return _is_smoother(_correlate_neighbours(_read(some, (0, 3, 1, 2))), standing)


def gather_file(splits: Sequence[Split | None]) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """The examples and labels of a file in its own order, out of the splits that were cut from it; None if some are missing.

    Args:
        splits: train, and those that may have been cut from the same file, in order of likelihood.
    """
    taken: list[Split] = []
    for split in splits:
        if split is None or not isinstance(split.x, np.ndarray):
            continue
        taken.append(split)
        rows = np.concatenate([one.rows for one in taken])
        if np.array_equal(np.sort(rows), np.arange(len(rows))):
            x, y = (np.concatenate([getattr(one, key) for one in taken]) for key in ("x", "y"))
            back = np.argsort(rows)
            return x[back], y[back]
    return None


def find_reading(x: NDArray[Any], y: NDArray[Any], task: str, outputs: int) -> AxisOrder | None:
    """The order in which a whole file was made, if labels go with their examples there and hardly do as they stand.

    Args:
        x: all examples of a file, of shape (n, ...), in its order.
        y: their labels, as a split holds them.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, labels or targets.
    """
    # Examples that stay whole keep their labels, whatever becomes of their inside.
    orders = [each for each in permutations(range(x.ndim)) if each[0] != 0]
    if x.ndim > 2:
        orders = sorted(orders, key=lambda each: -_correlate_neighbours(_read(x, each)))[:_MOST_ORDERS]
    rows = np.random.Generator(np.random.Philox(1)).permutation(len(x))[: thresholds.YARDSTICK_ROWS]
    yardstick = Yardstick(y[rows], task, outputs)

    def score(pictures: NDArray[Any]) -> float:
        table = thin_features(pictures[rows])
        return max(yardstick.score_linear(table), yardstick.score_neighbours(table))

    standing = score(x)
    for order in orders:
        read = score(_read(x, order))
        if yardstick.is_well_above(read, standing) and read - yardstick.trivial > thresholds.UNLIKE:
            shape = tuple(x.shape[each] for each in order)
            return AxisOrder(shape, _invert(order), standing, read, yardstick.metric)
    return None


def _read(x: NDArray[Any], order: Axes) -> NDArray[Any]:
    """The same numbers, taken for those of an array with its axes in another order, with the axes put back."""
    return x.reshape([x.shape[each] for each in order]).transpose(_invert(order))


def _invert(order: Axes) -> Axes:
    return tuple(int(each) for each in np.argsort(order))


def _is_smoother(read: float, standing: float) -> bool:
    return read > max(thresholds.SMOOTHER * standing, standing + thresholds.POINTS)


def _correlate_neighbours(x: NDArray[Any]) -> float:
    """The mean correlation of neighbouring numbers of a channel, of the deviations from its mean in each example.

    Neighbours are those above and beside each other, where there are so many columns that an example is a picture; of a series
    those that follow each other.
    """
    some = np.asarray(x[: thresholds.YARDSTICK_ROWS], np.float32)
    picture = some.ndim == 4 or some.shape[2] >= thresholds.LEAST_SIDE
    apart = some - some.mean(axis=(1, 2) if picture else 1, keepdims=True)
    variance = max(float(np.square(apart).mean()), thresholds.TINY)
    down = float((apart[:, 1:] * apart[:, :-1]).mean())
    across = float((apart[:, :, 1:] * apart[:, :, :-1]).mean()) if picture else down
    return (down + across) / (2 * variance)

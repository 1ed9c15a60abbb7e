"""How much of the labels one feature alone tells, in train and in test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.ranges import name_feature

MOST_FEATURES = 1_000


@dataclass(frozen=True, slots=True)
class Telling:
    """The feature that tells much more in train than in test.

    Attributes:
        feature: what it is called, or its index among the numbers of an example.
        train: the share of its variance that the labels explain in train, 0 to 1.
        test: the same in test.
    """

    feature: str
    train: float
    test: float


def find_telling_feature(
    train: tuple[NDArray[Any], NDArray[Any]],
    test: tuple[NDArray[Any], NDArray[Any]] | None,
    classes: bool,
    names: Sequence[str] = (),
) -> Telling | None:
    """The feature whose power falls most from train to test; None for what is no table, or for few test rows.

    Args:
        train: examples of shape (n, features) and their labels of shape (n,).
        test: the same of test, or None.
        classes: whether the labels are class indices, and no numbers.
        names: what the features are called, if they have names.
    """
    x, y = train
    table = x.ndim == 2 and x.shape[1] <= MOST_FEATURES and y.ndim == 1
    if test is None or not table or len(test[1]) < thresholds.TEST_ROWS:
        return None
    power = _compute_ratios if classes else _compute_squares
    in_train, in_test = power(x.astype(np.float64), y), power(test[0].astype(np.float64), test[1])
    worst = int(np.argmax(in_train - in_test))
    return Telling(name_feature(worst, names), float(in_train[worst]), float(in_test[worst]))


def _compute_ratios(x: NDArray[np.float64], y: NDArray[Any]) -> NDArray[np.float64]:
    """The correlation ratio of each feature: Pearson 1905; the variance of the classes' means over that of all."""
    counts = np.bincount(y)
    sums = np.stack([x[y == label].sum(axis=0) for label in range(len(counts))])
    means = sums / np.maximum(counts, 1)[:, None]
    between = (counts[:, None] * np.square(means - x.mean(axis=0))).sum(axis=0)
    return np.asarray(between / np.maximum(np.square(x - x.mean(axis=0)).sum(axis=0), 1e-12))


def _compute_squares(x: NDArray[np.float64], y: NDArray[Any]) -> NDArray[np.float64]:
    """The squared correlation of each feature with the numbers to predict."""
    wide, target = x - x.mean(axis=0), y - y.mean(dtype=np.float64)
    spread = np.square(wide).sum(axis=0) * np.square(target).sum()
    return np.asarray(np.square(target @ wide) / np.maximum(spread, 1e-12))

"""How often classes occur, how much they weigh, how sorted they lie, and which of them are told apart by chance alone."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data import Dataset, Split
from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.probes import Exchange, Twins
from nnctl.metrics.confusion import compute_kappa


def count_classes(dataset: Dataset, split: Split | None) -> tuple[int, ...] | None:
    """How many examples of a split each class has, or each label; None of numbers, and without the split."""
    if split is None or dataset.task == "regression":
        return None
    if split.y.ndim == 1:
        return tuple(np.bincount(split.y, minlength=dataset.outputs).tolist())
    sums = split.y.sum(axis=0, dtype=np.float64)
    return tuple(np.maximum(np.rint(sums), sums > 0).astype(np.int64).tolist())


def weigh_classes(dataset: Dataset) -> tuple[float, ...] | None:
    """The mean weight of the training examples of each class."""
    weight, labels = dataset.train.weight, dataset.decide(dataset.train)
    if weight is None:
        return None
    if dataset.classes is None or labels.ndim != 1:
        return ()
    counts, sums = (np.bincount(labels, each, dataset.outputs) for each in (None, weight))
    return tuple((sums / np.maximum(counts, 1)).tolist())


def compute_purity(dataset: Dataset, batch_size: int) -> float:
    """How sorted the classes lie: how far batches are ruled by one class, from 0 as in a random order to 1 for one class only."""
    y = dataset.decide(dataset.train)
    whole = min(100, len(y) // batch_size)
    if dataset.classes is None or not whole or batch_size == 1:
        return 0.0
    spaced = np.linspace(0, len(y) // batch_size - 1, whole).astype(int)

    def compute_share(labels: NDArray[Any]) -> float:
        batches = (labels[b * batch_size : (b + 1) * batch_size] for b in spaced)
        return float(np.mean([np.bincount(batch).max() / batch_size for batch in batches]))

    by_chance = compute_share(np.random.Generator(np.random.Philox(0)).permutation(y))
    return max(0.0, (compute_share(y) - by_chance) / (1 - by_chance)) if by_chance < 1 else 0.0


def find_twins(true: NDArray[np.int64], told: NDArray[np.int64], classes: int) -> tuple[Twins, ...]:
    """The groups of classes that are told from all others, and within which answers and labels agree by chance alone.

    Chance is that of Cohen's kappa (1960), with its standard error there: sqrt(p (1 - p) / n) / (1 - chance). Two classes
    belong together where it is slight among their examples; a group counts where it is slight in all of it, where two
    standard errors above it are still no good agreement, and where taking the group for one class would win points.

    Args:
        true: classes of examples that were not trained on, by index.
        told: what the network answers, as many.
        classes: how many there are.
    """
    alike = [
        pair for pair in combinations(range(classes), 2) if _agree_by_chance(true, told, pair, thresholds.TWINS // 2)
    ]
    found = []
    for group in _join(alike):
        if not _agree_by_chance(true, told, group, thresholds.TWINS):
            continue
        of, into = np.isin(true, group), np.isin(told, group)
        both, count = of & into, int((of & into).sum())
        told_apart = count >= thresholds.TWINS_APART * max(of.sum(), into.sum()) and not of.all()
        right = int((true == told)[both].sum())
        if told_apart and count - right > thresholds.POINTS * len(true):
            found.append(Twins(group, count, right, _compute_chance(true[both], told[both], group) * count))
    return tuple(found)


def _agree_by_chance(true: NDArray[np.int64], told: NDArray[np.int64], group: tuple[int, ...], least: int) -> bool:
    """Whether the kappa of what is and is answered as one of some classes is slight, and surely not good."""
    both = np.isin(true, group) & np.isin(told, group)
    count = int(both.sum())
    if count < least:
        return False
    agreed, chance = float((true == told)[both].mean()), _compute_chance(true[both], told[both], group)
    left = max(1 - chance, thresholds.TINY)
    kappa, error = (agreed - chance) / left, float(np.sqrt(agreed * (1 - agreed) / count)) / left
    return kappa <= thresholds.TWINS_KAPPA and (least < thresholds.TWINS or kappa + 2 * error <= thresholds.AGREEMENT)


def _compute_chance(true: NDArray[np.int64], told: NDArray[np.int64], group: tuple[int, ...]) -> float:
    """The agreement of labels and answers that are as frequent as these and have nothing to do with each other."""
    return float(sum((true == one).mean() * (told == one).mean() for one in group))


def _join(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The groups that pairs hang together in, each in its order."""
    groups: list[set[int]] = []
    for pair in pairs:
        touched = [group for group in groups if not group.isdisjoint(pair)]
        groups = [group for group in groups if group not in touched] + [set(pair).union(*touched)]
    return [tuple(sorted(group)) for group in groups]


def find_exchange(split: str, true: NDArray[np.int64], told: NDArray[np.int64], classes: int) -> Exchange | None:
    """The order of classes in which the labels of a split agree with the answers, if they hardly do as they stand.

    The order is the assignment that makes most labels right (Kuhn 1955, the Hungarian method).

    Args:
        split: what the split is called.
        true: its classes by index, as they stand.
        told: what a network that was trained on other examples answers, as many.
        classes: how many there are.
    """
    from scipy.optimize import linear_sum_assignment

    if len(true) < thresholds.FEW_EXAMPLES or classes < 2:
        return None
    pairs = np.bincount(true * classes + told.clip(0, classes - 1), minlength=classes**2).reshape(classes, classes)
    _, order = linear_sum_assignment(pairs, maximize=True)
    score, better = (float(np.trace(each)) / len(true) for each in (pairs, pairs[:, order]))
    if better < thresholds.EXCHANGED or better - score < thresholds.EXCHANGED_GAIN:
        return None
    if (compute_kappa(pairs[:, order]) or 0.0) < thresholds.EXCHANGED_KAPPA:
        return (
            None  # one answer for nearly all: taken for the commonest class it is right most often, and tells nothing
        )
    return Exchange(split, score, better, tuple(int(each) for each in order))

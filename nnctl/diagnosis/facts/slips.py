"""Labels that stand some rows away from their examples, in all of the file or from some row of it on.

A model that is told most of the labels right says of each example what its label should be. Where labels slipped, it is right
again with those some rows further: the stretch is that over which this adds up to most (the largest sum of neighbouring
numbers, Bentley 1984, Programming Pearls 8). A file in the order of time is none of it: there a row holds what another asks for.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import Yardstick, spread_labels, thin_features
from nnctl.spec.sections import CLASS_TASKS

_SHIFTS = (1, -1, 2, -2)
_FARTHEST = 50  # rows, that a stretch of labels is looked for
_LONGEST_FILE = 100_000  # rows, over which distances of any length are looked for: a second
_PARTS, _PEAKS = 20, 3  # principal components that stand for the examples; distances that are tried besides


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


@dataclass(frozen=True, slots=True)
class Slip:
    """A stretch of the file whose labels are not those of its examples.

    Attributes:
        first: its first row in the file, from 0.
        last: its last row.
        rows: how many rows further its labels stand; None where they are not found within fifty rows.
        share: of the training examples, those that lie in it.
        here: the share of its labels that a model is right about as they stand; of numbers 1 - squared error / variance.
        there: the same of the labels so many rows further; None where they are not found.
        elsewhere: the same of the rest of the file, as it stands.
    """

    first: int
    last: int
    rows: int | None
    share: float
    here: float
    there: float | None
    elsewhere: float


class Order:
    """Examples and labels in the order of the file.

    Args:
        x: some examples of shape (n, ...), as they are stored.
        rows: where each stands in the file, int64 of shape (n,), ascending.
        labels: the labels of all training examples, as a split holds them.
        places: where each of these stands in the file.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, labels or targets.
    """

    def __init__(
        self, x: NDArray[Any], rows: NDArray[np.int64], labels: NDArray[Any], places: NDArray[np.int64], *task: Any
    ) -> None:
        self.x, self.rows, self.labels = thin_features(x, thresholds.FEW_COLUMNS), rows, labels
        self.task, self.outputs = task
        self._index = np.full(int(max(places.max(), rows.max())) + 1, -1)
        self._index[places] = np.arange(len(places))

    @property
    def asked(self) -> bool:
        """Whether each example has one class, or numbers, and a row does not hold what another one does."""
        return (self.task in CLASS_TASKS or self.task == "regression") and not self._overlaps()

    def find_labels(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Which labels stand in some rows of the file, and in which there is one."""
        inside = (rows >= 0) & (rows < len(self._index))
        found = np.where(inside, self._index[np.where(inside, rows, 0)], -1)
        return found, found >= 0

    def find_shift(self) -> Shift | None:
        """How far labels stand from their examples, if a linear model says much more with others; None where it does not."""
        found = []
        for shift in dict.fromkeys((*_SHIFTS, *self._list_peaks())):
            there, known = self.find_labels(self.rows + shift)
            here = self.find_labels(self.rows)[0]
            if known.sum() < thresholds.FEW_EXAMPLES:
                continue
            at, of = (Yardstick(self.labels[index[known]], self.task, self.outputs) for index in (there, here))
            linear, score = of.score_linear(self.x[known]), at.score_linear(self.x[known])
            if at.is_well_above(score, linear) and score - of.trivial > thresholds.UNLIKE:
                found.append(Shift(shift, score, linear))
        best = max(found, key=lambda one: one.score, default=None)
        return None if best is None or self._is_told(best.rows) else best

    def find_slip(self, base: int, linear: bool) -> Slip | None:
        """The stretch of the file whose labels are not those of its examples, or None.

        Args:
            base: how many rows further most labels stand.
            linear: whether a linear model says more of them than neighbours.
        """
        index, known = self.find_labels(self.rows + base)
        if known.sum() < thresholds.FEW_EXAMPLES:
            return None
        yardstick = Yardstick(self.labels[index[known]], self.task, self.outputs)
        ordered = np.argsort(yardstick.rows)
        predicted = (yardstick.predict_linear if linear else yardstick.predict_neighbours)(self.x[known])[ordered]
        rows = self.rows[known][yardstick.rows[ordered]]
        judge = _Judge(predicted, spread_labels(self.labels, self.task, self.outputs), self.task)
        own = self.find_labels(rows)[0]
        here = judge.rate(own)
        best: tuple[float, Slip] | None = None
        for shift in range(-_FARTHEST, _FARTHEST + 1):
            if shift == 0:
                continue
            index, known = self.find_labels(rows + shift)
            there = np.where(known, judge.rate(index), here)
            cut = slice(*_find_largest_sum(there - here))
            gain = float((there - here)[cut].sum())
            if best is not None and gain <= best[0]:
                continue
            if _is_moved(here, there, cut, judge.chance) and judge.follows(index, own, cut):
                best = gain, _describe(rows, cut, shift, here, there)
        if best is not None:
            return best[1]
        return None if base else self._find_strange(rows, here, judge)

    def _find_strange(self, rows: NDArray[np.int64], here: NDArray[np.float64], judge: "_Judge") -> Slip | None:
        """A stretch whose labels say nothing of its examples, while the rest of the file tells much."""
        halfway = (judge.chance + here.mean()) / 2
        cut = slice(*_find_largest_sum(halfway - here))
        inside, outside = here[cut], np.delete(here, cut)
        if len(inside) < max(thresholds.FEW_EXAMPLES, thresholds.REPEATED_SHARE * len(here)) or not len(outside):
            return None
        told = outside.mean() - judge.chance
        nothing = inside.mean() - judge.chance < (1 - thresholds.NEARLY) * told
        labels = self.find_labels(rows)[0]
        if told < thresholds.WRONG_STRETCH or not nothing or not judge.is_like(labels[cut], np.delete(labels, cut)):
            return None
        return _describe(rows, cut, None, here, here)

    def _list_peaks(self) -> list[int]:
        """The distances at which labels go with examples best, by the sum of their squared correlations over all rows."""
        if len(self._index) > _LONGEST_FILE:
            return []
        wide = spread_labels(self.labels, self.task, self.outputs)
        length = 2 * len(self._index)
        apart = self.x - self.x.mean(axis=0)
        parts = np.linalg.svd(apart / np.maximum(apart.std(axis=0), 1e-6), full_matrices=False)[0][:, :_PARTS]
        signal, answers = np.zeros((length, parts.shape[1])), np.zeros((length, wide.shape[1]))
        signal[self.rows] = parts * np.sqrt(len(parts))
        spread = wide - wide.mean(axis=0)
        answers[np.flatnonzero(self._index >= 0)] = (spread / np.maximum(spread.std(axis=0), 1e-6))[
            self._index[self._index >= 0]
        ]
        seen, there = np.zeros(length), np.zeros(length)
        seen[self.rows], there[: len(self._index)] = 1, self._index >= 0
        pairs = np.fft.irfft(np.conj(np.fft.rfft(seen)) * np.fft.rfft(there), length)
        left, right = np.conj(np.fft.rfft(signal, axis=0)), np.fft.rfft(answers, axis=0)
        squares = np.zeros(length)
        for column in left.T:
            squares += np.square(np.fft.irfft(column[:, None] * right, length, axis=0)).sum(axis=1)
        enough = pairs > max(thresholds.FEW_EXAMPLES, thresholds.HALFWAY * pairs[0] / 2)
        strength = np.where(enough, squares / np.maximum(pairs, 1) - parts.shape[1] * wide.shape[1], 0)
        strength[0] = 0
        best = np.argsort(-strength)[:_PEAKS]
        return [int(each) if each < length // 2 else int(each) - length for each in best if strength[each] > 0]

    def _overlaps(self) -> bool:
        """Whether a row holds what the next one has in another column: windows over a series, one step further each."""
        flat = self.x[: thresholds.YARDSTICK_ROWS]
        apart = np.diff(self.rows[: len(flat)]) == 1
        if apart.sum() < thresholds.TEST_ROWS or flat.shape[1] < 2:
            return False
        one, other = (_standardise(each[apart]) for each in (flat[:-1], flat[1:]))
        alike = abs(one.T @ other) / len(one)
        np.fill_diagonal(alike, 0)
        return bool(alike.max() > thresholds.NEARLY_ALL)

    def _is_told(self, shift: int) -> bool:
        """Whether one column is all but the number that another row asks for: a forecast, and no mistake."""
        if self.task in CLASS_TASKS:
            return False
        index, known = self.find_labels(self.rows + shift)
        wide = _standardise(spread_labels(self.labels[index[known]], self.task, self.outputs))
        return bool((abs(_standardise(self.x[known]).T @ wide) / known.sum()).max() > thresholds.NEARLY_ALL)


class _Judge:
    """How right predictions are, one example at a time.

    Args:
        predicted: of shape (n, outputs), for some rows.
        wanted: what is asked for, of shape (labels, outputs).
        task: what is predicted.

    Attributes:
        chance: how right they are of labels in any order.
    """

    def __init__(self, predicted: NDArray[np.float32], wanted: NDArray[np.float32], task: str) -> None:
        self._classes = task in CLASS_TASKS
        self._predicted = predicted.argmax(axis=1) if self._classes else predicted
        self._wanted = wanted.argmax(axis=1) if self._classes else wanted
        self._variance = wanted.var(axis=0) + thresholds.TINY
        any_order = np.random.Generator(np.random.Philox(3)).integers(len(wanted), size=(16, len(predicted)))
        self.chance = float(np.mean([self.rate(order) for order in any_order]))

    def rate(self, index: NDArray[np.int64]) -> NDArray[np.float64]:
        """For each prediction how right it is of the label of such an index: 1 or 0; of numbers 1 - squared error / variance."""
        asked = self._wanted[index]
        if self._classes:
            return np.asarray(self._predicted == asked, np.float64)
        errors = np.square(self._predicted - asked) / self._variance
        return np.asarray(1 - np.minimum(errors, 2).mean(axis=1), np.float64)

    def follows(self, there: NDArray[np.int64], here: NDArray[np.int64], cut: slice) -> bool:
        """Whether predictions of a stretch rise and fall with the labels further on and not with those that stand there.

        Where a file is sorted by numbers, labels further on are nearer to what a cautious model says, but go with it no better.
        """
        if self._classes:
            return True
        predicted = _standardise(self._predicted[cut])
        one, other = (
            np.square((predicted * _standardise(self._wanted[index[cut]])).mean(axis=0)).mean()
            for index in (there, here)
        )
        return bool(one - other > thresholds.NEARLY * one)

    def is_like(self, inside: NDArray[np.int64], outside: NDArray[np.int64]) -> bool:
        """Whether labels in a stretch are as manifold as the others: where a file is sorted, they are not."""
        one, other = self._wanted[inside], self._wanted[outside]
        if not self._classes:
            return bool((one.var(axis=0) > thresholds.HALFWAY * other.var(axis=0)).all())
        return _compute_purity(one) < _compute_purity(other) + thresholds.UNLIKE


def _compute_purity(labels: NDArray[Any]) -> float:
    """The chance that two of them are one."""
    return float(np.square(np.bincount(labels) / len(labels)).sum())


def _standardise(x: NDArray[Any]) -> NDArray[np.float64]:
    apart = x - x.mean(axis=0, dtype=np.float64)
    return np.asarray(apart / np.maximum(apart.std(axis=0), 1e-6))


def _find_largest_sum(numbers: NDArray[np.float64]) -> tuple[int, int]:
    """The stretch of numbers, up to and without its end, whose sum is largest."""
    sums = np.concatenate(([0.0], np.cumsum(numbers)))
    lows = np.minimum.accumulate(sums)
    end = int(np.argmax(sums - lows))
    return int(np.argmin(sums[: end + 1])), end


def _is_moved(here: NDArray[np.float64], there: NDArray[np.float64], cut: slice, chance: float) -> bool:
    """Whether labels of a stretch are wrong as they stand and right some rows further, as the others are where they stand."""
    gains, outside = (there - here)[cut], np.delete(here, cut)
    if len(gains) < thresholds.TEST_ROWS or len(outside) < thresholds.TEST_ROWS:
        return False
    told = outside.mean() - chance
    sure = gains.mean() * np.sqrt(len(gains)) > thresholds.SLIPPED_SIGMAS * max(gains.std(), thresholds.POINTS)
    wrong = outside.mean() - here[cut].mean() > thresholds.HALFWAY * told
    right = there[cut].mean() - chance > thresholds.NEARLY * told
    return bool(told > thresholds.UNLIKE and sure and wrong and right)


def _describe(
    rows: NDArray[np.int64], cut: slice, shift: int | None, here: NDArray[np.float64], there: NDArray[np.float64]
) -> Slip:
    moved = None if shift is None else float(there[cut].mean())
    share = (cut.stop - cut.start) / len(rows)
    return Slip(
        int(rows[cut.start]),
        int(rows[cut.stop - 1]),
        shift,
        share,
        float(here[cut].mean()),
        moved,
        float(np.delete(here, cut).mean()),
    )

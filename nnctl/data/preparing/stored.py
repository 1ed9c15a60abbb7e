"""Labels as they are stored, with the names and places that errors call them by; and the forms that they are taken in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.resolution import find_lost
from nnctl.data.source import Pair
from nnctl.errors import DataError, Place, Problem

INDEX_HINT = "number the classes 0, 1, 2, ..., or take the labels as numbers: `labels: raw`"


@dataclass(frozen=True, slots=True, eq=False)
class SplitLabels:
    """The labels of all splits, training first, in one form.

    Attributes:
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, of labels, or of targets.
        values: int32 of shape (n,) for classes, uint8 of shape (n, k) for several labels, float32 (float64
            where that loses different ones) for numbers; of classes and
            labels that are shares float32 of shape (n, classes) or (n, k).
        class_names: the names of the classes where the labels were texts, or None.
    """

    task: str
    outputs: int
    values: list[NDArray[Any]]
    class_names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class StoredLabels:
    """The labels of one split with what errors call them.

    Attributes:
        pair: the examples that they are of.
        y: the labels, of shape (n,) or (n, k), k > 1: (n, 1) is how Keras's CIFAR stores (n,).
        place: where errors are shown.
    """

    pair: Pair
    y: NDArray[Any]
    place: Place | None

    @classmethod
    def take(cls, pair: Pair, place: Place | None) -> "StoredLabels":
        """The labels of a pair."""
        single = pair.y.ndim == 2 and pair.y.shape[1] == 1
        return cls(pair, pair.y[:, 0] if single else pair.y, place)

    @property
    def name(self) -> str:
        """What errors call them."""
        return self.pair.y_name

    def locate(self, row: int) -> str:
        """Where an example stands, for a message."""
        files, lines = getattr(self.pair.x, "files", None), self.pair.lines
        if files is not None:
            return f"of {files[row]}"
        if lines is not None:
            return f"on line {lines[row]}"
        return f"at row {row if self.pair.kept is None else self.pair.kept[row]}"

    def require(self, holds: bool, code: str, message: str, hint: str | None = None) -> None:
        """Refuses them unless something holds."""
        if not holds:
            self.fail(code, message, hint)

    def fail(self, code: str, message: str, hint: str | None = None) -> NoReturn:
        """Refuses them.

        Raises:
            DataError: in any case.
        """
        raise DataError(Problem(code, f"{self.name} {message}", self.place, hint))

    def require_whole(self, hint: str = INDEX_HINT) -> None:
        """Refuses texts, fractions and negative numbers, naming the first row that has one."""
        self.require(self.y.dtype.kind in "buif", "bad-labels", "holds texts, expected class indices")
        for faults, code, what in (
            (self.y != np.floor(self.y), "fractional-label", "is no whole number"),
            (self.y < 0, "negative-label", "is negative"),
        ):
            if faults.any():
                row = int(np.argmax(faults))
                self.fail(code, f"is {self.y[row]} {self.locate(row)}, which {what} and so no class", hint)

    def require_below(self, limit: int, why: str) -> None:
        """Refuses class indices of `limit` and more, naming the first row that has one."""
        faults = self.y >= limit
        if faults.any():
            row = int(np.argmax(faults))
            self.fail("label-out-of-range", f"is {self.y[row]} {self.locate(row)}, {why}", INDEX_HINT)

    def require_seen(self, classes: NDArray[Any], seen: NDArray[np.bool_]) -> None:
        """Refuses a class that no training example has; of the classes of shape (n,) `seen` tells which one has."""
        strange = (classes >= len(seen)) | ~seen[np.minimum(classes, len(seen) - 1)]
        if strange.any():
            row = int(np.argmax(strange))
            message = f"is {int(classes[row])} {self.locate(row)}, a class that no training example has"
            self.fail("unseen-class", message)


def make_numbers(labels: Sequence[StoredLabels]) -> SplitLabels:
    """The labels as numbers to predict: float32, or float64 where float32 loses different ones of training.

    Raises:
        DataError: they are texts, or a split has other targets than training.
    """
    width = 1 if labels[0].y.ndim == 1 else labels[0].y.shape[1]
    for each in labels:
        each.require(each.y.dtype.kind in "buif", "bad-labels", "holds texts, expected numbers")
        each.require(each.y.shape[1:] == labels[0].y.shape[1:], "splits-differ", f"has not {width} targets a row")
    first = labels[0].y
    kept = np.float64 if find_lost(first).any() else np.float32
    return SplitLabels("regression", width, [each.y.astype(kept) for each in labels])


def make_classes(
    labels: Sequence[StoredLabels], values: list[NDArray[Any]], outputs: int, names: tuple[str, ...] | None = None
) -> SplitLabels:
    """The classes, once it is sure that training has at least two, and all that the other splits have.

    Args:
        labels: the labels of each split.
        values: what they mean: int32 of shape (n,), or float32 of shape (n, outputs), shares of the classes.
        outputs: the number of classes.
        names: their names, or None.

    Raises:
        DataError: training has one class only, or another split has a class that no training example has.
    """
    first = values[0]
    seen = first.sum(axis=0) > 0 if first.ndim == 2 else np.bincount(first, minlength=outputs) > 0
    if seen.sum() < 2:
        only = int(np.argmax(seen))
        message = f"has one class only ({names[only] if names else only}): there is nothing to tell apart"
        labels[0].fail("one-class", message)
    for each, y in zip(labels[1:], values[1:], strict=True):
        each.require_seen(y if y.ndim == 1 else y.argmax(axis=1), seen)
    return SplitLabels("binary" if outputs == 2 else "multiclass", outputs, values, names)

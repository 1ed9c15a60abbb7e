"""What stored labels mean: classes, several labels an example, or numbers; and what is wrong with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from nnctl.data.images.folder import make_natural_key
from nnctl.data.preparing.checks import check_finite
from nnctl.data.source import Pair
from nnctl.errors import DataError, Place, Problem

_WHOLE = re.compile("-?[0-9]{1,18}", re.ASCII)
_INDEX_HINT = "number the classes 0, 1, 2, ..., or take the labels as numbers: `labels: raw`"
_LOSS_HINT = (
    "the loss is one for classes: numbers are predicted with `loss: mean_squared_error` and a last layer without "
    "activation; classes are numbered 0, 1, 2, ..."
)


@dataclass(frozen=True, slots=True, eq=False)
class SplitLabels:
    """The labels of all splits, training first, in one form.

    Attributes:
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, of labels, or of targets.
        values: int32 of shape (n,) for classes, uint8 of shape (n, k) for several labels, float32 for numbers.
        class_names: the names of the classes where the labels were texts, or None.
    """

    task: str
    outputs: int
    values: list[NDArray[Any]]
    class_names: tuple[str, ...] | None = None


def interpret_labels(
    pairs: Sequence[Pair], form: str, known: int | None, places: Sequence[Place | None], classes: bool = False
) -> SplitLabels:
    """What the labels of some splits mean, going by those of the first, the training examples.

    Args:
        pairs: the examples with their labels; those of training first.
        form: `data.labels`: `auto` goes by the labels; `integer` and `one_hot` insist on classes, `raw` on numbers.
        known: the number of classes where the source tells it, or None.
        places: where the errors of each split are shown.
        classes: whether whole numbers stored as floats are taken for classes.

    Raises:
        DataError: the labels cannot be taken so, or a split has a class that training has not.
    """
    both = zip(pairs, places, strict=True)
    labels = [
        _Labels(pair.y_name, _ravel(pair.y), place, pair.lines, getattr(pair.x, "files", None)) for pair, place in both
    ]
    for each in labels:
        each.require(each.y.ndim == labels[0].y.ndim <= 2, "bad-labels", f"has the shape {each.y.shape}")
        check_finite(each.name, each.y, each.place)
    first = labels[0].y
    if form == "raw":
        return _interpret_numbers(labels)
    if first.ndim == 2:
        return _interpret_rows(labels, form)
    if first.dtype.kind in "US":
        return _interpret_names(labels)
    floats = first.dtype.kind == "f" and form == "auto" and known is None
    if floats and classes and _lie_between_classes(labels):
        labels[0].require_whole(_LOSS_HINT)  # which names the row
    if floats and not (classes and _are_indices(labels)):
        return _interpret_numbers(labels)
    return _interpret_classes(labels, known)


@dataclass(frozen=True, slots=True, eq=False)
class _Labels:
    """The labels of one split with what errors call them."""

    name: str
    y: NDArray[Any]
    place: Place | None
    lines: NDArray[np.int64] | None = None
    files: Sequence[str] | None = None

    def locate(self, row: int) -> str:
        """Where an example stands, for a message."""
        if self.files is not None:
            return f"of {self.files[row]}"
        return f"at row {row}" if self.lines is None else f"on line {self.lines[row]}"

    def require(self, holds: bool, code: str, message: str, hint: str | None = None) -> None:
        if not holds:
            self.fail(code, message, hint)

    def fail(self, code: str, message: str, hint: str | None = None) -> NoReturn:
        raise DataError(Problem(code, f"{self.name} {message}", self.place, hint))

    def require_whole(self, hint: str = _INDEX_HINT) -> None:
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
            self.fail("label-out-of-range", f"is {self.y[row]} {self.locate(row)}, {why}", _INDEX_HINT)


def _ravel(y: NDArray[Any]) -> NDArray[Any]:
    """(n, 1) as (n,): how Keras's CIFAR stores its labels."""
    return y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y


def _are_indices(labels: Sequence[_Labels]) -> bool:
    """Whether all labels are whole numbers from 0 on, of which not every example has another one."""
    y = np.concatenate([each.y for each in labels if each.y.dtype.kind in "buif"])
    return bool(((y >= 0) & (y == np.floor(y))).all()) and labels[0].y.max() < max(len(labels[0].y), 2)


def _lie_between_classes(labels: Sequence[_Labels]) -> bool:
    """Whether some label is neither a whole number, which may be a class, nor a share between 0 and 1, which a loss can take."""
    y = labels[0].y
    return bool((y != np.floor(y)).any() and (y.min() < 0 or y.max() > 1))


def _interpret_numbers(labels: Sequence[_Labels]) -> SplitLabels:
    width = 1 if labels[0].y.ndim == 1 else labels[0].y.shape[1]
    for each in labels:
        each.require(each.y.dtype.kind in "buif", "bad-labels", "holds texts, expected numbers")
        each.require(each.y.shape[1:] == labels[0].y.shape[1:], "splits-differ", f"has not {width} targets a row")
    return SplitLabels("regression", width, [each.y.astype(np.float32) for each in labels])


def _interpret_classes(labels: Sequence[_Labels], known: int | None) -> SplitLabels:
    for each in labels:
        each.require_whole()
    if known is not None:
        for each in labels:
            each.require_below(known, f"but the classes are 0 to {known - 1}")
    else:  # a year or an identity taken for a class would ask for thousands of outputs
        count = len(labels[0].y)
        why = f"which as a class index makes more classes than there are examples ({count:,})"
        labels[0].require_below(max(count, 2), why)
    outputs = known or int(labels[0].y.max()) + 1
    return _make_classes(labels, [each.y.astype(np.int32) for each in labels], outputs, None)


def _interpret_names(labels: Sequence[_Labels]) -> SplitLabels:
    names = np.unique(_decode_texts(labels[0]))
    order = _order_names(names)
    values = []
    for each in labels:
        texts = _decode_texts(each)
        found = np.searchsorted(names, texts).clip(max=len(names) - 1)
        strange = names[found] != texts
        if strange.any():
            row = int(np.argmax(strange))
            name = str(texts[row])
            each.fail("unseen-class", f"is {name!r} {each.locate(row)}, a class that no training example has")
        values.append(np.argsort(order)[found].astype(np.int32))
    return _make_classes(labels, values, len(names), tuple(str(name) for name in names[order]))


def _order_names(names: NDArray[np.str_]) -> NDArray[np.int64]:
    """The indices that sort names: by number if all are whole numbers, else so that `class10` comes after `class9`."""
    whole = all(_WHOLE.fullmatch(name) for name in names)
    keys = [(int(name) if whole else make_natural_key(str(name))) for name in names]
    return np.array(sorted(range(len(names)), key=keys.__getitem__), np.int64)


def _decode_texts(labels: _Labels) -> NDArray[np.str_]:
    labels.require(labels.y.dtype.kind in "US", "splits-differ", "holds numbers, the training labels are texts")
    try:
        return labels.y.astype(np.str_) if labels.y.dtype.kind == "U" else np.char.decode(labels.y, "utf-8")
    except UnicodeDecodeError:
        labels.fail("bad-labels", "holds texts that are not UTF-8")


def _make_classes(
    labels: Sequence[_Labels], values: list[NDArray[Any]], outputs: int, names: tuple[str, ...] | None
) -> SplitLabels:
    """The classes, once it is sure that training has at least two, and all that the other splits have."""
    present = np.unique(values[0])
    if len(present) < 2:
        message = f"has one class only ({names[0] if names else present[0]}): there is nothing to tell apart"
        labels[0].fail("one-class", message)
    for each, y in zip(labels[1:], values[1:], strict=True):
        strange = ~np.isin(y, present)
        if strange.any():
            row = int(np.argmax(strange))
            each.fail("unseen-class", f"is {int(y[row])} {each.locate(row)}, a class that no training example has")
    return SplitLabels("binary" if outputs == 2 else "multiclass", outputs, values, names)


def _interpret_rows(labels: Sequence[_Labels], form: str) -> SplitLabels:
    """Labels of several columns: one-hot rows, several labels an example, or several numbers."""
    columns = labels[0].y.shape[1]
    for each in labels:
        each.require(each.y.shape[1] == columns, "splits-differ", f"has {each.y.shape[1]} columns, not {columns}")
    indicators = all(_is_binary(each.y) for each in labels)
    if indicators and (labels[0].y.sum(axis=1) == 1).all():
        for each in labels:
            each.require(bool((each.y.sum(axis=1) == 1).all()), "splits-differ", "has rows that are not one-hot")
        return _make_classes(labels, [each.y.argmax(axis=1).astype(np.int32) for each in labels], columns, None)
    labels[0].require(form == "auto", "bad-labels", f"has {columns} columns that are not one-hot, so no class indices")
    if indicators:
        return SplitLabels("multilabel", columns, [each.y.astype(np.uint8) for each in labels])
    kinds = {each.y.dtype.kind for each in labels}
    labels[0].require(kinds == {"f"}, "bad-labels", f"has {columns} columns, neither one-hot nor 0 and 1", _INDEX_HINT)
    return _interpret_numbers(labels)


def _is_binary(y: NDArray[Any]) -> bool:
    return y.dtype.kind in "buif" and bool(((y == 0) | (y == 1)).all())

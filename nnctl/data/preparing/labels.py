"""What stored labels mean: classes, several labels an example, or numbers; and what is wrong with them."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.unlabelled import HINT, find_unlabelled
from nnctl.data.images.walk import make_natural_key
from nnctl.data.preparing.checks import check_finite
from nnctl.data.preparing.rows import interpret_rows
from nnctl.data.preparing.shares import are_parts, split_yes
from nnctl.data.preparing.stored import SplitLabels, StoredLabels, make_classes, make_numbers
from nnctl.data.source import Pair
from nnctl.data.tables.words import Known
from nnctl.errors import Place
from nnctl.spec.sections import Data
from nnctl.spelling import compose

_WRONG = "correct these labels, or remove their rows"
_WHOLE = re.compile("-?[0-9]{1,18}", re.ASCII)
_LOSS_HINT = (
    "the loss is one for classes: numbers are predicted with `loss: mean_squared_error` and a last layer without "
    "activation; classes are numbered 0, 1, 2, ..."
)


def interpret_labels(
    pairs: Sequence[Pair], data: Data, known: int | None, places: Sequence[Place | None], whole: bool = True
) -> SplitLabels:
    """What the labels of some splits mean, going by those of the first, the training examples.

    Args:
        pairs: the examples with their labels; those of training first.
        data: the section. Its `labels` go by the labels and the loss (`auto`), insist on classes (`integer`, `one_hot`), on
            several labels an example (`multilabel`) or on numbers (`raw`).
        known: the number of classes where the source tells it, or None.
        places: where the errors of each split are shown.
        whole: whether whole numbers stored as floats are classes to a loss that takes classes.

    Raises:
        DataError: the labels cannot be taken so, or a split has a class that training has not.
    """
    found = _interpret(pairs, data, known, places, whole)
    if data.older and found.task == "regression":  # which had no wider ones
        return replace(found, values=[y.astype(np.float32) for y in found.values])
    return found


def _interpret(
    pairs: Sequence[Pair], data: Data, known: int | None, places: Sequence[Place | None], whole: bool
) -> SplitLabels:
    labels = [StoredLabels.take(pair, place) for pair, place in zip(pairs, places, strict=True)]
    first = labels[0].y
    for each in labels:
        # Shares in training can stand beside indices in another split.
        alike = each.y.ndim == first.ndim or (first.ndim, each.y.ndim) == (2, 1)
        each.require(alike and each.y.ndim <= 2, "bad-labels", f"has the shape {each.y.shape}")
        check_finite(each.name, each.y, each.place, hint=HINT if find_unlabelled(each.y).any() else _WRONG)
    if data.labels == "raw":
        return make_numbers(labels)
    if first.ndim == 2:
        return interpret_rows(labels, data)
    several = "has one column, and `labels: multilabel` asks for a row of 0 and 1 an example"
    labels[0].require(data.labels != "multilabel", "bad-labels", several)
    if first.dtype.kind in "US":
        return _interpret_names(labels, data.older)
    if first.dtype.kind == "f" and data.labels == "auto" and known is None:
        return _interpret_floats(labels, data, whole)
    if data.numbers and data.labels == "auto" and known is None and not _are_yes_or_no(labels):
        return make_numbers(labels)
    return _interpret_classes(labels, known)


def _interpret_floats(labels: Sequence[StoredLabels], data: Data, whole: bool) -> SplitLabels:
    """One float an example: a number to predict, or, if the loss says so, a class or the share of a yes."""
    if data.classes and whole and _lie_between_classes(labels):
        labels[0].require_whole(_LOSS_HINT)  # which names the row
    if data.classes and whole and _are_indices(labels):
        return _interpret_classes(labels, None)
    if data.probabilities and whole and not data.older and _are_signs(labels):
        return _interpret_classes(labels, None)  # as of whole numbers: -1 is no class, and no share of a yes
    if data.probabilities and all(each.y.dtype.kind in "buif" and are_parts(each.y) for each in labels):
        return make_classes(labels, [split_yes(each.y) for each in labels], 2)
    return make_numbers(labels)


def _are_yes_or_no(labels: Sequence[StoredLabels]) -> bool:
    """Whether all labels of all splits are 0 or 1."""
    return all(bool(((each.y == 0) | (each.y == 1)).all()) for each in labels)


def _are_signs(labels: Sequence[StoredLabels]) -> bool:
    """Whether all labels of training are -1 or 1, and both occur."""
    y = labels[0].y
    return bool(((y == -1) | (y == 1)).all() and y.min() < y.max())


def _are_indices(labels: Sequence[StoredLabels]) -> bool:
    """Whether all labels are whole numbers from 0 on, of which not every example has another one."""
    y = np.concatenate([each.y for each in labels if each.y.dtype.kind in "buif"])
    return bool(((y >= 0) & (y == np.floor(y))).all()) and labels[0].y.max() < max(len(labels[0].y), 2)


def _lie_between_classes(labels: Sequence[StoredLabels]) -> bool:
    """Whether some label is neither a whole number, which may be a class, nor a share between 0 and 1, which a loss can take."""
    y = labels[0].y
    return bool((y != np.floor(y)).any() and (y.min() < 0 or y.max() > 1))


def _interpret_classes(labels: Sequence[StoredLabels], known: int | None) -> SplitLabels:
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
    return make_classes(labels, [each.y.astype(np.int32) for each in labels], outputs)


def _interpret_names(labels: Sequence[StoredLabels], exact: bool) -> SplitLabels:
    names = np.unique(_decode_texts(labels[0], exact))
    order, known = _order_names(names), Known(map(str, names), exact)
    values = []
    for each in labels:
        texts = _decode_texts(each, exact)
        found = np.searchsorted(names, texts).clip(max=len(names) - 1)
        strange = names[found] != texts
        if strange.any():
            words, at = np.unique(texts[strange], return_inverse=True)
            found[strange] = np.array([known.find(str(word)) for word in words], found.dtype)[at]
        if (found < 0).any():
            row = int(np.argmax(found < 0))
            name = str(texts[row])
            each.fail("unseen-class", f"is {name!r} {each.locate(row)}, a class that no training example has")
        values.append(np.argsort(order)[found].astype(np.int32))
    return make_classes(labels, values, len(names), tuple(str(name) for name in names[order]))


def _order_names(names: NDArray[np.str_]) -> NDArray[np.int64]:
    """The indices that sort names: by number if all are whole numbers, else so that `class10` comes after `class9`."""
    whole = all(_WHOLE.fullmatch(name) for name in names)
    keys = [(int(name) if whole else make_natural_key(str(name))) for name in names]
    return np.array(sorted(range(len(names)), key=keys.__getitem__), np.int64)


def _decode_texts(labels: StoredLabels, exact: bool) -> NDArray[np.str_]:
    """The labels as texts, with accents composed unless they are wanted exactly as they are stored."""
    labels.require(labels.y.dtype.kind in "US", "splits-differ", "holds numbers, the training labels are texts")
    try:
        texts = labels.y.astype(np.str_) if labels.y.dtype.kind == "U" else np.char.decode(labels.y, "utf-8")
    except UnicodeDecodeError:
        labels.fail("bad-labels", "holds texts that are not UTF-8")
    if exact or not texts.size or np.ascontiguousarray(texts).view(np.uint32).max(initial=0) < 128:
        return texts
    stored, places = np.unique(texts, return_inverse=True)
    return np.array([compose(str(word)) for word in stored], np.str_)[places]

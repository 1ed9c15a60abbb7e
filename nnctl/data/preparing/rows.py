"""Labels of several columns: one-hot rows, shares of classes, several labels an example, or several numbers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.preparing.shares import are_parts, are_shares, find_shares, follow_examples
from nnctl.data.preparing.stored import INDEX_HINT, SplitLabels, StoredLabels, make_classes, make_numbers
from nnctl.spec.sections import Data

_MOST = 0.5  # of the rows: the others are faults then, and no numbers to predict
_SHARES_HINT = "divide each row by its sum, so that it sums to 1; or take the labels for numbers: `labels: raw`"


def interpret_rows(labels: Sequence[StoredLabels], data: Data) -> SplitLabels:
    """What rows mean, going by those of training, by the loss and by what `data.labels` insists on.

    Rows of shares, which sum to 1, are classes to a loss that takes classes or shares of them, and to `labels: one_hot`; other
    splits may then hold the indices of classes. Shares that do not sum to 1 are those of a yes for each of several labels, to a
    loss that takes each output for the probability of one.

    Raises:
        DataError: they cannot be taken so, or a split has a class that training has not.
    """
    first, columns = labels[0], labels[0].y.shape[1]
    sharing = first.y.dtype.kind in "buif" and (data.classes or data.labels == "one_hot")
    if sharing and any(each.y.ndim == 1 for each in labels) and are_shares(first.y):
        labels = [_spread_indices(each, columns) for each in labels]
    for each in labels:
        each.require(each.y.ndim == 2, "bad-labels", f"has the shape {each.y.shape}")
        each.require(each.y.shape[1] == columns, "splits-differ", f"has {each.y.shape[1]} columns, not {columns}")
    if all(_is_binary(each.y) for each in labels):
        return _interpret_indicators(labels, data)
    if sharing and data.labels not in ("integer", "multilabel") and (found := _interpret_shares(labels, data)):
        return found
    first.require(
        data.labels in ("auto", "multilabel"),
        "bad-labels",
        f"has {columns} columns that are not one-hot, so no class indices",
    )
    numeric = {each.y.dtype.kind for each in labels} == {"f"}
    first.require(numeric, "bad-labels", f"has {columns} columns, neither one-hot nor 0 and 1", INDEX_HINT)
    several = data.labels == "multilabel" or (data.probabilities and not follow_examples(first.pair))
    if several and all(are_parts(each.y) for each in labels):
        return SplitLabels("multilabel", columns, [each.y.astype(np.float32) for each in labels])
    first.require(data.labels == "auto", "bad-labels", "holds numbers that are not from 0 to 1, so no labels")
    return make_numbers(labels)


def _spread_indices(labels: StoredLabels, columns: int) -> StoredLabels:
    """Labels with class indices as rows; rows as they are."""
    if labels.y.ndim == 2:
        return labels
    labels.require_whole()
    labels.require_below(columns, f"but the training labels have {columns} columns")
    return replace(labels, y=np.eye(columns, dtype=np.float32)[labels.y.astype(np.int64)])


def _interpret_indicators(labels: Sequence[StoredLabels], data: Data) -> SplitLabels:
    """Rows of 0 and 1: one class an example, or several labels.

    Where each training example has exactly one label, and another has not, a loss that takes each output for the probability of
    a yes tells that they are several.
    """
    columns, form = labels[0].y.shape[1], data.labels
    single = [each.y.sum(axis=1) == 1 for each in labels]
    several = form == "multilabel" or (form == "auto" and data.probabilities and not all(each.all() for each in single))
    if single[0].all() and not several:
        for each, alone in zip(labels, single, strict=True):
            if not alone.all():
                row = int(np.argmin(alone))
                what = f"has {int(each.y[row].sum())} labels {each.locate(row)}, and each training example has one"
                each.fail("splits-differ", what, "if an example can have several labels: `labels: multilabel`")
        return make_classes(labels, [each.y.argmax(axis=1).astype(np.int32) for each in labels], columns)
    unfit = f"has {columns} columns that are not one-hot, so no class indices"
    labels[0].require(form in ("auto", "multilabel"), "bad-labels", unfit)
    return SplitLabels("multilabel", columns, [each.y.astype(np.uint8) for each in labels])


def _interpret_shares(labels: Sequence[StoredLabels], data: Data) -> SplitLabels | None:
    """Rows of shares of classes; None if these are none, which is a fault where most are, or where they are insisted on."""
    for each in labels:
        each.require(each.y.dtype.kind in "buif", "splits-differ", "holds texts, the training labels are numbers")
    found = [find_shares(each.y) for each in labels]
    if found[0].all():
        for each, fitting in zip(labels[1:], found[1:], strict=True):
            _require_shares(each, fitting)
        return make_classes(labels, [each.y.astype(np.float32) for each in labels], labels[0].y.shape[1])
    if data.labels == "one_hot" or (not data.probabilities and found[0].mean() > _MOST):
        _require_shares(labels[0], found[0])
    return None


def _require_shares(labels: StoredLabels, fitting: NDArray[np.bool_]) -> None:
    """Refuses rows that are no shares, naming the first."""
    if not fitting.all():
        row = int(np.argmin(fitting))
        values = labels.y[row].astype(np.float64)
        outside = values[(values < 0) | (values > 1)]
        what = f"holds {outside[0]:.6g}" if outside.size else f"sums to {values.sum():.6g}"
        message = f"{what} {labels.locate(row)}, where shares of {len(values)} classes are expected"
        labels.fail("bad-shares", message, _SHARES_HINT)


def _is_binary(y: NDArray[Any]) -> bool:
    return y.dtype.kind in "buif" and bool(((y == 0) | (y == 1)).all())

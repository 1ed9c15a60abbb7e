"""What a user should be told of data that can be trained on all the same."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.dataset import find_absent
from nnctl.data.memory.on_disk import OnDisk
from nnctl.data.preparing.shares import are_shares
from nnctl.data.preparing.stored import SplitLabels
from nnctl.data.source import Pair
from nnctl.data.tables.answers import MOST_CLASSES
from nnctl.data.tables.words import describe_lookalikes, parse_number
from nnctl.spec.network.fit import describe_absent
from nnctl.spec.sections import CLASS_TASKS, Data


def collect_notes(data: Data, pairs: Mapping[str, Pair], available: int, taken: SplitLabels) -> tuple[str, ...]:
    """Sentences for the terminal, for `data show` and for the run's manifest.

    Args:
        data: the section.
        pairs: the examples of each split as they were read, those that are cut from training not among them.
        available: how many examples a subset can be taken from.
        taken: what the labels were taken for.
    """
    told = []
    if meaning := _describe_labels(data, pairs["train"].y, taken) or _describe_numbers(data, pairs["train"], taken):
        told.append(meaning)
    if alike := describe_lookalikes(taken.class_names or (), "classes"):
        told.append(alike)
    if data.subset is not None and data.subset > available:
        told.append(f"subset asks for {data.subset:,} training examples, and there are {available:,}: all are taken")
    if absent := _describe_absent(taken):
        told.append(absent)
    y = pairs["train"].y
    if data.probabilities and data.labels == "auto" and y.ndim == 2 and y.shape[1] > 1 and taken.values[0].ndim == 1:
        told.append(
            "each example has exactly one label, taken for its class: `labels: multilabel` takes each for a yes or no"
        )
    train = pairs["train"]
    if data.options.get("header", True) and _has_example_header(train):
        told.append("the columns' names are numbers: if the first line is an example, say `header: false`")
    for name, pair in pairs.items():
        if name != "train" and _are_same(train.x, pair.x) and _are_same(train.y, pair.y):
            told.append(f"{name} holds the very examples that are trained on: its scores say nothing of new ones")
    return tuple(told)


def _describe_labels(data: Data, y: NDArray[Any], taken: SplitLabels) -> str | None:
    """What numbers were taken for, where that is something else than numbers to predict, or could be."""
    if taken.task == "regression" and data.labels == "auto" and y.ndim == 2 and y.shape[1] > 1 and are_shares(y):
        return f"the labels are shares of {y.shape[1]} classes, taken for numbers: `labels: one_hot` takes them for classes"
    if y.dtype.kind != "f" or taken.task == "regression":
        return None
    kept = "; `labels: raw` takes them for numbers"
    if taken.values[0].dtype.kind != "f":
        told = f"the labels are whole numbers stored as {y.dtype}: the loss takes them for classes"
        return told if data.labels == "auto" and taken.task in CLASS_TASKS else None
    if taken.task == "multilabel":
        return f"each of the {taken.outputs} labels is a share of a yes: scores count one half and more as a yes{kept}"
    if y.ndim == 1 or y.shape[1] == 1:
        return f"the labels are shares of a yes: scores count one half and more as class 1{kept}"
    return f"the labels are shares of {taken.outputs} classes: scores count the class with the largest share{kept}"


def _describe_absent(taken: SplitLabels) -> str | None:
    """The classes that are only there because a higher number is: labels that begin with 1, or have a gap."""
    y = taken.values[0]
    absent = () if taken.class_names is not None else find_absent(y, taken.task, taken.outputs)
    if not absent:
        return None
    told = f"the classes are 0 to {taken.outputs - 1}, and {describe_absent(absent)}"
    return f"{told}: an output for it is never right; number the classes 0, 1, 2, ... without a gap"


def _describe_numbers(data: Data, train: Pair, taken: SplitLabels) -> str | None:
    """What whole numbers were taken for where a loss for numbers and its one output leave both open."""
    if not data.numbers or data.labels != "auto":
        return None
    if taken.task == "binary" and taken.class_names in (None, ("0", "1")):
        return "the labels are 0 and 1, taken for two classes: `labels: raw` takes them for numbers"
    stored = train.columns is not None or train.y.dtype.kind in "iu"
    if taken.task == "regression" and stored and _could_be_classes(taken.values[0]):
        told = "the labels are whole numbers, taken for numbers as the loss is for these"
        return f"{told}: `labels: one_hot` takes them for classes, an output each"
    return None


def _could_be_classes(y: NDArray[Any]) -> bool:
    """Whether numbers are whole, and so few that there are several examples of each."""
    if y.ndim != 1 or (y != np.floor(y)).any():
        return False
    different = len(np.unique(y))
    return different <= MOST_CLASSES and different * 2 <= len(y)


def _has_example_header(train: Pair) -> bool:
    """Whether the header of a table looks like one of its examples: numbers above numbers, a category above the same."""
    numbers = [column for column in train.columns or () if column.words is None]
    named = (column for column in train.columns or () if column.words is not None)
    return (
        bool(numbers)
        and all(parse_number(column.name) is not None for column in numbers)
        and all(column.name in (column.words or ()) for column in named)
    )


def _are_same(one: NDArray[Any] | OnDisk, other: NDArray[Any] | OnDisk) -> bool:
    if isinstance(one, OnDisk) or isinstance(other, OnDisk):
        return isinstance(one, OnDisk) and isinstance(other, OnDisk) and one.is_same(other)
    return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))

"""What a user should be told of data that can be trained on all the same."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.memory.on_disk import OnDisk
from nnctl.data.source import Pair
from nnctl.data.tables.layout import parse_number
from nnctl.spec.sections import Data


def collect_notes(data: Data, pairs: Mapping[str, Pair], available: int, as_classes: bool) -> tuple[str, ...]:
    """Sentences for the terminal, for `data show` and for the run's manifest.

    Args:
        data: the section.
        pairs: the examples of each split as they were read, those that are cut from training not among them.
        available: how many examples a subset can be taken from.
        as_classes: whether labels stored as floats were taken for classes.
    """
    told = []
    if as_classes:
        told.append(f"the labels are whole numbers stored as {pairs['train'].y.dtype}: the loss takes them for classes")
    if data.subset is not None and data.subset > available:
        told.append(f"subset asks for {data.subset:,} training examples, and there are {available:,}: all are taken")
    train = pairs["train"]
    if data.options.get("header", True) and _has_example_header(train):
        told.append("the columns' names are numbers: if the first line is an example, say `header: false`")
    for name, pair in pairs.items():
        if name != "train" and _are_same(train.x, pair.x) and _are_same(train.y, pair.y):
            told.append(f"{name} holds the very examples that are trained on: its scores say nothing of new ones")
    return tuple(told)


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

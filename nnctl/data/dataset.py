"""Data as they are trained on: checked, split, and known by a fingerprint."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.scaling import Scales
from nnctl.data.source import Report
from nnctl.data.tables.columns import Columns
from nnctl.spec.network.plan import Plan, make_plan
from nnctl.spec.sections import CLASS_TASKS, DataFacts, Spec

_LOOKED_AT = 1_000
YES = 0.5  # from this share of a yes on, the answer is yes


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """The examples of one split, in the order of their source.

    Attributes:
        x: of shape (n, ...), in the type they were stored in: an array, or an `OnDisk`, which stands where one would.
        y: int32 of shape (n,) for classes, uint8 of (n, k) for several labels, float32 of (n,) or (n, k) for numbers (float64
            where float32 loses different ones); of
            classes and labels that are shares float32 of (n, classes) or (n, k). `decide_labels` tells what these count as.
        rows: int64 of shape (n,), the row of each example in the file or array that it was cut from, those that were left out
            counted.
        weight: of training: float32 of shape (n,), how much each example counts in the loss, or None if all count alike.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    rows: NDArray[np.int64]
    weight: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """All that is trained on, watched and tested with.

    Attributes:
        source: the name of the source that was loaded.
        requested: the name of the source that the spec asks for.
        title: what outputs call the data.
        origin: the path that was read, or what it ships with.
        fallback: why `source` is not the one requested, or None if it is.
        train: what is trained on.
        validation: what is watched while training, or None.
        test: what the scores are told of.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, of labels, or of targets.
        class_names: the names of the classes by index, or None.
        fingerprint: SHA-256 of the splits, in hex.
        columns: of a table: what was learned of its columns, and how they became the examples; else None.
        notes: what a user should be told of them.
        dates: the columns of a table that hold dates, as a look at its first rows has found them.
        cut: how shares were cut by time or group, as `nnctl.data.preparing.cuts` has it for the manifest; None where by chance.
        new: of a table: what each split from a file of its own holds that training has not, a sentence each.
        scales: how the examples and targets of another training are scaled, which this one goes on with, or None.
    """

    source: str
    requested: str
    title: str
    origin: str
    fallback: str | None
    train: Split
    validation: Split | None
    test: Split | None
    task: str
    outputs: int
    class_names: tuple[str, ...] | None
    fingerprint: str
    columns: Columns | None = None
    notes: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    cut: Mapping[str, Any] | None = None
    new: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scales: Scales | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an example as the network's first layer gets it: as stored, but for columns that are embedded."""
        return tuple(self.train.x.shape[1:]) if self.columns is None else (self.columns.outputs,)

    @property
    def facts(self) -> DataFacts:
        """What a look at the data tells of them before they are loaded; none of it is unknown now."""
        held, marks = (
            self.validation is not None,
            describe_labels(self.train.y, self.task, self.outputs, self.class_names),
        )
        told = (self.shape, self.train.x.dtype.name, self.task, self.outputs, len(self.train), held)
        zeros = isinstance(self.train.x, np.ndarray) and _hold_zeros(self.train.x)
        return DataFacts(*told, **marks, dates=self.dates, zeros=zeros)

    def plan(self, spec: Spec) -> Plan:
        """How a spec is trained on these data."""
        return make_plan(spec, self.facts, len(self.train), 0 if self.validation is None else len(self.validation))

    @property
    def names(self) -> tuple[str, ...]:
        """What each class, label or target is called: by its index where it has no name."""
        return self.class_names or tuple(map(str, range(self.outputs)))

    @property
    def classes(self) -> int | None:
        """How many classes there are where the labels are class indices, else None."""
        return self.outputs if self.task in CLASS_TASKS else None

    @property
    def number(self) -> str:
        """The type in which numbers to predict are compared: float64 where float32 loses different ones."""
        return "float64" if self.train.y.dtype == np.float64 else "float32"

    @property
    def shares(self) -> bool:
        """Whether the labels are shares: of classes, or of a yes for each of several labels."""
        return self.task != "regression" and self.train.y.dtype.kind == "f"

    def decide(self, split: Split) -> NDArray[Any]:
        """What the labels of a split are counted as: `decide_labels`."""
        return decide_labels(split.y, self.task)


def _hold_zeros(x: NDArray[Any]) -> bool:
    """Whether some values of an example are 0 in each of a thousand, evenly over all."""
    rows = np.linspace(0, len(x) - 1, min(_LOOKED_AT, len(x))).astype(np.int64)
    return bool((x[rows] == 0).all(axis=0).any())


def decide_labels(y: NDArray[Any], task: str) -> NDArray[Any]:
    """What labels are counted as: of shares the class with the largest, of equal ones the first; a yes from one half on.

    All that counts, compares or stratifies labels goes by this one decision.

    Args:
        y: the labels as a `Split` has them.
        task: `multiclass`, `binary`, `multilabel` or `regression`.

    Returns:
        int32 of shape (n,) for classes, uint8 of shape (n, k) for several labels; numbers as they are.
    """
    if task in CLASS_TASKS and y.ndim == 2:
        return np.asarray(y.argmax(axis=1), np.int32)
    if task == "multilabel" and y.dtype.kind == "f":
        return np.asarray(y >= YES, np.uint8)
    return y


class LabelMarks(TypedDict):
    """What `DataFacts` tells of labels beside their task and how many outputs they take."""

    shares: bool
    absent: tuple[int, ...]


def describe_labels(y: NDArray[Any], task: str, outputs: int, class_names: Sequence[str] | None) -> LabelMarks:
    """What is known of the labels of training, as a `Split` has them; classes with names have an example each."""
    absent = () if class_names is not None else find_absent(y, task, outputs)
    return {"shares": task in CLASS_TASKS and y.dtype.kind == "f", "absent": absent}


def find_absent(y: NDArray[Any], task: str, outputs: int) -> tuple[int, ...]:
    """The classes that are only there because a higher one is: no label is of them; () for labels that are no indices."""
    if task not in CLASS_TASKS or y.ndim != 1:
        return ()
    return tuple(np.flatnonzero(np.bincount(y, minlength=outputs) == 0).tolist())


@dataclass(slots=True)
class Counting:
    """Tells a report of the share of some examples that has come.

    Attributes:
        label: what is done to them.
        total: how many there are.
        report: who is told, or None.
        done: how many have come.
    """

    label: str
    total: int
    report: Report | None
    done: int = 0

    def count_blocks(self, blocks: Iterable[NDArray[Any]]) -> Iterator[NDArray[Any]]:
        """The blocks as they are, each counted when it comes."""
        for block in blocks:
            self.done += len(block)
            if self.report is not None:
                self.report(self.label, self.done / self.total)
            yield block


def compute_fingerprint(splits: dict[str, Split | None], report: Report | None = None) -> str:
    """SHA-256, in hex, over the name, type, shape and bytes of each array of each split.

    What stays on disk is read for it, images decoded, every one: so it has the fingerprint of what is held, and an image that
    is broken is found before training begins; `report` is told of the share that has been.

    Raises:
        DataError: an example cannot be read.
    """
    digest = hashlib.sha256()
    held = [split.x for split in splits.values() if split is not None]
    waiting = sum(len(x) for x in held if not getattr(x, "decoded", True))
    count = Counting(f"decoding {waiting:,} images", waiting, report)
    for name, split in splits.items():
        parts = () if split is None else (("x", split.x), ("y", split.y), ("weight", split.weight))
        for part, array in parts:
            if array is None:
                continue
            digest.update(f"{name}.{part} {array.dtype.str} {array.shape}\n".encode())
            blocks = [array] if isinstance(array, np.ndarray) else array.read_blocks()
            for block in blocks if getattr(array, "decoded", True) else count.count_blocks(blocks):
                digest.update(np.ascontiguousarray(block).data)
    return digest.hexdigest()

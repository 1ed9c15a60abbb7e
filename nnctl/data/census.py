"""What a data set holds, in numbers: its splits, how often each class occurs, the columns of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.dataset import Dataset, Split
from nnctl.data.images.pictures import Pictures
from nnctl.data.tables.columns import Columns
from nnctl.spec.sections import CLASS_TASKS


@dataclass(frozen=True, slots=True)
class Part:
    """One split: how many examples it has, the shape and type of one, and the range of their values."""

    examples: int
    shape: tuple[int, ...]
    dtype: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Count:
    """How many examples of each split are of a class, or have a label; by the split's name. Of shares the largest counts."""

    name: str
    examples: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Column:
    """A feature or a target over the training split; `missing` counts what was not given, None where nobody counted."""

    name: str
    low: float
    mean: float
    high: float
    missing: int | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A data set in numbers.

    Attributes:
        title: what outputs call the data.
        source: the name of the source that was loaded.
        requested: the name of the source that was asked for.
        origin: the path that was read, or what it ships with.
        fallback: why `source` is not the one requested, or None if it is.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, of labels, or of targets.
        fingerprint: SHA-256 of the splits, in hex.
        splits: each split that there is, by name.
        classes: each class or label; empty for regression.
        targets: each target of a regression; else empty.
        features: each feature of examples of one axis that are in memory; else empty.
        notes: what a user should be told of the data.
        scale: what a network does to the examples, in words; None where no network was asked for.
    """

    title: str
    source: str
    requested: str
    origin: str
    fallback: str | None
    task: str
    outputs: int
    fingerprint: str
    splits: Mapping[str, Part]
    classes: Sequence[Count]
    targets: Sequence[Column]
    features: Sequence[Column]
    notes: tuple[str, ...] = ()
    scale: str | None = None


def summarise(dataset: Dataset, targets: Sequence[str] = ()) -> Summary:
    """A data set in numbers; features and targets are of the training split.

    Args:
        dataset: the data.
        targets: the names of the numbers to predict, where these are known.
    """
    splits = {
        name: split
        for name in ("train", "validation", "test")
        if (split := getattr(dataset, name)) is not None and len(split)
    }
    x = dataset.train.x
    return Summary(
        title=dataset.title,
        source=dataset.source,
        requested=dataset.requested,
        origin=dataset.origin,
        fallback=dataset.fallback,
        task=dataset.task,
        outputs=dataset.outputs,
        fingerprint=dataset.fingerprint,
        splits={name: _summarise_split(split) for name, split in splits.items()},
        classes=[] if dataset.task == "regression" else _count_labels(dataset, splits),
        targets=_summarise_targets(dataset, targets) if dataset.task == "regression" else [],
        features=_summarise_features(x, dataset.columns) if isinstance(x, np.ndarray) and x.ndim == 2 else [],
        notes=dataset.notes,
    )


def compute_imbalance(summary: Summary) -> float | None:
    """How many times as many training examples the commonest class has as the rarest; None where there are no classes."""
    counts = [each.examples["train"] for each in summary.classes]
    if summary.task not in CLASS_TASKS or not counts or not min(counts):
        return None
    return max(counts) / min(counts)


def _summarise_split(split: Split) -> Part:
    """One split; of images that stay on disk the range is that of their type, for to look would be to decode them all."""
    if isinstance(split.x, Pictures):
        low, high = 0, int(np.iinfo(split.x.dtype).max)
    else:
        low, high = split.x.min(), split.x.max()
    return Part(len(split), split.x.shape[1:], split.x.dtype.name, float(low), float(high))


def _count_labels(dataset: Dataset, splits: Mapping[str, Split]) -> list[Count]:
    """How often each class or label occurs in each split."""
    found = {name: _count_occurrences(dataset.decide(split), dataset.outputs) for name, split in splits.items()}
    return [Count(label, {name: int(n[i]) for name, n in found.items()}) for i, label in enumerate(dataset.names)]


def _count_occurrences(y: NDArray[Any], outputs: int) -> NDArray[np.int64]:
    return np.bincount(y, minlength=outputs) if y.ndim == 1 else y.sum(axis=0, dtype=np.int64)


def _summarise_features(table: NDArray[Any], learned: Columns | None) -> list[Column]:
    """The features of a table, by the names of its file where it has any; what was missing is counted by column."""
    found = _summarise_columns(table)
    if learned is None:
        return found
    # What a column of zeros and ones misses is a category, with a row of its own.
    counted = [(each, each.categories is None or each.embed is not None) for each in learned.features]
    missing = [each.missing if alone else None for each, alone in counted for _ in range(each.width)]
    rows = zip(found, learned.names, missing, strict=True)
    return [replace(column, name=name, missing=count) for column, name, count in rows]


def _summarise_columns(table: NDArray[Any]) -> list[Column]:
    lows, highs, means = table.min(axis=0), table.max(axis=0), table.mean(axis=0, dtype=np.float64)
    rows = zip(lows.tolist(), means.tolist(), highs.tolist(), strict=True)
    return [Column(str(i), float(low), mean, float(high)) for i, (low, mean, high) in enumerate(rows)]


def _summarise_targets(dataset: Dataset, names: Sequence[str]) -> list[Column]:
    found = _summarise_columns(_make_table(dataset.train.y))
    return (
        [replace(column, name=name) for column, name in zip(found, names, strict=True)]
        if len(names) == len(found)
        else found
    )


def _make_table(y: NDArray[Any]) -> NDArray[Any]:
    return y[:, np.newaxis] if y.ndim == 1 else y

"""What a network cannot tell apart of its data, because float32 cannot, in sentences with their numbers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.resolution import count_different, find_lost
from nnctl.data.arrays.scaling import Scales
from nnctl.data.dataset import Dataset
from nnctl.data.preparing.scales import find_data_reader
from nnctl.data.preparing.steps import sample_rows
from nnctl.spec.sections import Spec

_TOLD = 3  # columns that are named
# Keras's Normalization divides by 1e-7 at least, and float32 holds no square beyond 3.4e38.
_LEAST, _MOST = 1e-6, 1e18


def describe_lost(spec: Spec, dataset: Dataset, scales: Scales) -> tuple[str, ...]:
    """What float32 loses of the training examples and targets, where they are not standardised in float64 first.

    Args:
        spec: the spec.
        dataset: the data.
        scales: how the network scales them.
    """
    reader = find_data_reader(spec.data, dataset, spec.layers)
    read_raw = spec.data.older or (reader is not None and not reader.masks)
    told = list[str]()
    if not read_raw and scales.inputs.shift is None:
        rows = sample_rows(dataset.train.x, reader)
        names = None if dataset.columns is None else dataset.columns.names
        told += _describe(rows, "column", names, "`scale: standard` standardises them in float64 first")
    if dataset.task == "regression" and scales.targets.shift is None and not spec.data.older:
        names = dataset.names if dataset.columns is not None and dataset.outputs > 1 else None
        told += _describe(
            dataset.train.y, "target", names, "`target_scale: standard` standardises them in float64 first"
        )
    if not spec.data.older:
        if scales.inputs.kind == "standard":
            names = None if dataset.columns is None else dataset.columns.names
            told += _describe_unscalable(sample_rows(dataset.train.x, reader), "column", names)
        if scales.targets.kind == "standard":
            told += _describe_unscalable(dataset.train.y, "target", None)
    return tuple(told)


def _describe_unscalable(rows: NDArray[Any], noun: str, names: tuple[str, ...] | None) -> Iterator[str]:
    """A sentence for each of the first columns whose deviation is beyond what float32 can be divided by."""
    wide = rows.reshape(-1, rows.shape[-1] if rows.ndim > 1 else 1).astype(np.float64)
    deviations = wide.std(axis=0)
    small = (deviations < _LEAST) & (deviations > 1e-12 * abs(wide).max(axis=0)) & (wide.min(axis=0) < wide.max(axis=0))
    for index in np.flatnonzero(small | (deviations > _MOST))[:_TOLD]:
        name = str(index) if names is None or index >= len(names) else names[index]
        size = "small" if deviations[index] < _LEAST else "large"
        yield (
            f"{noun} {name} has a deviation of {deviations[index]:.1e}, too {size} to be standardised as float32: write it in "
            "another unit"
        )


def _describe(rows: NDArray[Any], noun: str, names: tuple[str, ...] | None, mended: str) -> Iterator[str]:
    """A sentence for each of the first columns that lose values, those of one axis being one column."""
    rows = rows.reshape(-1, rows.shape[-1] if rows.ndim > 1 else 1)
    names = names or (("",) if rows.shape[1] == 1 else None)
    lost = np.flatnonzero(find_lost(rows))
    for index in lost[:_TOLD]:
        different, left = count_different(rows[:, index])
        name = str(index) if names is None else names[index]
        told = f"{noun} {name}".strip() if name else f"the {noun}"
        yield f"{told}: {different:,} different values become {left:,} as float32: {mended}"
    if len(lost) > _TOLD:
        yield f"{len(lost) - _TOLD:,} more {noun}s lose values so"

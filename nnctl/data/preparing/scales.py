"""How examples are scaled. It is decided here, and done in the graph: the saved model takes what the source holds."""

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.resolution import find_lost
from nnctl.data.arrays.scaling import Scales, Scaling
from nnctl.data.dataset import Dataset
from nnctl.data.preparing import divisors
from nnctl.data.preparing.steps import arrange_steps, find_row_shape, read_rows, sample_rows
from nnctl.data.sources import SOURCES
from nnctl.spec.network.raw import RawReader, find_reader
from nnctl.spec.sections import Component, Data, Spec


def decide_scales(spec: Spec, dataset: Dataset) -> Scales:
    """How a spec's network scales the examples and the targets of some data."""
    return Scales(
        decide_scaling(spec.data, dataset, spec.layers),
        decide_target_scaling(spec.data, dataset),
    )


def decide_scaling(data: Data, dataset: Dataset, layers: Sequence[Component] = ()) -> Scaling:
    """The scaling that `data.scale` asks for; `auto` goes by the source, the stored type, and the layer that reads them.

    Statistics are taken over the training split only, without the steps that are masked. The zeros and ones of categories are
    not standardised, and the indices of those that are embedded are not scaled at all: mean and variance are of the columns in
    front of them. What a layer reads as indices is not scaled.

    Args:
        data: the section.
        dataset: the data; the scaling that it keeps from another training is taken where it is of the kind that is asked for.
        layers: the network's layers.
    """
    reader = find_data_reader(data, dataset, layers)
    if reader is not None and not reader.masks:
        return Scaling("none")
    kept = None if dataset.scales is None else dataset.scales.inputs
    if kept is not None and data.scale in ("auto", kept.kind):
        return kept
    kind = _decide_automatic(dataset) if data.scale == "auto" else data.scale
    if kind == "unit":
        return Scaling("unit", factor=1.0 / _find_largest(data, dataset, reader))
    return _measure_standard(data, dataset, reader) if kind == "standard" else Scaling("none")


def decide_target_scaling(data: Data, dataset: Dataset) -> Scaling:
    """The scaling of the numbers to predict, `standard` or `none`: mean and variance, of shape (targets,), are training's."""
    if data.target_scale == "none":
        return Scaling("none")
    if dataset.scales is not None and dataset.scales.targets.kind == data.target_scale:
        return dataset.scales.targets
    return _standardise(dataset.train.y.reshape(len(dataset.train.y), -1), None, data.older)


def find_data_reader(data: Data, dataset: Dataset, layers: Sequence[Component]) -> RawReader | None:
    """The layer that reads the data's own numbers; columns that are embedded hide them from a layer that masks."""
    if not layers:
        return None
    reader = find_reader(layers, dataset.shape, data.older)
    embedded = dataset.columns is not None and dataset.columns.embedded
    return None if reader is not None and reader.masks and embedded else reader


def scale_examples(x: NDArray[Any], how: Scaling, reader: RawReader | None = None) -> NDArray[np.float32]:
    """Examples of shape (n, ...) as the network gets them, float32; behind a layer that masks those of its steps that count.

    Args:
        x: the examples, as they are stored.
        how: the scaling.
        reader: the layer that reads the data's own numbers, or None.
    """
    if reader is not None and reader.masks:
        x, masked = arrange_steps(x, reader)
        scaled = _scale(x, how)
        scaled[masked] = 0
        return scaled
    return _scale(x, how)


def _scale(x: NDArray[Any], how: Scaling) -> NDArray[np.float32]:
    wide = (x if how.shift is None else x - how.shift.astype(np.float64)).astype(np.float32)
    if how.factor is not None:
        return wide * np.float32(how.factor)
    if how.mean is None or how.variance is None:
        return wide
    return np.asarray((wide - how.mean) / np.sqrt(how.variance), np.float32)


def _measure_standard(data: Data, dataset: Dataset, reader: RawReader | None) -> Scaling:
    found = _standardise(_take_scaled(dataset), reader, data.older)
    if dataset.columns is not None:
        assert found.mean is not None
        assert found.variance is not None
        categories = ~dataset.columns.numeric[: len(found.mean)]
        found.mean[categories], found.variance[categories] = 0, 1
    return found


def _take_scaled(dataset: Dataset) -> NDArray[Any]:
    """The training examples without the columns that are embedded."""
    x, embedded = dataset.train.x, dataset.columns.embedded if dataset.columns is not None else ()
    return x[:, : x.shape[1] - len(embedded)] if embedded else x


def _standardise(x: NDArray[Any], reader: RawReader | None, older: bool) -> Scaling:
    """Mean and variance of each feature; in front of them a shift where float32 loses different values."""
    mean, variance = _compute_moments(x, reader)
    if older or not (lost := find_lost(sample_rows(x, reader))).any():
        return Scaling("standard", None, mean, variance)
    shift = np.where(lost, mean, np.float32(0))
    return Scaling("standard", None, *_compute_moments(x, reader, shift.astype(np.float64)), shift)


def _decide_automatic(dataset: Dataset) -> str:
    """`unit` for pixels, `standard` for tables, `none` for floats given as arrays, and for numbers that may be indices.

    Bytes are taken for pixels, flattened or not; other whole numbers only where examples have two axes or more.
    """
    source, x = SOURCES[dataset.source], dataset.train.x
    if source.largest is not None:
        return "unit"
    if source.tables:
        return "standard"
    pixels = x.dtype == np.uint8 or (x.dtype.kind in "iu" and x.ndim > 2)
    return "unit" if pixels else "none"


def _find_largest(data: Data, dataset: Dataset, reader: RawReader | None) -> float:
    """What becomes 1: the source's own largest value, or the one that training's values ask for."""
    declared, x = SOURCES[dataset.source].largest, _take_scaled(dataset)
    if declared is not None:
        return declared
    return divisors.find_old_divisor(x) if data.older else divisors.find_divisor(x, reader)


def _compute_moments(
    x: NDArray[np.generic], reader: RawReader | None, shift: NDArray[np.float64] | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and variance of each feature (divided by n, as Keras's Normalization does), in two passes of float64.

    Without the steps that are masked; with a shift of what is left once it is taken away.
    """
    count, shape = sum(len(block) for block in read_rows(x, reader)), find_row_shape(x, reader)
    if not count:
        return np.zeros(shape, np.float32), np.ones(shape, np.float32)

    def read_shifted() -> Iterator[NDArray[Any]]:
        return (block if shift is None else block - shift for block in read_rows(x, reader))

    mean = sum(block.sum(axis=0, dtype=np.float64) for block in read_shifted()) / count
    variance = sum(((block - mean) ** 2).sum(axis=0) for block in read_shifted()) / count
    variance = np.minimum(variance, np.finfo(np.float32).max)  # beyond it, which is told, nothing can be standardised
    constant = variance.astype(np.float32) == 0
    if x.dtype.kind == "f":  # the mean of equal whole numbers is exact
        least = reduce(np.minimum, (block.min(axis=0) for block in read_rows(x, reader)))
        constant |= least == reduce(np.maximum, (block.max(axis=0) for block in read_rows(x, reader)))
    return mean.astype(np.float32), np.where(constant, 1, variance).astype(np.float32)

"""How examples are scaled. It is decided here, and done in the graph: the saved model takes what the source holds."""

from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.dataset import Dataset
from nnctl.data.memory.on_disk import read_blocks
from nnctl.data.sources import SOURCES
from nnctl.spec.sections import Data

_BLOCK = 1 << 22  # values widened to float64 at a time


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """What is done to examples once they are float32.

    Attributes:
        kind: `unit`: x * factor; `standard`: (x - mean) / sqrt(variance); `none`: nothing.
        factor: of `unit`.
        mean: of `standard`, float32 of an example's shape.
        variance: of `standard`, float32 of an example's shape; 1 where training has one value only.
    """

    kind: str
    factor: float | None = None
    mean: NDArray[np.float32] | None = None
    variance: NDArray[np.float32] | None = None


def decide_scaling(data: Data, dataset: Dataset) -> Scaling:
    """The scaling that `data.scale` asks for; `auto` goes by the source and the stored type.

    Statistics are taken over the training split only. The zeros and ones of categories are not standardised, and the
    indices of those that are embedded are not scaled at all: mean and variance are of the columns in front of them.
    """
    kind = _decide_automatic(dataset) if data.scale == "auto" else data.scale
    if kind == "unit":
        return Scaling("unit", factor=1.0 / _find_largest(dataset))
    return _measure_standard(dataset) if kind == "standard" else Scaling("none")


def decide_target_scaling(data: Data, dataset: Dataset) -> Scaling:
    """The scaling of the numbers to predict, `standard` or `none`: mean and variance, of shape (targets,), are training's."""
    if data.target_scale == "none":
        return Scaling("none")
    mean, variance = _compute_moments(dataset.train.y.reshape(len(dataset.train.y), -1))
    return Scaling("standard", None, mean, variance)


def _measure_standard(dataset: Dataset) -> Scaling:
    mean, variance = _compute_moments(_take_scaled(dataset))
    if dataset.columns is not None:
        categories = ~dataset.columns.numeric[: len(mean)]
        mean[categories], variance[categories] = 0, 1
    return Scaling("standard", None, mean, variance)


def _take_scaled(dataset: Dataset) -> NDArray[Any]:
    """The training examples without the columns that are embedded."""
    x, embedded = dataset.train.x, dataset.columns.embedded if dataset.columns is not None else ()
    return x[:, : x.shape[1] - len(embedded)] if embedded else x


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


def _find_largest(dataset: Dataset) -> float:
    """What becomes 1: the source's own largest value, or the type's; of wide types and floats training's."""
    declared, x = SOURCES[dataset.source].largest, _take_scaled(dataset)
    if declared is not None:
        return declared
    if x.dtype.kind in "iu" and x.dtype.itemsize <= 2:
        return float(np.iinfo(x.dtype).max)
    # No picture fills 32 bits, so the type says nothing of the values.
    return max(0.0, float(x.max()), -float(x.min())) or 1.0


def _compute_moments(x: NDArray[np.generic]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and variance of each feature (divided by n, as Keras's Normalization does), in two passes of float64."""
    mean = sum(block.sum(axis=0, dtype=np.float64) for block in read_blocks(x, _BLOCK)) / len(x)
    variance = sum(((block - mean) ** 2).sum(axis=0) for block in read_blocks(x, _BLOCK)) / len(x)
    constant = variance.astype(np.float32) == 0
    if x.dtype.kind == "f":  # the mean of equal whole numbers is exact
        least = reduce(np.minimum, (block.min(axis=0) for block in read_blocks(x, _BLOCK)))
        constant |= least == reduce(np.maximum, (block.max(axis=0) for block in read_blocks(x, _BLOCK)))
    return mean.astype(np.float32), np.where(constant, 1, variance).astype(np.float32)

"""Examples as the layer that masks their steps sees them, and without the steps that it masks."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.memory.on_disk import OnDisk, read_blocks
from nnctl.spec.catalogue import traits
from nnctl.spec.network.meaning import unwrap
from nnctl.spec.network.raw import RawReader

_BLOCK = 1 << 22  # values widened to float64 at a time


def arrange_steps(x: NDArray[Any], reader: RawReader) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Examples in the shape that a layer which masks gets, and which of their steps it masks.

    What stands in front of it may give them another shape and order. Zeros around them, or steps cut off, change no feature
    of those that are left, and are passed over.

    Args:
        x: of shape (n, ...), as the examples are stored.
        reader: the layer.

    Returns:
        The examples, of shape (n, ..., features), and bool of shape (n, ...).
    """
    for outer, outcome in reader.front:
        layer, shape = unwrap(outer), outcome.shape
        known = traits.get_layer(layer.name)
        if known.shape == "permute":
            dims: Any = layer.arguments["dims"]
            x = np.transpose(x, (0, *dims))
        elif known.moves and shape is not None and math.prod(size or 0 for size in shape) == math.prod(x.shape[1:]):
            x = x.reshape(len(x), *(size or 0 for size in shape))
    value = np.float32(reader.mask_value) if x.dtype == np.float32 else reader.mask_value
    return x, np.asarray((x == value).all(axis=-1))


def read_rows(x: "NDArray[Any] | OnDisk", reader: RawReader | None) -> Iterator[NDArray[Any]]:
    """What statistics are taken of, a piece at a time: the examples, or those of their steps that are not masked.

    Args:
        x: the examples, as they are stored.
        reader: the layer that reads their own numbers, or None.
    """
    for block in read_blocks(x, _BLOCK):
        if reader is None or not reader.masks:
            yield block
        else:
            steps, masked = arrange_steps(block, reader)
            if not masked.all():
                yield steps[~masked]


def find_row_shape(x: "NDArray[Any] | OnDisk", reader: RawReader | None) -> tuple[int, ...]:
    """The shape of one of the rows that `read_rows` reads."""
    if reader is None or not reader.masks:
        return tuple(x.shape[1:])
    return arrange_steps(x[:1], reader)[0].shape[-1:]


def sample_rows(x: "NDArray[Any] | OnDisk", reader: RawReader | None) -> NDArray[Any]:
    """Rows as `read_rows` reads them, of as many examples, evenly over all, as one piece holds."""
    most = max(1, _BLOCK // max(1, math.prod(x.shape[1:])))
    examples = x[np.linspace(0, len(x) - 1, most).astype(np.int64)] if len(x) > most else x[:]
    if reader is None or not reader.masks:
        return examples
    steps, masked = arrange_steps(examples, reader)
    return steps[~masked]

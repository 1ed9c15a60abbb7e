"""What `unit` divides by: the largest value that whole numbers of so many bits can have, or the largest that occurs."""

from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.memory.on_disk import OnDisk
from nnctl.data.preparing.steps import read_rows
from nnctl.spec.network.raw import RawReader

# A yes or no; 4 bits, or pixels set in a block of 4 x 4; and 8, 10, 12 and 16 bits, as cameras and scanners give them.
LEVELS = (1, 15, 16, 255, 1023, 4095, 65535)
FLOAT_LEVELS = (1, 255, 65535)  # of pixels that were divided, resized or averaged
# The same with a sign: a half of the values lies below 0, as far as -128 of 127.
SIGNED_LEVELS = (1, 15, 16, 127, 511, 2047, 32767, 65535)


def find_divisor(x: "NDArray[Any] | OnDisk", reader: RawReader | None) -> float:
    """What becomes 1: of whole numbers the smallest level that holds all, which a subset hardly changes; else the largest size.

    Args:
        x: the training examples.
        reader: the layer that reads their own numbers, or None: what it masks does not count.
    """
    least, most, whole = 0.0, 0.0, True
    for block in read_rows(x, reader):
        least, most = min(least, float(block.min())), max(most, float(block.max()))
        whole = whole and (block.dtype.kind in "biu" or bool((block == np.floor(block)).all()))
        if x.dtype.kind in "iu" and x.dtype.itemsize <= 2 and _is_settled(x.dtype, least, most):
            break  # what stays on disk is not read to its end
    levels = SIGNED_LEVELS if least < 0 else LEVELS
    fitting = (level for level in levels if most <= level and -least <= level + (level > 16))
    size = max(most, -least) or 1.0
    return float(next(chain(fitting, [size]))) if whole else size


def find_value_range(x: "NDArray[Any] | OnDisk", declared: float | None) -> tuple[float, float]:
    """What lies between black and white, as augmentation takes it: of whole numbers the level that holds all, of floats 1 or 255.

    Args:
        x: the training examples, as they are stored.
        declared: the largest value that the source's examples can have, or None.

    Returns:
        The least and the largest value; of values below 0 as far in both directions.
    """
    if declared is not None:
        return 0.0, declared
    if x.dtype.kind in "bu":
        return 0.0, find_divisor(x, None)
    ends = [(float(block.min()), float(block.max())) for block in read_rows(x, None)]
    least, most = min(low for low, _ in ends), max(high for _, high in ends)
    size = max(most, -least) or 1.0
    levels = LEVELS if x.dtype.kind == "i" else FLOAT_LEVELS
    level = float(next((level for level in levels if size <= level), size))
    return (-level if least < 0 else 0.0), level


def find_old_divisor(x: "NDArray[Any] | OnDisk") -> float:
    """The divisor of runs from before the values were asked: the largest of the type; of wide types and floats training's."""
    if x.dtype.kind in "iu" and x.dtype.itemsize <= 2:
        return float(np.iinfo(x.dtype).max)
    return max(0.0, float(x.max()), -float(x.min())) or 1.0


def _is_settled(dtype: np.dtype[Any], least: float, most: float) -> bool:
    """Whether nothing that is still to come changes the level: of these values only the type's largest holds all."""
    largest = float(np.iinfo(dtype).max)
    levels = SIGNED_LEVELS if np.iinfo(dtype).min < 0 else LEVELS
    below = max((level for level in levels if level < largest), default=0)
    return most > below and (least < 0 or np.iinfo(dtype).min == 0)

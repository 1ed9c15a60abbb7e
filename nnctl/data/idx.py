"""The idx format of LeCun's MNIST and its successors, gzipped: http://yann.lecun.com/exdb/mnist/ (at its end)."""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.memory import afford
from nnctl.errors import DataError, Place, Problem

_UINT8 = 0x08  # the format's code for unsigned bytes


def read(path: Path, example: tuple[int, ...], place: Place | None) -> NDArray[Any]:
    """The array of unsigned bytes in a gzipped idx file.

    Args:
        path: the file.
        example: the shape of one example that the header must declare: (28, 28) for images, () for labels.
        place: where errors are shown.

    Returns:
        uint8 of shape (n, *example).

    Raises:
        DataError: the file cannot be read, is damaged, or holds something else; or it does not fit into memory.
    """
    try:
        with gzip.open(path) as file:
            shape = _shape(file.read(4 + 4 * (1 + len(example))), example)
            afford(str(path), math.prod(shape), place)
            data = file.read(math.prod(shape) + 1)
    except DataError:
        raise
    except (OSError, EOFError, zlib.error, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{path} cannot be read as gzipped idx: {reason}"
        raise DataError(Problem("damaged-data", message, place, "download the file again")) from None
    if len(data) != math.prod(shape):
        found = "more" if len(data) > math.prod(shape) else f"{len(data):,}"
        message = f"{path} declares the shape {shape}, {math.prod(shape):,} bytes, but holds {found}"
        raise DataError(Problem("damaged-data", message, place, "download the file again"))
    return np.frombuffer(data, np.uint8).reshape(shape)


def _shape(header: bytes, example: tuple[int, ...]) -> tuple[int, ...]:
    """The shape in a header: two zero bytes, the type, the number of axes, and the size of each, big-endian."""
    rank = 1 + len(example)
    if len(header) < 4 + 4 * rank or header[:4] != bytes((0, 0, _UINT8, rank)):
        raise ValueError(f"not a header of unsigned bytes with {rank} axes")
    shape = struct.unpack(f">{rank}I", header[4:])
    if shape[1:] != example:
        raise ValueError(f"examples of the shape {shape[1:]}, expected {example}")
    return shape

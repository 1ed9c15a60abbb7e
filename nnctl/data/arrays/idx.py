"""The idx format of LeCun's MNIST and its successors, gzipped or not: http://yann.lecun.com/exdb/mnist/ (at its end)."""

import math
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nnctl.data.memory.available import afford
from nnctl.data.memory.limit import Limit
from nnctl.data.memory.unread import Unread
from nnctl.errors import DataError, Place, Problem
from nnctl.files import Gunzip, open_regular

# The format's codes of types; what takes more than a byte is big-endian.
_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_GZIP = b"\x1f\x8b"  # RFC 1952, 2.3.1
_MOST_AXES = 8
# DEFLATE shrinks to no less than 1/1032: 258 bytes for 2 bits, https://zlib.net/zlib_tech.html
DENSEST = 1032


@dataclass(frozen=True, slots=True)
class IdxHeader:
    """What a file declares: the shape of its array and the type of its values."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def size(self) -> int:
        """Bytes of the array."""
        return math.prod(self.shape) * self.dtype.itemsize


def read_header(path: Path, place: Place | None) -> IdxHeader:
    """What the header of an idx file declares; its array is not read.

    Raises:
        DataError: the file cannot be read, or is no idx file.
    """
    with _open_idx(path, place) as file:
        return _parse_header(file)


def is_idx(path: Path) -> bool:
    """Whether a file begins as an idx file does."""
    try:
        read_header(path, None)
    except DataError:
        return False
    return True


def read_idx(path: Path, example: tuple[int, ...] | None, place: Place | None) -> NDArray[Any]:
    """The array in an idx file.

    Args:
        path: the file.
        example: the shape of one example, of unsigned bytes, that the header must declare: (28, 28) for images, () for
            labels; None for any shape and type.
        place: where errors are shown.

    Returns:
        The array in this machine's byte order; with `example`, uint8 of shape (n, *example).

    Raises:
        DataError: the file cannot be read, is damaged, or holds something else; or it does not fit into memory.
    """
    with _open_idx(path, place) as file:
        found = _parse_header(file)
        if example is not None:
            _check_header(found, example)
        most = path.stat().st_size * (DENSEST if isinstance(file, Gunzip) else 1)
        if found.size <= most:
            afford(str(path), found.size, place)
        data = b"" if found.size > most else file.read(found.size + 1)
    if len(data) != found.size:
        held = "more" if len(data) > found.size else f"at most {most:,}" if found.size > most else f"{len(data):,}"
        message = f"{path} declares the shape {found.shape}, {found.size:,} bytes, but holds {held}"
        raise DataError(Problem("damaged-data", message, place, "download the file again"))
    array = np.frombuffer(data, found.dtype).reshape(found.shape)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def read_labelled(path: Path, labels: Path, place: Place | None, limit: Limit | None) -> tuple[Any, NDArray[Any]]:
    """The arrays of examples and of their labels; with a limit the examples are left unread.

    Raises:
        DataError: as `read_idx` does.
        PastLimitError: the labels are more than may be read.
    """
    if limit is None:
        return read_idx(path, None, place), read_idx(labels, None, place)
    limit.take(str(labels), read_header(labels, place).size)
    header = read_header(path, place)
    return Unread(header.shape, header.dtype.newbyteorder("=")), read_idx(labels, None, place)


@contextmanager
def _open_idx(path: Path, place: Place | None) -> Iterator[BinaryIO | Gunzip]:
    """The file opened, unpacked on the way if it is packed; whatever is wrong with its bytes becomes a problem."""
    try:
        with open_regular(path) as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            yield Gunzip(raw) if packed else raw
    except (OSError, EOFError, zlib.error, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{path} cannot be read as idx: {reason}"
        raise DataError(Problem("damaged-data", message, place, "download the file again")) from None


def _parse_header(file: BinaryIO | Gunzip) -> IdxHeader:
    """Two zero bytes, the type, the number of axes, and the size of each, big-endian."""
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _DTYPES or not 0 < magic[3] <= _MOST_AXES:
        raise ValueError("it does not begin with an idx header")
    sizes = file.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise ValueError("its header ends early")
    return IdxHeader(struct.unpack(f">{magic[3]}I", sizes), np.dtype(_DTYPES[magic[2]]))


def _check_header(found: IdxHeader, example: tuple[int, ...]) -> None:
    if found.dtype != np.uint8 or len(found.shape) != 1 + len(example):
        raise ValueError(f"{found.dtype} of {len(found.shape)} axes, expected uint8 of {1 + len(example)}")
    if found.shape[1:] != example:
        raise ValueError(f"examples of the shape {found.shape[1:]}, expected {example}")

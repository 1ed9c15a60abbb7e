"""The files of CIFAR-10 and CIFAR-100, in their binary form or in the pickles that Keras keeps, packed or in a folder.

The binary form is a record an example: its labels, a byte each, then 3,072 bytes, a plane of 32 x 32 for red, green and
blue: https://www.cs.toronto.edu/~kriz/cifar.html
"""

import bz2
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nnctl import bounds
from nnctl.data.arrays import pickles
from nnctl.errors import DataError, Place, Problem
from nnctl.files import Gunzip, open_regular, read_bounded

PIXELS = 3 * 32 * 32
_PACKED: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda packed: nullcontext(Gunzip(packed)),
    b"BZ": bz2.open,
    b"\xfd7": lzma.open,
}  # how archives begin

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class BatchFormat:
    """How a set is stored.

    Attributes:
        train: the names of the training files, without `.bin`.
        test: the name of the test file.
        labels: how many labels a record begins with.
        label: which of them is taken.
        key: what that label is called in the pickles.
        classes: how many classes it has.
    """

    train: tuple[str, ...]
    test: str
    labels: int
    label: int
    key: bytes
    classes: int


FORMATS = {
    "labels": BatchFormat(tuple(f"data_batch_{number}" for number in range(1, 6)), "test_batch", 1, 0, b"labels", 10),
    "coarse_labels": BatchFormat(("train",), "test", 2, 0, b"coarse_labels", 20),
    "fine_labels": BatchFormat(("train",), "test", 2, 1, b"fine_labels", 100),
}
"""How CIFAR-10 and CIFAR-100 are stored, by what the pickles call the labels that are taken."""


def read_cifar(path: Path, stored: BatchFormat, place: Place | None) -> dict[str, tuple[Bytes, Bytes]]:
    """The examples of `train` and `test`.

    Args:
        path: a folder that holds the files, or a tar archive, gzipped or not.
        stored: how the set is stored.
        place: where errors are shown.

    Returns:
        By split, examples, uint8 of shape (n, 32, 32, 3), and labels, uint8 of shape (n,).

    Raises:
        DataError: a file is missing, cannot be read, is damaged, or holds something else.
    """
    try:
        files = dict(_read_files(path, {*stored.train, stored.test}))
        found = {}
        for part, names in (("train", stored.train), ("test", (stored.test,))):
            pairs = [_parse_batch(files, name, stored) for name in names]
            x, y = (np.concatenate(each) for each in zip(*pairs, strict=True))
            found[part] = _interleave_planes(x), y
        return found
    except (OSError, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{path} cannot be read as CIFAR: {reason}"
        raise DataError(Problem("damaged-data", message, place, "download it again")) from None


def _read_files(path: Path, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes of the wanted files, by name; of an archive, without unpacking it on the disk."""
    if path.is_dir():
        for name in wanted:
            held = next((path / each for each in (f"{name}.bin", name) if (path / each).is_file()), None)
            if held is not None:
                with open_regular(held) as content:
                    yield held.name, read_bounded(content, held, bounds.CIFAR_FILE)
        return
    with (
        open_regular(path) as packed,
        _unpack(packed) as unpacked,
        tarfile.open(fileobj=unpacked, mode="r|") as archive,
    ):
        for member in archive:
            name = member.name.rpartition("/")[2]
            if member.isfile() and name.removesuffix(".bin") in wanted:
                _check_size(name, member.size)
                opened = archive.extractfile(member)
                assert opened is not None
                yield name, opened.read()


@contextmanager
def _unpack(packed: BinaryIO) -> Iterator[Any]:  # read alone is asked of it
    """The bytes of an archive, unpacked on the way as its first two say."""
    unpack = _PACKED.get(packed.read(2))
    packed.seek(0)
    if unpack is None:
        yield _Bounded(packed)
        return
    with unpack(packed) as content:
        yield _Bounded(content)


class _Bounded:
    """What an archive holds, as `tarfile` reads it in a stream: no more than any CIFAR has, so that no bomb is unpacked."""

    def __init__(self, content: Any) -> None:
        self.content, self.left = content, bounds.CIFAR

    def read(self, size: int) -> bytes:
        found: bytes = self.content.read(size)
        self.left -= len(found)
        if self.left < 0:
            raise ValueError(f"it holds more than {bounds.CIFAR:,} bytes, more than any CIFAR")
        return found


def _check_size(name: str, size: int) -> None:
    if size > bounds.CIFAR_FILE:
        raise ValueError(f"{name} has {size:,} bytes, more than any file of CIFAR")


def _parse_batch(files: dict[str, bytes], name: str, stored: BatchFormat) -> tuple[Bytes, Bytes]:
    """The pixels, uint8 of shape (n, 3072), and the labels, uint8 of shape (n,), of one file."""
    if f"{name}.bin" in files:
        x, y = _parse_records(name, files[f"{name}.bin"], stored)
    elif name in files:
        x, y = _parse_pickle(name, files[name], stored.key)
    else:
        raise ValueError(f"there is no {name}.bin or {name} in it")
    if len(y) and y.max() >= stored.classes:
        raise ValueError(f"{name} has the label {y.max()}, expected 0 to {stored.classes - 1}")
    return x, y


def _parse_records(name: str, data: bytes, stored: BatchFormat) -> tuple[Bytes, Bytes]:
    width = stored.labels + PIXELS
    if len(data) % width:
        raise ValueError(f"{name}.bin has {len(data):,} bytes, no multiple of a record's {width:,}")
    records = np.frombuffer(data, np.uint8).reshape(-1, width)
    return records[:, stored.labels :], records[:, stored.label]


def _parse_pickle(name: str, data: bytes, key: bytes) -> tuple[Bytes, Bytes]:
    held = pickles.loads(data)
    x, y = (held.get(each, held.get(each.decode())) for each in (b"data", key))
    if not isinstance(x, np.ndarray) or x.ndim != 2 or x.shape[1] != PIXELS or not _are_labels(y, len(x)):
        raise ValueError(f"{name} holds no {key.decode()} beside rows of {PIXELS:,} bytes")
    return x, np.array(y, np.uint8)


def _are_labels(y: object, count: int) -> bool:
    return isinstance(y, Sequence) and len(y) == count and all(type(each) is int and 0 <= each < 256 for each in y)


def _interleave_planes(rows: Bytes) -> Bytes:
    """Planes of red, green and blue as pixels of three: (n, 3072) becomes (n, 32, 32, 3)."""
    return np.ascontiguousarray(rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))

"""Images that are decoded once, into a file without a name: read from there in any order, they cost no decoding.

The file is the operating system's to hold in memory or to drop from it, so that a training's own memory stays flat; and it
is gone when the process is, however that ends.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.images.pictures import Pictures
from nnctl.errors import DataError, Place, Problem

Blocks = Iterator[NDArray[Any]]

SHARE = 0.25  # of the disk's free space that the file may take


class PixelFile:
    """A file without a name, which ends with the last of the images that are read from it."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(dir=find_folder())  # noqa: SIM115  closed when nobody reads it

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):  # it was not made, or the disk was full
            self._file.close()

    def put(self, block: NDArray[Any]) -> None:
        """Writes the pixels of some images behind those that are there."""
        self._file.write(block.data)
        self._file.flush()  # what is read past Python's buffer must have left it

    def get(self, row: int, into: NDArray[Any]) -> bool:
        """Reads the pixels of an image; False if the file ends before them."""
        return os.preadv(self._file.fileno(), [into.data], row * into.nbytes) == into.nbytes


class Stored(Pictures):
    """Image files as an array whose pixels are read from a file that holds them decoded.

    Args:
        pictures: the images.
        pixels: the file that holds them, decoded, one behind the other.
        rows: which of its images each of these is, int64 of shape (n,).
    """

    decoded = True

    def __init__(self, pictures: Pictures, pixels: PixelFile, rows: NDArray[np.int64]) -> None:
        super().__init__(pictures.files, pictures.conversion, pictures.memory, pictures.place)
        self._pixels, self._rows = pixels, rows

    def take(self, rows: NDArray[Any]) -> "Stored":
        """Some of the images, in the same file; `rows` is of integers, of shape (m,)."""
        return Stored(super().take(rows), self._pixels, self._rows[rows])

    def read(self, row: int, into: NDArray[Any]) -> None:
        """Puts the pixels of one image into an array of the shape (height, width, channels).

        Raises:
            DataError: the file cannot be read.
        """
        try:
            whole = self._pixels.get(int(self._rows[row]), into)
        except OSError as error:
            raise DataError(self._explain_loss(error.strerror or str(error))) from None
        if not whole:
            raise DataError(self._explain_loss("it is shorter than it was"))

    def _explain_loss(self, reason: str) -> Problem:
        message = f"the decoded images in {find_folder()} cannot be read: {reason}"
        return Problem("unreadable-data", message, self.place, "look after the disk, or set `memory: stream`")


def store_images(pictures: Sequence[Pictures], through: Callable[[Blocks], Blocks]) -> list[Pictures]:
    """Decodes images into one file, and returns them as they are read from it; as they are if it cannot be written.

    Args:
        pictures: the images.
        through: is handed the decoded blocks, and hands them on.

    Raises:
        DataError: an image cannot be decoded, or `memory: store` asks for a file that cannot be written.
    """
    stored: list[Pictures] = []
    try:
        pixels, first = PixelFile(), 0
        for some in pictures:
            for block in through(some.read_blocks()):
                pixels.put(block)
            stored.append(Stored(some, pixels, np.arange(first, first + len(some))))
            first += len(some)
    except OSError as error:  # a full disk, or none to write to
        if pictures[0].memory == "store":
            raise DataError(_explain_unwritten(error, pictures[0].place)) from None
        return list(pictures)
    return stored


def measure_room() -> int:
    """The bytes that the file may take: a quarter of what is free on its disk; none where it could not be read in threads."""
    try:
        return int(SHARE * shutil.disk_usage(find_folder()).free) if hasattr(os, "preadv") else 0
    except OSError:
        return 0


def find_folder() -> Path:
    """Where the file lies: `$TMPDIR`, or `/var/tmp`, which is on a disk where `/tmp` may be memory (FHS 3.0, 5.15)."""
    usual = Path("/var/tmp")
    return usual if "TMPDIR" not in os.environ and os.access(usual, os.W_OK) else Path(tempfile.gettempdir())


def _explain_unwritten(error: OSError, place: Place | None) -> Problem:
    message = f"the decoded images cannot be written to {find_folder()}: {error.strerror or error}"
    return Problem("cannot-write", message, place, "$TMPDIR names another folder; `memory: stream` needs none")

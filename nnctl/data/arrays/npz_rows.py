"""One array of an npz file, read row by row where it lies: for data that are larger than memory."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.memory.on_disk import OnDisk
from nnctl.errors import DataError, Place, Problem


class Opened:
    """A file that is open for reading as long as somebody reads it.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = os.open(path, os.O_RDONLY)

    def __del__(self) -> None:
        with suppress(AttributeError, OSError):
            os.close(self.number)


class Member(OnDisk):
    """Rows of an array that is stored uncompressed, one row behind the other, in this machine's byte order.

    Args:
        file: the file.
        offset: the byte at which the array's first row begins.
        row: the shape of one row.
        dtype: the type of its values.
        rows: which of the array's rows these are, int64 of shape (n,), or a range for all of them.
        place: where errors are shown.
    """

    def __init__(
        self,
        file: Opened,
        offset: int,
        row: tuple[int, ...],
        dtype: np.dtype[Any],
        rows: NDArray[np.int64] | range,
        place: Place | None,
    ) -> None:
        self._file, self._offset, self._row, self.dtype, self._rows = file, offset, row, dtype, rows
        self.place = place

    @property
    def shape(self) -> tuple[int, ...]:
        """As an array's."""
        return (len(self._rows), *self._row)

    def take(self, rows: NDArray[Any]) -> "Member":
        """Some of the rows, in the same file; `rows` is of integers, of shape (m,)."""
        return Member(self._file, self._offset, self._row, self.dtype, self._find_stored_rows(rows), self.place)

    def is_same(self, other: OnDisk) -> bool:
        """Whether the other ones are the same rows of the same array."""
        if not isinstance(other, Member) or (self._file.path, self._offset) != (other._file.path, other._offset):
            return False
        return np.array_equal(self._rows, other._rows)

    def read_batches(self, batches: Iterable[NDArray[Any]]) -> Iterator[NDArray[Any]]:
        """The rows of each batch in turn; rows that lie one behind the other are read in one go.

        Raises:
            DataError: the file cannot be read, or is shorter than it was.
        """
        for rows in batches:
            wanted = self._find_stored_rows(rows)
            found = np.empty((len(wanted), *self._row), self.dtype)
            if len(wanted):
                self._fill(wanted, found.reshape(-1).view(np.uint8).data)
            yield found

    def _find_stored_rows(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """Where some of the rows lie in the array; of all its rows they are at their own numbers, which are not copied."""
        wide = rows.astype(np.int64, copy=False)  # an offset in bytes is soon beyond what 32 bits hold
        return wide if isinstance(self._rows, range) else self._rows[wide]

    def _fill(self, wanted: NDArray[np.int64], into: memoryview) -> None:
        """Reads some rows into the bytes for them."""
        size = len(into) // len(wanted)
        # Where a run of neighbours begins: all but the first of each are read with the one before.
        begins = np.flatnonzero(np.diff(wanted, prepend=-2) != 1).tolist()
        ends = [*begins[1:], len(wanted)]
        places = (self._offset + wanted[begins] * size).tolist()
        try:
            for begin, end, place in zip(begins, ends, places, strict=True):
                self._read_bytes(into[begin * size : end * size], place)
        except OSError as error:
            raise self._explain_loss(error.strerror or str(error)) from None

    def _read_bytes(self, into: memoryview, place: int) -> None:
        count = os.preadv(self._file.number, (into,), place)
        if count == 0 and into:
            raise self._explain_loss("it is shorter than it was")
        if count < len(into):
            self._read_bytes(into[count:], place + count)

    def _explain_loss(self, reason: str) -> DataError:
        message = f"{self._file.path} cannot be read: {reason}"
        return DataError(Problem("unreadable-data", message, self.place, "put the file back as it was"))

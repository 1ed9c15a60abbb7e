"""Examples that stay on disk and are read when they are asked for: they stand where an array of them would stand."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1 << 24  # bytes that are read in one go


class OnDisk(ABC):
    """An array of shape (n, ...) that is never whole in memory.

    Attributes:
        dtype: the type of its values.
        decoded: whether to read an example takes no decoding.
    """

    dtype: np.dtype[Any]
    decoded = True

    @property
    @abstractmethod
    def shape(self) -> tuple[int, ...]:
        """As an array's."""

    @abstractmethod
    def take(self, rows: NDArray[Any]) -> "OnDisk":
        """Some of the examples, still on disk; `rows` is of integers, of shape (m,)."""

    @abstractmethod
    def read_batches(self, batches: Iterable[NDArray[Any]]) -> Iterator[NDArray[Any]]:
        """The examples of each batch of rows in turn.

        Raises:
            DataError: they cannot be read.
        """

    @abstractmethod
    def is_same(self, other: "OnDisk") -> bool:
        """Whether the other ones are the very same examples, as far as that can be told without reading them."""

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        """The bytes that all the examples would take in memory."""
        return self.size * self.dtype.itemsize

    @property
    def size(self) -> int:
        """The number of values."""
        return math.prod(self.shape)

    def __getitem__(self, key: Any) -> NDArray[Any]:
        """The examples of an index, a slice or an array of indices, as an array's own are.

        Raises:
            DataError: they cannot be read.
        """
        rows = self._find_rows(key)
        found = next(self.read_batches([np.atleast_1d(rows)]))
        return found[0] if np.ndim(rows) == 0 else found

    def _find_rows(self, key: Any) -> NDArray[np.int64]:
        """The numbers of the examples that a key takes; not by way of the numbers of all, which may be millions."""
        count = len(self)
        if isinstance(key, slice):
            return np.arange(*key.indices(count))
        given = np.asarray(key)
        rows = np.flatnonzero(given) if given.dtype == bool else given.astype(np.int64, casting="safe")
        rows = np.where(rows < 0, rows + count, rows)
        if rows.size and (rows.min() < 0 or rows.max() >= count):
            raise IndexError(f"there are {count:,} examples, asked for {key}")
        return rows

    def read_blocks(self) -> Iterator[NDArray[Any]]:
        """All the examples in order, in pieces of about 16 MiB.

        Raises:
            DataError: they cannot be read.
        """
        step = max(1, _BLOCK // max(1, self.nbytes // max(1, len(self))))
        count = len(self)
        yield from self.read_batches(np.arange(start, min(start + step, count)) for start in range(0, count, step))

    def min(self) -> Any:
        """The smallest value; reads every example."""
        return min(block.min() for block in self.read_blocks())

    def max(self) -> Any:
        """The largest value; reads every example."""
        return max(block.max() for block in self.read_blocks())


def read_blocks(x: "NDArray[Any] | OnDisk", values: int) -> Iterator[NDArray[Any]]:
    """The rows of an array or of examples on disk in order, a piece at a time.

    Args:
        x: of shape (n, ...).
        values: that a piece holds at most, but for a single row of more.
    """
    rows = max(1, values // max(1, math.prod(x.shape[1:])))
    starts = range(0, len(x), rows)
    if isinstance(x, OnDisk):
        yield from x.read_batches(np.arange(start, min(start + rows, len(x))) for start in starts)
        return
    yield from (x[start : start + rows] for start in starts)

"""Examples that are not read: of what looks at labels alone they have their shape and type, and no values."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.memory.on_disk import OnDisk


class Unread(OnDisk):
    """An array of shape (n, ...) without its values: there is none to read, and so none to find a fault with.

    Args:
        shape: as an array's; (n,) is (n, 1), as training takes it.
        dtype: as an array's.
        files: of pictures: the path of each.
    """

    def __init__(self, shape: tuple[int, ...], dtype: Any, files: Sequence[str] | None = None) -> None:
        self._shape = (*shape, 1) if len(shape) == 1 else shape
        self.dtype, self.files = np.dtype(dtype), files

    @property
    def shape(self) -> tuple[int, ...]:
        """As an array's."""
        return self._shape

    def take(self, rows: NDArray[Any]) -> "Unread":
        """As many examples as there are rows."""
        files = None if self.files is None else [self.files[row] for row in rows.tolist()]
        return Unread((len(rows), *self._shape[1:]), self.dtype, files)

    def read_batches(self, batches: Iterable[NDArray[Any]]) -> Iterator[NDArray[Any]]:
        """None: there is nothing to read."""
        return iter(())

    def is_same(self, other: OnDisk) -> bool:
        """Not known, and so False."""
        return False

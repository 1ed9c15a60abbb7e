"""Images that stay on disk, and are decoded when they are asked for: they stand where an array of them would stand."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.cores import count_cores
from nnctl.data.images.decoding import Conversion, decode
from nnctl.data.images.headers import MOST
from nnctl.data.images.opening import silence_warnings
from nnctl.data.memory.on_disk import OnDisk
from nnctl.errors import DataError, Place, Problem

_AHEAD = 2  # batches that are decoded ahead of the one that is asked for
_TASK = 16  # images a thread decodes in one go


class Pictures(OnDisk):
    """Image files as an array of shape (n, height, width, channels) that is never whole in memory, of uint8 or uint16.

    Pillow lets go of Python's lock while it decodes and resizes, so a thread a core keeps all of them busy.

    Attributes:
        files: the path of each image.
        conversion: what they are made into.
        memory: `auto`, `hold`, `store` or `stream`: what `keep` makes of them.
        place: where errors are shown.
    """

    decoded = False

    def __init__(
        self, files: Sequence[str], conversion: Conversion, memory: str = "auto", place: Place | None = None
    ) -> None:
        self.files, self.conversion, self.memory, self.place = files, conversion, memory, place
        self.dtype = conversion.dtype

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """As an array's."""
        return (len(self.files), *self.conversion.shape)

    def take(self, rows: NDArray[Any]) -> "Pictures":
        """Some of the images, still on disk; `rows` is of integers, of shape (m,)."""
        return Pictures([self.files[row] for row in rows.tolist()], self.conversion, self.memory, self.place)

    def read(self, row: int, into: NDArray[Any]) -> None:
        """Puts the pixels of one image into an array of the shape (height, width, channels).

        Raises:
            DataError: the image cannot be decoded.
        """
        into[...] = decode(self.files[row], self.conversion, self.place)

    def is_same(self, other: OnDisk) -> bool:
        """Whether the other ones are the same files."""
        return isinstance(other, Pictures) and list(self.files) == list(other.files)

    def read_batches(self, batches: Iterable[NDArray[Any]]) -> Iterator[NDArray[Any]]:
        """The pixels of each batch of rows in turn, decoded by a thread a core, two batches ahead.

        Raises:
            DataError: with the images of a batch that cannot be decoded.
        """
        silence_warnings()
        waiting: deque[_Batch] = deque()
        try:
            for rows in batches:
                waiting.append(_Batch(self, rows))
                if len(waiting) > _AHEAD:
                    yield waiting.popleft().wait()
            while waiting:
                yield waiting.popleft().wait()
        finally:
            for batch in waiting:
                batch.cancel()

    def read_blocks(self) -> Iterator[NDArray[Any]]:
        """All the pixels in order, in pieces of about 16 MiB.

        Raises:
            DataError: with the images that cannot be decoded, the first ten of all.
        """
        try:
            yield from super().read_blocks()
        except DataError as error:
            raise DataError(*self._find_faults(error)) from None

    def _find_faults(self, first: DataError) -> list[Problem]:
        """The first ten images that cannot be decoded, found one by one now that there is one."""
        problems: list[Problem] = []
        for file in self.files:
            try:
                decode(file, self.conversion, self.place)
            except DataError as error:
                problems += error.problems
            if len(problems) == MOST:
                break
        return problems or list(first.problems)


class _Batch:
    """A batch that threads read, a few images a task, each into its place."""

    def __init__(self, pictures: Pictures, rows: NDArray[Any]) -> None:
        self.pictures, self.rows = pictures, rows.tolist()
        self.array = np.empty((len(self.rows), *pictures.conversion.shape), pictures.dtype)
        starts = range(0, len(self.rows), _TASK)
        self.tasks: list[Future[None]] = [_make_threads().submit(self._read, start) for start in starts]

    def wait(self) -> NDArray[Any]:
        for task in self.tasks:
            task.result()
        return self.array

    def cancel(self) -> None:
        for task in self.tasks:
            task.cancel()

    def _read(self, start: int) -> None:
        for index in range(start, min(start + _TASK, len(self.rows))):
            self.pictures.read(self.rows[index], self.array[index])


@cache
def _make_threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count_cores(), thread_name_prefix="decoding")

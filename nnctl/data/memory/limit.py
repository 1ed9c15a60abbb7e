"""How much is read of data by what only looks at them: so many bytes, and for so long."""

import time
from pathlib import Path

from nnctl import bounds
from nnctl.data.memory.available import format_bytes

SECONDS = 1.0


class PastLimitError(Exception):
    """More would have to be read than may be; says what of, and why."""


class Limit:
    """What a look at data may read: it begins to count when it is made.

    Args:
        size: the bytes.
        seconds: how long it may take.

    Attributes:
        left: the bytes that are left.
    """

    def __init__(self, size: int = bounds.LABELS, seconds: float = SECONDS) -> None:
        self.left, self._size, self._seconds = size, size, seconds
        self._end = time.monotonic() + seconds

    def take(self, name: str, size: int) -> None:
        """Counts what is about to be read.

        Args:
            name: what it is called.
            size: its bytes.

        Raises:
            PastLimitError: so much is not left.
        """
        self.left -= size
        if self.left < 0:
            told = f"{name} takes {format_bytes(size)}"
            raise PastLimitError(f"{told}, and at most {format_bytes(self._size)} in all are read to check labels")
        self.check()

    def take_file(self, path: Path) -> None:
        """Counts a file that is about to be read; one that cannot be is for its reader to tell.

        Raises:
            PastLimitError: so much is not left.
        """
        self.take(str(path), path.stat().st_size if path.is_file() else 0)

    def check(self, share: float = 1.0) -> None:
        """Ends what has taken more than a share of the time. Raises PastLimitError."""
        if time.monotonic() > self._end - (1 - share) * self._seconds:
            raise PastLimitError(f"they are not read within {self._seconds:g} s")

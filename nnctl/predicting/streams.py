"""What can be read only once (a pipe, the standard input) as a file, which is opened as often as its reader likes."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from nnctl import bounds
from nnctl.errors import DataError, Problem

_PIECE = 2**20


@contextmanager
def open_as_file(name: str, stdin: BinaryIO) -> Iterator[tuple[Path, str]]:
    """Opens what can be read only once as a regular file: its path in the block, and what messages call it.

    A regular file (or a folder) is its own; of everything else a copy stands in the temporary folder as long as the block runs:
    of the standard input, too, which may be in the middle of a file.

    Args:
        name: the file as the user names it; `-` is the standard input.
        stdin: the standard input.

    Raises:
        DataError: it cannot be read or kept, or holds more than 64 MiB, of a file that is redirected to the standard input
            more than 1 GiB.
    """
    if name != "-" and not _is_stream(Path(name)):
        yield Path(name), name
        return
    told = "stdin" if name == "-" else name
    with ExitStack() as stack:
        try:
            content = stdin if name == "-" else stack.enter_context(Path(name).open("rb"))
            regular = _measure_regular(content)
            most = bounds.STREAM if regular is None else bounds.STDIN_FILE
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nnctl-")), "content")
            whole = (regular or 0) <= most and _copy(content, copy, most)
        except OSError as error:
            hint = "what is no regular file is kept in the temporary folder first; $TMPDIR names another"
            raise DataError(Problem("unreadable-data", f"{told} cannot be read: {error.strerror}", hint=hint)) from None
        if not whole:
            what = "no regular file" if regular is None else "redirected"
            message = f"{told} holds more than {most // bounds.MIB:,} MiB, the most that is taken from what is {what}"
            hint = "it is kept in the temporary folder first, which may lie in memory: save it as a file, and name that"
            raise DataError(Problem("unreadable-data", message, hint=hint))
        yield copy, told


def _is_stream(path: Path) -> bool:
    """Whether what a path leads to is neither a file nor a folder; what is not there is for its reader to tell."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _measure_regular(content: BinaryIO) -> int | None:
    """The bytes that are left of a stream that is that of a regular file, which has an end; None of any other."""
    with suppress(OSError, ValueError):  # of what has no file behind it
        status = os.fstat(content.fileno())
        return max(0, status.st_size - content.tell()) if stat.S_ISREG(status.st_mode) else None
    return None


def _copy(content: BinaryIO, path: Path, most: int) -> bool:
    """Writes what a stream holds to a new file; False if it is more than may be kept."""
    left = most
    with path.open("xb") as file:
        while (piece := content.read(min(_PIECE, left + 1))) != b"":
            if piece is None:  # of a stream that does not wait: what is still to come would be lost
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            left -= len(piece)
            if left < 0:
                return False
            file.write(piece)
    return True

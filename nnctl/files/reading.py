"""Reading what somebody else may have written: whole, and no more of it than there may be."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from nnctl.errors import Problem, RunError
from nnctl.files.opening import open_unfollowed

_Kept = TypeVar("_Kept")


def read_bytes(path: Path, most: int) -> bytes:
    """A file's bytes, if it is a regular file of at most `most` bytes and no link; nothing is waited for.

    What somebody else's folder holds may be a link to a file of the reader's, a pipe, or without end.

    Raises:
        OSError: it is not so, or cannot be read; `strerror` says which.
    """
    with open_unfollowed(path) as content:
        return read_bounded(content, path, most)


def read_bounded(content: BinaryIO, path: Path, most: int) -> bytes:
    """What an opened file holds, if that is at most `most` bytes.

    Raises:
        OSError: it is more, or it cannot be read.
    """
    told = os.fstat(content.fileno()).st_size
    # A file of /proc says that it is empty, and another may grow.
    read = b"" if told > most else content.read(most + 1)
    if max(told, len(read)) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most:,} bytes", str(path))
    return read


def read_text(path: Path, most: int) -> str:
    """A file's text, read as `read_bytes` reads.

    Raises:
        OSError: likewise, or it is not UTF-8.
    """
    try:
        return read_bytes(path, most).decode("utf-8")
    except UnicodeDecodeError:
        raise OSError(errno.EILSEQ, "it is not UTF-8", str(path)) from None


def read_kept(path: Path, most: int, parse: Callable[[str], _Kept]) -> _Kept | None:
    """What a run keeps in a file, as `parse` makes it of the text; None where there is no such file.

    Raises:
        RunError: the file cannot be read as `read_text` reads; and whatever `parse` raises.
    """
    if not path.is_file():
        return None
    try:
        text = read_text(path, most)
    except OSError as error:
        raise RunError(Problem("bad-run", f"{path} cannot be read: {error.strerror}")) from None
    return parse(text)

"""Writing files so that a reader never sees half of one, whatever happens in between."""

import errno
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from nnctl.errors import Problem, RunError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# What is written before it has its name: hidden, and called as no file of anybody else's is.
_UNFINISHED = re.compile(r"\..*-nnctl-[0-9a-f]{16}(\.\w+)?")
_Kept = TypeVar("_Kept")


@contextmanager
def replace_atomically(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` to write to; it takes the path's place once the block has ended well.

    The file is flushed to the disk before it is renamed, so that after a power loss either the old content or the new one
    is there. On an exception the temporary file is removed and what was at `path` stays.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    beside, held = _open_beside(path)
    try:
        yield beside
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    finally:
        os.close(held)


def sweep(folder: Path) -> None:
    """Removes what processes that were killed left half written in a folder; what a living one writes is locked, and stays."""
    if fcntl is None:  # nobody could tell the two apart
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for left in [Path(entry.path) for entry in entries if _UNFINISHED.fullmatch(entry.name)]:
            with suppress(OSError):  # it is gone by now, locked, or not ours to remove
                descriptor = os.open(left, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    left.unlink()
                finally:
                    os.close(descriptor)


def _open_beside(path: Path) -> tuple[Path, int]:
    """A new file beside `path` under a name that nobody can guess, and a descriptor that holds it locked."""
    while True:
        beside = path.with_name(f".{path.stem}-nnctl-{secrets.token_hex(8)}{path.suffix}")
        held = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            if fcntl is not None:
                with suppress(OSError):  # a file system without locks
                    fcntl.flock(held, fcntl.LOCK_EX)
            if beside.exists():  # else somebody swept it before it was locked
                return beside, held
        except BaseException:
            os.close(held)
            beside.unlink(missing_ok=True)
            raise
        os.close(held)


def write_text(path: Path, text: str) -> None:
    """Writes a text as UTF-8, atomically."""
    with replace_atomically(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="")


def read_bytes(path: Path, most: int) -> bytes:
    """A file's bytes, if it is a regular file of at most `most` bytes and no link; nothing is waited for.

    What somebody else's folder holds may be a link to a file of the reader's, a pipe, or without end.

    Raises:
        OSError: it is not so, or cannot be read; `strerror` says which.
    """
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise OSError(errno.ELOOP, "it is a link", str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    with path.open("rb") as content:
        read = content.read(most + 1)
    if len(read) > most:
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

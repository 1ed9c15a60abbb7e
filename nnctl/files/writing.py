"""Writing files so that a reader never sees half of one, whatever happens in between."""

import errno
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from nnctl.files.opening import find_path, naming, open_folder, open_inside

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# What is written before it has its name: hidden, and called as no file of anybody else's is.
_UNFINISHED = re.compile(r"\..*-nnctl-[0-9a-f]{16}(\.\w+)?")
# Bytes that a temporary name takes of the name that it stands for: no file system has more than 255 for both.
_LONGEST, _LONGEST_SUFFIX = 200, 20


@contextmanager
def replace_atomically(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` to write to; it takes the path's place once the block has ended well.

    The file is flushed to the disk before it is renamed, so that after a power loss either the old content or the new one
    is there. On an exception the temporary file is removed and what was at `path` stays. Links are not followed, neither at
    `path` nor at the temporary name, which nobody can guess.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with open_folder(path.parent, make=True) as folder:
        _sweep(folder)
        name, held = _open_beside(path, folder)
        beside = find_path(folder, path.parent) / name
        try:
            with naming(path, name, beside):
                yield beside
            if not _is_still(held, name, folder):
                raise OSError(errno.EBUSY, "somebody else has replaced it meanwhile", str(path))
            with naming(path, name):
                os.fsync(held)
                os.replace(name, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with suppress(OSError):
                os.unlink(name, dir_fd=folder)
            raise
        finally:
            os.close(held)


def sweep(folder: Path) -> None:
    """Removes what processes that were killed left half written in a folder; what a living one writes is locked, and stays."""
    with suppress(OSError), open_folder(folder) as held:
        _sweep(held)


def write_text(path: Path, text: str) -> None:
    """Writes a text as UTF-8, atomically."""
    with replace_atomically(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="")


def append_to(path: Path, anew: bool = False) -> TextIO:
    """Opens a text file of UTF-8 for writing behind what it holds; it is made if it is not there.

    Args:
        path: the file.
        anew: whether what it holds is dropped.

    Raises:
        OSError: it cannot be written to, or is a link, of several names, or no regular file.
    """
    with open_folder(path.parent, make=True) as folder:
        held = open_inside(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, folder)
    try:
        if os.fstat(held).st_nlink > 1:  # what is written here would be in a file elsewhere, too
            raise OSError(errno.EMLINK, "it has another name elsewhere (a hard link)", str(path))
        if anew:
            os.truncate(held, 0)
    except BaseException:
        os.close(held)
        raise
    return os.fdopen(held, "a", encoding="utf-8")


def _open_beside(path: Path, folder: int) -> tuple[str, int]:
    """A new file in the folder of a path under a name that nobody can guess, and a descriptor that holds it locked."""
    stem, suffix = os.path.splitext(path.name)  # noqa: PTH122  (a name, not a path)
    stem, suffix = (
        os.fsencode(stem)[:_LONGEST].decode(errors="ignore"),
        suffix if len(suffix) <= _LONGEST_SUFFIX else "",
    )
    while True:
        beside = f".{stem}-nnctl-{secrets.token_hex(8)}{suffix}"
        with naming(path, beside):
            held = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666, dir_fd=folder)
        try:
            if fcntl is not None:
                with suppress(OSError):  # a file system without locks
                    fcntl.flock(held, fcntl.LOCK_EX)
            if _is_still(held, beside, folder):  # else somebody swept it before it was locked
                return beside, held
        except BaseException:
            os.close(held)
            with suppress(OSError):
                os.unlink(beside, dir_fd=folder)
            raise
        os.close(held)


def _is_still(held: int, name: str, folder: int) -> bool:
    """Whether a name in a folder is that of an open file."""
    try:
        return os.path.samestat(os.fstat(held), os.stat(name, dir_fd=folder, follow_symlinks=False))
    except FileNotFoundError:
        return False


def _sweep(folder: int) -> None:
    if fcntl is None:  # nobody could tell the two apart
        return
    with suppress(OSError):
        listed = os.open(".", os.O_RDONLY | os.O_DIRECTORY, dir_fd=folder)
        try:
            with os.scandir(listed) as entries:
                left = [entry.name for entry in entries if _UNFINISHED.fullmatch(entry.name)]
        finally:
            os.close(listed)
        for name in left:
            with suppress(OSError):  # it is gone by now, locked, or not ours to remove
                held = open_inside(Path(name), os.O_RDONLY, folder)
                try:
                    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(name, dir_fd=folder)
                finally:
                    os.close(held)

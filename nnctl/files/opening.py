"""Opening files with distrust of the folders they lie in.

What others can write to may hold links, pipes and devices, or get them between a look and the use: a name is opened by
its folder, which is held open, a link at it is not followed, and what was opened is looked at, not what lay there before.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from nnctl.errors import Problem, RunError

# To open what lies in a folder, Linux does not ask whether its list of names may be read.
_FOLDER = os.O_DIRECTORY | getattr(os, "O_PATH", os.O_RDONLY)
_OPEN = Path("/proc/self/fd")  # Linux: what is held open, by paths
_WRITING = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_sealed: dict[Path, Path] = {}


def seal(folder: Path) -> None:
    """Lets no link below a folder be followed any more by what this module reads and writes, until the process ends.

    Whoever has made sure that a folder holds no links calls it: one that is put there later leads nowhere.
    """
    _sealed[_make_absolute(folder)] = folder.resolve()


@contextmanager
def hold(folder: Path, make: bool = False) -> Iterator[Path]:
    """A path that leads to a folder as it is now, in the block, whatever is put in its place meanwhile (on Linux).

    Args:
        folder: the folder.
        make: whether it is made if it is not there.

    Raises:
        OSError: it cannot be opened.
        RunError: a link leads to it, below a folder that is sealed.
    """
    with open_folder(folder, make) as held:
        inside = find_path(held, folder)
        with naming(folder, inside):
            yield inside


@contextmanager
def naming(path: Path, *others: str | Path) -> Iterator[None]:
    """Lets the errors of the block name a path as its user knows it.

    Args:
        path: the path, of a file or folder.
        others: what it is called in the block: by a folder that is held open, or until it is finished.

    Raises:
        OSError: of the block. What a full disk says of a write names no file, and gets this one.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno in _WRITING:
            error.filename = str(path)
        for other in map(str, others):
            told = error.filename
            if isinstance(told, str) and (told == other or told.startswith(f"{other}{os.sep}")):
                error.filename, error.filename2 = f"{path}{told[len(other) :]}", None
        raise


def open_regular(path: str | Path) -> BinaryIO:
    """Opens a regular file for reading, or what a link to one leads to; nothing is waited for, as a pipe would be.

    Raises:
        OSError: it cannot be read, or is no regular file; `strerror` says which.
    """
    return os.fdopen(_check_regular(os.open(path, os.O_RDONLY | os.O_NONBLOCK), path), "rb")


def open_unfollowed(path: Path) -> BufferedReader:
    """Opens a regular file for reading, if it is no link; below a sealed folder, nor is any folder on the way.

    Raises:
        OSError: it cannot be read, or is no regular file; `strerror` says which.
        RunError: a link leads to it, below a folder that is sealed.
    """
    with open_folder(path.parent) as folder:
        return os.fdopen(open_inside(path, os.O_RDONLY, folder), "rb")


@contextmanager
def open_folder(folder: Path, make: bool = False) -> Iterator[int]:
    """A folder, held open in the block; what is below a sealed one is reached without a link."""
    whole = _make_absolute(folder)
    root = next((each for each in (whole, *whole.parents) if each in _sealed), None)
    if root is None and make:
        folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, _FOLDER) if root is None else _descend(root, whole, make)
    try:
        yield held
    finally:
        os.close(held)


def find_path(held: int, folder: Path) -> Path:
    """The path of a folder that is held open: on Linux one that leads to what is open, elsewhere its own."""
    return inside if (inside := _OPEN / str(held)).is_dir() else folder


def _descend(root: Path, whole: Path, make: bool) -> int:
    """A folder below a sealed one, opened name by name."""
    held = _enter(None, _sealed[root], root)
    for name in whole.relative_to(root).parts:
        root = root / name
        try:
            if make:
                with suppress(FileExistsError), naming(root, name):
                    os.mkdir(name, dir_fd=held)
            inner = _enter(held, name, root)
        finally:
            os.close(held)
        held = inner
    return held


def _enter(folder: int | None, name: str | Path, path: Path) -> int:
    try:
        return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            error.filename = str(path)
            raise
        hint = "a run holds its own files only: remove it, or put what it leads to in its place"
        raise RunError(Problem("bad-run", f"{path} is a link, or no folder", hint=hint)) from None


def _make_absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  (`resolve` would follow the links)


def open_inside(path: Path, flags: int, folder: int) -> int:
    """A regular file in an open folder, opened by its name without following a link or waiting for a pipe."""
    try:
        held = os.open(path.name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666, dir_fd=folder)
    except OSError as error:
        told = "it is a link" if error.errno == errno.ELOOP else error.strerror
        raise OSError(error.errno, told, str(path)) from None
    return _check_regular(held, path)


def _check_regular(held: int, path: str | Path) -> int:
    """What is open, if it is a regular file; else it is closed."""
    if stat.S_ISREG(os.fstat(held).st_mode):
        return held
    os.close(held)
    raise OSError(errno.EINVAL, "it is not a regular file", str(path))

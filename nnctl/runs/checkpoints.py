"""How checkpoints lie on the disk: the folders of `checkpoint/`.

    checkpoint/
      ck-0003-000120/     after 3 epochs and 120 steps: SHA256SUMS and the files that it names
      ck-0004-000000/
      best-0002/          the best epoch's weights, once; the generations name it by its checksum

A folder is either whole or not there, and is checked before it is believed. It is written under a temporary name, each file
and the folder itself are flushed to the disk, it is renamed, and the folder around it is flushed (Pillai et al. 2014, "All
File Systems Are Not Created Equal"). There is no pointer to the newest one: a folder whose checksums hold is the commit. Only
then are older ones removed, each renamed before it is emptied. This module knows no Keras.
"""

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from nnctl import bounds
from nnctl.errors import Problem, RunError
from nnctl.files import hold, naming, open_unfollowed

_REMOVED = ".removed"  # what the SHA256SUMS of a folder is called that is removed where it lies
SUMS = "SHA256SUMS"  # in the format of `sha256sum`, so that `sha256sum -c` checks a folder
GENERATIONS = 2
_NAME = re.compile(r"ck-(\d{4,9})-(\d{6,12})")
_OURS = re.compile(r"\.?(ck|best)-\d{4,9}(-|$)")  # what lies in `checkpoint/`, also half written or half removed
_LINE = re.compile(r"([0-9a-f]{64})  ((?:\.\./best-\d{4,9}/)?[a-z]+\.(?:bin|json))")

Content = bytes | memoryview


class Reference(NamedTuple):
    """A file that a checkpoint counts on, by its path from the checkpoint and its SHA-256 in hex."""

    path: str
    digest: str


def format_name(epoch: int, step: int) -> str:
    """The folder's name of a state after so many epochs and steps of the next one."""
    return f"ck-{epoch:04d}-{step:06d}"


def write_checkpoint(
    root: Path, name: str, files: Mapping[str, Iterable[Content]], links: Sequence[Reference] = ()
) -> list[Reference]:
    """Writes a folder of files; what was there under the same name is replaced.

    Args:
        root: the folder of the checkpoints; made if it is not there.
        name: the new folder's name.
        files: the pieces of each file's content, by its name.
        links: files of other folders that this one counts on.

    Returns:
        The files as other folders may count on them.

    Raises:
        OSError: it cannot be written; everything older is as it was.
    """
    with hold(root, make=True) as held:
        return _write_folder(held, name, files, links)


def _write_folder(
    root: Path, name: str, files: Mapping[str, Iterable[Content]], links: Sequence[Reference]
) -> list[Reference]:
    beside = _name_beside(root / name)
    try:
        with naming(root / name, beside):
            beside.mkdir()
            digests = {file: _write(beside / file, pieces) for file, pieces in files.items()}
            lines = [f"{digest}  {file}\n" for file, digest in (*digests.items(), *links)]
            _write(beside / SUMS, ["".join(lines).encode()])
            flush(beside)
            if (root / name).exists():
                _remove(root / name)
            beside.rename(root / name)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    flush(root)
    return [Reference(f"../{name}/{file}", digest) for file, digest in digests.items()]


def read_checkpoint(
    folder: Path, most: int = bounds.RUN_FILE, afford: Callable[[int], None] = lambda size: None
) -> dict[str, bytes]:
    """The files of a folder, and those that it counts on, by their paths from it; every checksum is compared.

    Args:
        folder: a checkpoint.
        most: bytes that no binary file may exceed.
        afford: told of the bytes of all files that are sound before they are read; may raise what it likes.

    Raises:
        RunError: a file is missing, not a regular file, too large or damaged; it is named.
    """
    with ExitStack() as stack:
        opened = {each.path: stack.enter_context(_open_sound(folder, each, most)) for each in read_references(folder)}
        afford(sum(os.fstat(content.fileno()).st_size for content in opened.values()))
        return {path: content.read() for path, content in opened.items()}


def check_checkpoint(folder: Path) -> None:
    """Compares every checksum of a folder, and of what it counts on; no more than a block of a file is in memory.

    Raises:
        RunError: as `read_checkpoint`.
    """
    for each in read_references(folder):
        _open_sound(folder, each, bounds.RUN_FILE).close()


def find_damage(content: BufferedReader, most: int, digest: str | None = None) -> str | None:
    """Why an open file is not what was written, or None; a block of it is in memory at a time, and it is at its beginning again.

    Args:
        content: the file.
        most: bytes that it may have.
        digest: its SHA-256 in hex, or None if it has none.
    """
    if (size := os.fstat(content.fileno()).st_size) > most:
        return f"it has {size:,} bytes, where at most {most:,} belong"
    if digest is None:
        return None
    found = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    return None if found == digest else "its SHA-256 is not the one that was written down"


def read_references(folder: Path) -> list[Reference]:
    """What a folder's SHA256SUMS names.

    Raises:
        RunError: it is missing, or says something else.
    """
    with _open(folder / SUMS, bounds.STATE) as content:
        text = content.read().decode("ascii", errors="replace")
    found = [_LINE.fullmatch(line) for line in text.splitlines()]
    if not found or None in found or not text.endswith("\n"):
        raise _explain_damage(folder / SUMS, "it is no list of checksums")
    return [Reference(match[2], match[1]) for match in found if match is not None]


def list_checkpoints(root: Path) -> list[Path]:
    """The checkpoints in a folder, whole or damaged, newest first; those that are being removed are none any more."""
    named = [path for path in root.iterdir() if _NAME.fullmatch(path.name)] if root.is_dir() else []
    found = [path for path in named if not (path / _REMOVED).is_file()]
    return sorted(found, key=lambda path: parse_name(path.name), reverse=True)


def parse_name(name: str) -> tuple[int, int]:
    """The epochs and steps in a checkpoint's name."""
    match = _NAME.fullmatch(name)
    assert match is not None, name
    return int(match[1]), int(match[2])


def prune(root: Path) -> None:
    """Removes all but the newest generations, what they do not count on, and what a process that died left half written.

    A folder that nnctl has not named stays.

    Raises:
        OSError: a folder cannot be removed.
    """
    if root.is_dir():
        with hold(root) as held:
            _prune(held)


def _prune(root: Path) -> None:
    found = list_checkpoints(root)
    kept = found[:GENERATIONS]
    needed = {path.name for path in kept}
    for path in kept:
        with suppress(RunError):  # a damaged one keeps nothing from being removed
            needed |= {Path(each.path).parts[1] for each in read_references(path) if each.path.startswith("../")}
    # What is half written or half removed, then checkpoints, and only then the weights that they counted on.
    there = (path for path in root.iterdir() if _OURS.match(path.name))
    for path in sorted(there, key=lambda path: (not path.name.startswith("."), path not in found)):
        if path.name not in needed and path.is_dir() and not path.is_symlink():
            _remove(path)


def drop(root: Path, paths: Iterable[Path]) -> None:
    """Removes checkpoints that cannot be used."""
    if not root.is_dir():
        return
    with hold(root) as held:
        for path in (held / each.name for each in paths):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        flush(held)


def flush(folder: Path) -> None:
    """Flushes a folder's list of names to the disk; a no-op where folders cannot be opened (Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    """Removes a folder; under its own name it is never half there, so whoever comes in between takes it for no damage."""
    if not path.name.startswith("."):
        try:
            path = path.rename(_name_beside(path))
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _empty(path)
    shutil.rmtree(path)


def _empty(path: Path) -> None:
    """Removes the files of a folder that cannot be renamed; what marks it as removed goes last."""
    with suppress(FileNotFoundError):  # it was begun before
        (path / SUMS).rename(path / _REMOVED)
        flush(path)
    for each in path.iterdir():
        if each.name != _REMOVED:
            each.unlink() if each.is_symlink() or not each.is_dir() else shutil.rmtree(each)


def _name_beside(path: Path) -> Path:
    """A hidden name that no process has used before, whatever its id: in a container that is often the same."""
    return path.with_name(f".{path.name}-{secrets.token_hex(8)}")


def _write(path: Path, pieces: Iterable[Content]) -> str:
    """Writes a file, flushes it to the disk, and returns its SHA-256 in hex."""
    digest = hashlib.sha256()
    with path.open("xb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _open_sound(folder: Path, told: Reference, most: int) -> BufferedReader:
    """A file of a checkpoint whose checksum holds: what is damaged takes no memory, whatever its size."""
    path = folder / told.path
    return _open(path, bounds.STATE if path.suffix == ".json" else most, told.digest)


def _open(path: Path, most: int, digest: str | None = None) -> BufferedReader:
    """A regular file that is what was written; links are not followed."""
    try:
        content = open_unfollowed(path)
    except OSError as error:
        raise _explain_damage(path, str(error.strerror).lower()) from None
    with ExitStack() as stack:
        stack.enter_context(content)
        if (damage := find_damage(content, most, digest)) is not None:
            raise _explain_damage(path, damage)
        stack.pop_all()
    return content


def _explain_damage(path: Path, why: str) -> RunError:
    return RunError(Problem("damaged-checkpoint", f"{path} is damaged: {why}"))

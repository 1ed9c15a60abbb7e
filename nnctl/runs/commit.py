"""The git commit that a folder stands at, read from the repository's files: git itself runs what a folder's settings name."""

import os
import re
from contextlib import suppress
from pathlib import Path

from nnctl.files import read_bytes

DIGITS = 12  # of a commit's hash: enough to find it in any repository
_LARGEST_NAME = 4096  # bytes of a file that holds a hash, a ref or a path: no path is longer
_LARGEST_REFS = 64 * 2**20  # bytes of packed-refs: a million refs
_LONGEST_CHAIN = 5  # refs that name another one; git follows no more either
_HASH = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_REF = re.compile(r"refs(/(?!\.)(?!.*\.lock(/|$))[^\x00-\x20\x7f~^:?*\[\\/]+)+")  # `git help check-ref-format`


def find_commit(folder: Path) -> str | None:
    """The first twelve digits of the hash of the commit that is checked out around a folder.

    No program is started, and nothing but small regular files is read. Whether files have changed since is not known so.

    Args:
        folder: any folder; the repository is the nearest one above it that has a `.git`.

    Returns:
        None where there is no repository, no commit yet, or refs in a form (reftable) that is not read here.
    """
    with suppress(OSError, RuntimeError):  # of Python 3.11 and links in a circle
        found = folder.resolve()
        for git in filter(None, (_find_directory(each / ".git") for each in (found, *found.parents))):
            named = _resolve_head(git)
            return None if named is None else named[:DIGITS]
    return None


def _find_directory(git: Path) -> Path | None:
    """The folder with HEAD: `.git` itself, or where the file of a worktree or submodule leads; None if there is none."""
    if git.is_file():
        key, _, place = _read_text(git).partition(": ")
        git = git.parent / place if key == "gitdir" and place else git
    return git if (git / "HEAD").is_file() else None


def _resolve_head(git: Path) -> str | None:
    """The hash that HEAD stands for."""
    shared = git / (_read_text(git / "commondir") or ".")  # a worktree has its own HEAD, and the refs of its repository
    told = _read_text(git / "HEAD")
    for _ in range(_LONGEST_CHAIN):
        if _HASH.fullmatch(told):
            return told
        ref = told.removeprefix("ref:").lstrip()
        if not told.startswith("ref:") or ".." in ref or not _REF.fullmatch(ref):
            return None
        told = _read_text(git / ref) or _read_text(shared / ref) or _find_packed(shared / "packed-refs", ref)
    return None


def _find_packed(path: Path, ref: str) -> str:
    """The hash of a ref among many in one file, or ""."""
    found = re.search(rf"^([0-9a-f]{{40,64}}) {re.escape(ref)}$", _read_text(path, _LARGEST_REFS), re.MULTILINE)
    return "" if found is None else found[1]


def _read_text(path: Path, most: int = _LARGEST_NAME) -> str:
    """What a file says, or "" if it is none that can be read."""
    with suppress(OSError, ValueError):  # of a path with a zero in it
        return os.fsdecode(read_bytes(path, most)).rstrip()
    return ""

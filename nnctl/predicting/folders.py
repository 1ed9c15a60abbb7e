"""Folders of files to predict: the files below them that a run can take, in the order that people count in."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from nnctl.data.images.walk import SUFFIXES, format_paths, make_natural_key
from nnctl.errors import DataError, Problem

TABLES = (".csv", ".tsv")


def choose_suffixes(table: bool, image: bool) -> tuple[str, ...]:
    """The ends of names that are taken from folders, for a run on a table, on images or on other arrays."""
    return TABLES if table else (*SUFFIXES, ".npz") if image else (*TABLES, ".npz")


def list_files(folder: str, suffixes: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The files below a folder, and what should be said of the others; hidden ones and links to folders are passed over.

    Args:
        folder: the folder, as the user names it.
        suffixes: the ends of the names that are taken, in small letters.

    Raises:
        DataError: it holds none, or cannot be read.
    """
    found = sorted(_walk(folder), key=lambda path: [make_natural_key(part) for part in Path(path).parts])
    taken = [path for path in found if path.lower().endswith(tuple(suffixes))]
    if not taken:
        hint = f"name its files, or a folder of those that end in {', '.join(suffixes)}"
        raise DataError(Problem("no-examples", f"{folder} holds no file that the run can take", hint=hint))
    others = [os.path.relpath(path, folder) for path in found if path not in set(taken)]
    files = "1 file is" if len(others) == 1 else f"{len(others):,} files are"
    return taken, (f"in {folder} {files} not read: {format_paths(others)}",) if others else ()


def _walk(folder: str) -> Iterator[str]:
    def refuse(error: OSError) -> None:
        raise DataError(Problem("unreadable-data", f"{error.filename} cannot be read: {error.strerror}"))

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (str(Path(place, name)) for name in names if not name.startswith("."))

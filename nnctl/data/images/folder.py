"""Which image files a folder holds, and the label of each: a folder a class, or a table of paths and labels."""

import csv
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nnctl.errors import DataError, Place, Problem

# What each split's folder may be called; where one of TRAIN's is found, the class folders lie one level deeper.
_SPLITS = {"train": ("train", "training"), "validation": ("validation", "valid", "val"), "test": ("test", "testing")}
# What systems leave in folders of pictures; names that begin with a dot are passed over as well.
_LEFT_BEHIND = {"thumbs.db", "desktop.ini", "__macosx"}
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif")
_MOST = 10  # problems that are told at once
_EXPECTED = "expected a folder a class, with the images in them"
COLUMNS = ("file", "label")
_NUMBER = re.compile("([0-9]+)")


@dataclass(slots=True)
class Listing:
    """The image files of one split: their paths, and as many labels."""

    files: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


def make_natural_key(name: str) -> tuple[list[tuple[int, str]], str]:
    """A key that sorts as people do: `class2` before `class10`."""
    pieces = _NUMBER.split(name)
    return [(int(piece), "") if index % 2 else (0, piece) for index, piece in enumerate(pieces)], name


def list_images(
    root: Path, table: str | None, place: Place | None, columns: Sequence[str] = COLUMNS
) -> dict[str, Listing]:
    """The images of each split that the folder has, `train` always; by class in natural order, then by path.

    Args:
        root: the folder.
        table: the name of a CSV file in it, or None for a folder a class.
        place: where errors are shown.
        columns: the table's columns of paths and of labels.

    Raises:
        DataError: with what is wrong: no folder, no images, an empty class, a link that leads out, a name no text.
    """
    if not root.is_dir():
        hint = "a table of paths and labels is named by an option: `source: {images: {table: labels.csv}}`"
        raise DataError(Problem("not-a-folder", f"{root} is a file, {_EXPECTED}", place, hint))
    walk = _Walk(root, place)
    found = {"train": _read_table(walk, table, columns)} if table is not None else _list_folders(walk)
    if walk.problems:
        raise DataError(*walk.problems[:_MOST])
    return found


class _Walk:
    """Looks into folders, and keeps what is wrong with them."""

    def __init__(self, root: Path, place: Place | None) -> None:
        self.root, self.place = root, place
        self.real = os.path.realpath(root)
        self.problems: list[Problem] = []

    def flag(self, code: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(code, message, self.place, hint))

    def list_entries(self, folder: str) -> list["os.DirEntry[str]"]:
        """What lies in a folder, sorted by name, without what systems leave behind and what is refused."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.flag("unreadable-data", f"{folder} cannot be read: {error.strerror}")
            return []
        return [entry for entry in entries if not _is_left_behind(entry.name) and self._is_sound(entry)]

    def list_folders(self, folder: str) -> list["os.DirEntry[str]"]:
        """The folders in a folder; an image beside them is refused, another file passed over."""
        entries = self.list_entries(folder)
        for entry in entries:
            if not entry.is_dir() and entry.name.lower().endswith(SUFFIXES):
                self.flag("image-without-class", f"{entry.path} lies beside the class folders, {_EXPECTED}")
        return sorted((entry for entry in entries if entry.is_dir()), key=lambda entry: make_natural_key(entry.name))

    def list_files(self, folder: str) -> Iterator[str]:
        """Every file below a folder, in sorted order."""
        for entry in self.list_entries(folder):
            if entry.is_dir():
                yield from self.list_files(entry.path)
            elif entry.is_file():
                yield entry.path
            else:  # a pipe would be waited for
                self.flag("unreadable-data", f"{entry.path} is neither a file nor a folder", "remove it")

    def is_inside(self, path: str) -> bool:
        """Whether a path, its links followed, stays in the folder."""
        real = os.path.realpath(path)
        return os.path.commonpath([real, self.real]) == self.real

    def _is_sound(self, entry: "os.DirEntry[str]") -> bool:
        try:
            entry.name.encode()
        except UnicodeEncodeError:
            self.flag("bad-file-name", f"the name {entry.name!r} in {self.root} is not UTF-8", "rename it")
            return False
        if not entry.is_symlink():
            return True
        if not self.is_inside(entry.path):
            self.flag("link-outside", f"{entry.path} is a link that leads out of {self.root}", "put a copy there")
        elif entry.is_dir():
            self.flag("link-to-folder", f"{entry.path} is a link to a folder, whose images would count twice")
        else:
            return True
        return False


def _is_left_behind(name: str) -> bool:
    return name.startswith(".") or name.lower() in _LEFT_BEHIND


def _list_folders(walk: _Walk) -> dict[str, Listing]:
    top = walk.list_folders(str(walk.root))
    named = {entry.name.lower(): entry for entry in top}
    splits = {split: named.pop(name) for split, names in _SPLITS.items() for name in names if name in named}
    if "train" not in splits:
        return {"train": _list_classes(walk, str(walk.root), top)}
    for entry in named.values():
        walk.flag("unknown-split", f"{entry.path} stands beside the training images, {_describe_splits()}")
    return {split: _list_classes(walk, entry.path, walk.list_folders(entry.path)) for split, entry in splits.items()}


def _describe_splits() -> str:
    return "expected train, validation and test only"


def _list_classes(walk: _Walk, folder: str, classes: list["os.DirEntry[str]"]) -> Listing:
    """The images of a folder of class folders, each of which must hold one at least."""
    listing = Listing()
    for entry in classes:
        before = len(walk.problems)
        files = list(walk.list_files(entry.path))
        if not files and len(walk.problems) == before:
            walk.flag("empty-class", f"{entry.path} holds no image", "put images into it, or remove the folder")
        listing.files += files
        listing.labels += [entry.name] * len(files)
    if not classes and not walk.problems:
        walk.flag("no-examples", f"{folder} holds no folders, {_EXPECTED}")
    return listing


def _read_table(walk: _Walk, table: str, columns: Sequence[str]) -> Listing:
    """The rows of a CSV file, in its order; paths are relative to the folder."""
    path = walk.root / table
    if path.exists() and not path.is_file():
        walk.flag("unreadable-data", f"{path} is no regular file, expected a table of paths and labels")
        return Listing()
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened, strict=True)
            missing = [name for name in columns if name not in (rows.fieldnames or ())]
            if missing:
                had = ", ".join(rows.fieldnames or ()) or "no columns"
                hint = f"it has {had}; name them: `columns: [paths, labels]`"
                walk.flag("missing-column", f"{path} has no column {missing[0]!r}", hint)
                return Listing()
            return _read_rows(walk, path, rows, columns)
    except OSError as error:
        walk.flag("unreadable-data", f"{path} cannot be read: {error.strerror}")
    except (csv.Error, ValueError) as error:  # UnicodeDecodeError is a ValueError
        walk.flag("bad-table", f"{path} cannot be read as a CSV of UTF-8 text: {error}")
    return Listing()


def _read_rows(walk: _Walk, path: Path, rows: "csv.DictReader[str]", columns: Sequence[str]) -> Listing:
    listing = Listing()
    for row in rows:
        file, label = (row[name] for name in columns)
        image = os.path.join(walk.root, file or "")  # noqa: PTH118  a million of them
        if not file or not label:
            walk.flag("bad-table", f"{path}:{rows.line_num} has no {'label' if file else 'file'}")
        elif not walk.is_inside(image):
            walk.flag("link-outside", f"{path}:{rows.line_num} names {file}, which leads out of {walk.root}")
        elif not os.path.isfile(image):  # noqa: PTH113
            walk.flag("missing-image", f"{path}:{rows.line_num} names {file}, which is no file in {walk.root}")
        else:
            listing.files.append(image)
            listing.labels.append(label)
        if len(walk.problems) >= _MOST:
            break
    if not listing.files and not walk.problems:
        walk.flag("no-examples", f"{path} has no rows")
    return listing

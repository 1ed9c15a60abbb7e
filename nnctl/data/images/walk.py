"""Looking into folders of images: what lies there, in which order, and what is refused or told of it."""

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nnctl import bounds
from nnctl.data.arrays.unlabelled import HINT
from nnctl.data.memory.limit import Limit
from nnctl.errors import Place, Problem
from nnctl.spelling import compose

# What systems leave in folders of pictures; names that begin with a dot are passed over as well.
_LEFT_BEHIND = {"thumbs.db", "desktop.ini", "__macosx"}
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif")
EXPECTED = "expected a folder a class, with the images in them"
_NUMBER = re.compile("([0-9]+)")


@dataclass(slots=True)
class Listing:
    """The image files of one split: their paths, and as many labels."""

    files: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FolderContents:
    """What a folder holds.

    Attributes:
        splits: the image files of each split, `train` always.
        notes: what a user should be told of the rest.
        unreadable: what is left out as it cannot be read, seen from the folder; found so far.
    """

    splits: dict[str, Listing]
    notes: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """The image files of all splits."""
        return [file for listing in self.splits.values() for file in listing.files]


def make_natural_key(name: str) -> tuple[list[tuple[int, str]], str]:
    """A key that sorts as people do: `class2` before `class10`."""
    pieces = _NUMBER.split(name)
    return [(int(piece), "") if index % 2 else (0, piece) for index, piece in enumerate(pieces)], name


class Walk:
    """Looks into folders, and keeps what is wrong with them and what is passed over.

    Attributes:
        root: the folder of all.
        place: where errors are shown.
        older: whether it is looked into for a run that was trained before names were taken as they are now.
        limit: how long it may take, or None.
        skip: what is left out in place of being flagged: `unlabelled`, `unreadable`.
        left_out: that, by what it lacks: paths, or lines of a table.
        problems: what keeps the images from being trained on.
        notes: what a user should be told, a sentence each.
    """

    def __init__(
        self, root: Path, place: Place | None, older: bool = False, limit: Limit | None = None,
        skip: Collection[str] = (),
    ) -> None:  # fmt: skip
        self.root, self.place, self.older, self.limit = root, place, older, limit
        self.left_out: dict[str, list[str]] = {lack: [] for lack in skip}
        self.real = os.path.realpath(root)
        self.problems: list[Problem] = []
        self.notes: list[str] = []

    def flag(self, code: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(code, message, self.place, hint))

    def leave_out(self, lack: str, what: str) -> bool:
        """Notes what lacks something where that is left out; the answer is whether it is."""
        if lack not in self.left_out:
            return False
        self.left_out[lack].append(what)
        return True

    def go_on(self) -> None:
        """Asks whether there is time to go on. Raises PastLimitError."""
        if self.limit is not None:
            self.limit.check()

    def compose(self, name: str) -> str:
        """A name in one form, however it is written: what a Mac has packed spells `é` as two letters (Unicode's NFD)."""
        return name if self.older else compose(name)

    def shorten(self, path: str) -> str:
        """A path as it is seen from the folder of all."""
        return os.path.relpath(path, self.root)

    def list_entries(self, folder: str) -> list["os.DirEntry[str]"]:
        """What lies in a folder, sorted by name, without what systems leave behind and what is refused."""
        self.go_on()
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            self.flag("unreadable-data", f"{folder} cannot be read: {error.strerror}")
            return []
        return [entry for entry in entries if not _is_left_behind(entry.name) and self._is_sound(entry)]

    def list_folders(self, folder: str) -> list["os.DirEntry[str]"]:
        """The folders in a folder; an image beside them is refused, another file passed over, and named."""
        entries = self.list_entries(folder)
        others = []
        for entry in entries:
            if not entry.is_dir() and entry.name.lower().endswith(SUFFIXES):
                if not self.leave_out("unlabelled", self.shorten(entry.path)):
                    told = f"{entry.path} lies beside the class folders, {EXPECTED}"
                    self.flag("image-without-class", told, HINT)
            elif not entry.is_dir():
                others.append(self.shorten(entry.path))
        if others:
            self.notes.append(f"files beside the class folders are not read: {format_paths(others)}")
        folders = (entry for entry in entries if entry.is_dir())
        return sorted(folders, key=lambda entry: make_natural_key(self.compose(entry.name)))

    def list_files(self, folder: str, depth: int = 1) -> Iterator[str]:
        """Every file below a folder, in sorted order; `depth` counts the folders that it lies in."""
        if depth > bounds.IMAGE_FOLDERS:
            self.flag("unreadable-data", f"{self.root} holds folders in more than {bounds.IMAGE_FOLDERS} others")
            return
        for entry in self.list_entries(folder):
            if entry.is_dir():
                yield from self.list_files(entry.path, depth + 1)
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
        try:
            inside, leads_to_folder = self.is_inside(entry.path), entry.is_dir()
        except OSError as error:  # in a circle, or into a folder that may not be entered
            self.flag("unreadable-data", f"{entry.path} is a link that leads nowhere: {error.strerror}", "remove it")
            return False
        if not inside:
            self.flag("link-outside", f"{entry.path} is a link that leads out of {self.root}", "put a copy there")
        elif leads_to_folder:
            self.flag("link-to-folder", f"{entry.path} is a link to a folder, whose images would count twice")
        else:
            return True
        return False


def list_names(folder: str, *, folders: bool) -> set[str]:
    """The names of the folders, or of the files, that lie in a folder; nothing is said of what is wrong there."""
    try:
        with os.scandir(folder) as found:
            return {each.name for each in found if each.is_dir() is folders and not _is_left_behind(each.name)}
    except OSError:
        return set()


def format_paths(paths: list[str], most: int = 5) -> str:
    """Some paths for a message: at most five, and how many more there are."""
    more = f" and {len(paths) - most:,} more" if len(paths) > most else ""
    return ", ".join(paths[:most]) + more


def _is_left_behind(name: str) -> bool:
    return name.startswith(".") or name.lower() in _LEFT_BEHIND

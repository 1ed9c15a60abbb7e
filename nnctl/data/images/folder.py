"""Which image files a folder holds, and the label of each: a folder a class, or a table of paths and labels."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from nnctl.data.images.table import COLUMNS, read_table
from nnctl.data.images.walk import EXPECTED, FolderContents, Listing, Walk, format_paths, list_names
from nnctl.data.memory.limit import Limit
from nnctl.data.split_names import SPLITS, find_split, settle
from nnctl.errors import DataError, Place, Problem

# What each split's folder was called before others were known; of two for one split the last counted.
_OLDER = {"train": ("train", "training"), "validation": ("validation", "valid", "val"), "test": ("test", "testing")}
_NUMBERS = "make numbers of each first, and train on a table (`source: csv`) or on arrays (`source: npz`)"
# What folders a class also hold, by how the files end, and what to do with it.
_OTHERS = {
    "texts": (frozenset((".txt", ".md", ".rtf", ".html", ".htm", ".xml", ".json", ".pdf", ".doc", ".docx")), _NUMBERS),
    "recordings": (
        frozenset((".wav", ".mp3", ".flac", ".ogg", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".wma")),
        "save the spectrogram of each as an image, or train on arrays of its samples (`source: npz`)",
    ),
    "videos": (
        frozenset((".mp4", ".avi", ".mov", ".mkv", ".webm", ".wmv", ".mpg", ".mpeg")),
        "save frames of each as images, in the folder of its class",
    ),
}
_MOST = 10  # problems that are told at once
_SAMPLE = 3  # folders that a note names


def list_images(
    root: Path, table: str | None, place: Place | None, columns: Sequence[str] = COLUMNS, older: bool = False,
    limit: Limit | None = None, skip: Collection[str] = (),
) -> FolderContents:  # fmt: skip
    """The images of each split that the folder has, `train` always; by class in natural order, then by path.

    Args:
        root: the folder.
        table: the name of a CSV file in it, or None for a folder a class.
        place: where errors are shown.
        columns: the table's columns of paths and of labels.
        older: whether names are taken as they were before 0.3.0.
        limit: how long it may take, or None.
        skip: what is left out: `unlabelled`, `unreadable`, of which only missing files are found here.

    Raises:
        DataError: with what is wrong: no folder, no images, an empty class, a link that leads out, a name no text, folders
            that are neither classes nor splits.
        PastLimitError: it takes longer than it may.
    """
    if not root.is_dir():
        hint = "a table of paths and labels is named by an option: `source: {images: {table: labels.csv}}`"
        raise DataError(Problem("not-a-folder", f"{root} is a file, {EXPECTED}", place, hint))
    walk = Walk(root, place, older, limit, skip)
    found = read_table(walk, table, columns) if table is not None else _list_folders(walk)
    if walk.problems:
        raise DataError(*walk.problems[:_MOST])
    if problem := _find_others(root, found, place):
        raise DataError(problem)
    if unlabelled := walk.left_out.get("unlabelled"):
        pictures = (
            "1 picture without a label is"
            if len(unlabelled) == 1
            else f"{len(unlabelled):,} pictures without a label are"
        )
        walk.notes.append(f"{pictures} left out: {format_paths(unlabelled)}")
    return FolderContents(found, walk.notes, walk.left_out.get("unreadable", []))


def _find_others(root: Path, found: dict[str, Listing], place: Place | None) -> Problem | None:
    """One problem for a folder of texts, of recordings or of videos, where each file would be one."""
    endings = {Path(file).suffix.lower() for listing in found.values() for file in listing.files}
    for what, (known, hint) in _OTHERS.items():
        if endings and endings <= known:
            message = f"{root} holds {what} ({', '.join(sorted(endings))}), and this source reads images"
            return Problem("not-an-image", message, place, hint)
    return None


def _list_folders(walk: Walk) -> dict[str, Listing]:
    top = walk.list_folders(str(walk.root))
    splits = _find_older_splits(top) if walk.older else _find_splits(walk, top)
    if "train" not in splits:
        return {"train": _list_classes(walk, str(walk.root), top)}
    for entry in top:
        if not (entry.name.lower() in _list_older_names() if walk.older else find_split(entry.name)):
            walk.flag("unknown-split", f"{entry.path} stands beside the training images, {_describe_splits()}")
    folders = {split: entry.path if walk.older else _enter(walk, entry) for split, entry in splits.items()}
    return {split: _list_classes(walk, folder, walk.list_folders(folder)) for split, folder in folders.items()}


def _find_splits(walk: Walk, top: Sequence["os.DirEntry[str]"]) -> dict[str, "os.DirEntry[str]"]:
    """The folders of splits; without one of training there are none, and alone beside bus and car `train` is a class."""
    meant = {entry.name: split for entry in top if (split := find_split(entry.name))}
    named = [(settle(meant[entry.name], meant.values()), entry) for entry in top if entry.name in meant]
    train = [entry for split, entry in named if split == "train"]
    if not train:
        return {}
    if len(named) == 1 and len(top) > 1 and not list_names(train[0].path, folders=True):
        told = "it holds images, and no class folders as that of a split does"
        walk.notes.append(f"{train[0].name} is taken for a class: {told}")
        return {}
    splits = {split: [entry for each, entry in named if each == split] for split in SPLITS}
    for split, entries in splits.items():
        if len(entries) > 1:
            names = " and ".join(entry.name for entry in entries)
            hint = "put their images into one, or move one of them elsewhere"
            walk.flag("splits-clash", f"{names} in {walk.root} are both folders of {split} examples", hint)
    return {split: entries[0] for split, entries in splits.items() if entries}


def _find_older_splits(top: Sequence["os.DirEntry[str]"]) -> dict[str, "os.DirEntry[str]"]:
    named = {entry.name.lower(): entry for entry in top}
    return {split: named[name] for split, names in _OLDER.items() for name in names if name in named}


def _list_older_names() -> set[str]:
    return {name for names in _OLDER.values() for name in names}


def _enter(walk: Walk, entry: "os.DirEntry[str]") -> str:
    """A split's folder, or the one of the same split that is all it holds: archives unpack so, seg_train/seg_train."""
    inside = list_names(entry.path, folders=True)
    if len(inside) == 1 and find_split(name := inside.pop()) == find_split(entry.name):
        return os.path.join(entry.path, name)  # noqa: PTH118  as all paths here are texts
    return entry.path


def _describe_splits() -> str:
    return "expected train, validation and test only"


def _list_classes(walk: Walk, folder: str, classes: Sequence["os.DirEntry[str]"]) -> Listing:
    """The images of a folder of class folders, each of which must hold one at least."""
    listing = Listing()
    for entry in classes:
        before = len(walk.problems)
        files = list(walk.list_files(entry.path))
        if not files and len(walk.problems) == before:
            walk.flag("empty-class", f"{entry.path} holds no image", "put images into it, or remove the folder")
        listing.files += files
        listing.labels += [walk.compose(entry.name)] * len(files)
    if not classes and not walk.problems:
        walk.flag("no-examples", f"{folder} holds no folders, {EXPECTED}")
    below = {entry.path: names for entry in classes if (names := list_names(entry.path, folders=True))}
    if not walk.older and len(classes) == 1 and below and not list_names(classes[0].path, folders=False):
        message = f"{folder} holds one folder only ({classes[0].name}), and so one class"
        walk.flag(
            "one-class", message, f"if the folders in it are the classes, or the splits: `path: {classes[0].path}`"
        )
    if not walk.older and (pair := next(_find_alike(below), None)):
        _flag_alike(walk, *pair, sorted(below[pair[0]] & below[pair[1]]))
    elif below:
        _tell_depth(walk, below)
    return listing


def _find_alike(below: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Folders that hold the same folders and nothing else: what lies below them are the classes."""
    owners: dict[str, str] = {}
    for path, names in below.items():
        for other in {owners[name] for name in names if name in owners}:
            most, least = sorted((names, below[other]), key=len, reverse=True)
            if least <= most and len(most) > 1 and not any(list_names(each, folders=False) for each in (path, other)):
                yield other, path
        owners.update(dict.fromkeys(names, path))


def _flag_alike(walk: Walk, one: str, other: str, names: list[str]) -> None:
    message = (
        f"{one} and {other} hold the same folders ({format_paths(names)}): it cannot be told which are the classes"
    )
    hint = "a folder a class, and above them none but those of splits, called train, validation and test"
    walk.flag("classes-unclear", message, hint)


def _tell_depth(walk: Walk, below: dict[str, set[str]]) -> None:
    """Says that folders below the classes are none themselves."""
    some = list(below.items())[:_SAMPLE]
    told = "; ".join(f"{walk.shorten(path)} ({format_paths(sorted(names))})" for path, names in some)
    more = f" and {len(below) - len(some):,} more" if len(below) > len(some) else ""
    walk.notes.append(f"class folders hold folders, all images of which are of the class: {told}{more}")

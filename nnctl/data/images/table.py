"""A table of images: a CSV file of paths and labels, and perhaps of the split that each image is for."""

import csv
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnctl.data.arrays.unlabelled import HINT
from nnctl.data.images.cells import ImageTable, Row, find_column, read_cells
from nnctl.data.images.opening import UNREADABLE
from nnctl.data.images.walk import SUFFIXES, Listing, Walk, format_paths, list_names
from nnctl.data.split_names import find_split, settle
from nnctl.spelling import format_names

COLUMNS = ("file", "label")
_MOST = 10  # problems that are told at once
_WHOLE = re.compile(r"([0-9]+)(\.0+)?", re.ASCII)
_UNDERSTOOD = 0.5  # of the values of a column: from here on the others are mistakes, and the column is one of splits


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where a table has its paths, its labels and, if it has them, its splits; and which split each of its words means."""

    file: int
    label: int
    split: int | None
    meanings: Mapping[str, str | None]


def read_table(walk: Walk, table: str, columns: Sequence[str]) -> dict[str, Listing]:
    """The rows of a CSV file, in its order, by split; paths are relative to the folder.

    Blanks around values, capitals in the names of columns, and `,`, `;`, tab or `|` between values make no difference. A
    column that says train, and validation or test, cuts the images so. Other columns, and images that no row names, are told.
    """
    path = walk.root / table
    if path.exists() and not path.is_file():
        walk.flag("unreadable-data", f"{path} is no regular file, expected a table of paths and labels")
        return {"train": Listing()}
    try:
        found = read_cells(path, columns, walk.older)
    except OSError as error:
        walk.flag("unreadable-data", f"{path} cannot be read: {error.strerror}")
    except (csv.Error, ValueError) as error:  # UnicodeDecodeError is a ValueError
        hint = "save the table as UTF-8" if isinstance(error, UnicodeError) else None
        walk.flag("bad-table", f"{path} cannot be read as a CSV of UTF-8 text: {error}", hint)
    else:
        return _read_rows(walk, path, found, columns)
    return {"train": Listing()}


def _read_rows(walk: Walk, path: Path, table: ImageTable, columns: Sequence[str]) -> dict[str, Listing]:
    splits: dict[str, Listing] = {"train": Listing()}
    places = [find_column(table.header, name) for name in columns]
    if None in places:
        had = ", ".join(table.header) or "no columns"
        hint = f"it has {had}; name them: `columns: [paths, labels]`"
        walk.flag("missing-column", f"{path} has no column {columns[places.index(None)]!r}", hint)
        return splits
    others = [i for i in range(len(table.header)) if i not in places]
    split, meanings = (None, {}) if walk.older else _choose_split_column(walk, path, table, others)
    taken = _Columns(places[0] or 0, places[1] or 0, split, meanings)
    for row in table.rows:
        walk.go_on()
        _read_row(walk, path, row, taken, splits, len(table.header))
        if len(walk.problems) >= _MOST:
            return splits
    if not walk.problems and not splits["train"].files:
        walk.flag("no-examples", f"{path} has no rows")
    if not walk.older:
        _write_whole_alike(splits)
        _tell_rest(walk, path, [table.header[i] for i in others if i != split], splits)
    return splits


def find_split_columns(table: ImageTable, others: Sequence[int]) -> dict[int, Mapping[str, str | None]]:
    """The columns that say which split an image is for, and what each of their words means.

    Such a column says train, and validation or test; a word that means none is a mistake if most do mean one.
    """
    found: dict[int, Mapping[str, str | None]] = {}
    for i in others:
        counts = Counter(cells[i] if i < len(cells) else "" for _, cells in table.rows)
        meant = {word: find_split(word) for word in counts}
        known, splits = sum(count for word, count in counts.items() if meant[word]), {*meant.values()} - {None}
        if "train" in splits and len(splits) > 1 and known > _UNDERSTOOD * counts.total():
            found[i] = {word: each and settle(each, splits) for word, each in meant.items()}
    return found


def _choose_split_column(
    walk: Walk, path: Path, table: ImageTable, others: Sequence[int]
) -> tuple[int | None, Mapping[str, str | None]]:
    found = find_split_columns(table, others)
    if len(found) > 1:
        names = format_names([table.header[i] for i in found])
        hint = "leave one of them in the table"
        walk.flag("splits-clash", f"{path}: the columns {names} all say which split an image is for", hint)
    return next(iter(found.items()), (None, {}))


def _read_row(walk: Walk, path: Path, row: Row, taken: _Columns, splits: dict[str, Listing], width: int) -> None:
    """Puts the image of a row into its split, unless something is wrong with it, which is flagged."""
    line, cells = row
    file, label, word = (
        "" if i is None or i >= len(cells) else cells[i] for i in (taken.file, taken.label, taken.split)
    )
    split = "train" if taken.split is None else taken.meanings.get(word)
    image = find_file(walk, file)
    if file and not label and walk.leave_out("unlabelled", f"line {line}"):
        return
    if not file or not label:
        walk.flag("bad-table", f"{path}:{line} has no {'label' if file else 'file'}", HINT if file else None)
    elif any(cells[width:]) and not walk.older:
        hint = "put a value that holds the character between values into quotes"
        walk.flag("bad-table", f"{path}:{line} has {len(cells)} values, and there are {width} columns", hint)
    elif split is None:
        walk.flag("bad-table", f"{path}:{line} is for the split {word!r}, expected train, validation or test")
    elif not walk.is_inside(image):
        walk.flag("link-outside", f"{path}:{line} names {file}, which leads out of {walk.root}")
    elif not os.path.isfile(image):  # noqa: PTH113  a million of them
        if not walk.leave_out("unreadable", file):
            told = f"{path}:{line} names {file}, which is no file in {walk.root}"
            walk.flag("missing-image", told, f"correct the path, {UNREADABLE}")
    else:
        listing = splits.setdefault(split, Listing())
        listing.files.append(image)
        listing.labels.append(walk.compose(label))


def find_file(walk: Walk, file: str) -> str:
    """The path of an image that a table names; backslashes and how accents are spelt may differ from the folder's."""
    image = os.path.join(walk.root, file)  # noqa: PTH118  a million of them
    if walk.older or not file or os.path.isfile(image):  # noqa: PTH113
        return image
    spelt = [unicodedata.normalize(form, file.replace("\\", "/")) for form in ("NFC", "NFD")]
    others = [os.path.join(walk.root, each) for each in spelt]  # noqa: PTH118
    return next((each for each in others if os.path.isfile(each)), image)  # noqa: PTH113


def _write_whole_alike(splits: dict[str, Listing]) -> None:
    """Makes `1` of `1.0` where all labels are whole numbers: whether a column misses one somewhere must not make a class."""
    labels = {label for listing in splits.values() for label in listing.labels}
    if all(_WHOLE.fullmatch(label) for label in labels):
        for listing in splits.values():
            listing.labels = [label.split(".")[0] for label in listing.labels]


def _tell_rest(walk: Walk, path: Path, others: list[str], splits: dict[str, Listing]) -> None:
    """Says what of a table and its folder is not used."""
    if others:
        walk.notes.append(f"columns of {path.name} that are not read: {format_names(others)}")
    files = [file for listing in splits.values() for file in listing.files]
    counts = Counter(os.path.normpath(file) for file in files)
    twice = [walk.shorten(file) for file, count in counts.items() if count > 1]
    if twice:
        walk.notes.append(f"images that {path.name} names more than once: {format_paths(twice)}")
    if unlisted := _list_others(walk, set(counts)):
        count = f"{len(unlisted):,} {'image' if len(unlisted) == 1 else 'images'}"
        walk.notes.append(f"{count} in the folder that {path.name} does not name: {format_paths(unlisted)}")


def _list_others(walk: Walk, listed: set[str]) -> list[str]:
    """The images below the folder that are not listed, in sorted order; links to folders are not followed."""
    found = []
    for folder, inside, names in os.walk(walk.root):
        inside[:] = list_names(folder, folders=True)
        held = list_names(folder, folders=False)
        paths = (os.path.normpath(os.path.join(folder, name)) for name in names if name in held)  # noqa: PTH118
        found += [path for path in paths if path.lower().endswith(SUFFIXES) and path not in listed]
    return sorted(walk.shorten(path) for path in found)

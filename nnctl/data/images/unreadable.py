"""Pictures that cannot be read, where `data.skip` leaves them out: each is decoded to find them; they are counted and named."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from nnctl.cores import count_cores
from nnctl.data.images.opening import open_image, silence_warnings
from nnctl.data.images.walk import FolderContents, Listing, format_paths
from nnctl.data.source import Report
from nnctl.errors import DataError, Place, Problem

_REPORTED = 100  # times that a share is told


def leave_out_unreadable(found: FolderContents, root: Path, place: Place | None, report: Report) -> FolderContents:
    """What a folder holds without the pictures that cannot be decoded; what was left out is noted.

    Args:
        found: what the folder holds.
        root: the folder.
        place: where errors are shown.
        report: told how far it is.

    Raises:
        DataError: of a split or of a class of training nothing is left.
    """
    broken = set(find_broken(found.files, place, report))
    splits = {split: _keep(listing, broken) for split, listing in found.splits.items()}
    named = [*found.unreadable, *(os.path.relpath(file, root) for file in found.files if file in broken)]
    problems = list[Problem]()
    for split, listing in splits.items():
        if not listing.files:
            message = f"{root}: none of the {len(found.splits[split].files):,} pictures of {split} can be read"
            problems.append(Problem("no-examples", message, place))
    for label in dict.fromkeys(found.splits["train"].labels):
        if label not in splits["train"].labels and splits["train"].files:
            problems.append(Problem("empty-class", f"{root}: no picture of {label!r} can be read", place))
    if problems:
        raise DataError(*problems)
    return replace(found, splits=splits, notes=[*found.notes, *_describe(named)], unreadable=named)


def find_broken(files: Sequence[str], place: Place | None, report: Report) -> list[str]:
    """Which image files cannot be decoded, in their order; by a thread a core, as Pillow lets go of Python's lock."""
    silence_warnings()
    step, broken = -(-len(files) // _REPORTED), []
    with ThreadPoolExecutor(count_cores()) as threads:
        for number, (file, sound) in enumerate(zip(files, threads.map(partial(_is_sound, place), files), strict=True)):
            if number % step == 0:
                report(f"looking for damage in {len(files):,} images", number / len(files))
            if not sound:
                broken.append(file)
    return broken


def _is_sound(place: Place | None, file: str) -> bool:
    try:
        with open_image(file, place) as image:
            image.load()
    except DataError:
        return False
    return True


def _keep(listing: Listing, broken: set[str]) -> Listing:
    left = [(file, label) for file, label in zip(listing.files, listing.labels, strict=True) if file not in broken]
    return Listing([file for file, _ in left], [label for _, label in left])


def _describe(named: list[str]) -> list[str]:
    if not named:
        return []
    pictures = (
        "1 picture that cannot be read is" if len(named) == 1 else f"{len(named):,} pictures that cannot be read are"
    )
    return [f"{pictures} left out: {format_paths(named)}"]

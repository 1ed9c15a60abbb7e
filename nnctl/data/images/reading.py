"""Folders of images as examples and labels, and what is known of them by their headers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.images.decoding import Conversion
from nnctl.data.images.folder import list_images
from nnctl.data.images.headers import Survey, survey
from nnctl.data.images.pictures import Pictures
from nnctl.data.images.table import COLUMNS
from nnctl.data.images.unreadable import leave_out_unreadable
from nnctl.data.images.walk import FolderContents, Listing
from nnctl.data.memory.limit import Limit
from nnctl.data.memory.unread import Unread
from nnctl.data.source import Arrays, Pair, Report, find_place
from nnctl.data.tables.words import parse_number
from nnctl.errors import DataError, Problem
from nnctl.spec.sections import Data, DataFacts

Size = int | list[int] | None
# Headers that a check reads, evenly over all; training reads every one.
_LOOKED_AT = 2_000


def peek(data: Data) -> tuple[DataFacts, bool]:
    """What the folders say, and the headers of some of the images: their shape, the classes, how many there are.

    Raises:
        DataError: the folder holds no images, damaged ones, or several sizes of them and none is asked for.
    """
    table, columns = data.options.get("table"), data.options.get("columns")
    found = _list(data, None if table is None else str(table), columns)  # type: ignore[arg-type]
    size, mode = data.options.get("size"), data.options.get("mode", "auto")
    files = found.files
    skips = data.skips("unreadable")
    seen = survey(files[:: -(-len(files) // _LOOKED_AT)], find_place(data, "path"), skips)
    conversion = _decide_conversion(seen, size, mode, data)  # type: ignore[arg-type]
    shape, dtype, train = conversion.shape, conversion.dtype.name, found.splits["train"]
    held, own_test = "validation" in found.splits, "test" in found.splits
    count = None if skips else len(train.files)  # how many can be read, only training finds
    if _hold_numbers(found.splits, data):
        return DataFacts(shape, dtype, "regression", 1, count, held), own_test
    classes = set(train.labels)
    if len(classes) == 1 and data.labels != "raw":
        message = f"{data.path} holds one class only ({classes.pop()}): there is nothing to tell apart"
        raise DataError(Problem("one-class", message, find_place(data, "path")))
    task = "binary" if len(classes) == 2 else "multiclass"
    return DataFacts(shape, dtype, task, len(classes), count, held), own_test


def read_images(
    data: Data, report: Report, size: Size, mode: str, table: str | None, columns: Sequence[str] | None, memory: str,
    limit: Limit | None = None,
) -> Arrays:  # fmt: skip
    """The images of a folder, as `nnctl.data.sources.images` has them.

    Raises:
        DataError: the folder holds no images, damaged ones, or several sizes of them and none is asked for.
        PastLimitError: to look for the labels takes longer than it may.
    """
    assert data.path is not None
    where, found = find_place(data, "path"), _list(data, table, columns, limit)
    numbers = _hold_numbers(found.splits, data)
    if limit is not None:  # the shape is any: the headers have been looked at
        unread = {split: Unread((len(each.files), 1), np.uint8, each.files) for split, each in found.splits.items()}
        pairs = {split: _make_pair(unread[split], each, data, split, numbers) for split, each in found.splits.items()}
        return Arrays(data.path.name, str(data.path), pairs["train"], pairs.get("test"), pairs.get("validation"))
    if data.skips("unreadable"):
        found = leave_out_unreadable(found, data.path, where, report)
    report(f"looking at {len(found.files):,} images", None)
    seen = survey(found.files, where)
    conversion = _decide_conversion(seen, size, mode, data)
    pairs = {
        split: _make_pair(Pictures(listing.files, conversion, memory, where), listing, data, split, numbers)
        for split, listing in found.splits.items()
    }
    held = (pairs.get("test"), pairs.get("validation"))
    notes = (*found.notes, *_describe_pixels(seen, conversion))
    return Arrays(data.path.name, str(data.path), pairs["train"], *held, notes=notes)


def _list(data: Data, table: str | None, columns: Sequence[str] | None, limit: Limit | None = None) -> FolderContents:
    assert data.path is not None
    skip = [lack for lack in data.skip or {} if data.skips(lack)]
    return list_images(data.path, table, find_place(data, "path"), columns or COLUMNS, data.older, limit, skip)


def _decide_conversion(seen: Survey, size: Size, mode: str, data: Data) -> Conversion:
    """What the images are made into, by the options and, where these leave it open, by the headers."""
    channels = 1 if mode == "grey" or (mode == "auto" and seen.grey) else 3
    white, deep = not data.older, bool(seen.counts["deep"]) and not data.older
    if size is not None:
        height, width = (size, size) if isinstance(size, int) else size
        return Conversion(height, width, channels, resize=True, white=white, deep=deep)
    if len(seen.sizes) > 1:
        raise DataError(_explain_sizes(seen.sizes, data))
    return Conversion(*seen.sizes[0], channels, resize=False, white=white, deep=deep)


def _explain_sizes(sizes: list[tuple[int, int]], data: Data) -> Problem:
    """The proposal is the middle of the sizes, but no side longer than 224, which most networks for photographs take."""
    height, width = (min(224, sorted(side)[len(side) // 2]) for side in zip(*sizes, strict=True))
    least, most = sizes[0], sizes[-1]
    message = f"the images are of {len(sizes)} sizes, from {least[0]} x {least[1]} to {most[0]} x {most[1]} pixels"
    hint = f"say what to make of them: `source: {{images: {{size: [{height}, {width}]}}}}`"
    return Problem("sizes-differ", message, find_place(data, "source"), hint)


def _describe_pixels(seen: Survey, conversion: Conversion) -> list[str]:
    """What of the images reaches the network otherwise than it may be thought to."""
    total = f"{seen.counts['all']:,} images"
    clear, deep, narrowed = (f"{seen.counts[name]:,} of {total}" for name in ("clear", "deep", "narrowed"))
    told = []
    if seen.counts["clear"]:
        under = "white" if conversion.white else "whatever colour lies beneath"
        told.append(f"{clear} can have clear parts: they are taken for {under}")
    if conversion.deep and seen.counts["deep"] < seen.counts["all"]:
        told.append(f"{deep} have levels of 16 bits: those of 8 bits are widened, 255 becomes 65535")
    if seen.counts["deep"] and not conversion.deep:
        told.append(f"{deep} have levels of 16 bits: 65535 becomes 255")
    if seen.counts["narrowed"]:
        told.append(
            f"{narrowed} have colours or clear parts of 16 bits: the upper 8 are read; grey ones are read whole"
        )
    return told


def _hold_numbers(splits: dict[str, Listing], data: Data) -> bool:
    """Whether labels are numbers to predict: fractions among them name no classes, unless the loss or the user says so."""
    if data.labels != "auto" or data.classes or data.older:
        return False
    labels = {label for listing in splits.values() for label in listing.labels}
    numbers = [parse_number(label) for label in labels]
    return None not in numbers and any(number % 1 > 0 for number in numbers if number is not None)


def _make_pair(pictures: Pictures | Unread, listing: Listing, data: Data, split: str, numbers: bool) -> Pair:
    assert data.path is not None
    labels: NDArray[Any] = np.array(listing.labels)
    if data.labels == "raw" or numbers:
        try:
            labels = labels.astype(np.float32)
        except ValueError as error:
            message = f"the labels of {data.path} are no numbers, which `labels: raw` asks for: {error}"
            raise DataError(Problem("bad-labels", message, find_place(data, "labels"))) from None
    name = Path(data.path).name
    return Pair(pictures, labels, f"{name}'s {split} images", f"{name}'s {split} label")  # type: ignore[arg-type]

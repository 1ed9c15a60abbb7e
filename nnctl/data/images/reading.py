"""Folders of images as examples and labels, and what is known of them by their headers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnctl.data.images.decoding import Conversion, find_sizes
from nnctl.data.images.folder import COLUMNS, Listing, list_images
from nnctl.data.images.pictures import Pictures
from nnctl.data.source import Arrays, Pair, Report, find_place
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
    assert data.path is not None
    where, table = find_place(data, "path"), data.options.get("table")
    columns: Any = data.options.get("columns")
    found = list_images(data.path, None if table is None else str(table), where, columns or COLUMNS)
    files = [file for listing in found.values() for file in listing.files]
    size, mode = data.options.get("size"), data.options.get("mode", "auto")
    conversion = _decide_conversion(files[:: -(-len(files) // _LOOKED_AT)], size, mode, data)  # type: ignore[arg-type]
    classes, train = set(found["train"].labels), len(found["train"].files)
    if len(classes) == 1 and data.labels != "raw":
        message = f"{data.path} holds one class only ({classes.pop()}): there is nothing to tell apart"
        raise DataError(Problem("one-class", message, where))
    task = "binary" if len(classes) == 2 else "multiclass"
    return DataFacts(conversion.shape, "uint8", task, len(classes), train, "validation" in found), "test" in found


def read_images(
    data: Data, report: Report, size: Size, mode: str, table: str | None, columns: Sequence[str] | None, memory: str
) -> Arrays:
    """The images of a folder, as `nnctl.data.sources.images` has them.

    Raises:
        DataError: the folder holds no images, damaged ones, or several sizes of them and none is asked for.
    """
    assert data.path is not None
    where = find_place(data, "path")
    found = list_images(data.path, table, where, columns or COLUMNS)
    files = [file for listing in found.values() for file in listing.files]
    report(f"looking at {len(files):,} images", None)
    conversion = _decide_conversion(files, size, mode, data)
    pairs = {
        split: _make_pair(Pictures(listing.files, conversion, memory, where), listing, data, split)
        for split, listing in found.items()
    }
    held = (pairs.get("test"), pairs.get("validation"))
    return Arrays(data.path.name, str(data.path), pairs["train"], *held)


def _decide_conversion(files: list[str], size: Size, mode: str, data: Data) -> Conversion:
    """What the images are made into, by the options and, where these leave it open, by the headers."""
    seen = find_sizes(files, find_place(data, "path"))
    grey = mode == "grey" or (mode == "auto" and all(grey for *_, grey in seen))
    if size is not None:
        height, width = (size, size) if isinstance(size, int) else size
        return Conversion(height, width, 1 if grey else 3, resize=True)
    sizes = sorted({(height, width) for height, width, _ in seen})
    if len(sizes) > 1:
        raise DataError(_explain_sizes(sizes, data))
    return Conversion(*sizes[0], 1 if grey else 3, resize=False)


def _explain_sizes(sizes: list[tuple[int, int]], data: Data) -> Problem:
    """The proposal is the middle of the sizes, but no side longer than 224, which most networks for photographs take."""
    height, width = (min(224, sorted(side)[len(side) // 2]) for side in zip(*sizes, strict=True))
    least, most = sizes[0], sizes[-1]
    message = f"the images are of {len(sizes)} sizes, from {least[0]} x {least[1]} to {most[0]} x {most[1]} pixels"
    hint = f"say what to make of them: `source: {{images: {{size: [{height}, {width}]}}}}`"
    return Problem("sizes-differ", message, find_place(data, "source"), hint)


def _make_pair(pictures: Pictures, listing: Listing, data: Data, split: str) -> Pair:
    assert data.path is not None
    labels = np.array(listing.labels)
    if data.labels == "raw":
        try:
            labels = labels.astype(np.float32)
        except ValueError as error:
            message = f"the labels of {data.path} are no numbers, which `labels: raw` asks for: {error}"
            raise DataError(Problem("bad-labels", message, find_place(data, "labels"))) from None
    name = Path(data.path).name
    return Pair(pictures, labels, f"{name}'s {split} images", f"{name}'s {split} label")  # type: ignore[arg-type]

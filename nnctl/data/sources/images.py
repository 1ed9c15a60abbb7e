"""The user's own images: a folder a class, or a table of paths and labels."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from nnctl.data.source import Arrays, Pair, Report, place, source
from nnctl.errors import DataError, Problem
from nnctl.spec.sections import Data, Facts

if TYPE_CHECKING:
    from nnctl.data.images.decoding import Form
    from nnctl.data.images.folder import Listing

Size = int | list[int] | None

# Headers that a check reads, evenly over all; training reads every one.
_LOOKED_AT = 2_000


def _peek(data: Data) -> tuple[Facts, bool]:
    """What the folders say, and the headers of some of the images: their shape, the classes, how many there are."""
    from nnctl.data.images.folder import COLUMNS, listings

    assert data.path is not None
    where, table = place(data, "path"), data.options.get("table")
    columns: Any = data.options.get("columns")
    found = listings(data.path, None if table is None else str(table), where, columns or COLUMNS)
    files = [file for listing in found.values() for file in listing.files]
    size, mode = data.options.get("size"), data.options.get("mode", "auto")
    form = _form(files[:: -(-len(files) // _LOOKED_AT)], size, mode, data)  # type: ignore[arg-type]
    classes, train = set(found["train"].labels), len(found["train"].files)
    if len(classes) == 1 and data.labels != "raw":
        message = f"{data.path} holds one class only ({classes.pop()}): there is nothing to tell apart"
        raise DataError(Problem("one-class", message, where))
    task = "binary" if len(classes) == 2 else "multiclass"
    return Facts(form.shape, "uint8", task, len(classes), train, "validation" in found), "test" in found


@source(
    "images",
    summary="your own images: a folder a class, or a table of paths and labels",
    facts=Facts(dtype="uint8", task="multiclass"),
    needs_path=True,
    peek=_peek,
)
def images(
    data: Data,
    report: Report,
    *,
    size: Annotated[Size, "null|int>=1,<=16384|list(int>=1,<=16384;2)"] = None,
    mode: Annotated[str, "'auto'|'rgb'|'grey'"] = "auto",
    table: str | None = None,
    columns: Annotated[Sequence[str] | None, "null|list(str;2)"] = None,
    memory: Annotated[str, "'auto'|'hold'|'store'|'stream'"] = "auto",
) -> Arrays:
    """The images of a folder as uint8 of shape (n, height, width, channels), still on disk.

    The class folders may stand in `train`, `validation` and `test`; a `validation` folder is taken where the spec names no
    share and no path. Classes are in natural order, files in sorted order.

    Args:
        data: the section; its path is the folder.
        report: told that the images are being looked at.
        size: height and width in pixels, or one number for both; None if all images are of one size.
        mode: `rgb`, `grey`, or `auto`: grey if every image is.
        table: a CSV file in the folder with the columns `file` and `label`, instead of folders as classes.
        columns: the table's columns of paths and of labels, where they are called otherwise.
        memory: `hold` to decode all at once, `store` to decode them into a file of `$TMPDIR` or `/var/tmp` that is gone
            with the process, `stream` to decode in every epoch anew, `auto` by the memory and the disk that are free.
    """
    from nnctl.data.images.folder import COLUMNS, listings
    from nnctl.data.images.pictures import Pictures

    assert data.path is not None
    where = place(data, "path")
    found = listings(data.path, table, where, columns or COLUMNS)
    files = [file for listing in found.values() for file in listing.files]
    report(f"looking at {len(files):,} images", None)
    form = _form(files, size, mode, data)
    pairs = {
        split: _pair(Pictures(listing.files, form, memory, where), listing, data, split)
        for split, listing in found.items()
    }
    held = (pairs.get("test"), pairs.get("validation"))
    return Arrays(data.path.name, str(data.path), pairs["train"], *held)


def _form(files: list[str], size: Size, mode: str, data: Data) -> "Form":
    """What the images are made into, by the options and, where these leave it open, by the headers."""
    from nnctl.data.images.decoding import Form, looked

    seen = looked(files, place(data, "path"))
    grey = mode == "grey" or (mode == "auto" and all(grey for *_, grey in seen))
    if size is not None:
        height, width = (size, size) if isinstance(size, int) else size
        return Form(height, width, 1 if grey else 3, resize=True)
    sizes = sorted({(height, width) for height, width, _ in seen})
    if len(sizes) > 1:
        raise DataError(_sizes_differ(sizes, data))
    return Form(*sizes[0], 1 if grey else 3, resize=False)


def _sizes_differ(sizes: list[tuple[int, int]], data: Data) -> Problem:
    """The proposal is the middle of the sizes, but no side longer than 224, which most networks for photographs take."""
    height, width = (min(224, sorted(side)[len(side) // 2]) for side in zip(*sizes, strict=True))
    least, most = sizes[0], sizes[-1]
    message = f"the images are of {len(sizes)} sizes, from {least[0]} x {least[1]} to {most[0]} x {most[1]} pixels"
    hint = f"say what to make of them: `source: {{images: {{size: [{height}, {width}]}}}}`"
    return Problem("sizes-differ", message, place(data, "source"), hint)


def _pair(pictures: object, listing: "Listing", data: Data, split: str) -> Pair:
    import numpy as np

    assert data.path is not None
    labels = np.array(listing.labels)
    if data.labels == "raw":
        try:
            labels = labels.astype(np.float32)
        except ValueError as error:
            message = f"the labels of {data.path} are no numbers, which `labels: raw` asks for: {error}"
            raise DataError(Problem("bad-labels", message, place(data, "labels"))) from None
    name = Path(data.path).name
    return Pair(pictures, labels, f"{name}'s {split} images", f"{name}'s {split} label")  # type: ignore[arg-type]

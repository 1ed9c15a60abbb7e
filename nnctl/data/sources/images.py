"""The user's own images: a folder a class, or a table of paths and labels."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from nnctl.data.source import Arrays, Report, source
from nnctl.spec.sections import Data, DataFacts

if TYPE_CHECKING:
    from nnctl.data.memory.limit import Limit


def _peek(data: Data) -> tuple[DataFacts, bool]:
    from nnctl.data.images.reading import peek

    return peek(data)


@source(
    "images",
    summary="your own images: a folder a class, or a table of paths and labels",
    facts=DataFacts(dtype="uint8", task="multiclass"),
    needs_path=True,
    looks=True,
    lacks=("unlabelled", "unreadable"),
    peek=_peek,
)
def images(
    data: Data,
    report: Report,
    limit: "Limit | None" = None,
    *,
    size: Annotated[int | list[int] | None, "null|int>=1,<=16384|list(int>=1,<=16384;2)"] = None,
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
        limit: how long labels are looked for, where these are looked at alone.
        size: height and width in pixels, or one number for both; None if all images are of one size.
        mode: `rgb`, `grey`, or `auto`: grey if every image is.
        table: a CSV file in the folder with the columns `file` and `label`, instead of folders as classes.
        columns: the table's columns of paths and of labels, where they are called otherwise.
        memory: `hold` to decode all at once, `store` to decode them into a file of `$TMPDIR` or `/var/tmp` that is gone
            with the process, `stream` to decode in every epoch anew, `auto` by the memory and the disk that are free.
    """
    from nnctl.data.images.reading import read_images

    return read_images(data, report, size, mode, table, columns, memory, limit)

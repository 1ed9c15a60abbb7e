"""A look at a folder of images: whether a table names their classes, and what size they are made."""

import csv
from collections.abc import Sequence
from pathlib import Path

from nnctl.data.images.cells import read_cells
from nnctl.data.images.folder import list_images
from nnctl.data.images.headers import survey
from nnctl.data.images.table import COLUMNS, find_file, find_split_columns
from nnctl.data.images.walk import Walk
from nnctl.spec.sections import Value
from nnctl.starters.findings import SourceOptions
from nnctl.starters.labelling import LABELS

LARGEST = 96  # pixels a side: what a first network learns from in minutes without a GPU
_LOOKED_AT = 2_000  # headers


def infer_options(path: Path) -> SourceOptions:
    """What a spec has to say of a folder, by its names and the headers of 2,000 of its images.

    Raises:
        DataError: the folder has no classes, or holds what is no image.
    """
    table, columns = _find_table(path) or (None, COLUMNS)
    found = list_images(path, table, None, columns)
    sizes = survey(found.files[:: -(-len(found.files) // _LOOKED_AT)], None).sizes
    options: dict[str, Value] = {} if table is None else {"table": table}
    options |= {} if columns == COLUMNS else {"columns": list(columns)}
    if len(sizes) == 1 and max(sizes[0]) <= LARGEST:
        return SourceOptions(
            options, [f"All images have {sizes[0][0]} x {sizes[0][1]} pixels."], "validation" in found.splits
        )
    height, width = _propose_size(sizes)
    told = f"Images have {_format_span(sizes)} pixels and are made {height} x {width}; larger ones show more and take longer."
    return SourceOptions({**options, "size": [height, width]}, [told], "validation" in found.splits)


def _find_table(path: Path) -> tuple[str, Sequence[str]] | None:
    """The only CSV file of a folder and its two columns, if its first row names a file that is there, and a class."""
    tables = [each for each in path.glob("*.[ct]sv") if each.is_file() and not each.name.startswith(".")]
    if len(tables) != 1:
        return None
    try:
        table = read_cells(tables[0])
    except (OSError, ValueError, csv.Error):  # the source tells, once it is named
        return None
    walk, first = Walk(path, None), dict(zip(table.header, table.rows[0][1], strict=False)) if table.rows else {}
    files = [name for name, cell in first.items() if cell and Path(find_file(walk, cell)).is_file()]
    cut = {table.header[i] for i in find_split_columns(table, range(len(table.header)))}
    others = [name for name in table.header if name and name not in (*files[:1], *cut)]
    label = next((name for name in others if name.lower() in LABELS), others[-1] if others else None)
    if not files or label is None:
        return None
    usual = (files[0].lower(), label.lower()) == COLUMNS
    return tables[0].name, COLUMNS if usual else (files[0], label)


def _propose_size(sizes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The middle of the heights and of the widths, both made smaller by one factor so that neither is above the largest."""
    height, width = (sorted(side)[len(side) // 2] for side in zip(*sizes, strict=True))
    factor = min(1.0, LARGEST / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def _format_span(sizes: Sequence[tuple[int, int]]) -> str:
    told = [f"{height} x {width}" for height, width in (sizes[0], sizes[-1])]
    return told[0] if len(sizes) == 1 else " to ".join(told)

"""A look at a folder of images: whether a table names their classes, and what size they are made."""

import csv
from collections.abc import Sequence
from pathlib import Path

from nnctl.data.images.decoding import find_sizes
from nnctl.data.images.folder import COLUMNS, list_images
from nnctl.spec.sections import Value
from nnctl.starters.findings import SourceOptions
from nnctl.starters.tables import LABELS

LARGEST = 96  # pixels a side: what a first network learns from in minutes without a GPU
_LOOKED_AT = 2_000  # headers


def infer_options(path: Path) -> SourceOptions:
    """What a spec has to say of a folder, by its names and the headers of 2,000 of its images.

    Raises:
        DataError: the folder has no classes, or holds what is no image.
    """
    table, columns = _find_table(path) or (None, COLUMNS)
    found = list_images(path, table, None, columns)
    files = [file for listing in found.values() for file in listing.files]
    sizes = sorted({(height, width) for height, width, _ in find_sizes(files[:: -(-len(files) // _LOOKED_AT)], None)})
    options: dict[str, Value] = {} if table is None else {"table": table}
    options |= {} if columns == COLUMNS else {"columns": list(columns)}
    if len(sizes) == 1 and max(sizes[0]) <= LARGEST:
        return SourceOptions(options, [f"All images have {sizes[0][0]} x {sizes[0][1]} pixels."], "validation" in found)
    height, width = _propose_size(sizes)
    told = f"Images have {_format_span(sizes)} pixels and are made {height} x {width}; larger ones show more and take longer."
    return SourceOptions({**options, "size": [height, width]}, [told], "validation" in found)


def _find_table(path: Path) -> tuple[str, Sequence[str]] | None:
    """The only CSV file of a folder and its two columns, if its first row names a file that is there, and a class."""
    tables = [each for each in path.glob("*.csv") if each.is_file() and not each.name.startswith(".")]
    if len(tables) != 1:
        return None
    with tables[0].open(encoding="utf-8-sig", errors="replace", newline="") as opened:
        rows = csv.DictReader(opened)
        first, names = next(rows, {}), list(rows.fieldnames or ())
    files = [name for name in names if isinstance(first.get(name), str) and (path / first[name]).is_file()]
    others = [name for name in names if name not in files[:1]]
    label = next((name for name in others if name.lower() in LABELS), others[-1] if others else None)
    return None if not files or label is None else (tables[0].name, (files[0], label))


def _propose_size(sizes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The middle of the heights and of the widths, both made smaller by one factor so that neither is above the largest."""
    height, width = (sorted(side)[len(side) // 2] for side in zip(*sizes, strict=True))
    factor = min(1.0, LARGEST / max(height, width))
    return max(1, round(height * factor)), max(1, round(width * factor))


def _format_span(sizes: Sequence[tuple[int, int]]) -> str:
    told = [f"{height} x {width}" for height, width in (sizes[0], sizes[-1])]
    return told[0] if len(sizes) == 1 else " to ".join(told)

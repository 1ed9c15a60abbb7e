"""The cells of a table of images: how they are cut, and which column is called what."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nnctl import bounds
from nnctl.files import open_regular, read_bounded
from nnctl.spelling import compose

_DELIMITERS = (",", ";", "\t", "|")
_TELLS = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # the first line of some files that Excel writes
Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class ImageTable:
    """The names of a table's columns, and its rows with the line (from 1) that each ends on."""

    header: list[str]
    rows: list[Row]


def read_cells(path: Path, columns: Sequence[str] = (), older: bool = False) -> ImageTable:
    """The columns and rows of a table, cut at the delimiter that gives the columns, or else the most of them.

    Args:
        path: the file.
        columns: the names of the columns that are looked for.
        older: whether it is cut at commas alone, and blanks are kept.

    Raises:
        OSError, ValueError, csv.Error: it cannot be read, or is no CSV of UTF-8 text.
    """
    with open_regular(path) as content:
        file = io.StringIO(read_bounded(content, path, bounds.IMAGE_TABLE).decode("utf-8-sig"), newline="")
    first = file.readline()
    told = None if older else _TELLS.fullmatch(first)
    header = file.readline() if told else first
    file.seek(0)
    delimiter = "," if older else told[1] if told else _choose_delimiter(header, columns)
    lines = _check_lines(file, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=not older and delimiter != "\t", strict=True)
    rows = [(reader.line_num, cells if older else [cell.strip() for cell in cells]) for cells in reader]
    rows = [(line, cells) for line, cells in rows[1 if told else 0 :] if any(cells)]
    return ImageTable(rows[0][1] if rows else [], rows[1:])


def _check_lines(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    for line in lines:
        if line.count(delimiter) > bounds.IMAGE_COLUMNS:
            raise ValueError(f"a line has more than {bounds.IMAGE_COLUMNS:,} values")
        yield line


def find_column(header: Sequence[str], name: str) -> int | None:
    """Where a column stands; capitals, and how accents are spelt, make no difference where no column has the very name."""
    if name in header:
        return header.index(name)
    return next((i for i, each in enumerate(header) if _fold(each) == _fold(name)), None)


def _choose_delimiter(header: str, columns: Sequence[str]) -> str:
    def measure(delimiter: str) -> tuple[bool, int]:
        names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])]
        return all(find_column(names, each) is not None for each in columns), len(names)

    return max(_DELIMITERS, key=measure)


def _fold(name: str) -> str:
    return compose(name.strip()).casefold()

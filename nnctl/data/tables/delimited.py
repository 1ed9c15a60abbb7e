"""The rows of a CSV file with the line that each begins on; what is no CSV is told by line."""

import csv
import json
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from nnctl.errors import DataError, Place, Problem

# 1,5 and -1.234,5 and 1.234 and 12, but not 0.125: no group of thousands begins with 0.
_DECIMAL = re.compile(r"\s*[-+]?([1-9]\d{0,2}(\.\d{3})+|\d*)(,\d*)?([eE][-+]?\d+)?\s*", re.ASCII)
_THOUSANDS = re.compile(r"\s*[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?\s*", re.ASCII)
_SEPARATOR = re.compile(r'"?sep=(.)"?[\r\n]*')
LONGEST_LINE = 1 << 24  # characters: a file without line ends would be read as a whole


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written.

    Attributes:
        delimiter: what stands between two values, one character.
        quote: what a value that holds a delimiter or a line end stands between, one character.
        header: whether the first row holds the columns' names.
        decimal: what stands before a number's fraction, `.` or `,`; with `,` points between groups of three digits are no
            more than that.
    """

    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    decimal: str = "."


def has_comma(text: str) -> bool:
    """Whether a text is a number with a decimal comma, or with commas between its thousands."""
    digits = "," in text and any(map(str.isdigit, text))
    return digits and (_DECIMAL.fullmatch(text) or _THOUSANDS.fullmatch(text)) is not None


def read_rows(path: Path, dialect: Dialect, place: Place | None) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line (from 1) that it begins on; values as they stand, in UTF-8.

    Raises:
        DataError: the file cannot be read, is not UTF-8, or is no CSV; in the middle of it, when that line is reached.
    """
    try:
        yield from _parse_rows(path, dialect, place)
    except UnicodeDecodeError:
        raise DataError(_explain_undecodable(path, place)) from None
    except OSError as error:
        raise DataError(Problem("unreadable-data", f"{path} cannot be read: {error.strerror}", place)) from None


def _parse_rows(path: Path, dialect: Dialect, place: Place | None) -> Iterator[tuple[int, list[str]]]:
    with closing(
        _read_lines(path, dialect.delimiter, place)
    ) as lines:  # or the file stays open while somebody looks at what went wrong
        reader = csv.reader(
            lines,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote,
            skipinitialspace=dialect.delimiter != " ",
            strict=True,
        )
        line = 1
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise DataError(_explain_broken(path, line, dialect, str(error), place)) from None
            if row is None:
                return
            if len(row) > 1 or (row and row[0].strip()):
                yield line, row if dialect.decimal == "." else [_replace_comma(value) for value in row]
            line = reader.line_num + 1


def _replace_comma(value: str) -> str:
    """A number with a decimal comma as Python reads it; another text as it is."""
    return value.replace(".", "").replace(",", ".") if _DECIMAL.fullmatch(value) else value


def _read_lines(path: Path, delimiter: str, place: Place | None) -> Generator[str]:
    """The lines of a file; what Excel says of its delimiter in the first is taken for a line without a value."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number in count(1):
            line = file.readline(LONGEST_LINE)
            if not line:
                return
            if "\0" in line:
                raise DataError(_explain_bad(f"{path}, line {number} holds a NUL byte: it is no text", place))
            if number == 1 and (mark := _SEPARATOR.fullmatch(line)):
                if mark[1] != delimiter:
                    message = f"{path}, line 1 says that {mark[1]!r} stands between two values, and not {delimiter!r}"
                    hint = f"`delimiter: {json.dumps(mark[1])}`"
                    raise DataError(Problem("bad-header", message, place, hint))
                line = "\n"  # keeps the count of lines
            if len(line) == LONGEST_LINE:
                raise DataError(_explain_bad(f"{path}, line {number} has over {LONGEST_LINE:,} characters", place))
            yield line


def _explain_bad(message: str, place: Place | None) -> Problem:
    return Problem("bad-csv", message, place, "expected lines of text, a row each")


def _explain_broken(path: Path, line: int, dialect: Dialect, reason: str, place: Place | None) -> Problem:
    """The csv module's complaint, in terms of the file; its own of an open quote names the end of the file."""
    where = f"{path}, line {line}"
    if "unexpected end of data" in reason or "field limit" in reason or "field larger" in reason:
        message = f"{where}: a quote {dialect.quote} opens in the row that begins here, and is never closed"
        return Problem("bad-csv", message, place, f"close it, or double it where it is meant: {dialect.quote * 2}")
    hint = f"double a quote that is meant: {dialect.quote * 2}"
    with path.open("rb") as file:
        first = file.readline(LONGEST_LINE)
    other = next((mark for mark in ";\t|," if first.count(f"{dialect.quote}{mark}{dialect.quote}".encode()) > 1), None)
    if other is not None and other != dialect.delimiter:
        hint = f"`delimiter: {json.dumps(other)}`, which stands between the quoted names of the first line; else {hint}"
    return Problem("bad-csv", f"{where}: {reason}", place, hint)


def _explain_undecodable(path: Path, place: Place | None) -> Problem:
    """Names the line, which the decoder, a block ahead of the reader, does not know."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                message = f"{path} is not UTF-8: byte {line[error.start]:#04x} on line {number}"
                return Problem("not-utf8", message, place, "save the file as UTF-8")
    return Problem("not-utf8", f"{path} is not UTF-8", place, "save the file as UTF-8")

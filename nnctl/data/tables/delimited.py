"""The rows of a CSV file with the line that each begins on; what is no CSV is told by line."""

import codecs
import csv
import io
import json
import re
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

from nnctl import bounds
from nnctl.errors import DataError, Place, Problem
from nnctl.files import UTF8, guess_encoding, is_utf8, open_regular

# 1,5 and -1.234,5 and 1.234 and 12, but not 0.125: no group of thousands begins with 0.
_DECIMAL = re.compile(r"\s*[-+]?([1-9]\d{0,2}(\.\d{3})+|\d*)(,\d*)?([eE][-+]?\d+)?\s*", re.ASCII)
_THOUSANDS = re.compile(r"\s*[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?\s*", re.ASCII)
_SEPARATOR = re.compile(r'"?sep=(.)"?[\r\n]*')
_SHORT = 10_000  # characters of a line, and a hundred lines of a row, which hold too little to be counted
_FEW_LINES = 100
_PIECE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written.

    Attributes:
        delimiter: what stands between two values, one character.
        quote: what a value that holds a delimiter or a line end stands between, one character.
        header: whether the first row holds the columns' names.
        decimal: what stands before a number's fraction, `.` or `,`; with `,` points between groups of three digits are no
            more than that.
        encoding: what the file is encoded in, by Python's name.
    """

    delimiter: str = ","
    quote: str = '"'
    header: bool = True
    decimal: str = "."
    encoding: str = UTF8


def has_comma(text: str) -> bool:
    """Whether a text is a number with a decimal comma, or with commas between its thousands."""
    digits = "," in text and any(map(str.isdigit, text))
    return digits and (_DECIMAL.fullmatch(text) or _THOUSANDS.fullmatch(text)) is not None


def read_rows(path: Path, dialect: Dialect, place: Place | None) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line (from 1) that it begins on; values as they stand.

    Raises:
        DataError: the file cannot be read, is not in its encoding, or is no CSV; in the middle of it, when that line is reached.
    """
    try:
        yield from _parse_rows(path, dialect, place)
    except UnicodeError:
        raise DataError(_explain_undecodable(path, dialect.encoding, place)) from None
    except OSError as error:
        raise DataError(Problem("unreadable-data", f"{path} cannot be read: {error.strerror}", place)) from None


@dataclass(slots=True)
class _Row:
    """The row that is being read: the line that it begins on, and what was counted of it where it is long."""

    first: int = 1
    counted: int = 0
    characters: int = 0
    delimiters: int = 0

    def find_excess(self, line: str, delimiter: str) -> str | None:
        """What is too much of the row, once a line of it is added."""
        if self.counted != self.first:
            self.counted, self.characters, self.delimiters = self.first, 0, 0
        self.characters += len(line)
        self.delimiters += line.count(delimiter)
        if self.characters >= bounds.LINE:
            return f"over {bounds.LINE:,} characters"
        # Those in quotes separate nothing, and are not as many.
        many = self.delimiters >= 2 * bounds.COLUMNS
        return f"over {bounds.COLUMNS:,} values, the most that a table may have columns" if many else None


def _parse_rows(path: Path, dialect: Dialect, place: Place | None) -> Iterator[tuple[int, list[str]]]:
    begun = _Row()
    with closing(
        _read_lines(path, dialect, begun, place)
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
                raise DataError(_explain_broken(path, line, reader.line_num, dialect, str(error), place)) from None
            if row is None:
                return
            if len(row) > 1 or (row and row[0].strip()):
                yield line, row if dialect.decimal == "." else [_replace_comma(value) for value in row]
            line = begun.first = reader.line_num + 1


def _replace_comma(value: str) -> str:
    """A number with a decimal comma as Python reads it; another text as it is."""
    return value.replace(".", "").replace(",", ".") if _DECIMAL.fullmatch(value) else value


def _read_lines(path: Path, dialect: Dialect, row: _Row, place: Place | None) -> Generator[str]:
    """The lines of a file; what Excel says of its delimiter in the first is taken for a line without a value."""
    delimiter = dialect.delimiter
    with _open_text(path, dialect) as file:
        for number in count(1):
            line = file.readline(bounds.LINE)
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
            long = len(line) > _SHORT or number - row.first > _FEW_LINES
            if long and (excess := row.find_excess(line, delimiter)):
                where = f"line {number}" if number == row.first else f"lines {row.first} to {number}"
                raise DataError(_explain_bad(f"{path}, {where}: a row of {excess}", place))
            yield line


def _open_text(path: Path, dialect: Dialect) -> io.TextIOWrapper:
    """A file as text; one that begins with the mark of UTF-8 is that, whatever the others of the spec are."""
    file = open_regular(path)
    marked = is_utf8(dialect.encoding) or file.read(3) == codecs.BOM_UTF8
    file.seek(0)
    return io.TextIOWrapper(file, encoding="utf-8-sig" if marked else dialect.encoding, newline="")


def _explain_bad(message: str, place: Place | None) -> Problem:
    return Problem("bad-csv", message, place, "expected lines of text, a row each")


def _is_open(path: Path, first: int, last: int, dialect: Dialect) -> bool:
    """Whether a quote is open behind the lines of a row: each that is closed makes two, and each that is doubled."""
    with _open_text(path, dialect) as file:
        return sum(line.count(dialect.quote) for line in islice(file, first - 1, last)) % 2 == 1


def _explain_broken(path: Path, line: int, last: int, dialect: Dialect, reason: str, place: Place | None) -> Problem:
    """The csv module's complaint, in terms of the file; its own of an open quote names the end of the file."""
    where = f"{path}, line {line}"
    limit = "field limit" in reason or "field larger" in reason
    if limit and not _is_open(path, line, last, dialect):
        message = f"{where}: a value of over {csv.field_size_limit():,} characters"
        return Problem("bad-csv", message, place, "expected a number or some words in each value")
    if limit or "unexpected end of data" in reason:
        end = f"not closed within {csv.field_size_limit():,} characters" if limit else "never closed"
        message = f"{where}: a quote {dialect.quote} opens in the row that begins here, and is {end}"
        return Problem("bad-csv", message, place, f"close it, or double it where it is meant: {dialect.quote * 2}")
    hint = f"double a quote that is meant: {dialect.quote * 2}"
    with open_regular(path) as file:
        first = file.readline(bounds.LINE)
    other = next((mark for mark in ";\t|," if first.count(f"{dialect.quote}{mark}{dialect.quote}".encode()) > 1), None)
    if other is not None and other != dialect.delimiter:
        hint = f"`delimiter: {json.dumps(other)}`, which stands between the quoted names of the first line; else {hint}"
    return Problem("bad-csv", f"{where}: {reason}", place, hint)


def _explain_undecodable(path: Path, encoding: str, place: Place | None) -> Problem:
    """Names the line, which the decoder, a block ahead of the reader, does not know; a line may be longer than memory."""
    kind, hint = "UTF-8" if is_utf8(encoding) else encoding, "save the file as UTF-8"
    if kind == "UTF-8":
        guess = guess_encoding(path)
        hint += f", or read it as it is: `encoding: {guess}`" if guess else ", or name what it is in: `encoding: gbk`"
    else:
        hint += " and leave `encoding` out, or name another one"
    decoder, number, piece = codecs.getincrementaldecoder(encoding)(), 1, b"\n"
    with open_regular(path) as file:
        while piece:
            piece = file.read(_PIECE)
            try:
                decoder.decode(piece, final=not piece)
                number += piece.count(b"\n")
            except UnicodeDecodeError as error:  # what the decoder kept of the piece before stands in front
                read: bytes = error.object
                line = number + read.count(b"\n", 0, error.start)
                message = f"{path} is not {kind}: byte {read[error.start]:#04x} on line {line}"
                return Problem("not-utf8", message, place, hint)
            except UnicodeError:  # UTF-16 without its mark, which names no byte
                break
    return Problem("not-utf8", f"{path} is not {kind}", place, hint)

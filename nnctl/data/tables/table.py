"""A CSV file as columns of numbers and columns of texts, read a block of rows at a time."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from nnctl import bounds
from nnctl.data.memory.available import afford
from nnctl.data.memory.limit import Limit
from nnctl.data.tables.delimited import Dialect, read_rows
from nnctl.data.tables.dressed import explain_wanted, read_dressed
from nnctl.data.tables.growing import GrowingNumbers, GrowingTexts, Numbers, Texts, make_picker
from nnctl.data.tables.header import read_names
from nnctl.errors import DataError, Place, Problem

# What pandas.read_csv takes for missing (its `na_values`), and the `?` of the UCI repository:
# https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html
MISSING = ("NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "null", "None", "?")
_CELLS = 500_000  # values held as Python texts at a time
_ARRAY = 120  # bytes of an array besides its values


@dataclass(frozen=True, slots=True)
class Request:
    """Which columns are read, and how.

    Attributes:
        columns: the names of the columns.
        texts: those of them that are texts though their values may be numbers.
        missing: the values that stand for a missing one, beside none at all.
        most: how many rows are read at most, or None for all.
        units: the columns that hold dressed numbers, each with what stands around these: `nnctl.data.tables.dressed`.
        limit: how much may be read, or None.
    """

    columns: Sequence[str]
    texts: Sequence[str] = ()
    missing: Sequence[str] = MISSING
    most: int | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    limit: Limit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The columns of a file that were asked for.

    Attributes:
        path: the file.
        lines: the line (from 1) that each row begins on, int64 of shape (n,).
        columns: by name, numbers of shape (n,) with NaN for what is missing, or texts.
        place: where errors are shown.
    """

    path: Path
    lines: NDArray[np.int64]
    columns: dict[str, Numbers | Texts]
    place: Place | None

    def take(self, rows: NDArray[np.int64]) -> "Table":
        """Some of the rows."""
        columns = {
            name: column.take(rows) if isinstance(column, Texts) else column[rows]
            for name, column in self.columns.items()
        }
        return replace(self, lines=self.lines[rows], columns=columns)

    def explain(self, code: str, name: str, message: str, row: int | None = None, hint: str | None = None) -> Problem:
        """A problem with the file, the line of a row, and the column."""
        line = "" if row is None else f", line {self.lines[row]}"
        return Problem(code, f"{self.path}{line}, column {name!r} {message}", self.place, hint)

    def fail(self, code: str, name: str, message: str, row: int | None = None, hint: str | None = None) -> NoReturn:
        """Raises DataError with what `explain` says."""
        raise DataError(self.explain(code, name, message, row, hint))


def read_table(path: Path, dialect: Dialect, request: Request, place: Place | None) -> Table:
    """Some columns of a file; one whose values are all numbers or missing holds numbers, any other texts.

    Raises:
        DataError: the file cannot be read, a row has too many or too few values, there is no row, or a number is not
            finite as float32; or the numbers do not fit into memory.
        PastLimitError: the file is larger than may be read, or takes longer.
    """
    held = read_names(path, dialect, place)
    if request.limit is not None:
        request.limit.take_file(path)
    reader = _Reader(path, dialect, held, request, place)
    late = reader.read(set(request.texts))
    if late:  # texts behind a block of numbers, of which only the numbers were kept
        reader = _Reader(path, dialect, held, request, place)
        reader.read({*request.texts, *late})
    if not reader.lines:
        raise DataError(Problem("no-examples", f"{path} holds a header and no rows", place))
    return Table(path, np.array(reader.lines, np.int64), reader.join(), place)


class _Reader:
    """Reads a file once, block by block, into columns that grow."""

    def __init__(
        self, path: Path, dialect: Dialect, names: tuple[str, ...], request: Request, place: Place | None
    ) -> None:
        self.path, self.dialect, self.names, self.request, self.place = path, dialect, names, request, place
        self.missing = frozenset(("", *request.missing))
        self.wanted = frozenset(request.columns)
        self.lines: list[int] = []
        self.places = {name: index for index, name in enumerate(names)}
        self.numbers = GrowingNumbers((), self.missing, self._refuse)
        self.texts: dict[str, GrowingTexts] = {}

    def read(self, texts: set[str]) -> set[str]:
        """Reads the columns, those of `texts` as texts; the answer is which others proved to be texts too late."""
        late: set[str] = set()
        numbers = [self.places[name] for name in self.request.columns if name not in texts]
        self.numbers = GrowingNumbers(numbers, self.missing, self._refuse)
        with closing(self._read_blocks()) as blocks:  # and with them the file, whatever goes wrong
            for lines, block in blocks:
                begun = bool(self.lines)
                if not begun:
                    self._afford(block)
                self.lines += lines
                self._undress(lines, block)
                strange = {self.names[place] for place in self.numbers.add(block)}
                if begun:
                    late |= strange
                else:  # the first block decides what kind of column it is
                    chosen = (name for name in self.request.columns if name in texts or name in strange)
                    self.texts = {name: GrowingTexts(self.missing) for name in chosen}
                self._add_texts(block)
                self._check_words()
        return late

    def join(self) -> dict[str, Numbers | Texts]:
        """The columns that were read, by name, in the order in which they were asked for."""
        numbers = self.numbers.join()
        return {
            name: self.texts[name].join() if name in self.texts else numbers[self.places[name]]
            for name in self.request.columns
        }

    def _add_texts(self, block: list[list[str]]) -> None:
        pick = make_picker([self.places[name] for name in self.texts])
        for column, values in zip(self.texts.values(), zip(*map(pick, block), strict=True), strict=True):
            column.add(values)

    def _check_words(self) -> None:
        """Refuses texts that differ so much that they fill the memory: they are contents, and no categories."""
        if sum(each.size for each in self.texts.values()) > bounds.WORDS:
            message = f"{self.path} has columns with more than {bounds.WORDS:,} characters of different texts"
            raise DataError(Problem("bad-csv", message, self.place, "`ignore` leaves out columns of free text"))

    def _undress(self, lines: list[int], block: list[list[str]]) -> None:
        """Puts plain numbers in the place of dressed ones, and leaves what is missing as it is."""
        for name, unit in self.request.units.items():
            place, known = self.places[name], self.missing
            for line, row in zip(lines, block, strict=True) if name in self.wanted else ():
                text = row[place]
                number = text if text.strip() in known else read_dressed(text, unit, self.dialect.decimal)
                if number is None:
                    message = f"{self.path}, line {line}, column {name!r} holds {text!r}, {explain_wanted(unit)}"
                    raise DataError(Problem("bad-number", message, self.place, "correct it, or list it in `missing`"))
                row[place] = number

    def _read_blocks(self) -> Generator[tuple[list[int], list[list[str]]]]:
        """Lines and rows, about half a million values at a time; each row as long as the header."""
        start, most = int(self.dialect.header), self.request.most
        found = islice(read_rows(self.path, self.dialect, self.place), start, None if most is None else start + most)
        size = max(1, _CELLS // len(self.names))
        while block := list(islice(found, size)):
            if self.request.limit is not None:
                self.request.limit.check()
            for line, row in block:
                if len(row) != len(self.names):
                    raise DataError(self._explain_ragged(line, row))
            yield [line for line, _ in block], [row for _, row in block]

    def _explain_ragged(self, line: int, row: list[str]) -> Problem:
        values = "1 value" if len(row) == 1 else f"{len(row):,} values"
        first = "the header names" if self.dialect.header else "the first row has"
        message = f"{self.path}, line {line} has {values}, {first} {len(self.names):,}"
        hint = f"a value that holds {self.dialect.delimiter!r} must stand in quotes {self.dialect.quote}"
        return Problem("ragged-row", message, self.place, hint)

    def _afford(self, block: list[list[str]]) -> None:
        """Refuses a file that would not fit, going by its size and that of the rows of its first block."""
        size = sum(sum(map(len, row)) + len(row) for row in block)
        expected = self.path.stat().st_size / size * len(block)
        columns = len(self.request.columns)
        afford(str(self.path), int(expected * (4 * columns + 8)) + _ARRAY * columns, self.place)

    def _refuse(self, place: int, row: int, value: float) -> NoReturn:
        kind = "too large for float32" if np.isfinite(value) else "not finite, or too large for any float"
        message = f"{self.path}, line {self.lines[row]}, column {self.names[place]!r} is {value}, {kind}"
        raise DataError(Problem("not-finite", message, self.place, "correct the value, or list it in `missing`"))

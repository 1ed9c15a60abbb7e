"""Files of examples without labels, as blocks of what a network takes: pictures, arrays and tables, known by content."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays import npz
from nnctl.data.arrays.npz_names import find_examples
from nnctl.data.images.walk import SUFFIXES
from nnctl.data.inputs import Inputs
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.delimited import Dialect
from nnctl.errors import DataError, NnctlError, Problem
from nnctl.files import open_regular
from nnctl.predicting.encoding import convert_examples, encode_rows, read_numbers
from nnctl.predicting.folders import choose_suffixes, list_files
from nnctl.predicting.headers import Beside
from nnctl.predicting.pictures import read_picture
from nnctl.predicting.streams import open_as_file

BLOCK = 500  # examples that are held at a time
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"GIF8", b"RIFF")
_NAMES = ("x", "x_test", "x_train")


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some examples of one file.

    Attributes:
        name: the file, as the user calls it.
        rows: the number of each example in it, from 1, of a table its line; or None for a picture.
        x: of shape (n, ...), as the network takes them.
        said: what was found and done, a sentence each.
    """

    name: str
    rows: Sequence[int] | None
    x: NDArray[Any]
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read for a run.

    Attributes:
        inputs: what the network takes.
        columns: of a run on a table, how its columns become numbers.
        written: how the run's table is written.
        missing: what stands for a missing value in the run's table.
        array: the name of the examples in an npz of the run's, or None for the usual ones.
        invert: `auto`, `yes` or `no`: whether light and dark of pictures change places.
        fit: whether what is drawn is scaled and moved to where training has it.
        beside: of a run on a table, what this holds beside the columns that the network gets.
        older: whether the run is from before 0.3.0: pictures are read with what lies beneath their clear parts, categories are
            known as they are written alone.
    """

    inputs: Inputs
    columns: Columns | None = None
    written: Dialect = field(default_factory=Dialect)
    missing: tuple[str, ...] | None = None
    array: str | None = None
    invert: str = "auto"
    fit: bool = True
    beside: Beside = field(default_factory=Beside)
    older: bool = False

    def read_blocks(self, path: Path, name: str) -> Iterator[Block]:
        """The examples of a file, of which no more than a few hundred are in memory.

        Args:
            path: the file.
            name: what it is called.

        Raises:
            DataError: the file cannot be read, or holds what the network does not take.
        """
        start = _read_start(path, name)
        if start.startswith(_PICTURES):
            yield self._read_picture(path, name)
        elif start.startswith(b"PK"):
            yield from self._read_arrays(path, name)
        elif b"\0" in start or self._expects_picture(name):
            message = f"{name} is no picture (PNG, JPEG, BMP, WebP, GIF), npz file or table"
            raise DataError(Problem("unknown-input", message, hint="save it as one of these"))
        else:
            yield from self._read_table(path, name)

    def _expects_picture(self, name: str) -> bool:
        """Whether a file whose content is none is called as a picture is, and the run takes pictures."""
        return self.inputs.image is not None and self.columns is None and name.lower().endswith(SUFFIXES)

    def read_files(self, names: Sequence[str], stdin: BinaryIO) -> Iterator[Block]:
        """The examples of files, one file after the other. One that is wrong keeps no other from its turn.

        Args:
            names: their paths, or those of folders, whose files are taken; `-` is the standard input.
            stdin: the standard input.

        Raises:
            DataError: at the end, with what is wrong with each file.
        """
        problems: list[Problem] = []
        for name in names:
            try:
                files, said = self._find_files(name)
            except DataError as error:
                problems += error.problems
                continue
            for file in files:
                try:
                    for block in self._read_file(file, stdin):
                        yield replace(block, said=(*block.said, *said))
                        said = ()
                except NnctlError as error:
                    problems += error.problems
        if problems:
            raise DataError(*problems)

    def _find_files(self, name: str) -> tuple[list[str], tuple[str, ...]]:
        """The file itself, or those of a folder; and what should be said of it."""
        if name == "-" or not Path(name).is_dir():
            return [name], ()
        table = self.columns is not None
        return list_files(name, choose_suffixes(table, self.inputs.image is not None))

    def _read_file(self, name: str, stdin: BinaryIO) -> Iterator[Block]:
        with open_as_file(name, stdin) as (path, told):
            yield from self.read_blocks(path, told) if path == Path(name) else self._read_named(path, told)

    def _read_named(self, path: Path, name: str) -> Iterator[Block]:
        try:
            yield from self.read_blocks(path, name)
        except NnctlError as error:  # the path of a copy is no name that the user knows
            clean = [replace(each, message=each.message.replace(str(path), name)) for each in error.problems]
            raise DataError(*clean) from None

    def _read_picture(self, path: Path, name: str) -> Block:
        if self.inputs.image is None or self.columns is not None:
            count = self.inputs.shape[0] if self.columns is None else len(self.columns.features)
            message = f"{name} is a picture, and the run takes rows of {count} numbers or texts"
            raise DataError(Problem("wrong-input", message, hint="a CSV file with those columns"))
        x, said = read_picture(path, self.inputs, self.invert, self.fit, self.older)
        return Block(name, None, x[None], said)

    def _read_arrays(self, path: Path, name: str) -> Iterator[Block]:
        if self.columns is not None:
            message = f"{name} is an npz file, and the run takes a table of {len(self.columns.features)} columns"
            raise DataError(Problem("wrong-input", message, hint="a CSV file with those columns"))
        chosen = self._choose_array(npz.list_names(path, None), name)
        shape, wanted = npz.read_headers(path, [chosen], None)[chosen].shape, self.inputs.shape
        if shape == wanted or (len(shape) and shape[1:] != wanted and not _match(shape[1:], self)):
            message = f"{chosen} in {name} has the shape {shape}, expected (n, {', '.join(map(str, wanted))})"
            raise DataError(Problem("wrong-input", message, hint="the first axis counts the examples"))
        first = 1
        for block in npz.read_blocks(path, chosen, BLOCK, None):
            rows = range(first, first + len(block))
            yield Block(name, rows, *convert_examples(block, self.inputs, name, rows))
            first += len(block)

    def _choose_array(self, held: list[str], name: str) -> str:
        wanted = [self.array] if self.array else [each for each in held if each.lower() in _NAMES]
        wanted = sorted(wanted, key=lambda each: _NAMES.index(each.lower()) if each.lower() in _NAMES else 0)
        if wanted and wanted[0] in held:
            return wanted[0]
        if (usual := find_examples(held)) is not None or len(held) == 1:
            return usual or held[0]
        message = f"{name} holds {', '.join(held) or 'no arrays'}, expected the examples as x"
        raise DataError(Problem("missing-array", message, hint="`numpy.savez(path, x=...)`"))

    def _read_table(self, path: Path, name: str) -> Iterator[Block]:
        if self.columns is not None:
            table = (self.columns, self.missing, BLOCK, self.beside, self.older)
            for x, said, lines in encode_rows(path, self.written, *table):
                yield Block(name, lines, x, said)
            return
        for numbers, told, lines in read_numbers(path, self.written, int(np.prod(self.inputs.shape)), BLOCK):
            x, said = convert_examples(numbers, self.inputs, name, lines)
            yield Block(name, lines, x, (*told, *said))


def _match(shape: tuple[int, ...], reading: Reading) -> bool:
    """Whether two shapes differ by an axis of one channel, or by flattening alone."""
    return int(np.prod(shape)) == int(np.prod(reading.inputs.shape))


def _read_start(path: Path, name: str) -> bytes:
    """The first bytes of a file.

    Raises:
        DataError: it cannot be read, or is empty.
    """
    try:
        with open_regular(path) as file:
            start = file.read(4096)
    except OSError as error:
        raise DataError(Problem("unreadable-data", f"{name} cannot be read: {error.strerror}")) from None
    if not start:
        raise DataError(Problem("no-examples", f"{name} is empty, expected a picture, an npz file or a table"))
    return start

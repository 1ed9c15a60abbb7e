"""Columns that grow by a block of texts at a time: of numbers as long as all are numbers, else of texts."""

from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from operator import itemgetter
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.resolution import find_coarse
from nnctl.data.tables.words import merge_words, parse_number

Numbers = NDArray[Any]
"""Float32, or float64 where that may lose different numbers."""
_LARGEST = float(np.finfo(np.float32).max)
_NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """A column of texts: the index of each row's text among `words`, int32 of shape (n,), -1 where it is missing.

    `absent` are the texts that stood for what is missing, beside none at all.
    """

    codes: NDArray[np.int32]
    words: tuple[str, ...]
    absent: tuple[str, ...] = ()

    def merge(self, alone: bool = False) -> "Texts":
        """The column with words that mean the same as one: `nnctl.data.tables.words.merge_words`."""
        codes, words = merge_words(self.words, alone)
        if words == self.words:
            return self
        return Texts(np.array([*codes, -1], np.int32)[self.codes], words, self.absent)

    def take(self, rows: NDArray[np.int64]) -> "Texts":
        """Some of the rows, and the words that these have."""
        codes = self.codes[rows]
        used = np.unique(codes[codes >= 0])
        places = np.full(len(self.words) + 1, -1, np.int32)  # the last is that of -1
        places[used] = np.arange(len(used), dtype=np.int32)
        return Texts(places[codes], tuple(self.words[each] for each in used), self.absent)

    def find_first(self, chosen: NDArray[np.bool_]) -> int:
        """The first row that has one of the words which are True in `chosen`, of shape (words,)."""
        return int(np.argmax(np.append(chosen, False)[self.codes]))


class _Block(NamedTuple):
    """Some rows of columns of numbers: their places, float32 of shape (rows, places); and those that it may lose some of."""

    places: NDArray[np.int64]
    values: NDArray[np.float32]
    coarse: NDArray[np.int64]
    exact: NDArray[np.float64]


class GrowingNumbers:
    """Columns of numbers, that grow together: of many columns a block has few rows, and work for each would be most of all.

    Args:
        places: where they stand in a row.
        missing: the texts that stand for a missing value.
        refuse: called with the place, the row (from 0) and the value of the first number that is not finite as float32.
    """

    def __init__(
        self, places: Sequence[int], missing: Collection[str], refuse: Callable[[int, int, float], NoReturn]
    ) -> None:
        self.places, self.missing, self.refuse = np.array(sorted(places), np.int64), missing, refuse
        self.coded = [number for text in missing if (number := parse_number(text)) is not None]
        self.blocks: list[_Block] = []
        self.count = 0

    def add(self, rows: Sequence[Sequence[str]]) -> list[int]:
        """Takes a block of rows; the answer is the places where a text is no number, which are left from here on."""
        values, taken = self._parse_rows(rows)
        left: list[int] = self.places[~taken].tolist()
        self.places, values = self.places[taken], values if taken.all() else values[:, taken]
        if self.coded:
            values[np.isin(values, self.coded)] = np.nan
        faults = np.abs(values) > _LARGEST
        if faults.any():
            column = int(np.argmax(faults.any(axis=0)))
            row = int(np.argmax(faults[:, column]))
            self.refuse(int(self.places[column]), self.count + row, float(values[row, column]))
        coarse = find_coarse(values)
        self.blocks.append(_Block(self.places, values.astype(np.float32), self.places[coarse], values[:, coarse]))
        self.count += len(values)
        return left

    def join(self) -> dict[int, Numbers]:
        """All blocks of the columns that are left, by their places: each of shape (n,), NaN for what is missing."""
        joined = np.empty((len(self.places), self.count), np.float32)
        coarse = np.zeros(1 + int(self.places.max(initial=-1)), np.bool_)
        start = 0
        for block in self.blocks:
            same = block.places.size == self.places.size  # in the first blocks some were left later
            held = block.values if same else block.values[:, np.isin(block.places, self.places)]
            joined[:, start : start + len(held)] = held.T
            start += len(held)
            coarse[block.coarse[block.coarse < len(coarse)]] = True
        wide = self.places[coarse[self.places]]
        found: dict[int, Numbers] = dict(zip(self.places.tolist(), joined, strict=True))
        return found | dict(zip(wide.tolist(), self._join_wide(wide, joined[coarse[self.places]]), strict=True))

    def _join_wide(self, wide: NDArray[np.int64], joined: NDArray[np.float32]) -> NDArray[np.float64]:
        """Of the columns of which float32 may lose some numbers, in some block, the numbers: of shape (columns, n)."""
        found, start = joined.astype(np.float64), 0
        for block in self.blocks:
            held = np.isin(block.coarse, wide)
            stop = start + len(block.values)
            found[np.searchsorted(wide, block.coarse[held]), start:stop] = block.exact.T[held]
            start = stop
        return found

    def _parse_rows(self, rows: Sequence[Sequence[str]]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The numbers, of shape (rows, places), and at which places there is nothing else."""
        pick, width = make_picker(self.places.tolist()), len(self.places)
        picked, taken = list(map(pick, rows)), np.ones(width, np.bool_)
        try:
            return self._parse_plain(picked).reshape(len(rows), width), taken
        except ValueError:
            pass  # one is missing, or no number
        values = np.full((len(rows), width), np.nan)
        places, pick = np.arange(width), make_picker(range(width))
        for at, row in enumerate(picked):
            found = self._parse_row(pick(row))
            if None in found:  # what has proved to be a text is looked at no more
                taken[places] = fine = np.array([number is not None for number in found])
                places, found = places[fine], [number for number in found if number is not None]
                pick = make_picker(places.tolist())
            values[at, places] = found
        return values, taken

    def _parse_row(self, row: Sequence[str]) -> list[float | None]:
        """A row's numbers, NaN for what is missing and None for what is none."""
        try:
            found: list[float | None] = self._parse_plain([row]).tolist()
            return found
        except ValueError:
            bare, missing = [text.strip() for text in row], self.missing
            return [_NAN if text in missing else parse_number(text) for text in bare]

    @staticmethod
    def _parse_plain(rows: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """The numbers of rows that hold nothing else; ValueError if they do."""
        if any("_" in text for text in map("".join, rows)):
            raise ValueError("1_000 is no number")
        count = sum(map(len, rows))
        return np.fromiter(map(float, chain.from_iterable(rows)), np.float64, count)


def make_picker(places: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """What picks the values at some places out of a row, in this order."""
    first = places[0] if places else 0
    if list(places) == list(range(first, first + len(places))):
        return itemgetter(slice(first, first + len(places)))
    return itemgetter(*places)


class GrowingTexts:
    """A column of texts.

    Args:
        missing: the texts that stand for a missing value.
    """

    def __init__(self, missing: Collection[str]) -> None:
        self.index = dict.fromkeys(missing, -1)
        self.reserved = len(self.index)
        self.codes = array("i")  # of every row, at four bytes each
        self.absent: set[str] = set()
        self.size = 0  # characters of its different texts

    def add(self, texts: Sequence[str]) -> None:
        """Takes a block."""
        index, reserved, before = self.index, self.reserved, len(self.index)
        codes = [index.setdefault(text.strip(), len(index) - reserved) for text in texts]
        self.codes.extend(codes)
        self.size += sum(map(len, islice(reversed(index), len(index) - before)))
        if min(codes, default=0) < 0:
            self.absent.update(text.strip() for text, code in zip(texts, codes, strict=True) if code < 0)

    def join(self) -> Texts:
        """All blocks."""
        absent = tuple(sorted(self.absent - {""}))
        return Texts(np.array(self.codes, np.int32), tuple(self.index)[self.reserved :], absent)

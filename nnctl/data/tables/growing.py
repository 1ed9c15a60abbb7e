"""Columns that grow by a block of texts at a time: of numbers as long as all are numbers, else of texts."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.resolution import narrow
from nnctl.data.tables.words import merge_words, parse_number

Numbers = NDArray[Any]
"""Float32, or float64 where that may lose different numbers."""
_LARGEST = float(np.finfo(np.float32).max)


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


class GrowingNumbers:
    """A column of numbers.

    Args:
        missing: the texts that stand for a missing value.
        refuse: called with the row (from 0) and the value of the first number that is not finite as float32.
    """

    def __init__(self, missing: Collection[str], refuse: Callable[[int, float], NoReturn]) -> None:
        self.missing, self.refuse = missing, refuse
        self.coded = [number for text in missing if (number := parse_number(text)) is not None]
        self.blocks: list[Numbers] = []
        self.count = 0

    def add(self, texts: Sequence[str]) -> bool:
        """Takes a block, or leaves it if one of its texts is no number; the answer is whether it was taken."""
        values = self._parse_values(texts)
        if values is None:
            return False
        if self.coded:
            values[np.isin(values, self.coded)] = np.nan
        faults = np.abs(values) > _LARGEST
        if faults.any():
            row = int(np.argmax(faults))
            self.refuse(self.count + row, float(values[row]))
        self.blocks.append(narrow(values))
        self.count += len(values)
        return True

    def join(self) -> Numbers:
        """All blocks: of shape (n,), NaN for what is missing."""
        return np.concatenate(self.blocks)

    def _parse_values(self, texts: Sequence[str]) -> NDArray[np.float64] | None:
        try:
            if "_" not in "".join(texts):
                return np.array(list(map(float, texts)), np.float64)
        except ValueError:
            pass  # one is missing, or no number
        bare = [text.strip() for text in texts]
        found = [float("nan") if text in self.missing else parse_number(text) for text in bare]
        return None if None in found else np.array(found, np.float64)


class GrowingTexts:
    """A column of texts.

    Args:
        missing: the texts that stand for a missing value.
    """

    def __init__(self, missing: Collection[str]) -> None:
        self.index = dict.fromkeys(missing, -1)
        self.reserved = len(self.index)
        self.blocks: list[NDArray[np.int32]] = []
        self.absent: set[str] = set()
        self.size = 0  # characters of its different texts

    def add(self, texts: Sequence[str]) -> bool:
        """Takes a block; the answer is True, as of a column of numbers that takes one."""
        index, reserved, before = self.index, self.reserved, len(self.index)
        codes = [index.setdefault(text.strip(), len(index) - reserved) for text in texts]
        self.blocks.append(np.array(codes, np.int32))
        self.size += sum(map(len, islice(reversed(index), len(index) - before)))
        if min(codes, default=0) < 0:
            self.absent.update(text.strip() for text, code in zip(texts, codes, strict=True) if code < 0)
        return True

    def join(self) -> Texts:
        """All blocks."""
        absent = tuple(sorted(self.absent - {""}))
        return Texts(np.concatenate(self.blocks), tuple(self.index)[self.reserved :], absent)

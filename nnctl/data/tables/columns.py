"""What is learned of a table's columns from the training examples, and how the columns become numbers by it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl import bounds
from nnctl.data.arrays.resolution import find_lost
from nnctl.data.memory.available import afford
from nnctl.data.source import Pair
from nnctl.data.tables.feature import Feature, dump_feature, fill, learn_feature, parse_feature
from nnctl.errors import DataError, Place, Problem
from nnctl.files import read_kept
from nnctl.spelling import compose, find_nearest, format_names

MOST_CATEGORIES = 1_000  # of one column: more are names or numbers of things, each of them seen once
# Whole numbers above are not all float32's, in which a table is held.
MOST_VECTORS = 1 << 24
_BLOCK = 1 << 22  # values that are looked at in one go


@dataclass(frozen=True, slots=True)
class Columns:
    """What was learned of all columns that a network gets, in the order in which it gets them: embedded ones last."""

    features: tuple[Feature, ...]

    @property
    def width(self) -> int:
        """How many numbers an example becomes."""
        return sum(feature.width for feature in self.features)

    @property
    def outputs(self) -> int:
        """How many numbers the network's first layer gets: as many, but for each embedded column its vector."""
        return sum(feature.outputs for feature in self.features)

    @property
    def embedded(self) -> tuple[Feature, ...]:
        """The columns that are embedded: the last ones, of which each is one number, an index."""
        return tuple(feature for feature in self.features if feature.embed is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each number that an example becomes."""
        return tuple(name for feature in self.features for name in feature.names)

    @property
    def numeric(self) -> NDArray[np.bool_]:
        """Of shape (width,): which of these numbers stand for no category."""
        flags = [np.full(feature.width, feature.categories is None) for feature in self.features]
        return np.concatenate(flags)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of these numbers: float32, or float64 where that loses different ones."""
        return np.dtype(np.float64 if any(feature.wide for feature in self.features) else np.float32)

    def encode(self, pair: Pair, place: Place | None, exact: bool = False) -> NDArray[Any]:
        """The examples of a table as the network gets them.

        Args:
            pair: the table as it was read; its columns are found by name and may stand in any order.
            place: where errors are shown.
            exact: whether a category is known in its own form alone: `nnctl.data.tables.words.Known`.

        Returns:
            Of shape (n, width) and the type `dtype`.

        Raises:
            DataError: a column is missing, or holds texts where training has numbers or the reverse; or the result does
                not fit into memory.
        """
        stored = {column.name: index for index, column in enumerate(pair.columns or ())}
        afford(pair.x_name, self.dtype.itemsize * len(pair.x) * self.width, place)
        encoded = np.zeros((len(pair.x), self.width), self.dtype)
        start = 0
        for feature in self.features:
            index = _find_index(feature, stored, pair, place)
            view = encoded[:, start : start + feature.width]
            fill(view, feature, pair.x[:, index], pair.columns[index], exact)  # type: ignore[index]
            start += feature.width
        return encoded

    def dump(self) -> str:
        """As JSON, a line a column; `parse_columns` reads it back, every number bit for bit."""
        return "[\n" + ",\n".join(f"  {dump_feature(each)}" for each in self.features) + "\n]\n"


def learn_columns(pair: Pair, rows: NDArray[np.int64], place: Place | None) -> Columns:
    """What the training examples tell of each column of a table.

    Args:
        pair: the table that the training examples are cut from.
        rows: their rows in it.
        place: where errors are shown.

    Raises:
        DataError: a column of the table holds no value at all, or more than 1,000 different texts that are not embedded.
    """
    columns = pair.columns or ()
    for index, column in enumerate(columns):
        most = MOST_CATEGORIES if column.embed is None else MOST_VECTORS - 1
        if column.words is not None and len(column.words) > most:
            message = f"has {len(column.words):,} different texts, more than {most:,} categories"
            raise DataError(_explain_unlearnable("too-many-categories", pair, column.name, message, place))
        if np.isnan(pair.x[:, index]).all():
            raise DataError(_explain_unlearnable("empty-column", pair, column.name, "holds no value", place))
    many = max(1, _BLOCK // max(1, len(rows)))  # columns that are looked at in one go
    starts = range(0, len(columns), many)
    lost = np.concatenate([find_lost(pair.x[rows, start : start + many]) for start in starts]).tolist()
    found = [learn_feature(each, pair.x[rows, at], lost[at]) for at, each in enumerate(columns)]
    return Columns(tuple(sorted(found, key=lambda feature: feature.embed is not None)))


def read_columns(path: Path) -> Columns | None:
    """What a run on a table has learned of its columns; None where there is no such file: the run is on something else.

    Raises:
        RunError: the file cannot be read.
        DataError: it says something else.
    """
    return read_kept(path, bounds.TABLE_COLUMNS, parse_columns)


def parse_columns(text: str) -> Columns:
    """What `Columns.dump` has written.

    Raises:
        DataError: the text is something else.
    """
    try:
        features = tuple(parse_feature(entry) for entry in json.loads(text))
        if not features:
            raise ValueError("a table without columns")
        return Columns(features)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        hint = "it is written by `nnctl train`; put the run's own file back"
        raise DataError(Problem("bad-columns", "the columns are not as nnctl writes them", hint=hint)) from None


def _explain_unlearnable(code: str, pair: Pair, name: str, message: str, place: Place | None) -> Problem:
    more = f", or learn a vector for each: `embed: [{name}]`" if code == "too-many-categories" else ""
    return Problem(code, f"{pair.x_name}, column {name!r} {message}", place, f"leave it out: `ignore: [{name}]`{more}")


def _find_index(feature: Feature, stored: Mapping[str, int], pair: Pair, place: Place | None) -> int:
    name = compose(feature.name)  # of an older run it may be decomposed
    if name not in stored:
        near = find_nearest(feature.name, stored)
        hint = f"is it {near!r}?" if near else f"its columns are {format_names(list(stored))}"
        raise DataError(
            Problem("missing-column", f"{pair.x_name} has no column {feature.name!r}, training has", place, hint)
        )
    column = pair.columns[stored[name]]  # type: ignore[index]
    if (column.words is None) != (feature.categories is None) and not np.isnan(pair.x[:, stored[name]]).all():
        mine, theirs = ("numbers", "texts") if column.words is None else ("texts", "numbers")
        message = f"{pair.x_name}, column {feature.name!r} holds {mine}, in training it holds {theirs}"
        raise DataError(
            Problem("splits-differ", message, place, "columns of one name must hold the same kind of value")
        )
    return stored[name]

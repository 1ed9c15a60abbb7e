"""What is learned of a table's columns from the training examples, and how the columns become numbers by it.

A column of numbers stays one; what is missing takes the median. A column of categories becomes a column of zeros and ones
for each category (one-hot); what is missing is a category of its own. A category that training has not is all zeros.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.layout import shown
from nnctl.data.memory import afford
from nnctl.data.source import Pair, StoredColumn
from nnctl.errors import DataError, Place, Problem
from nnctl.registry import nearest

MOST_CATEGORIES = 1_000  # of one column: more are names or numbers of things, each of them seen once
MISSING = ""  # the category of what is missing: no text of a file is empty without being missing


@dataclass(frozen=True, slots=True)
class Feature:
    """What is learned of one column.

    Attributes:
        name: the column's name.
        fill: what a missing number becomes, the median of the training examples; None for categories.
        categories: the texts that the training examples have, sorted, `MISSING` first; None for numbers.
        missing: how many training examples have no value.
    """

    name: str
    fill: float | None = None
    categories: tuple[str, ...] | None = None
    missing: int = 0

    @property
    def width(self) -> int:
        """How many columns it becomes."""
        return 1 if self.categories is None else len(self.categories)


@dataclass(frozen=True, slots=True)
class Columns:
    """What was learned of all columns that a network gets, in the order in which it gets them."""

    features: tuple[Feature, ...]

    @property
    def width(self) -> int:
        """How many numbers an example becomes."""
        return sum(feature.width for feature in self.features)

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each of these numbers: `age`, `sex=female`."""
        return tuple(
            name if category is None else f"{name}={category or '(missing)'}"
            for name, category in (
                (feature.name, category) for feature in self.features for category in feature.categories or (None,)
            )
        )

    @property
    def one_hot(self) -> NDArray[np.bool_]:
        """Of shape (width,): which of these numbers are zeros and ones of a category."""
        flags = [np.full(feature.width, feature.categories is not None) for feature in self.features]
        return np.concatenate(flags)

    def encode(self, pair: Pair, place: Place | None) -> NDArray[np.float32]:
        """The examples of a table as the network gets them.

        Args:
            pair: the table as it was read; its columns are found by name and may stand in any order.
            place: where errors are shown.

        Returns:
            float32 of shape (n, width).

        Raises:
            DataError: a column is missing, or holds texts where training has numbers or the reverse; or the result does
                not fit into memory.
        """
        stored = {column.name: index for index, column in enumerate(pair.columns or ())}
        afford(pair.x_name, 4 * len(pair.x) * self.width, place)
        encoded = np.zeros((len(pair.x), self.width), np.float32)
        start = 0
        for feature in self.features:
            index = _index(feature, stored, pair, place)
            _fill(encoded[:, start : start + feature.width], feature, pair.x[:, index], pair.columns[index])  # type: ignore[index]
            start += feature.width
        return encoded

    def dump(self) -> str:
        """As JSON, a line a column; `parse` reads it back, every number bit for bit."""
        return (
            "[\n" + ",\n".join(f"  {json.dumps(_plain(each), ensure_ascii=False)}" for each in self.features) + "\n]\n"
        )


def learn(pair: Pair, rows: NDArray[np.int64], place: Place | None) -> Columns:
    """What the training examples tell of each column of a table.

    Args:
        pair: the table that the training examples are cut from.
        rows: their rows in it.
        place: where errors are shown.

    Raises:
        DataError: a column of the table holds no value at all, or more than 1,000 different texts.
    """
    columns = pair.columns or ()
    for index, column in enumerate(columns):
        if column.words is not None and len(column.words) > MOST_CATEGORIES:
            message = f"has {len(column.words):,} different texts, more than {MOST_CATEGORIES:,} categories"
            raise DataError(_unlearnable("too-many-categories", pair, column.name, message, place))
        if np.isnan(pair.x[:, index]).all():
            raise DataError(_unlearnable("empty-column", pair, column.name, "holds no value", place))
    return Columns(tuple(_learned(column, pair.x[rows, index]) for index, column in enumerate(columns)))


def parse(text: str) -> Columns:
    """What `Columns.dump` has written.

    Raises:
        DataError: the text is something else.
    """
    try:
        return Columns(tuple(_feature(entry) for entry in json.loads(text)))
    except (ValueError, TypeError, KeyError, AttributeError):
        hint = "it is written by `nnctl train`; put the run's own file back"
        raise DataError(Problem("bad-columns", "the columns are not as nnctl writes them", hint=hint)) from None


def _unlearnable(code: str, pair: Pair, name: str, message: str, place: Place | None) -> Problem:
    return Problem(code, f"{pair.x_name}, column {name!r} {message}", place, f"leave it out: `ignore: [{name}]`")


def _learned(column: StoredColumn, x: NDArray[np.float32]) -> Feature:
    absent = np.isnan(x)
    missing, present = int(absent.sum()), x[~absent]
    if column.words is None:
        # A subset may hold no value of a column: any number will do where all are equal.
        fill = float(np.float32(np.median(present))) if len(present) else 0.0
        return Feature(column.name, fill, None, missing)
    seen = sorted(column.words[index] for index in np.unique(present).astype(int))
    return Feature(column.name, None, (MISSING, *seen) if missing or not seen else tuple(seen), missing)


def _index(feature: Feature, stored: Mapping[str, int], pair: Pair, place: Place | None) -> int:
    if feature.name not in stored:
        near = nearest(feature.name, stored)
        hint = f"is it {near!r}?" if near else f"its columns are {shown(list(stored))}"
        raise DataError(
            Problem("missing-column", f"{pair.x_name} has no column {feature.name!r}, training has", place, hint)
        )
    column = pair.columns[stored[feature.name]]  # type: ignore[index]
    if (column.words is None) != (feature.categories is None) and not np.isnan(pair.x[:, stored[feature.name]]).all():
        mine, theirs = ("numbers", "texts") if column.words is None else ("texts", "numbers")
        message = f"{pair.x_name}, column {feature.name!r} holds {mine}, in training it holds {theirs}"
        raise DataError(
            Problem("splits-differ", message, place, "columns of one name must hold the same kind of value")
        )
    return stored[feature.name]


def _fill(encoded: NDArray[np.float32], feature: Feature, values: NDArray[np.float32], column: StoredColumn) -> None:
    """Writes a column's numbers, or its zeros and ones, into `encoded`, which is a view of shape (n, width) of zeros."""
    if feature.categories is None:
        encoded[:, 0] = np.where(np.isnan(values), np.float32(feature.fill or 0.0), values)
        return
    known = {category: index for index, category in enumerate(feature.categories)}
    # The last entry is that of what is missing, which the index -1 finds.
    places = np.array([known.get(word, -1) for word in (*(column.words or ()), MISSING)])
    found = places[np.nan_to_num(values, nan=-1.0).astype(np.int64)]
    rows = np.flatnonzero(found >= 0)
    encoded[rows, found[rows]] = 1


def _plain(feature: Feature) -> dict[str, Any]:
    learned = {"fill": feature.fill} if feature.categories is None else {"categories": list(feature.categories)}
    return {"name": feature.name, **learned, "missing": feature.missing}


def _feature(entry: Mapping[str, Any]) -> Feature:
    name, missing = entry["name"], entry["missing"]
    if not isinstance(name, str) or type(missing) is not int:
        raise TypeError(name)
    if "fill" in entry:
        return Feature(name, float(entry["fill"]), None, missing)
    if not all(isinstance(each, str) for each in entry["categories"]):
        raise TypeError(name)
    return Feature(name, None, tuple(entry["categories"]), missing)

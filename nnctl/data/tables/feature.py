"""What is learned of one column of a table, and how its values become numbers by it.

A column of numbers stays one; what is missing takes the median. A column of categories becomes a column of zeros and ones
for each category (one-hot), what is missing being a category of its own, and a category that training has not all zeros. Or
it is embedded: it becomes one column of indices, and the network learns a vector for each index.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.resolution import find_lost
from nnctl.data.source import StoredColumn
from nnctl.data.tables.words import Known

MISSING = ""  # the category of what is missing: no text of a file is empty without being missing


@dataclass(frozen=True, slots=True)
class Feature:
    """What is learned of one column.

    Attributes:
        name: the column's name.
        fill: what a missing number becomes, the median of the training examples; None for categories.
        categories: the texts that the training examples have, sorted; of zeros and ones `MISSING` first, if any is; None
            for numbers.
        missing: how many training examples have no value.
        embed: the width of the vector that the network learns for each category; None for zeros and ones.
        unit: what stands around its numbers, where these are dressed: `nnctl.data.tables.dressed`; else None.
        wide: whether its numbers are held as float64, because float32 loses different ones of training.
    """

    name: str
    fill: float | None = None
    categories: tuple[str, ...] | None = None
    missing: int = 0
    embed: int | None = None
    unit: str | None = None
    wide: bool = False

    @property
    def width(self) -> int:
        """How many columns it becomes."""
        return 1 if self.categories is None or self.embed is not None else len(self.categories)

    @property
    def outputs(self) -> int:
        """How many numbers it becomes in front of the network's first layer."""
        return self.width if self.embed is None else self.embed

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each of its columns: `age`, `sex=female`, `city (as 8 numbers)`."""
        if self.embed is not None:
            return (f"{self.name} (as {self.embed} {'number' if self.embed == 1 else 'numbers'})",)
        if self.categories is None:
            return (self.name,)
        return tuple(f"{self.name}={category or '(missing)'}" for category in self.categories)

    @property
    def vectors(self) -> int:
        """How many vectors the network learns: one for each category, and one for what is missing or new."""
        return 0 if self.embed is None else len(self.categories or ()) + 1


def compute_embedding_width(vectors: int) -> int:
    """The width of an embedding of which nothing is said: min(600, round(1.6 n^0.56)), n counting the vectors.

    fastai's `emb_sz_rule`, https://github.com/fastai/fastai/blob/master/fastai/tabular/model.py, found by trial there; its n
    counts the one vector for what is missing or new, as here.
    """
    return min(600, round(1.6 * math.pow(vectors, 0.56)))


def learn_feature(column: StoredColumn, x: NDArray[Any], wide: bool | None = None) -> Feature:
    """What the training examples tell of a column.

    Args:
        column: the column.
        x: its values, of shape (n,), NaN for what is missing.
        wide: whether float32 loses different ones of its numbers, where that is known.
    """
    absent = np.isnan(x)
    missing, present = int(absent.sum()), x[~absent]
    if column.words is None:
        # A subset may hold no value of a column: any number will do where all are equal.
        wide = bool(find_lost(present).all()) if wide is None else wide
        present = present if wide else present.astype(np.float32)
        median = np.median(present) if len(present) else 0.0
        return Feature(
            column.name, float(median if wide else np.float32(median)), None, missing, unit=column.unit, wide=wide
        )
    seen = tuple(sorted(column.words[index] for index in np.unique(present).astype(int)))
    if column.embed is not None:
        return Feature(column.name, None, seen, missing, column.embed or compute_embedding_width(len(seen) + 1))
    return Feature(column.name, None, (MISSING, *seen) if missing or not seen else seen, missing)


def fill(
    encoded: NDArray[Any],
    feature: Feature,
    values: NDArray[Any],
    column: StoredColumn,
    exact: bool = False,
) -> None:
    """Writes a column's numbers, its indices, or its zeros and ones, into `encoded`.

    Args:
        encoded: a view of zeros, of shape (n, width).
        feature: what was learned of the column.
        values: the values, of shape (n,), NaN for what is missing.
        column: what they stand for.
        exact: whether a category is known in its own form alone, as `nnctl.data.tables.words.Known` has it.
    """
    if feature.categories is None:
        held = values if feature.wide else values.astype(np.float32)
        encoded[:, 0] = np.where(np.isnan(held), held.dtype.type(feature.fill or 0.0), held)
        return
    found = find_categories(feature, values, column, exact)
    if feature.embed is not None:
        encoded[:, 0] = np.maximum(found, 0)
        return
    rows = np.flatnonzero(found >= 0)
    encoded[rows, found[rows]] = 1


def find_known(feature: Feature, exact: bool = False) -> Known:
    """A column's categories as words that are known; `exact` is `fill`'s."""
    return _make_known(feature.categories or (), exact)


@lru_cache(maxsize=256)
def _make_known(categories: tuple[str, ...], exact: bool) -> Known:
    return Known(categories, exact)


def find_categories(
    feature: Feature, values: NDArray[np.float32], column: StoredColumn, exact: bool = False
) -> NDArray[np.int64]:
    """The index of each value's category, int64 of shape (n,); -1 for what training has not. The arguments are `fill`'s."""
    known, first = find_known(feature, exact), 0 if feature.embed is None else 1
    found = np.array([known.find(word) for word in (*(column.words or ()), MISSING)], np.int64)
    places = np.where(found < 0, -1, found + first)
    # The last entry is that of what is missing, which the index -1 finds.
    return np.asarray(places[np.nan_to_num(values, nan=-1.0).astype(np.int64)])


def dump_feature(feature: Feature) -> str:
    """A feature as a line of JSON; `parse_feature` takes it back, every number bit for bit."""
    told: dict[str, Any] = {"name": feature.name}
    told |= {"fill": feature.fill} if feature.categories is None else {"categories": list(feature.categories)}
    told |= {} if feature.embed is None else {"embed": feature.embed}
    told |= {} if feature.unit is None else {"unit": feature.unit}
    told |= {"wide": True} if feature.wide else {}
    return json.dumps({**told, "missing": feature.missing}, ensure_ascii=False)


def parse_feature(entry: Mapping[str, Any]) -> Feature:
    """What `dump_feature` has written, read as JSON; anything else raises ValueError, TypeError or KeyError."""
    name, missing, embed, unit = entry["name"], entry["missing"], entry.get("embed"), entry.get("unit")
    if not isinstance(name, str) or type(missing) is not int or not (unit is None or isinstance(unit, str)):
        raise TypeError(name)
    if "fill" in entry:
        return Feature(name, float(entry["fill"]), None, missing, unit=unit, wide=entry.get("wide") is True)
    if not all(isinstance(each, str) for each in entry["categories"]) or not (embed is None or type(embed) is int):
        raise TypeError(name)
    return Feature(name, None, tuple(entry["categories"]), missing, embed)

"""Examples that stand twice: in one split, in two, or with different labels. Rows are compared by their bytes."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A table whose columns hold a handful of values each has equal rows by chance: truth tables, answers to questionnaires.
FEW_VALUES = 10


@dataclass(frozen=True, slots=True)
class Overlap:
    """What stands twice, as shares.

    Attributes:
        repeated: of the training examples, those that equal an earlier one.
        conflicting: of the training examples, those of which an equal one has another label.
        validation: of the validation examples, those that are in train; None without validation.
        test: of the test examples, those that are in train; None without test.
        test_rows: how many these are.
        expected: whether equal rows come about by chance, because there are few values to choose from.
    """

    repeated: float
    conflicting: float
    validation: float | None
    test: float | None
    test_rows: int
    expected: bool


def measure_overlap(
    train: tuple[NDArray[Any], NDArray[Any]], validation: NDArray[Any] | None, test: NDArray[Any] | None
) -> Overlap:
    """What stands twice.

    Args:
        train: examples of shape (n, ...) and their labels of shape (n, ...).
        validation: examples, or None.
        test: examples, or None.
    """
    x, y = train
    rows, labels = _hash_rows(x), [label.tobytes() for label in y]
    seen: dict[bytes, set[bytes]] = {}
    for row, label in zip(rows, labels, strict=True):
        seen.setdefault(row, set()).add(label)
    conflicting = sum(len(seen[row]) > 1 for row in rows) / len(rows)
    found = [None if split is None else [row in seen for row in _hash_rows(split)] for split in (validation, test)]
    shares = [None if hits is None else sum(hits) / max(1, len(hits)) for hits in found]
    return Overlap(1 - len(seen) / len(rows), conflicting, shares[0], shares[1], sum(found[1] or ()), _may_repeat(x))


def _hash_rows(rows: NDArray[Any]) -> list[bytes]:
    """Sixteen bytes that stand for each row; two different rows have the same with a chance of 2^-128."""
    return [blake2b(np.ascontiguousarray(row).data, digest_size=16).digest() for row in rows]


def _may_repeat(x: NDArray[Any]) -> bool:
    """Whether rows of these columns are bound to be equal at times."""
    flat = x.reshape(len(x), -1)
    if flat.shape[1] > 2 * FEW_VALUES:
        return False
    combinations = np.prod([float(len(np.unique(column))) for column in flat.T])
    return bool(combinations < FEW_VALUES * len(x))

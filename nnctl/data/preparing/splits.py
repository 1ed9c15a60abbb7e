"""How shares and subsets are cut: by class, with a seed of their own, or by time or group; the order of the rows kept.

The random numbers are raw 64-bit words of Philox, which NumPy promises not to change (NEP 19). `Generator.permutation`
has no such promise, and a split that changes with the version of NumPy would compare unlike with unlike.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.facts import count_portion
from nnctl.data.preparing.keyed import choose_groups, choose_last
from nnctl.data.preparing.row_keys import RowKeys
from nnctl.data.source import find_place
from nnctl.errors import DataError, Problem
from nnctl.spec.sections import Data

Rows = NDArray[np.int64]

# The second word of Philox's key: each purpose draws from a stream of its own.
TEST, SUBSET, VALIDATION, SUBSET_OF_TEST, SUBSET_OF_VALIDATION = range(1, 6)


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The rows of the training examples that go to each split, ascending; None for a split from elsewhere."""

    train: Rows
    validation: Rows | None
    test: Rows | None


def split_rows(y: NDArray[Any], data: Data, test_share: float | None, keys: RowKeys | None = None) -> Cut:
    """Cuts the test share first, then the subset, then the validation share.

    By time the last rows are test, and the last that are left validation; by group both are whole groups. A subset is drawn from
    what test leaves, so that it changes neither.

    Args:
        y: the labels of the training examples; int32 of shape (n,) are stratified by, others are not.
        data: the section, for `validation`, `subset` and `split_seed`.
        test_share: the share that is cut for test, or None.
        keys: the time or group of each row, or None to cut by chance and class.

    Raises:
        DataError: a split would be empty, or, without a subset, a class would have no training example left.
    """
    strata, rows, seed = find_strata(y), np.arange(len(y), dtype=np.int64), data.split_seed
    test = validation = None
    if test_share is not None:
        test = _draw_share(strata, rows, test_share, data, "test", keys)
        rows = _remove_rows(rows, test)
    if data.subset is not None:
        rows = sample(strata, rows, data.subset, seed, SUBSET)
        test = None if test is None else sample(strata, test, data.subset, seed, SUBSET_OF_TEST)
    if isinstance(data.validation, (int, float)):
        validation = _draw_share(strata, rows, data.validation, data, "validation", keys)
        rows = _remove_rows(rows, validation)
    return Cut(rows, validation, test)


def sample(strata: NDArray[Any], rows: Rows, count: int, seed: int, purpose: int) -> Rows:
    """`count` of the rows, each class in its proportion; all of them if there are no more."""
    if count >= len(rows):
        return rows
    classes, counts = np.unique(strata[rows], return_counts=True)
    return _draw_rows(strata, rows, classes, compute_quotas(counts, count, counts), seed, purpose)


def find_strata(y: NDArray[Any]) -> NDArray[Any]:
    """What to stratify by: the classes, or one stratum for labels that are none."""
    return y if y.ndim == 1 and y.dtype.kind in "iu" else np.zeros(len(y), np.int32)


def compute_quotas(counts: NDArray[np.int64], wanted: int, most: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """How many of each class to take: the largest-remainder method (Hamilton's), equal remainders to the lower class.

    Args:
        counts: examples of each class.
        wanted: how many to take in all, fewer than there are.
        most: how many of each class may be taken, at least its share rounded down.

    Returns:
        int64 that sums to `wanted`, or None if `most` does not allow it.
    """
    floors, remainders = np.divmod(counts * wanted, counts.sum())
    open_ = np.flatnonzero(floors < most)
    missing = wanted - int(floors.sum())
    if missing > len(open_):
        return None
    chosen = open_[np.argsort(-remainders[open_], kind="stable")[:missing]]
    floors[chosen] += 1
    return floors


def _draw_share(
    strata: NDArray[Any], rows: Rows, share: float, data: Data, key: str, keys: RowKeys | None = None
) -> Rows:
    """The rows of a share that is cut from `rows`."""
    wanted = count_portion(len(rows), share)
    if wanted in (0, len(rows)):
        empty = key if wanted == 0 else "train"
        message = f"{key} is {share:g} of {len(rows):,} examples, which leaves {empty} empty"
        raise DataError(Problem("empty-split", message, find_place(data, key, "subset")))
    if keys is not None:
        return _draw_keyed(strata, rows, wanted, data, key, keys)
    classes, counts = np.unique(strata[rows], return_counts=True)
    # A subset is a smoke run and may miss classes; a whole data set may not.
    taken = compute_quotas(counts, wanted, counts - (data.subset is None))
    if taken is None:
        rare = int(classes[np.argmin(counts)])
        message = f"{key} is {share:g} of {len(rows):,} examples, which leaves class {rare} without a training example"
        raise DataError(Problem("empty-class", message, find_place(data, key), f"a smaller share than {share:g}"))
    return _draw_rows(strata, rows, classes, taken, data.split_seed, TEST if key == "test" else VALIDATION)


def _draw_keyed(strata: NDArray[Any], rows: Rows, wanted: int, data: Data, key: str, keys: RowKeys) -> Rows:
    """The last rows by time, or whole groups, as near to `wanted` of them as goes."""
    codes = keys.codes[rows]
    if len(np.unique(codes)) < 2:
        message = f"{keys.name} is the same in all {len(rows):,} rows that {key} is cut from"
        raise DataError(
            Problem("one-key", message, find_place(data, "split"), "cut a smaller share, or by another column")
        )
    purpose = TEST if key == "test" else VALIDATION
    chosen = (
        choose_last(codes, wanted) if keys.kind == "time" else choose_groups(codes, wanted, data.split_seed, purpose)
    )
    taken = rows[chosen]
    lost = np.setdiff1d(strata[taken], strata[rows[~chosen]])
    if len(lost) and data.subset is None:
        what = "the last rows" if keys.kind == "time" else "whole groups"
        message = f"{what} by {keys.name} for {key} leave class {int(lost[0])} without a training example"
        hint = "a smaller share" if keys.kind == "time" else "a smaller share, or another `split_seed`"
        raise DataError(Problem("empty-class", message, find_place(data, key, "split"), hint))
    return taken


def _draw_rows(
    strata: NDArray[Any], rows: Rows, classes: NDArray[Any], taken: NDArray[np.int64] | None, seed: int, purpose: int
) -> Rows:
    """As many rows of each of their classes as `taken` says, those with the smallest random words; ascending."""
    assert taken is not None
    words = np.random.Philox(key=np.array([seed, purpose], np.uint64)).random_raw(len(rows))
    strata, picked = strata[rows], []
    for each, count in zip(classes, taken, strict=True):
        own = np.flatnonzero(strata == each)
        picked.append(own[_find_smallest(words[own], int(count))])
    return rows[np.sort(np.concatenate(picked))]


def _find_smallest(words: NDArray[np.uint64], count: int) -> NDArray[np.intp]:
    """The places of the `count` smallest words; of equal ones those in front.

    What a stable sort puts first, without its second array and at a tenth of its time.
    """
    if count == 0:
        return np.empty(0, np.intp)
    limit = np.partition(words, count - 1)[count - 1]
    below = np.flatnonzero(words < limit)
    return np.concatenate((below, np.flatnonzero(words == limit)[: count - len(below)]))


def _remove_rows(rows: Rows, taken: Rows) -> Rows:
    """The rows that are not among the taken ones, both ascending."""
    kept = np.ones(int(rows[-1]) + 1, bool)
    kept[taken] = False
    return rows[kept[rows]]

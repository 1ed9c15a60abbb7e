"""Which rows are held out by time, the last ones, and which by group, all of some groups."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_BITS = 1 << 28  # of all sums that groups can make, remembered for each group: 32 MB


def choose_last(codes: NDArray[np.int64], wanted: int) -> NDArray[np.bool_]:
    """The last rows by time, as near to `wanted` as goes without parting equal times; of two as near the fewer.

    Args:
        codes: the rank of each row's time, int64 of shape (n,), of at least two values.
        wanted: how many rows to take, from 1 to n - 1.

    Returns:
        bool of shape (n,): at least one row True, at least one False.
    """
    times, counts = np.unique(codes, return_counts=True)
    behind = np.cumsum(counts[::-1])[::-1][1:]  # rows from each time on, but from the first
    best = int(np.argmin(np.abs(behind - wanted)[::-1]))  # the last times first, so that of equals the fewer are taken
    return np.asarray(codes >= times[1:][::-1][best])


def choose_groups(codes: NDArray[np.int64], wanted: int, seed: int, purpose: int) -> NDArray[np.bool_]:
    """Whole groups with as near to `wanted` rows as any of their sums is; of two as near the fewer rows.

    Which groups of those that make up this number is by chance: groups come in the order of raw words of Philox, as rows do
    elsewhere, and those that come first are taken wherever the number still can be reached.

    Args:
        codes: the group of each row, int64 of shape (n,), of at least two values.
        wanted: how many rows to take, from 1 to n - 1.
        seed: the seed of the split.
        purpose: the second word of Philox's key.

    Returns:
        bool of shape (n,): the rows of at least one group True, those of at least one False.
    """
    groups, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    words = np.random.Philox(key=np.array([seed, purpose], np.uint64)).random_raw(len(groups))
    order = np.argsort(words, kind="stable")
    taken = np.zeros(len(groups), np.bool_)
    taken[order[_pick(counts[order].tolist(), wanted)]] = True
    return taken[inverse]


def _pick(sizes: Sequence[int], wanted: int) -> list[int]:
    """The indices of sizes whose sum is nearest to `wanted`; not of all of them, and not of none."""
    first, left = _take_first(sizes, wanted)
    taken = sum(sizes[index] for index in first)
    rest = sorted({*range(len(sizes))} - {*first})
    picked = _pick_exactly([sizes[index] for index in rest], left, bool(first), sum(sizes) - taken)
    return [*first, *(rest[index] for index in picked)]


def _take_first(sizes: Sequence[int], wanted: int) -> tuple[list[int], int]:
    """The sizes to take without more ado, of so many that not all sums can be remembered; and what is wanted beside them."""
    room = _BITS // (2 * len(sizes))
    taken, left = [], wanted
    for index, size in enumerate(sizes):
        if left <= room:
            break
        if size <= left - room:
            taken.append(index)
            left -= size
    return taken, left


def _pick_exactly(sizes: Sequence[int], wanted: int, may_be_none: bool, total: int) -> list[int]:
    """Of all sums that some of the sizes make, the nearest: every sum that is reached stands for a bit of a whole number."""
    most = min(max(2 * wanted, min(sizes)), total - 1)
    kept = (1 << (most + 1)) - 1
    reached = [1]  # from the last size to the first: which sums those from it on can make
    for size in reversed(sizes):
        reached.append((reached[-1] | reached[-1] << size) & kept)
    reached.reverse()
    best = _find_nearest(reached[0], wanted, 0 if may_be_none else 1, most)
    picked = []
    for index, size in enumerate(sizes):
        if size <= best and reached[index + 1] >> (best - size) & 1:
            picked.append(index)
            best -= size
    return picked


def _find_nearest(reached: int, wanted: int, least: int, most: int) -> int:
    """The sum nearest to `wanted` whose bit is set; of two as near the smaller."""
    near = (total for apart in range(most + 1) for total in (wanted - apart, wanted + apart))
    return next(total for total in near if least <= total <= most and reached >> total & 1)

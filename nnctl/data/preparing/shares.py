"""Labels that are shares: of classes, as a teacher's probabilities or mixed labels are, or of a yes.

Arithmetic leaves crumbs in them, and whoever writes them rounds them, so that they need not sum to 1 exactly. They are used as
they are stored: a loss gets the numbers that were written down.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.dataset import YES
from nnctl.data.memory.on_disk import read_blocks
from nnctl.data.source import Pair

_CRUMB = 1e-6  # eight times the distance of float32 at 1: what normalising leaves beyond 0 and 1
# The coarsest type that teachers answer in is bfloat16, which is off by up to 2^-9 of a number: each share is, and the sum by
# which it was divided. Float16 is off by 2^-11.
_COARSEST = 2.0**-8
_DIGITS = (1, 2, 3, 4, 5)  # behind the point of a text; six and more are finer than what arithmetic leaves
_MOST_OFF = 0.25  # however many shares were rounded: without a quarter of it nothing is a whole
_BLOCK = 1 << 20  # values widened to float64 at a time
_ROWS = 1_000  # that tell whether labels follow their examples, or are no shares
_FOLLOWS = 0.5  # the correlation: with a quarter of their variance in common, labels are examples over again


def find_shares(y: NDArray[Any]) -> NDArray[np.bool_]:
    """Which rows are shares of a whole: numbers from 0 to 1 that sum to 1, as far as they were written down.

    A sum may be off by 2^-8, or by half a unit of the last digit for each share, if all are written with few.

    Args:
        y: of shape (n, k), numbers.

    Returns:
        bool of shape (n,).
    """
    inside = np.concatenate([_lie_inside(block).all(axis=1) for block in read_blocks(y, _BLOCK)])
    sums = np.concatenate([block.sum(axis=1, dtype=np.float64) for block in read_blocks(y, _BLOCK)])
    off = np.where(inside, np.abs(sums - 1), np.inf)
    if (off <= _COARSEST).all():
        return off <= _COARSEST
    return np.asarray(off <= max(_COARSEST, _find_rounding(y)))


def are_shares(y: NDArray[Any]) -> bool:
    """Whether all rows are shares of a whole, as `find_shares` tells; most numbers that are none show it in a few rows."""
    return bool(find_shares(y[:_ROWS]).all() and find_shares(y).all())


def are_parts(y: NDArray[Any]) -> bool:
    """Whether all numbers lie from 0 to 1, as shares do."""
    return all(bool(_lie_inside(block).all()) for block in read_blocks(y, _BLOCK))


def split_yes(y: NDArray[Any]) -> NDArray[np.float32]:
    """Shares of a yes, of shape (n,), as those of no and yes, float32 of shape (n, 2)."""
    yes = y.astype(np.float32)
    no = 1 - yes
    no[yes == YES] = np.nextafter(np.float32(YES), np.float32(0))  # so that one half is decided as yes
    return np.stack([no, yes], axis=1)


def follow_examples(pair: Pair) -> bool:
    """Whether labels are their examples over again, cleaned perhaps: a network that reconstructs them is to give numbers."""
    if pair.y.ndim != 2 or pair.y[0].size != pair.x[0].size or pair.y.shape[1] < 2:
        return False
    rows = np.linspace(0, len(pair.y) - 1, min(_ROWS, len(pair.y))).astype(np.int64)
    x, y = (np.asarray(part[rows], np.float64).ravel() for part in (pair.x, pair.y))
    spread = float(x.std() * y.std())
    return spread > 0 and float(np.mean((x - x.mean()) * (y - y.mean()))) > _FOLLOWS * spread


def _lie_inside(block: NDArray[Any]) -> NDArray[np.bool_]:
    return np.asarray((block >= -_CRUMB) & (block <= 1 + _CRUMB))


def _find_rounding(y: NDArray[Any]) -> float:
    """By how much a sum may be off because its shares were rounded to few digits behind the point; 0 if they were not."""
    fine = max(float(np.finfo(y.dtype).eps), 2.0**-23) if y.dtype.kind == "f" else 0.0
    for digits in _DIGITS:
        unit = 10.0**digits
        if unit * fine < 0.1 and all(_are_whole(block, unit, unit * fine) for block in read_blocks(y, _BLOCK)):
            return min(float(y.shape[1]) * 0.5 / unit, _MOST_OFF)
    return 0.0


def _are_whole(block: NDArray[Any], unit: float, slack: float) -> bool:
    values = block.astype(np.float64) * unit
    return bool((np.abs(values - np.rint(values)) <= slack).all())

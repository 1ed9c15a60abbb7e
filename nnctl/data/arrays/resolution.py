"""Which numbers float32 cannot tell apart: time stamps, dates written as numbers, small differences of large values.

Between 2^30 and 2^31 float32 has only each 128th number: of the seconds since 1970 it tells two minutes apart.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# Float32 has all whole numbers up to here (IEEE 754-2019, 3.3: 24 binary digits).
_WHOLE = float(1 << 24)
# Of fractions some always coincide among very many: what counts is that the steps of float32 show beside the deviation.
_COARSE = 2.0**-17
# From here on a column of a table is kept as it was read until it is known what it is scaled by.
_SUSPECT = 2.0**-20


def find_lost(x: NDArray[Any]) -> NDArray[np.bool_]:
    """Of which numbers of an example float32 loses different values.

    Of whole numbers that is so where fewer different ones are left; of fractions, where the steps of float32 are more than
    2^-17 of the deviation, too.

    Args:
        x: of shape (n, ...), of any type of numbers.

    Returns:
        bool of an example's shape.
    """
    if is_exact(x.dtype) or not x.size:
        return np.zeros(x.shape[1:], np.bool_)
    flat = x.reshape(len(x), -1)
    lost = np.zeros(flat.shape[1], np.bool_)
    for index in np.flatnonzero(_find_suspects(flat, _COARSE)):
        different, left = count_different(flat[:, index])
        lost[index] = left < different
    return lost.reshape(x.shape[1:])


def count_different(values: NDArray[Any]) -> tuple[int, int]:
    """How many different values there are, and how many of them are left as float32."""
    different = np.unique(values)
    return len(different), len(np.unique(different.astype(np.float32)))


def is_exact(dtype: np.dtype[Any]) -> bool:
    """Whether float32 has every value of a type."""
    return (
        dtype.kind == "b" or (dtype.kind in "iu" and dtype.itemsize < 4) or (dtype.kind == "f" and dtype.itemsize < 8)
    )


def narrow(values: NDArray[np.float64]) -> NDArray[Any]:
    """Numbers, of shape (n,), as float32 where that is sure to lose none of them, else as they are; NaN is left out."""
    known = values[~np.isnan(values)]
    suspect = len(known) and _find_suspects(known[:, np.newaxis], _SUSPECT)[0]
    return values if suspect else values.astype(np.float32)


def _find_suspects(flat: NDArray[Any], coarse: float) -> NDArray[np.bool_]:
    """The columns that hold a value which float32 has not, and whole numbers beyond 2^24 or steps that show."""
    largest = np.maximum(np.abs(flat.max(axis=0).astype(np.float64)), np.abs(flat.min(axis=0).astype(np.float64)))
    with np.errstate(over="ignore"):
        step = np.abs(np.spacing(np.minimum(largest, np.finfo(np.float32).max).astype(np.float32))).astype(np.float64)
    suspects: NDArray[np.bool_] = (largest > _WHOLE) | (step > coarse * flat.std(axis=0, dtype=np.float64))
    chosen = np.flatnonzero(suspects)
    for index in chosen:
        column = flat[:, index].astype(np.float64)
        exact = (column.astype(np.float32) == column).all()
        fine = step[index] <= coarse * column.std() and (column != np.floor(column)).any()
        suspects[index] = not exact and not fine
    return suspects

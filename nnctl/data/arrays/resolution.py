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
_BLOCK = 1 << 22  # values looked at in one go


def find_lost(x: NDArray[Any]) -> NDArray[np.bool_]:
    """Of which numbers of an example float32 loses different values.

    Of whole numbers that is so where fewer different ones are left; of fractions, where the steps of float32 are more than
    2^-17 of the deviation, too.

    Args:
        x: of shape (n, ...), of any type of numbers; NaN is left out.

    Returns:
        bool of an example's shape.
    """
    if is_exact(x.dtype) or not x.size:
        return np.zeros(x.shape[1:], np.bool_)
    flat = x.reshape(len(x), -1)
    lost = np.zeros(flat.shape[1], np.bool_)
    for index in np.flatnonzero(find_coarse(flat, _COARSE)):
        values = flat[:, index]
        different, left = count_different(values[values == values])
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
    return values if find_coarse(values[:, np.newaxis])[0] else values.astype(np.float32)


def find_coarse(values: NDArray[Any], coarse: float = _SUSPECT) -> NDArray[np.bool_]:
    """Which columns of numbers, of shape (n, width), float32 may lose some of; NaN is left out.

    Args:
        values: the numbers.
        coarse: from which share of the deviation on the steps of float32 count.
    """
    known, suspects = ~np.isnan(values), np.zeros(values.shape[1], np.bool_)
    if not values.size or known.all():
        return _find_suspects(values, coarse) if values.size else suspects
    held = known.any(axis=0)
    suspects[held] = _find_suspects(values[:, held], coarse, known[:, held])
    return suspects


def _find_suspects(flat: NDArray[Any], coarse: float, known: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """The columns that hold a value which float32 has not, and whole numbers beyond 2^24 or steps that show.

    Of each column one value at least is `known`, the others are NaN and do not count; all are where that is left out.
    """
    counted: dict[str, Any] = {} if known is None else {"where": known}
    top, low = np.fmax.reduce(flat).astype(np.float64), np.fmin.reduce(flat).astype(np.float64)
    largest = np.maximum(np.abs(top), np.abs(low))
    with np.errstate(over="ignore"):
        step = np.abs(np.spacing(np.minimum(largest, np.finfo(np.float32).max).astype(np.float32))).astype(np.float64)
    suspects: NDArray[np.bool_] = (largest > _WHOLE) | (step > coarse * flat.std(axis=0, dtype=np.float64, **counted))
    chosen = np.flatnonzero(suspects)
    many = max(1, _BLOCK // len(flat))
    for some in np.split(chosen, range(many, len(chosen), many)):
        columns, absent = flat[:, some].astype(np.float64), False if known is None else ~known[:, some]
        exact = ((columns.astype(np.float32) == columns) | absent).all(axis=0)
        deviation = columns.std(axis=0, **{key: value[:, some] for key, value in counted.items()})
        parts = ((columns != np.floor(columns)) & ~np.asarray(absent)).any(axis=0)
        suspects[some] = ~exact & ~((step[some] <= coarse * deviation) & parts)
    return suspects

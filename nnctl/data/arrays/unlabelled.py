"""Rows without a label: where `data.skip` leaves them out, they are counted and named."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.source import Pair
from nnctl.errors import DataError, Place, Problem

HINT = "label them, or leave them out: `data.skip: {unlabelled: true}`"
_SHOWN = 5  # that a sentence names


def find_unlabelled(y: NDArray[Any]) -> NDArray[np.bool_]:
    """Which labels are missing, of shape (n,): NaN, also as one of several of an example, and texts without a character."""
    if y.dtype.kind not in "fUS" or y.ndim == 0:
        return np.zeros(y.shape[:1], np.bool_)
    absent: NDArray[np.bool_] = np.isnan(y) if y.dtype.kind == "f" else np.equal(y, y.dtype.type())
    return np.asarray(absent.reshape(len(y), -1).any(axis=1))


def leave_out_unlabelled(pair: Pair, place: Place | None) -> Pair:
    """The pair without the examples that have no label; what was left out is said.

    Raises:
        DataError: no example has a label.
    """
    absent = find_unlabelled(pair.y)
    if not absent.any() or len(pair.x) != len(pair.y):
        return pair
    kept = choose_labelled(absent, pair.y_name, place)
    x = pair.x[kept] if isinstance(pair.x, np.ndarray) else pair.x.take(kept)
    weight = pair.weight if pair.weight is None or len(pair.weight) != len(pair.y) else pair.weight[kept]
    told = describe_left_out(np.flatnonzero(absent).tolist(), "row", f"{pair.y_name}, from 0")
    name = f"{pair.x_name} (rows without a label not counted)"
    return replace(pair, x=x, y=pair.y[kept], weight=weight, kept=kept, x_name=name, said=(*pair.said, told))


def choose_labelled(absent: NDArray[np.bool_], name: str, place: Place | None) -> NDArray[np.int64]:
    """The rows that have a label, int64 of shape (n,).

    Raises:
        DataError: there is none.
    """
    if absent.all():
        message = f"{name}: none of {len(absent):,} rows has a label, and `skip` leaves all of them out"
        raise DataError(Problem("no-examples", message, place))
    return np.flatnonzero(~absent)


def describe_left_out(places: Sequence[int], noun: str, where: str) -> str:
    """That rows without a label are left out, how many and which.

    Args:
        places: their lines or rows.
        noun: what these are, for one of them.
        where: the file that they stand in.
    """
    count, shown = len(places), ", ".join(map(str, places[:_SHOWN]))
    more = f" and {count - _SHOWN:,} more" if count > _SHOWN else ""
    rows = "1 row without a label is" if count == 1 else f"{count:,} rows without a label are"
    return f"{rows} left out: {noun}{'' if count == 1 else 's'} {shown}{more} of {where}"

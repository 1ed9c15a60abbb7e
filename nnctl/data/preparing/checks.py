"""What examples must be before they are trained on: numbers, all finite, as many as there are labels."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.arrays.dtypes import find_dtype_problem
from nnctl.data.memory.on_disk import read_blocks
from nnctl.data.source import Pair
from nnctl.errors import DataError, Place, Problem

_BLOCK = 1 << 22  # values looked at in one go: a table of truth values as large as the data is not wanted


def check_examples(pair: Pair, place: Place | None) -> Pair:
    """The pair with its examples checked, in native byte order and in C order; (n,) becomes (n, 1).

    Raises:
        DataError: with every fault: types, no rows, no columns, lengths that differ, values that are not finite.
    """
    problems = [
        problem
        for name, array in ((pair.x_name, pair.x), (pair.y_name, pair.y))
        if (problem := find_dtype_problem(name, array.dtype, place))
    ]
    if not problems:
        checks = (_find_text_problem, _find_row_problem, _find_column_problem)
        problems = [problem for check in checks if (problem := check(pair, place))]
    if problems:
        raise DataError(*problems)
    x, y = convert_to_native(pair.x), convert_to_native(pair.y)
    if pair.columns is None:  # in a table what is missing is NaN, until it is encoded
        check_finite(pair.x_name, x, place)
    return replace(pair, x=x[:, np.newaxis] if x.ndim == 1 else x, y=y)


def check_weights(pair: Pair, place: Place | None) -> Pair:
    """The pair with how much each example counts checked, float32 of shape (n,); as it is if all count alike.

    Raises:
        DataError: there is not one number from 0 on for each example, or all are 0.
    """
    if pair.weight is None:
        return pair
    name, weight, count = pair.weight_name, convert_to_native(pair.weight), len(pair.x)
    if weight.dtype.kind not in "buif" or weight.shape not in ((count,), (count, 1)):
        message = (
            f"{name} is {weight.dtype} of the shape {weight.shape}, expected a number for each of {count:,} examples"
        )
        hint = "to count all alike: `source: {npz: {sample_weight: none}}`"
        raise DataError(Problem("bad-weights", message, place, hint))
    check_finite(name, weight, place)
    row = int(np.argmin(weight))
    if weight.min() < 0 or not weight.any():
        what = f"is {weight.reshape(-1)[row]} at row {row}" if weight.min() < 0 else "is 0 for all examples"
        raise DataError(Problem("bad-weights", f"{name} {what}, expected 0 and more, and not 0 alone", place))
    return replace(pair, weight=weight.reshape(-1).astype(np.float32))


def check_alike(train: Pair, other: Pair, place: Place | None) -> None:
    """Checks that other examples have the shape and type of the training examples.

    Raises:
        DataError: they do not.
    """
    mine, theirs = train.x, other.x
    if train.columns is not None and other.columns is not None:
        return  # columns are found by name
    if mine.shape[1:] != theirs.shape[1:]:
        message = f"{other.x_name} has examples of shape {theirs.shape[1:]}, {train.x_name} of {mine.shape[1:]}"
        raise DataError(Problem("splits-differ", message, place))
    if mine.dtype != theirs.dtype:
        message = f"{other.x_name} is of type {theirs.dtype}, {train.x_name} of {mine.dtype}"
        hint = "store both in one type: the model scales what it gets by the training examples' type"
        raise DataError(Problem("splits-differ", message, place, hint))


def check_finite(
    name: str, array: NDArray[Any], place: Place | None, held: np.dtype[Any] | None = None, numbers: Sequence[int] | None = None,
    hint: str = "remove these rows, or put a number in their place",
) -> None:  # fmt: skip
    """Checks that all values are finite, as float32 too, and in the type that they are held in.

    Args:
        name: what errors call them.
        array: the values, of any type of numbers.
        place: where errors are shown.
        held: the type that they will be held in, their own if left out.
        numbers: the number of each row in what errors call by the name; from 0 if left out.
        hint: what to do about it.

    Raises:
        DataError: with the first that is not, and how many there are.
    """
    half = np.dtype(np.float16) in (array.dtype, held)
    if array.dtype.kind != "f" and not (half and array.dtype.kind in "iu"):
        return
    limit = float(np.finfo(np.float16 if half else np.float32).max)
    seen, count, first = 0, 0, -1
    for block in read_blocks(array, _BLOCK):
        values = block.reshape(-1)
        fine = (values <= limit) & (values >= -limit)  # False for NaN
        if not fine.all():
            count += int((~fine).sum())
            first = seen + int(np.argmin(fine)) if first < 0 else first
        seen += block.size
    if count:
        raise DataError(
            _explain_not_finite(name, array, first, count, place, "float16" if half else "float32", numbers, hint)
        )


def convert_to_native(array: NDArray[Any]) -> NDArray[Any]:
    """The array in this machine's byte order and in C order, itself if it is so already; what is on disk stays there."""
    if not isinstance(array, np.ndarray):
        return array
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))


def _explain_not_finite(
    name: str, array: NDArray[Any], first: int, count: int, place: Place | None, held: str, numbers: Sequence[int] | None,
    hint: str,
) -> Problem:  # fmt: skip
    row, *index = (int(each) for each in np.unravel_index(first, array.shape))
    where = f"row {row if numbers is None else numbers[row]}" + (
        f", index ({', '.join(map(str, index))})" if index else ""
    )
    value = np.asarray(array[row])[tuple(index)]
    kind = f"too large for {held}" if np.isfinite(value) else "not finite"
    others = f"1 value of {array.size:,}" if count == 1 else f"{count:,} of {array.size:,} values"
    message = f"{name} is {value} at {where}, {kind}; {others} cannot be trained on"
    return Problem("not-finite", message, place, hint)


def _find_text_problem(pair: Pair, place: Place | None) -> Problem | None:
    if pair.x.dtype.kind not in "US":
        return None
    return Problem("bad-dtype", f"{pair.x_name} holds texts, expected numbers", place)


def _find_row_problem(pair: Pair, place: Place | None) -> Problem | None:
    for name, array in ((pair.x_name, pair.x), (pair.y_name, pair.y)):
        if array.ndim == 0:
            return Problem("bad-array", f"{name} is a single value, expected a row an example", place)
    if len(pair.x) != len(pair.y):
        message = f"{pair.x_name} has {len(pair.x):,} rows, {pair.y_name} has {len(pair.y):,}"
        return Problem("lengths-differ", message, place, "each example needs one label")
    return None if len(pair.x) else Problem("no-examples", f"{pair.x_name} has no rows", place)


def _find_column_problem(pair: Pair, place: Place | None) -> Problem | None:
    for name, array in ((pair.x_name, pair.x), (pair.y_name, pair.y)):
        if array.ndim and 0 in array.shape[1:]:
            return Problem("bad-array", f"{name} has the shape {array.shape}: its examples are empty", place)
    return None

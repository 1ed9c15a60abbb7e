"""`model.weights.h5` as arrays, which a process of its own has read: the file's bytes are never handed to HDF5 here.

What that process says is checked as if somebody else had said it: whoever takes it over by a fault of HDF5's gets arrays of
made-up numbers into nnctl, which the file could have held in the first place.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from nnctl.models.confined import ReaderProcess
from nnctl.models.graph import damage, refusal

_BFLOAT16 = "|V2"  # which NumPy has not: two bytes without a meaning, as they are kept
_TYPES = re.compile(r"[<>|][fiu][1248]|\|V2")
_LARGEST_DOCUMENT = 32 * 2**20  # bytes: paths, types and shapes of 50,000 arrays
_LONGEST_PATH = 4_000
_MOST_AXES = 32
_LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class Weights:
    """The content of a weights file.

    Attributes:
        arrays: the arrays by path, `layers/dense/vars/0`; float or whole numbers, or the bits of bfloat16 as `V2`.
    """

    arrays: dict[str, NDArray[Any]]

    @property
    def count(self) -> int:
        """The number of values."""
        return sum(array.size for array in self.arrays.values())

    def find_not_finite(self) -> str | None:
        """The path of the first array that holds NaN or infinity, or None."""
        return next((path for path, array in self.arrays.items() if not _is_finite(array)), None)


def _is_finite(array: NDArray[Any]) -> bool:
    if array.dtype.str == _BFLOAT16:  # eight bits of exponent, all set in NaN and infinity
        return bool(np.all((array.view(np.uint16) & 0x7F80) != 0x7F80))
    return array.dtype.kind != "f" or bool(np.all(np.isfinite(array)))


def read(content: bytes) -> Weights:
    """The arrays of a weights file.

    Args:
        content: the whole file.

    Raises:
        RunError: the file is damaged, or holds what no weights file of Keras's does; reading it kills whoever reads it, or
            takes more time or memory than a file of its size may; the process that reads it cannot be started.
    """
    with ReaderProcess(len(content)) as reader:
        reader.give(content)
        return Weights(_receive(reader, len(content)))


def _receive(reader: ReaderProcess, room: int) -> dict[str, NDArray[Any]]:
    """The arrays that the process answers, none of them larger than the file has room for."""
    length = int.from_bytes(reader.take(8), "little")
    if length > _LARGEST_DOCUMENT:
        _refuse_answer()
    try:
        told = json.loads(reader.take(length))
        if told.keys() != {"arrays"}:
            raise _take_reason(told)
        arrays: dict[str, NDArray[Any]] = {}
        for path, kind, shape in told["arrays"]:
            size = _measure(path, kind, shape, room)
            if path in arrays:
                _refuse_answer()
            arrays[path] = np.frombuffer(reader.take(size), kind).reshape(shape)
            room -= size
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        _refuse_answer()
    return arrays


def _measure(path: Any, kind: Any, shape: Any, room: int) -> int:
    """The bytes of an array, if it is one that a file with so much room may hold."""
    plain = isinstance(path, str) and len(path) <= _LONGEST_PATH and path.isprintable()
    if not plain or not isinstance(kind, str) or not _TYPES.fullmatch(kind):
        _refuse_answer()
    if len(shape) > _MOST_AXES or not all(type(size) is int and 0 <= size <= max(room, 1) for size in shape):
        _refuse_answer()
    size: int = math.prod(shape) * np.dtype(kind).itemsize
    if size > room:
        _refuse_answer()
    return size


def _take_reason(told: Any) -> Exception:
    """The error for a file of which the process says what is wrong with it."""
    ((verdict, reason),) = told.items()
    if not isinstance(reason, str) or len(reason) > _LONGEST_REASON or not reason.isprintable():
        _refuse_answer()
    return {"refused": refusal, "damaged": damage}[verdict](reason)


def _refuse_answer() -> NoReturn:
    raise damage("its weights cannot be read: the process that reads them does not answer as it should")

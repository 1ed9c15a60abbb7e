"""Which arrays of an npz file are the examples and labels of which split, and what is held of them in memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nnctl.data.arrays.npz import NpyHeader, find_member, list_names, read_arrays, read_headers
from nnctl.data.arrays.npz_rows import Member
from nnctl.data.memory.available import measure_available
from nnctl.data.source import Arrays, KeyColumn, Pair, find_place
from nnctl.errors import DataError, Place, Problem
from nnctl.spec.sections import ROWS, Data, DataFacts

SHARE = 0.25  # of the free memory: TensorFlow makes a copy of what is held, and the network needs its own
# What the names of a split's two arrays end with, the first that is there.
_ENDINGS = {"test": ("test",), "validation": ("validation", "valid", "val")}
Names = dict[str, tuple[str, str]]


def peek(data: Data, x: str | None = None, y: str | None = None) -> tuple[DataFacts, bool]:
    """What the headers say: the examples' shape and type, and what the labels' type tells of the task.

    Raises:
        DataError: the file cannot be read, or its arrays do not belong together.
    """
    assert data.path is not None
    where = find_place(data, "path")
    wanted = _choose_names(data.path, where, x, y)
    found = read_headers(data.path, [name for pair in wanted.values() for name in pair], where)
    for x_name, y_name in wanted.values():
        _check_lengths(found[x_name], found[y_name], where)
    first, labels = (found[name] for name in wanted["train"])
    _check_key_array(data, first)
    task, outputs = _infer_task(labels, data)
    held = "validation" in wanted
    return DataFacts(first.shape[1:] or (1,), first.dtype.name, task, outputs, first.shape[0], held), "test" in wanted


def read_npz(data: Data, x: str | None, y: str | None, memory: str) -> Arrays:
    """The arrays of a file, as `nnctl.data.sources.npz` has them.

    Raises:
        DataError: the file cannot be read, or not as `memory` asks for.
    """
    assert data.path is not None
    where = find_place(data, "path")
    wanted = _choose_names(data.path, where, x, y)
    held_back = _find_on_disk(data.path, [a for a, _ in wanted.values()], memory, where)
    named = [name for pair in wanted.values() for name in pair]
    others = [name for name in named if name not in held_back]
    found: dict[str, Any] = {**held_back, **read_arrays(data.path, others, where)}
    pairs = {split: Pair(found[a], found[b], a, b) for split, (a, b) in wanted.items()}
    held = (pairs.get("test"), pairs.get("validation"))
    return Arrays(data.path.name, str(data.path), pairs["train"], *held)


def read_key_array(data: Data, pair: Pair, name: str | int) -> KeyColumn:
    """The array of a file that `data.split` cuts by, a value for each training example.

    Raises:
        DataError: there is none of that name, it is of another length, or it cannot be read.
    """
    assert data.path is not None
    _check_key_array(data, NpyHeader(pair.x_name, pair.x.shape, pair.x.dtype))
    array = read_arrays(data.path, [str(name)], find_place(data, "split"))[str(name)].reshape(len(pair.y))
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8", "replace")
    texts = array.dtype.kind == "U"
    missing = array == "" if texts else np.isnan(array) if array.dtype.kind == "f" else np.zeros(len(array), np.bool_)
    values, codes = np.unique(array[~missing], return_inverse=True)
    placed = np.full(len(array), -1, np.int64)
    placed[~missing] = codes
    return KeyColumn(f"array {str(name)!r}", [str(each) for each in values] if texts else values, placed)


def _check_key_array(data: Data, x: NpyHeader) -> None:
    """Refuses an array to cut by that is not there, or holds something else than a value for each example."""
    if data.split is None or data.split == {"time": ROWS}:
        return
    assert data.path is not None
    ((_, name),), where = data.split.items(), find_place(data, "split")
    header = read_headers(data.path, [str(name)], where)[str(name)]
    if header.shape not in (x.shape[:1], (*x.shape[:1], 1)):
        message = f"{name} has the shape {header.shape}, and {x.name} has {x.shape[0]:,} rows to cut"
        raise DataError(
            Problem("lengths-differ", message, where, "`split` takes an array with a value for each example")
        )


def _find_on_disk(path: Path, names: Sequence[str], memory: str, where: Place | None) -> dict[str, Member]:
    """The examples that stay in the file, by name.

    Raises:
        DataError: they are asked to, and cannot.
    """
    size, free = sum(header.size for header in read_headers(path, names, where).values()), measure_available()
    if memory == "hold" or (memory == "auto" and (free is None or size <= SHARE * free)):
        return {}
    found = {name: find_member(path, name, where) for name in names}
    if memory == "stream" and (whole := next((name for name, member in found.items() if member is None), None)):
        message = (
            f"{whole} in {path} cannot be read row by row: it is compressed, or a single column, or column by column"
        )
        hint = "numpy.savez(path, x=numpy.ascontiguousarray(x), y=y) writes one that can"
        raise DataError(Problem("not-streamable", message, where, hint))
    return {name: member for name, member in found.items() if member is not None}


def _choose_names(path: Path, where: Place | None, x: str | None = None, y: str | None = None) -> Names:
    """The names of the examples and labels of each split: of training, and of others if it is not one pair alone."""
    if x is not None or y is not None:
        return {"train": (x or "x", y or "y")}
    held = list_names(path, where)
    if wanted := find_pairs(held):
        return wanted
    message = f"{path} holds {', '.join(held) or 'no arrays'}, expected x and y, or x_train, y_train, x_test and y_test"
    x, y = held[:2] if len(held) == 2 else ("images", "labels")
    raise DataError(Problem("missing-array", message, where, f"name them: `source: {{npz: {{x: {x}, y: {y}}}}}`"))


def find_pairs(held: Sequence[str]) -> Names:
    """The names of the examples and labels of each split by the usual names, capitals or not; {} if there is none.

    Of a pair of which one array is there the other is named as well: reading it tells what is missing.
    """
    known = {name.lower(): name for name in reversed(held)}

    def pair(ending: str) -> tuple[str, str] | None:
        x, y = f"x{ending}", f"y{ending}"
        return (known.get(x, x), known.get(y, y)) if x in known or y in known else None

    train = pair("_train")
    if train is None:
        alone = pair("")
        return {} if alone is None else {"train": alone}
    found = {split: [pair(f"_{each}") for each in endings] for split, endings in _ENDINGS.items()}
    others = {split: next((each for each in named if each), None) for split, named in found.items()}
    return {"train": train, **{split: named for split, named in others.items() if named}}


def _check_lengths(x: NpyHeader, y: NpyHeader, where: Place | None) -> None:
    for header in (x, y):
        if not header.shape:
            message = f"{header.name} is a single value, expected a row an example"
            raise DataError(Problem("bad-array", message, where))
    if x.shape[0] != y.shape[0]:
        message = f"{x.name} has {x.shape[0]:,} rows, {y.name} has {y.shape[0]:,}"
        raise DataError(Problem("lengths-differ", message, where, "each example needs one label"))
    if len(y.shape) > 2:
        message = f"{y.name} has the shape {y.shape}, expected a label or a row of numbers an example"
        hint = f"images as targets: store {y.name}.reshape(len({y.name}), -1), and end the network with `- flatten`"
        raise DataError(Problem("bad-labels", message, where, hint))


def _infer_task(y: NpyHeader, data: Data) -> tuple[str | None, int | None]:
    """The task and the number of outputs, as far as a type and a shape tell them."""
    columns = y.shape[1] if len(y.shape) == 2 else 1
    if columns > 1:  # one-hot rows, several labels, or several numbers: the values tell
        return None, columns
    if y.dtype.kind == "b":
        return "binary", 2
    if y.dtype.kind == "f":  # whole numbers, which a loss of classes takes for these, only the values tell
        return (None, None) if data.classes else ("regression", 1)
    # Nor do headers tell whether whole numbers are 0 and 1, or numbers to a loss of these.
    return (None, None) if data.numbers and y.dtype.kind in "iu" else ("multiclass", None)

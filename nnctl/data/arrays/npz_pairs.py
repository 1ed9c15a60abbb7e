"""Which arrays of an npz file are the examples and labels of which split, and what is held of them in memory."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from nnctl.data.arrays.npz import NpyHeader, find_member, list_names, read_arrays, read_headers
from nnctl.data.arrays.npz_names import Names, find_names, find_single, is_usual
from nnctl.data.arrays.npz_rows import Member
from nnctl.data.memory.available import measure_available
from nnctl.data.memory.limit import Limit
from nnctl.data.memory.unread import Unread
from nnctl.data.source import Arrays, KeyColumn, Pair, find_place
from nnctl.errors import DataError, Place, Problem
from nnctl.spec.sections import ROWS, Data, DataFacts
from nnctl.spelling import format_names

SHARE = 0.25  # of the free memory: TensorFlow makes a copy of what is held, and the network needs its own
_WEIGHTS = ("w", "w_train", "weight", "weights", "weight_train", "weights_train", "train_weight", "train_weights")
AUTO, NONE = "auto", "none"


def peek(data: Data, x: str | None = None, y: str | None = None, sample_weight: str = AUTO) -> tuple[DataFacts, bool]:
    """What the headers say: the examples' shape and type, and what the labels' type tells of the task.

    Raises:
        DataError: the file cannot be read, or its arrays do not belong together.
    """
    assert data.path is not None
    where = find_place(data, "path")
    names = _choose_names(data.path, data, x, y, sample_weight)
    wanted = names.pairs
    weights = [names.weight] if names.weight else []
    found = read_headers(data.path, [*(name for pair in wanted.values() for name in pair), *weights], where)
    for x_name, y_name in wanted.values():
        _check_lengths(found[x_name], found[y_name], where)
    first, labels = (found[name] for name in wanted["train"])
    _check_key_array(data, first)
    task, outputs = _infer_task(labels, data)
    held = "validation" in wanted
    return DataFacts(first.shape[1:] or (1,), first.dtype.name, task, outputs, first.shape[0], held), "test" in wanted


def read_npz(
    data: Data, x: str | None, y: str | None, memory: str, sample_weight: str = AUTO, limit: Limit | None = None
) -> Arrays:
    """The arrays of a file, as `nnctl.data.sources.npz` has them.

    Raises:
        DataError: the file cannot be read, or not as `memory` asks for.
        PastLimitError: the labels are more than may be read.
    """
    assert data.path is not None
    where, path = find_place(data, "path"), data.path
    names = _choose_names(path, data, x, y, sample_weight)
    examples = [a for a, _ in names.pairs.values()]
    held_back: dict[str, Unread] | dict[str, Member] = (
        _find_on_disk(path, examples, memory, where) if limit is None else _leave_unread(path, examples, where)
    )
    named = [*(name for pair in names.pairs.values() for name in pair), *([names.weight] if names.weight else [])]
    others = [name for name in named if name not in held_back]
    if limit is not None:
        limit.take(
            f"what {path} holds of labels", sum(each.size for each in read_headers(path, others, where).values())
        )
    found: dict[str, Any] = {**held_back, **read_arrays(path, others, where)}
    pairs = {split: Pair(found[a], found[b], a, b) for split, (a, b) in names.pairs.items()}
    if names.weight:
        pairs["train"] = replace(pairs["train"], weight=found[names.weight], weight_name=names.weight)
    held = (pairs.get("test"), pairs.get("validation"))
    notes = tuple(_describe_names(path, names, x is None and y is None, (data.split or {}).values()))
    return Arrays(path.name, str(path), pairs["train"], *held, notes=notes)


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


def _leave_unread(path: Path, names: Sequence[str], where: Place | None) -> dict[str, Unread]:
    """The examples by name, of which the headers alone are read."""
    found = read_headers(path, names, where)
    return {name: Unread(header.shape, header.dtype.newbyteorder("=")) for name, header in found.items()}


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


def _choose_names(path: Path, data: Data, x: str | None, y: str | None, sample_weight: str) -> Names:
    """Which arrays are the examples, the labels and the weights."""
    where = find_place(data, "path")
    held = list_names(path, where)
    names = find_names(held, data.older)
    if not names.pairs and path in (data.validation, data.test) and not data.older:
        names = find_single(held)
    weight = names.weight if sample_weight == AUTO else None if sample_weight == NONE else sample_weight
    if x is not None or y is not None:
        alone = None if data.older else find_names([*held, "x", "y"]).weight
        return Names({"train": (x or "x", y or "y")}, alone if sample_weight == AUTO else weight)
    if names.pairs:
        return replace(names, weight=weight)
    message = f"{path} holds {', '.join(held) or 'no arrays'}, expected x and y, or x_train, y_train, x_test and y_test"
    x, y = held[:2] if len(held) == 2 else ("images", "labels")
    raise DataError(Problem("missing-array", message, where, f"name them: `source: {{npz: {{x: {x}, y: {y}}}}}`"))


def _describe_names(path: Path, names: Names, found: bool, cutting: Collection[object]) -> Iterator[str]:
    """What each array of less usual a name was taken for, and which were not read; those that rows are cut by were."""
    for split, pair in names.pairs.items():
        if found and not (is_usual(pair) and is_usual(names.pairs["train"])):
            purpose = {"train": "training", "validation": "validation", "test": "test"}[split]
            yield f"{pair[0]} and {pair[1]} of {path.name} are taken for {purpose}"
    if names.weight:
        yield f"{names.weight} says how much each training example counts in the loss; validation and scores count all alike"
    if unused := [name for name in names.list_unused(list_names(path, None)) if name not in cutting]:
        yield f"arrays of {path.name} that are not read: {format_names(unused)}"
    weights = [name for name in unused if name.lower() in _WEIGHTS]
    if weights and names.weight is None:
        yield f"if {weights[0]} says how much each training example counts: `source: {{npz: {{sample_weight: {weights[0]}}}}}`"


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

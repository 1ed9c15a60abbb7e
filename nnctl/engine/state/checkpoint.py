"""What a checkpoint holds: the state of a training, packed into files and unpacked again.

    arrays.bin     every variable, one behind the other: weights and statistics, seed generators, the metrics' totals, the
                   optimizer with its averages and accumulated gradients, the rate that a warm-up leads to, the augmentation's
                   seeds
    state.json     epoch, step, history, the callbacks' own fields, which epoch is best, the fingerprints, and the types and
                   shapes of the arrays
    best-EEEE/weights.bin      the best epoch's weights, once for all checkpoints that count on them

Bytes and JSON, nothing that is executed or inflated when it is read. The order of the examples is a function of the seed and
the epoch, so (epoch, step) says all there is to say of the data. How the files lie on the disk is said in
`nnctl.runs.checkpoints`, when they are written in `nnctl.engine.state.keeper`.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from nnctl import bounds
from nnctl.data.memory.available import format_bytes, measure_available
from nnctl.engine.loop.monitor import Best
from nnctl.engine.loop.snapshot import Snapshot, State, read_fields
from nnctl.engine.loop.training import Training
from nnctl.engine.network.schedules import shorten
from nnctl.engine.state.fingerprints import compute_fingerprints
from nnctl.engine.state.state_file import FORMAT, STATE, parse_facts
from nnctl.errors import Problem, RunError
from nnctl.runs import Row, checkpoints

ARRAYS, WEIGHTS = "arrays.bin", "weights.bin"
_MEASURED = ("seconds", "elapsed")


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in `checkpoint/`.

    Attributes:
        path: the newest checkpoint that is sound, or None.
        files: its files.
        damaged: those that are newer and damaged.
        told: what is wrong with each.
    """

    path: Path | None
    files: dict[str, bytes] | None
    damaged: tuple[Path, ...]
    told: tuple[str, ...]


def find_newest(root: Path, most: int = bounds.RUN_FILE) -> Found:
    """The newest checkpoint whose checksums hold; those that are passed over are named.

    Args:
        root: the folder of the checkpoints.
        most: bytes that no file of arrays may exceed.

    Raises:
        MemoryError: it is sound, and larger than the memory that is free.
    """
    damaged, told = list[Path](), list[str]()
    for path in checkpoints.list_checkpoints(root):
        try:
            files = checkpoints.read_checkpoint(path, most, _afford)
            facts = parse_facts(files)
            if checkpoints.format_name(facts["epoch"], facts["step"]) != path.name:
                raise RunError(Problem("bad-checkpoint", f"{path} is named after another state than it holds"))
        except RunError as error:
            damaged.append(path)
            told.append(f"{error.problems[0].message}; the checkpoint before it is used")
            continue
        return Found(path, files, tuple(damaged), tuple(told))
    return Found(None, None, tuple(damaged), tuple(told))


def _afford(size: int) -> None:
    room = measure_available()
    if room is not None and size > room:
        raise MemoryError(f"the checkpoint has {format_bytes(size)}, and {format_bytes(room)} are free")


def pack(training: Training) -> dict[str, Iterable[memoryview]]:
    """The state of a training between two calls, without its best weights, as the pieces of files.

    Of its arrays no more than one at a time is copied, when the file is written: Adam's two moments and the weights of a
    wide network are the largest things beside the data.
    """
    found = training.variables
    text = json.dumps({**_collect_facts(training), "arrays": _list_forms(found)}, allow_nan=False)
    return {ARRAYS: view_bytes(variable.numpy() for variable in found.values()), STATE: [memoryview(text.encode())]}


def view_bytes(arrays: Iterable[np.ndarray]) -> Iterator[memoryview]:
    """The bytes of arrays, one piece each, without a copy."""
    return (np.ascontiguousarray(array).reshape(-1).view(np.uint8).data for array in arrays)


def unpack(files: Mapping[str, bytes], training: Training) -> Snapshot:
    """The snapshot in the files of a checkpoint; sizes are those of the training's variables, whatever the files say.

    Raises:
        RunError: they are not the state of such a network.
    """
    facts, found = parse_facts(files), training.variables
    same = facts["arrays"] == [list(form) for form in _list_forms(found)]
    if not same or len(facts["callbacks"]) != len(training.callbacks.callbacks):
        raise _mismatch()
    seconds, elapsed = (float(facts[name]) for name in _MEASURED)
    history = [_unpack_row(row) for row in facts["history"]]
    state = State(
        facts["epoch"], facts["step"], facts["entered"], seconds, elapsed, history, _decode(facts.get("first"))
    )
    arrays = dict(zip(found, _split(files.get(ARRAYS, b""), list(found.values())), strict=True))
    callbacks = [{name: _decode(value) for name, value in each.items()} for each in facts["callbacks"]]
    return Snapshot(state, arrays, callbacks, facts["stopped"], _unpack_best(facts["best"], files, training))


def compute_size(training: Training) -> int:
    """The bytes that the largest file of a checkpoint has."""
    return sum(int(np.prod(v.shape)) * np.dtype(v.dtype).itemsize for v in training.variables.values())


def _collect_facts(training: Training) -> dict[str, Any]:
    state, best = training.state, training.best
    return {
        "format": FORMAT,
        **{name: getattr(state, name) for name in ("epoch", "step", "entered", *_MEASURED)},
        "first": _encode(state.first),
        "stopped": bool(training.model.stop_training),
        "callbacks": [{k: _encode(v) for k, v in read_fields(each).items()} for each in training.callbacks.callbacks],
        "best": {"epoch": best.epoch, "value": _encode(best.value)},
        "history": [{name: _encode(value) for name, value in row.items()} for row in state.history],
        "fingerprints": compute_fingerprints(training),
    }


def _unpack_row(row: Mapping[str, Any]) -> Row:
    """A row of the history; before rates were shortened it held the digits of a float64."""
    numbers = {name: float(value) for name, value in row.items()}
    return {**numbers, "learning_rate": shorten(numbers["learning_rate"])}


def _unpack_best(facts: Mapping[str, Any], files: Mapping[str, bytes], training: Training) -> Best:
    """The best epoch as the files have it."""
    kept = [content for name, content in files.items() if name.endswith(f"/{WEIGHTS}")]
    weights = _split(kept[0], training.model.weights) if kept else None
    return Best(training.best.monitor, training.best.mode, facts["epoch"], float(facts["value"]), weights)


def _split(content: bytes, members: Sequence[keras.Variable]) -> list[np.ndarray]:
    arrays, start = [], 0
    for variable in members:
        dtype, shape = np.dtype(variable.dtype), tuple(variable.shape)
        stop = start + math.prod(shape) * dtype.itemsize
        if stop > len(content):
            break
        arrays.append(np.frombuffer(content[start:stop], dtype).reshape(shape))
        start = stop
    if len(arrays) != len(members) or start != len(content):
        raise _mismatch()
    return arrays


def _list_forms(found: Mapping[str, keras.Variable]) -> list[tuple[str, str, list[int]]]:
    return [(name, str(np.dtype(v.dtype)), list(v.shape)) for name, v in found.items()]


def _mismatch() -> RunError:
    return RunError(Problem("bad-checkpoint", "the checkpoint is that of another network"))


def _encode(value: Any) -> Any:
    """A number as JSON holds it."""
    if value is None or isinstance(value, int):
        return value
    return float(value) if math.isfinite(value) else str(float(value))


def _decode(value: Any) -> Any:
    """A number as JSON held it: those that JSON lacks are the texts `nan`, `inf` and `-inf`."""
    return float(value) if isinstance(value, str) else value

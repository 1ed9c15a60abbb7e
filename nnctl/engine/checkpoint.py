"""All that a training needs to go on as if nothing had happened: what is written, and how it is put back.

    arrays.bin     every variable, one behind the other: weights and statistics, seed generators, the metrics' totals, the
                   optimizer with its averages and accumulated gradients, the rate that a warm-up leads to, the augmentation's
                   seeds
    state.json     epoch, step, history, the callbacks' own fields, which epoch is best, the fingerprints, and the types and
                   shapes of the arrays
    best-EEEE/weights.bin      the best epoch's weights, once for all checkpoints that count on them

Bytes and JSON, nothing that is executed or inflated when it is read. The order of the examples is a function of the seed and
the epoch, so (epoch, step) says all there is to say of the data. The folders are those of `nnctl.runs.checkpoints`.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from nnctl.engine.facts import FIELDS, FORMAT, STATE, facts_of
from nnctl.engine.fingerprints import Fingerprints, fingerprints
from nnctl.engine.schedules import WarmUp
from nnctl.engine.training import Training
from nnctl.errors import Problem, RunError
from nnctl.runs import checkpoints

ARRAYS, WEIGHTS = "arrays.bin", "weights.bin"
_STATE = ("epoch", "step", "entered", "rate", "seconds", "elapsed")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A training's state, read from a checkpoint.

    Attributes:
        arrays: the value of each variable, by a name that the same network has in every process.
        facts: the rest, as JSON holds it; numbers that JSON lacks are the texts `nan`, `inf` and `-inf`.
        best: the arrays of the best epoch's `get_weights()`, or None before there is one.
    """

    arrays: Mapping[str, np.ndarray]
    facts: Mapping[str, Any]
    best: Sequence[np.ndarray] | None

    @property
    def fingerprints(self) -> Fingerprints:
        """Those of the training that it was captured from."""
        return dict(self.facts["fingerprints"])


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


def newest(root: Path, most: int | None = None) -> Found:
    """The newest checkpoint whose checksums hold; those that are passed over are named.

    Args:
        root: the folder of the checkpoints.
        most: bytes that no file of arrays may exceed, or None.
    """
    damaged, told = list[Path](), list[str]()
    for path in checkpoints.generations(root):
        try:
            files = checkpoints.read(path, most)
            facts = facts_of(files)
            if checkpoints.name_of(facts["epoch"], facts["step"]) != path.name:
                raise RunError(Problem("bad-checkpoint", f"{path} is named after another state than it holds"))
        except RunError as error:
            damaged.append(path)
            told.append(f"{error.problems[0].message}; the checkpoint before it is used")
            continue
        return Found(path, files, tuple(damaged), tuple(told))
    return Found(None, None, tuple(damaged), tuple(told))


def restore(training: Training, snapshot: Snapshot) -> None:
    """Puts a state back into a training that was built from the same spec and data.

    Raises:
        RunError: the state is that of another network.
    """
    found, facts, state = variables(training), snapshot.facts, training.state
    same = _forms(snapshot.arrays) == _forms(found)
    if not same or len(facts["callbacks"]) != len(training.callbacks.callbacks):
        raise RunError(Problem("bad-checkpoint", "the checkpoint is that of another network"))
    training.begun = False
    training.begin()  # clears the callbacks, whose fields are set below
    for name in _STATE:
        setattr(state, name, facts[name])
    state.history[:] = [{name: float(value) for name, value in row.items()} for row in facts["history"]]
    if state.entered:
        training.enter()  # clears the metrics, whose totals are set below
    for name, variable in found.items():
        variable.assign(snapshot.arrays[name])
    for callback, fields in zip(training.callbacks.callbacks, facts["callbacks"], strict=True):
        for name, value in fields.items():
            setattr(callback, name, float(value) if isinstance(value, str) else value)
    training.model.stop_training = facts["stopped"]
    best = training.best
    best.epoch, best.value = facts["best"]["epoch"], float(facts["best"]["value"])
    best.weights = None if snapshot.best is None else list(snapshot.best)


def variables(training: Training) -> dict[str, keras.Variable]:
    """Every variable that a training changes, by a name that does not depend on the process."""
    optimizers = _optimizers(training)
    rates = [getattr(optimizer, "_learning_rate", None) for optimizer in optimizers]
    groups = {
        "model": training.model.variables,
        "metrics": training.model.metrics_variables,
        "optimizer": [variable for optimizer in optimizers for variable in optimizer.variables],
        "rate": [v for rate in rates if isinstance(rate, WarmUp) for v in _attributes(rate)],
        "augmentation": training.augmentation.variables if training.augmentation else [],
    }
    named, seen = {}, set()
    for group, members in groups.items():
        for index, variable in enumerate(members):
            if id(variable) not in seen:
                named[f"{group}/{index}"] = variable
                seen.add(id(variable))
    return named


def packed(training: Training) -> dict[str, Iterable[memoryview]]:
    """The state of a training between two calls, without its best weights, as the pieces of files.

    Of its arrays no more than one at a time is copied, when the file is written: Adam's two moments and the weights of a
    wide network are the largest things beside the data.
    """
    found = variables(training)
    text = json.dumps({**_facts(training), "arrays": _forms(found)}, allow_nan=False)
    return {ARRAYS: pieces(variable.numpy() for variable in found.values()), STATE: [memoryview(text.encode())]}


def pieces(arrays: Iterable[np.ndarray]) -> Iterator[memoryview]:
    """The bytes of arrays, one piece each, without a copy."""
    return (np.ascontiguousarray(array).reshape(-1).view(np.uint8).data for array in arrays)


def unpacked(files: Mapping[str, bytes], training: Training) -> Snapshot:
    """The snapshot in the files of a checkpoint; sizes are those of the training's variables, whatever the files say.

    Raises:
        RunError: they are not the state of such a network.
    """
    facts = facts_of(files)
    found = variables(training)
    if facts.pop("arrays") != [list(form) for form in _forms(found)]:
        raise RunError(Problem("bad-checkpoint", "the checkpoint is that of another network"))
    arrays = dict(zip(found, _split(files.get(ARRAYS, b""), list(found.values())), strict=True))
    best = [content for name, content in files.items() if name.endswith(f"/{WEIGHTS}")]
    return Snapshot(arrays, facts, _split(best[0], training.model.weights) if best else None)


def size(training: Training) -> int:
    """The bytes that the largest file of a checkpoint has."""
    return sum(int(np.prod(v.shape)) * np.dtype(v.dtype).itemsize for v in variables(training).values())


def _facts(training: Training) -> dict[str, Any]:
    state, best = training.state, training.best
    return {
        "format": FORMAT,
        **{name: getattr(state, name) for name in _STATE},
        "stopped": bool(training.model.stop_training),
        "callbacks": [_fields(callback) for callback in training.callbacks.callbacks],
        "best": {"epoch": best.epoch, "value": _number(best.value)},
        "history": [{name: _number(value) for name, value in row.items()} for row in state.history],
        "fingerprints": fingerprints(training),
    }


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
        raise RunError(Problem("bad-checkpoint", "the checkpoint is that of another network"))
    return arrays


def _forms(found: Mapping[str, keras.Variable | np.ndarray]) -> list[tuple[str, str, list[int]]]:
    return [(name, str(np.dtype(v.dtype)), list(v.shape)) for name, v in found.items()]


def _optimizers(training: Training) -> list[Any]:
    """The optimizer, and the one that a loss-scaling optimizer wraps."""
    outer = training.model.optimizer
    inner = getattr(outer, "inner_optimizer", None)
    return [outer] if inner is None else [outer, inner]


def _attributes(thing: object) -> Iterator[keras.Variable]:
    return (value for value in vars(thing).values() if isinstance(value, keras.Variable))


def _fields(callback: keras.callbacks.Callback) -> dict[str, Any]:
    return {name: _number(getattr(callback, name)) for name in FIELDS if hasattr(callback, name)}


def _number(value: Any) -> Any:
    """A number as JSON holds it."""
    if value is None or isinstance(value, int):
        return value
    return float(value) if math.isfinite(value) else str(float(value))

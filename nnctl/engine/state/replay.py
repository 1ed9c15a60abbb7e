"""Where a training that diverged did so: the first batch after which something is not finite, and the layer it shows in."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnctl.engine.loop.progress import Progress
from nnctl.engine.loop.snapshot import Snapshot
from nnctl.engine.loop.training import Training
from nnctl.engine.state import checkpoint
from nnctl.runs import Row, RunDirectory

_SHOWN = 5  # rows of the batch that the message names


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first step of a training that left something that is not finite.

    Attributes:
        epoch: the epoch, from 1.
        step: the step in it, from 1.
        layer: the name of the first layer, from the input, whose output is not finite, or, where all outputs are, whose
            weights are not after the step; None if neither was found.
        what: `output`, `loss` or `weights`: what is not finite first.
        rows: the rows of the batch's examples in the array that they were cut from.
    """

    epoch: int
    step: int
    layer: str | None
    what: str
    rows: tuple[int, ...]

    @property
    def message(self) -> str:
        """It in one sentence without a full stop."""
        thing = "the loss" if self.layer is None else f"the {self.what} of {self.layer}"
        shown = ", ".join(map(str, self.rows[:_SHOWN]))
        more = f" and {len(self.rows) - _SHOWN} more" if len(self.rows) > _SHOWN else ""
        verb, when = ("are", "after") if self.what == "weights" else ("is", "in")
        step = f"epoch {self.epoch}, step {self.step} (rows {shown}{more})"
        return f"{thing} {verb} the first that {verb} not finite, {when} {step}"


def find(
    training: Training, run: RunDirectory, build: Callable[[], Training], stop: Callable[[], bool] = lambda: False
) -> Divergence | None:
    """Replays a training that diverged, from its newest checkpoint or its beginning, to the step that did it.

    The steps are those of the training, bit for bit: what happened once happens again. The training is as it was afterwards.

    Args:
        training: the training that diverged.
        run: its run.
        build: makes the same training anew, for one that has no checkpoint.
        stop: whether the search should be given up.

    Returns:
        What was found, or None.
    """
    found = checkpoint.find_newest(run.checkpoints, checkpoint.compute_size(training))
    if found.files is None:
        return _replay(build(), stop)
    before = training.take_snapshot()
    try:
        training.restore(checkpoint.unpack(found.files, training))
        return _replay(training, stop)
    finally:
        training.restore(before)


class _Watch:
    """A follower that keeps the last state that was finite."""

    def __init__(self, training: Training, stop: Callable[[], bool]) -> None:
        self.training, self.interrupted = training, stop
        self.last = training.take_snapshot()

    def stepped(self, progress: Progress) -> None:
        if math.isfinite(progress.results["loss"]) and self.training.steps.is_finite():
            self.last = self.training.take_snapshot()

    def ended_epoch(self, row: Row, best: bool) -> None:
        self.last = self.training.take_snapshot()


def _replay(training: Training, stop: Callable[[], bool]) -> Divergence | None:
    watch = _Watch(training, stop)
    if training.run(watch) != "diverged":
        return None
    training.restore(watch.last)
    if not training.state.entered:
        training.enter()
    for step in range(training.state.step, training.steps.per_epoch):
        before = training.take_snapshot()
        training.steps.run(step, step + 1)
        if not (training.steps.is_finite() and math.isfinite(training.steps.read_results()["loss"])):
            return _locate(training, step, before)
    return None


def _locate(training: Training, step: int, before: Snapshot) -> Divergence:
    """The first layer that a step's numbers are not finite in; the step has run, and `before` was taken in front of it."""
    after = next((layer.name for layer in training.model.layers if not _are_finite(*layer.weights)), None)
    training.restore(before)
    rows = training.steps.find_rows(step)
    place = training.state.epoch + 1, step + 1
    named = tuple(training.dataset.train.rows[rows].tolist())
    if (layer := _find_overflowing(training, rows)) is not None:
        return Divergence(*place, layer, "output", named)
    return Divergence(*place, after, "loss" if after is None else "weights", named)


def _find_overflowing(training: Training, rows: np.ndarray) -> str | None:
    """The first layer whose output on some examples is not finite."""
    train = training.dataset.train
    x: Any = tf.constant(train.x[rows])
    if training.augmentation is not None:
        x, _ = training.augmentation(x, tf.constant(train.y[rows]))
    layers = [layer for layer in training.model.layers if not isinstance(layer, keras.layers.InputLayer)]
    outputs = keras.Model(training.model.inputs, [layer.output for layer in layers])(x, training=True)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return next((str(layer.name) for layer, out in zip(layers, outputs, strict=True) if not _are_finite(out)), None)


def _are_finite(*tensors: Any) -> bool:
    """Whether all are; those of whole numbers are."""
    values = [tf.convert_to_tensor(tensor) for tensor in tensors]
    return all(bool(tf.reduce_all(tf.math.is_finite(value))) for value in values if value.dtype.is_floating)

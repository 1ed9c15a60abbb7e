"""Trains a spec under observation, for the published rule sets; loads TensorFlow."""

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from nnctl.errors import NnctlError
from tests.bench.debugging.published.facts import Array, Facts
from tests.bench.debugging.training import Watcher, made


def watched(path: Path) -> Facts | None:
    """Trains a spec under observation; None where it is refused."""
    try:
        training = made(path)
    except NnctlError:
        return None
    watcher = _Gradients(training)
    rate = training.learning_rate
    facts = Facts(training.spec, watcher.inputs(), rate, training.state.history, watcher.gradients)
    facts.status = training.run(watcher)
    return facts


class _Gradients(Watcher):
    """Takes the gradient of each kernel on the first batch after each epoch."""

    def __init__(self, training: Any) -> None:
        self.training, self.gradients = training, list[list[Array]]()
        size = training.steps.batch_size
        self.x, self.y = training.dataset.train.x[:size], training.dataset.train.y[:size]

    def ended_epoch(self, row: dict[str, float], best: bool) -> None:
        model = self.training.model
        kernels = [weight.value for weight in model.trainable_variables if len(weight.shape) > 1]
        with tf.GradientTape() as tape:
            loss = model.compute_loss(self.x, tf.constant(self.y), model(self.x, training=False), training=False)
        found = tape.gradient(loss, kernels)
        self.gradients.append([_dense(part) for part in found if part is not None])

    def inputs(self) -> Array:
        scaling = self.training.scaling
        x = np.asarray(self.x, np.float32)
        if scaling.kind == "unit":
            return np.asarray(x * scaling.factor, np.float32)
        return (
            np.asarray((x - scaling.mean) / np.sqrt(scaling.variance), np.float32) if scaling.kind == "standard" else x
        )


def _dense(gradient: Any) -> Array:
    return np.asarray(tf.convert_to_tensor(gradient), np.float32)

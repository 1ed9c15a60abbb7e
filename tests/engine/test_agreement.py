"""The loop computes what Keras computes: the same network, weights and order through `train_on_batch`."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import pytest

from nnctl.engine.loop.steps import make_order
from nnctl.engine.loop.training import Training
from nnctl.spec.sections import Component

from .conftest import same

CASES = {
    "sgd": ["train.optimizer=sgd"],
    "momentum": ["train.optimizer={sgd: {momentum: 0.9, nesterov: true}}"],
    "adam": ["train.optimizer=adam"],
    "rmsprop": ["train.optimizer=rmsprop", "train.learning_rate=0.001"],
    "class weights": ["train.optimizer=sgd", "train.class_weight={0: 3.0, 7: 0.5}"],
    "balanced": ["train.optimizer=adam", "train.class_weight=balanced"],
    "l1": ["train.optimizer=sgd", "model.layers.1.dense.kernel_regularizer={l1: 1e-3}"],
    "l2": ["train.optimizer=adam", "model.layers.1.dense.kernel_regularizer={l2: 1e-2}"],
    "clipnorm": ["train.optimizer={sgd: {clipnorm: 0.1}}", "train.learning_rate=0.5"],
    "clipvalue": ["train.optimizer={adam: {clipvalue: 0.01}}"],
    "schedule": [
        "train.optimizer=sgd",
        "train.learning_rate={exponential_decay: {initial_learning_rate: 0.5, decay_epochs: 1, decay_rate: 0.5}}",
    ],
    "sparse": ["train.loss=sparse_categorical_crossentropy"],
    "smoothing": ["train.loss={categorical_crossentropy: {label_smoothing: 0.1}}"],
    # Adam would blow the rounding of a bias in front of a normalisation, whose gradient is zero, up to a step's size.
    "normalised": [
        "train.optimizer=sgd",
        "model.layers=[flatten, {dense: 16}, batch_normalization, relu, {dense: {units: 10, activation: softmax}}]",
    ],
}


@dataclass(frozen=True)
class Hand:
    """What plain Keras made of a training, step by step.

    Attributes:
        begun: the weights that it began with.
        ended: the weights that it ended with.
        losses: the loss of each step.
    """

    begun: list[np.ndarray]
    ended: list[np.ndarray]
    losses: list[float]


def build_twin(training: Training) -> keras.optimizers.Optimizer:
    """The optimizer in plain Keras, with Keras's own schedule where there is one."""
    config, rate = training.model.optimizer.get_config(), training.spec.train.learning_rate
    if isinstance(rate, Component):
        steps = rate.arguments["decay_epochs"] * training.steps.per_epoch
        arguments = (rate.arguments[name] for name in ("initial_learning_rate", "decay_rate"))
        config["learning_rate"] = keras.optimizers.schedules.ExponentialDecay(next(arguments), steps, next(arguments))
    return training.model.optimizer.__class__.from_config(config)


def by_hand(training: Training) -> Hand:
    """The same training in plain Keras."""
    spec, split = training.spec, training.dataset.train
    twin = keras.Sequential.from_config(training.model.get_config())
    twin.set_weights(begun := training.model.get_weights())
    loss = training.targets.build_loss().inner
    twin.compile(optimizer=build_twin(training), loss=loss)
    y = split.y if training.targets.form == "integer" else np.eye(10, dtype=np.float32)[split.y]
    weights = None if training.steps._weights is None else training.steps._weights.numpy()[split.y]
    losses = []
    for epoch in range(spec.train.epochs):
        order = make_order(spec.seed, epoch, len(split.x), spec.train.shuffle)
        for start in range(0, len(order), spec.train.batch_size):
            rows = order[start : start + spec.train.batch_size]
            twin.reset_metrics()
            weight = None if weights is None else weights[rows]
            losses.append(float(twin.train_on_batch(split.x[rows], y[rows], sample_weight=weight)))
    return Hand(begun, twin.get_weights(), losses)


@pytest.fixture(scope="module")
def hands() -> dict[str, Hand]:
    """By case: however nnctl compiles its steps, plain Keras makes the same of them."""
    return {}


@pytest.mark.parametrize("xla", ["true", "false"])
@pytest.mark.parametrize("case", CASES)
def test_losses_and_weights_are_those_of_train_on_batch(
    training: Callable[..., Training], hands: dict[str, Hand], case: str, xla: str
) -> None:
    ours = training(*CASES[case], f"train.xla={xla}", "data.subset=400")
    theirs = hands.setdefault(case, hands.get(case) or by_hand(ours))
    assert same(ours.model.get_weights(), theirs.begun)
    measured = []
    for epoch in range(ours.spec.train.epochs):
        order = make_order(ours.spec.seed, epoch, ours.steps.examples, ours.spec.train.shuffle)
        for step in range(ours.steps.per_epoch):
            ours.steps.begin(order)
            ours.steps.run(step, step + 1)
            measured.append(ours.steps.read_results()["loss"])
    assert np.allclose(measured, theirs.losses, rtol=1e-5, atol=1e-5)
    for mine, hand in zip(ours.model.get_weights(), theirs.ended, strict=True):
        assert np.abs(mine - hand).max() < 1e-5

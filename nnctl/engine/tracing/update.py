"""The update: Keras's own `train_step` on the batch that holds the example, by one optimizer or several, and what it changes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnctl.engine.loop.steps import make_order
from nnctl.engine.loop.training import Training
from nnctl.engine.network import schedules
from nnctl.engine.network.build import build_optimizer
from nnctl.engine.tracing.chain import Chain
from nnctl.engine.tracing.passes import keep_draws, sum_penalties
from nnctl.engine.tracing.values import Shape, TracedUpdate
from nnctl.spec.sections import Component
from nnctl.topics.formulas import find_formula

LOOKED_AT = (1, 10, 100, 1_000, 10_000, 100_000)


class Updates:
    """Updates of one network, each from the weights as they are.

    Args:
        training: the training; what it is compiled with is replaced.
        chain: its network.
        example: the example's place in train.
    """

    def __init__(self, training: Training, chain: Chain, example: int) -> None:
        self._training, self._chain, self._loss = training, chain, training.targets.build_loss()
        self._example, self._batch = self._read([example]), self._read(find_batch(training, example))
        self._kept = [(each, each.numpy()) for each in training.model.variables]

    @property
    def count(self) -> int:
        """How many examples the batch has."""
        return int(self._batch[0].shape[0])

    def run(self, asked: Component | None, place: int, index: Shape, steps: int) -> TracedUpdate:
        """Some steps of an optimizer on the batch, from the weights as they were.

        Args:
            asked: the optimizer, with Keras's own rate; None for the spec's, with the spec's.
            place: of the layer in the chain whose weight is followed; it is one of its first trainable ones.
            index: the weight's place among them.
            steps: how many.
        """
        for variable, value in self._kept:
            variable.assign(value)
        model, spec = self._training.model, self._training.spec
        chosen = spec
        if asked is not None and asked.name != spec.train.optimizer.name:
            chosen = replace(spec, train=replace(spec.train, optimizer=asked, learning_rate=None))
        optimizer = build_optimizer(chosen, self._training.steps.per_epoch)
        model.compile(optimizer=optimizer, loss=self._loss, jit_compile=False)
        model.optimizer.build(model.trainable_variables)
        weights = self._chain.layers[place].trainable_weights[0]
        before, rate = self._measure(), schedules.read_rate(model.optimizer)
        old, slots = float(weights.numpy()[index]), _read_slots(model.optimizer, weights, index)
        caught = _catch_gradients(model.optimizer)
        model.train_step(self._batch)
        number = next(at for at, each in enumerate(model.trainable_weights) if each is weights)
        gradient = float(np.asarray(tf.convert_to_tensor(caught[0][number]))[index]) / _read_scale(model.optimizer)
        new, kept = float(weights.numpy()[index]), _read_slots(model.optimizer, weights, index)
        after = self._measure()
        course = [(0, before[1], old), (1, after[1], new), *self._go_on(weights, index, steps)]
        for variable, value in self._kept:
            variable.assign(value)
        return TracedUpdate(
            chosen.train.optimizer.name,
            find_formula("optimizer", chosen.train.optimizer.name),
            rate,
            old,
            gradient,
            new,
            {name: (slots[name], value) for name, value in kept.items()},
            (before[0], after[0]),
            (before[1], after[1]),
            tuple(course),
        )

    def _go_on(self, weights: Any, index: Shape, steps: int) -> list[tuple[int, float, float]]:
        """The batch's loss and the weight after 10, 100 and so on, and the last of the steps."""
        model, course = self._training.model, []
        step = tf.function(lambda: model.train_step(self._batch), autograph=False) if steps > 1 else None
        for number in range(2, steps + 1):
            assert step is not None
            step()
            if number in LOOKED_AT or number == steps:
                course.append((number, self._measure()[1], float(weights.numpy()[index])))
        return course

    def _measure(self) -> tuple[float, float]:
        """The loss with its penalties on the example and on the batch, of the network as it is used."""
        losses = []
        with keep_draws(self._chain):
            for x, y, *weight in (self._example, self._batch):
                output = self._chain.run(self._chain.feed(x))[-1]
                value = tf.cast(self._loss(y, output, weight[0] if weight else None), tf.float32)
                losses.append(float(value + sum_penalties(self._chain.layers)))
        return losses[0], losses[1]

    def _read(self, rows: Sequence[int] | np.ndarray) -> Any:
        return self._training.steps.make_batch(np.asarray(rows, np.int32))


def find_batch(training: Training, example: int) -> np.ndarray:
    """The rows of the batch that holds an example in the first epoch of the training, in their order."""
    steps, train = training.steps, training.spec.train
    order = make_order(training.spec.seed, 0, steps.examples, train.shuffle)
    begin = int(np.flatnonzero(order == example)[0]) // steps.batch_size * steps.batch_size
    return order[begin : begin + steps.batch_size]


def _catch_gradients(optimizer: keras.optimizers.Optimizer) -> list[list[Any]]:
    """The gradients that an optimizer is handed next, which it then applies as ever."""
    caught: list[list[Any]] = []
    apply = optimizer.apply_gradients

    def catch(pairs: Any, *more: Any, **named: Any) -> Any:
        pairs = list(pairs)
        caught.append([gradient for gradient, _ in pairs])
        optimizer.apply_gradients = apply
        return apply(pairs, *more, **named)

    optimizer.apply_gradients = catch
    return caught


def _read_scale(optimizer: Any) -> float:
    """By what the loss is multiplied in half precision, and its gradients with it."""
    return float(optimizer.dynamic_scale) if optimizer is not schedules.find_updater(optimizer) else 1.0


def _read_slots(optimizer: Any, weights: Any, index: Shape) -> dict[str, float]:
    """What an optimizer keeps of one weight, by name; what it keeps of whole rows or matrices is not of one weight."""
    front = f"{weights.path}_".replace("/", "_")
    named = {each.name.removeprefix(front): each for each in schedules.find_updater(optimizer).variables}
    return {
        name: float(each.numpy()[index])
        for name, each in named.items()
        if each.name.startswith(front) and tuple(each.shape) == tuple(weights.shape)
    }

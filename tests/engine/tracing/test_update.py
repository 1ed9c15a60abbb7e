"""What the update says is what Keras's own optimizer does to a variable of its own that is handed the same gradient."""

import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.tracing.trace import Subject, trace
from nnctl.engine.tracing.update import find_batch
from nnctl.spec import catalogue
from nnctl.spec.sections import Component
from nnctl.topics.formulas import find_formula

from .conftest import Make

LAYERS = "[{dense: {units: 4, activation: tanh}}, {dense: {units: 3, activation: softmax}}]"


def name(*optimizers: str) -> list[Component]:
    return [Component("optimizer", each, {}) for each in optimizers]


def compute_gradients(subject: Subject) -> list[tf.Tensor]:
    """Of the batch that holds example 1, by TensorFlow and the model alone."""
    training = subject.training
    rows = find_batch(training, 1)
    assert 1 in rows
    x, y = training.dataset.train.x[rows], training.dataset.train.y[rows]
    with tf.GradientTape() as tape:
        loss = training.model.compute_loss(x, y, training.model(x, training=True))
    return tape.gradient(loss, [each.value for each in training.model.trainable_variables])


@pytest.mark.parametrize("optimizer", catalogue.list_names("optimizer"))
def test_a_step_is_that_of_keras_to_the_bit(make: Make, optimizer: str) -> None:
    subject = make(LAYERS)
    gradients = compute_gradients(subject)
    mine = [
        keras.Variable(each.numpy(), name=f"w{at}")
        for at, each in enumerate(subject.training.model.trainable_variables)
    ]
    entry = catalogue.get_entry("optimizer", optimizer)
    rate = 0.1 if optimizer == "sgd" else None  # the spec's own, which has the spec's rate
    keras_own = getattr(keras.optimizers, str(entry.class_name))(**({} if rate is None else {"learning_rate": rate}))
    keras_own.build(mine)
    traced = trace(subject, 1, None, name(optimizer))
    (update,) = traced.updates
    assert traced.followed is not None
    checked = traced.backward[-1 - traced.followed].checked
    assert checked is not None
    number = 2 * traced.followed  # each layer has a kernel and a bias
    assert update.old == float(mine[number].numpy()[checked.index])
    assert np.isclose(update.gradient, float(gradients[number].numpy()[checked.index]), rtol=1e-5)
    keras_own.apply_gradients(zip(gradients, mine, strict=True))
    assert update.new == float(mine[number].numpy()[checked.index])
    assert update.rate == pytest.approx(float(keras_own.learning_rate))


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "adagrad", "lion"])
def test_the_formula_gives_the_new_weight(make: Make, optimizer: str) -> None:
    (update,) = trace(make(LAYERS), 1, None, name(optimizer)).updates
    arguments = {each.name: each.default for each in catalogue.get_entry("optimizer", optimizer).arguments.values()}
    kept = {slot[0]: before for slot, (before, _) in update.kept.items()}
    values = {**arguments, **kept, "w": update.old, "g": update.gradient, "rate": update.rate, "t": 1}
    values |= {"sqrt": math.sqrt, "sign": np.sign}
    for line in str(find_formula("optimizer", optimizer)).partition(", where")[0].split("; "):
        exec(line, values)
    assert np.isclose(values["w"], update.new, rtol=1e-5)
    assert all(np.isclose(values[slot[0]], after, rtol=1e-5) for slot, (_, after) in update.kept.items())


def test_sgd_goes_against_the_gradient_and_the_loss_falls(make: Make) -> None:
    subject = make(LAYERS)
    before = [each.numpy().copy() for each in subject.training.model.variables]
    traced = trace(subject, 1, None, (), 1000)
    (update,) = traced.updates
    assert (update.optimizer, update.rate, traced.count) == ("sgd", 0.1, 4)
    assert np.isclose(update.new, update.old - 0.1 * update.gradient, rtol=1e-6)
    assert update.example[0] == pytest.approx(traced.forward.loss.total)
    assert update.batch[1] < update.batch[0]
    assert [step for step, _, _ in update.course] == [0, 1, 10, 100, 1000]
    losses = [loss for _, loss, _ in update.course]
    assert losses == sorted(losses, reverse=True)
    assert (update.course[0][2], update.course[1][2]) == (update.old, update.new)
    assert all((old == new.numpy()).all() for old, new in zip(before, subject.training.model.variables, strict=True))


def test_optimizers_begin_at_the_same_weights(make: Make) -> None:
    updates = trace(make(LAYERS), 1, None, name("sgd", "adam", "sgd")).updates
    assert len({each.old for each in updates}) == len({each.gradient for each in updates}) == 1
    assert updates[0].new == updates[2].new != updates[1].new
    assert [each.rate for each in updates] == [0.1, 0.001, 0.1]

import numpy as np
import tensorflow as tf

from nnctl.engine.tracing.passes import run_passes

from .conftest import Make

LAYERS = (
    "[{dense: {units: 4, activation: tanh, kernel_regularizer: {l2: 0.1}}}, {dense: {units: 3, activation: softmax}}]"
)


def test_loss_penalty_and_gradients_are_those_of_the_model(make: Make) -> None:
    subject = make(LAYERS)
    training = subject.training
    x, y = training.dataset.train.x[:4], training.dataset.train.y[:4]
    passes = run_passes(subject.chain, subject.loss, x, y)
    with tf.GradientTape() as tape:
        total = training.model.compute_loss(x, y, training.model(x, training=False))
    expected = tape.gradient(total, [each.value for each in training.model.trainable_variables])
    assert np.isclose(passes.loss + passes.penalty, float(total))
    found = [each for layer in passes.gradients for each in layer]
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-7)


def test_the_gradient_of_each_output_is_that_of_the_chain_rule(make: Make) -> None:
    """By hand: of softmax and cross-entropy p - y reaches the last sum, and W (p - y) the output in front of it."""
    subject = make(LAYERS)
    x, y = subject.training.dataset.train.x[:1], subject.training.dataset.train.y[:1]
    passes = run_passes(subject.chain, subject.loss, x, y)
    error = passes.get_output(-1) - np.eye(3)[int(y[0])]
    kernel = np.asarray(subject.chain.layers[subject.chain.places[1]].kernel)
    assert passes.slopes[-2] is not None
    np.testing.assert_allclose(passes.slopes[-2], kernel @ error, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(passes.gradients[-1][1], error, rtol=1e-4, atol=1e-6)


def test_nothing_of_the_network_changes(make: Make) -> None:
    subject = make("[{lstm: {units: 2, dropout: 0.5}}, {dense: {units: 3, activation: softmax}}]", np.ones((12, 5, 2)))
    before = [each.numpy().copy() for each in subject.training.model.variables]
    run_passes(subject.chain, subject.loss, subject.training.dataset.train.x[:2], subject.training.dataset.train.y[:2])
    assert all((old == new.numpy()).all() for old, new in zip(before, subject.training.model.variables, strict=True))


def test_how_much_an_example_counts_is_in_its_loss(make: Make) -> None:
    subject = make(LAYERS)
    x, y = subject.training.dataset.train.x[:1], subject.training.dataset.train.y[:1]
    plain = run_passes(subject.chain, subject.loss, x, y)
    doubled = run_passes(subject.chain, subject.loss, x, y, np.array([2.0], np.float32))
    assert np.isclose(doubled.loss, 2 * plain.loss)

"""A sample of the catalogue: every kind of layer that has weights, some activations, some losses."""

from dataclasses import replace

import numpy as np
import pytest

from nnctl.engine.tracing.backward import Differences, find_largest, trace_back
from nnctl.engine.tracing.passes import run_passes
from nnctl.engine.tracing.trace import trace

from .conftest import Make

HEAD = ", flatten, {dense: {units: 3, activation: softmax}}]"
SEQUENCES, IMAGES = np.sin(np.arange(12 * 5 * 2)).reshape(12, 5, 2), np.sin(np.arange(12 * 36)).reshape(12, 6, 6, 1)
INDICES = np.arange(60, dtype=np.int32).reshape(12, 5) % 6
NUMBERS = np.arange(12) / 7 + 0.5
LAYERS = {
    "[{conv2d: {filters: 2, kernel_size: 3, activation: gelu}}, batch_normalization, max_pooling2d": IMAGES,
    "[{separable_conv2d: {filters: 2, kernel_size: 3}}, layer_normalization, prelu": IMAGES,
    "[{conv2d_transpose: {filters: 2, kernel_size: 3}}, {spatial_dropout2d: 0.5}, {average_pooling2d: 2}": IMAGES,
    "[{bidirectional: {lstm: {units: 2, return_sequences: true}}}, {gru: 2}": SEQUENCES,
    "[{embedding: {input_dim: 6, output_dim: 2, mask_zero: true}}, {simple_rnn: {units: 2, recurrent_dropout: 0.2}}": INDICES,
    "[{dense: {units: 4, kernel_regularizer: {l2: 0.1}}}, {dropout: 0.5}, {dense: {units: 3}}, elu": None,
}  # fmt: skip


@pytest.mark.parametrize("layers", LAYERS)
def test_finite_differences_agree_at_each_layer(make: Make, layers: str) -> None:
    traced = trace(make(layers + HEAD, LAYERS[layers]), 1, None)
    checked = [each.checked for each in traced.backward if each.checked is not None]
    assert checked
    for each in checked:
        assert (each.type, each.agrees, each.reason) == ("float64", True, None), each
    assert any(each.gradient for each in checked)


@pytest.mark.parametrize("loss", ["mean_squared_error", "huber", "log_cosh", "poisson", "mean_absolute_error"])
def test_finite_differences_agree_for_each_loss(make: Make, loss: str) -> None:
    layers = "[{dense: {units: 4, activation: tanh}}, {dense: {units: 1, activation: softplus}}]"
    traced = trace(make(layers, y=NUMBERS, loss=loss), 1, None)
    assert all(each.checked is not None and each.checked.agrees and each.checked.gradient for each in traced.backward)


def test_the_way_back_begins_at_the_end_and_asks_the_chosen_unit(make: Make) -> None:
    traced = trace(make("[{dense: {units: 4, activation: tanh}}" + HEAD), 1, "0:2")
    assert [each.layer for each in traced.backward] == [2, 1, 0]
    assert traced.backward[-1].checked is not None
    assert traced.backward[-1].checked.index[-1] == 2
    assert traced.backward[0].slope is None  # the loss takes softmax together with itself
    assert traced.backward[1].gradient is None  # flatten has no weights


def test_gates_of_one_unit_stand_apart() -> None:
    gradient = np.zeros((2, 8))
    gradient[1, 7], gradient[0, 5] = 9, -3  # units 3 and 1 of 4, in the second gate
    assert find_largest(gradient, None, 4) == (1, 7)
    assert find_largest(gradient, 1, 4) == (0, 5)
    assert find_largest(gradient, 1, 3) == (1, 7)  # no multiple: the last axis counts something else


def test_a_kink_is_told(make: Make) -> None:
    """Each sum is exactly 0: relu's slope is 0 to one side and 1 to the other, and the backward pass says 0."""
    layers = "[{dense: {units: 2, activation: relu, kernel_initializer: zeros}}" + HEAD
    checked = trace(make(layers), 1, None).backward[-1].checked
    assert checked is not None
    assert not checked.agrees
    assert "kink" in str(checked.reason)


def test_a_wrong_gradient_does_not_agree(make: Make) -> None:
    subject = make("[{dense: {units: 4, activation: tanh}}" + HEAD)
    train, spec = subject.training.dataset.train, subject.training.spec
    passes = run_passes(subject.chain, subject.loss, train.x[:1], train.y[:1])
    wrong = replace(passes, gradients=[[1.01 * each for each in layer] for layer in passes.gradients])
    differences = Differences(subject.chain, passes, spec.train.loss, subject.loss, (train.y[:1], None))
    found = [each.checked for each in trace_back(subject.chain, wrong, spec.layers, differences, None) if each.checked]
    assert [each.agrees for each in found] == [False, False]
    assert all("no kink" in str(each.reason) for each in found)


def test_half_precision_is_named(make: Make) -> None:
    layers = "[{dense: {units: 4, activation: tanh, dtype: bfloat16}}" + HEAD
    checked = trace(make(layers), 1, None).backward[-1].checked
    assert checked is not None
    assert checked.agrees or "bfloat16" in str(checked.reason)

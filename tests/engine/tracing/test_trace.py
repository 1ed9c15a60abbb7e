from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from nnctl.data import silent
from nnctl.engine.tracing.trace import take_run, trace
from nnctl.errors import UsageError
from tests.engine.conftest import spec_in, train_in

from .conftest import Make

LAYERS = "[{dense: {units: 2, activation: tanh, name: hidden}}, {dense: {units: 3, activation: softmax}}]"


def test_a_small_network_is_written_out_as_a_whole(make: Make) -> None:
    forward = trace(make(LAYERS), 2, None).forward
    assert [(unit.layer, unit.unit) for unit in forward.units] == [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]
    assert (forward.example.index, forward.example.count, forward.example.label) == (2, 12, "2")
    np.testing.assert_array_equal(forward.example.stored, np.arange(48).reshape(12, 4)[2] % 7 - 3)
    hidden, last = (np.array([float(u.outputs) for u in forward.units if u.layer == layer]) for layer in (0, 1))
    np.testing.assert_array_equal(forward.layers[0].output, hidden)
    assert np.isclose(sum(forward.answers.values()), 1)
    np.testing.assert_allclose(list(forward.answers.values()), last)


def test_of_a_large_network_the_unit_with_the_largest_gradient_is_written_out(make: Make) -> None:
    subject = make("[{dense: {units: 40, activation: relu}}, {dense: {units: 3, activation: softmax}}]")
    (unit,) = trace(subject, 0, None).forward.units
    model, train = subject.training.model, subject.training.dataset.train
    kernels = [layer.kernel.value for layer in model.layers]
    with tf.GradientTape() as tape:
        loss = model.compute_loss(train.x[:1], train.y[:1], model(train.x[:1], training=False))
    sizes = [np.abs(gradient).max(axis=0) for gradient in tape.gradient(loss, kernels)]
    assert sizes[unit.layer][unit.unit] == max(each.max() for each in sizes)


def test_a_unit_is_chosen_by_number_or_name(make: Make) -> None:
    subject = make(LAYERS)
    for asked in ("0:1", "hidden:1", "layers[0]:1"):
        forward = trace(subject, 0, asked).forward
        assert forward.chosen is not None
        assert (forward.units[forward.chosen].layer, forward.units[forward.chosen].unit) == (0, 1)


@pytest.mark.parametrize(
    ("example", "unit", "code", "told"),
    [
        (12, None, "no-example", "train has 12 examples, and no example 12"),
        (-1, None, "no-example", "counted from 0 to 11"),
        (0, "2:0", "no-layer", "there are 0 dense, 1 dense"),
        (0, "other:0", "no-layer", "no layer 'other'"),
        (0, "1:3", "no-unit", "layers[1] dense has 3 units, and no unit 3"),
        (0, "1:-1", "no-unit", "counted from 0 to 2"),
        (0, "1", "bad-value", "expected LAYER:I"),
    ],
)
def test_what_is_not_there_is_told(make: Make, example: int, unit: str | None, code: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        trace(make(LAYERS), example, unit)
    (problem,) = error.value.problems
    assert problem.code == code
    assert told in f"{problem.message} {problem.hint}"


def test_dropout_is_told_to_hand_on(make: Make) -> None:
    forward = trace(make("[dropout: 0.5, {dense: {units: 3, activation: softmax}}]"), 0, None).forward
    assert [layer.idle for layer in forward.layers] == [True, False]
    np.testing.assert_array_equal(forward.layers[0].output, forward.example.fed)


def test_a_layer_without_weights_has_no_unit_to_write_out(make: Make) -> None:
    forward = trace(make("[softmax]", np.eye(3, dtype=np.float32)[np.arange(12) % 3]), 0, None).forward
    assert (forward.units, forward.chosen) == ((), None)


def test_a_run_is_traced_with_the_weights_of_its_best_model(tmp_path: Path) -> None:
    run = train_in(tmp_path, spec_in(tmp_path)).run
    traced = trace(take_run(run, silent), 3, None)
    import keras

    model = keras.models.load_model(run.model)
    answer = model(traced.forward.example.stored[np.newaxis], training=False)
    np.testing.assert_allclose(list(traced.forward.answers.values()), np.asarray(answer)[0], rtol=1e-5)
    assert traced.trained

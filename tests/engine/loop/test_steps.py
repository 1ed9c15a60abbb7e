import gc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.python.framework.func_graph import FuncGraph

from nnctl.engine.loop.steps import compute_class_weights, make_order, weigh_examples
from nnctl.engine.loop.training import Training
from nnctl.errors import SpecError
from tests.engine.conftest import Quiet, outputs_of


def test_an_order_is_a_function_of_seed_and_epoch() -> None:
    first = make_order(7, 3, 1000, shuffle=True)
    assert first.dtype == np.int32
    assert sorted(first) == list(range(1000))
    assert np.array_equal(first, make_order(7, 3, 1000, shuffle=True))
    assert not np.array_equal(first, make_order(7, 4, 1000, shuffle=True))
    assert not np.array_equal(first, make_order(8, 3, 1000, shuffle=True))


def test_orders_stay_what_they_were() -> None:
    """Philox's numbers are part of what a seed means: a run of today is to be resumed with a NumPy of tomorrow."""
    assert make_order(7, 0, 10, shuffle=True).tolist() == [6, 3, 9, 1, 2, 0, 5, 7, 8, 4]


def test_without_shuffling_the_order_is_that_of_the_source() -> None:
    assert make_order(7, 3, 5, shuffle=False).tolist() == [0, 1, 2, 3, 4]


def weighing(given: object, older: bool = False) -> SimpleNamespace:
    train, data = SimpleNamespace(class_weight=given), SimpleNamespace(older=older)
    return SimpleNamespace(spec=SimpleNamespace(train=train, data=data), outputs=3)


@pytest.mark.parametrize("counts", [(50, 5, 45), (0, 50, 5), (30, 0, 7), (3, 9, 0)])
def test_balanced_weights_are_scikit_learns(counts: tuple[int, ...]) -> None:
    """Of the classes that occur; what never does, in a gap or in a subset that lacks it, changes no other weight."""
    from sklearn.utils.class_weight import compute_class_weight

    labels = np.repeat(np.arange(3, dtype=np.int32), counts)
    expected = np.ones(3)
    expected[np.unique(labels)] = compute_class_weight("balanced", classes=np.unique(labels), y=labels)
    found = compute_class_weights(weighing("balanced"), labels, None)
    assert (found.dtype, np.allclose(found, expected, rtol=1e-6)) == (np.float32, True)
    assert found[labels].mean(dtype=np.float64) == pytest.approx(1, rel=1e-6)


def test_balanced_weights_go_by_the_examples_that_are_trained_on(training: Callable[..., Training]) -> None:
    """What a subset and validation leave; their classes are as unequal as 300 digits of which one in five is held out."""
    from sklearn.utils.class_weight import compute_sample_weight

    made = training("train.class_weight=balanced", "data.subset=300", "data.validation=0.2")
    labels = made.dataset.train.y
    assert len(labels) == 240
    weights = compute_class_weights(made.targets, labels, made.dataset.names)
    np.testing.assert_allclose(weights[labels], compute_sample_weight("balanced", labels), rtol=1e-6)


def test_balanced_weights_of_shares_count_the_shares() -> None:
    shares = np.random.default_rng(0).dirichlet((5, 1, 0.2), 400)
    expected = shares.sum() / (3 * shares.sum(axis=0))
    found = compute_class_weights(weighing("balanced"), shares.astype(np.float32), None)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_allclose(weigh_examples(found, tf.constant(shares, tf.float32)), shares @ expected, rtol=1e-5)
    rows = np.eye(3, dtype=np.float32)[[0, 0, 0, 1]]  # shares of which one class has all weigh as its index does
    by_index = compute_class_weights(weighing("balanced"), rows.argmax(axis=1).astype(np.int32), None)
    np.testing.assert_array_equal(compute_class_weights(weighing("balanced"), rows, None), by_index)


def test_weights_are_given_by_index_or_by_name() -> None:
    found = compute_class_weights(weighing({1: 2.0, "c": 0.5}), np.zeros(1, np.int32), ("a", "b", "c"))
    assert found.tolist() == [1.0, 2.0, 0.5]
    ones, none = ("1", "2", "3"), np.zeros(1, np.int32)
    assert compute_class_weights(weighing({"1": 2.0}), none, ones).tolist() == [2.0, 1.0, 1.0]
    assert compute_class_weights(weighing({0: 3.0, 1: 2.0}), none, ones).tolist() == [3.0, 2.0, 1.0]
    assert compute_class_weights(weighing({0: 3.0, 1: 2.0}, older=True), none, ones).tolist() == [2.0, 1.0, 1.0]
    assert compute_class_weights(weighing(None), np.zeros(1, np.int32), None) is None


def test_scoring_sees_each_example_once_whatever_the_batch(training: Callable[..., Training]) -> None:
    made = training()
    assert made.validation is not None
    whole = made.validation.evaluate()
    made.validation.batch_size = 7
    parts = made.validation.evaluate()
    assert parts["accuracy"] == whole["accuracy"]
    split = made.dataset.validation
    outputs = outputs_of(made.model, split.x)
    by_hand = -np.log(outputs[np.arange(len(split.y)), split.y]).mean()
    assert np.isclose(whole["loss"], by_hand, rtol=1e-5)


@pytest.mark.parametrize("settings", [
    ["train.xla=false"], ["train.xla=true"], ["train.xla=update"],
    ["train.xla=false", "train.augment=[{random_flip: horizontal}]"], ["train.precision=mixed_float16"],
])  # fmt: skip
def test_a_training_that_is_over_leaves_nothing_that_holds_its_examples(
    training: Callable[..., Training], settings: list[str]
) -> None:
    before = [each for each in gc.get_objects() if isinstance(each, FuncGraph)]
    training(*settings, "train.epochs=1").run(Quiet())
    gc.collect()
    left = [each.name for each in gc.get_objects() if isinstance(each, FuncGraph) and each not in before]
    assert left == []


@pytest.mark.parametrize("how", ["train.xla=true", "train.xla=false", "data.source={npz: {memory: stream}}"])
def test_weights_of_examples_are_those_of_keras(training: Callable[..., Training], tmp_path: Path, how: str) -> None:
    draw = np.random.default_rng(0)
    x, held = draw.normal(size=(145, 4)).astype(np.float32), draw.normal(size=(50, 4)).astype(np.float32)
    y, held_y = (x[:, 0] + draw.normal(size=145) > 0).astype(int), (held[:, 0] > 0).astype(int)
    weight = draw.exponential(3.0, size=145) * (draw.random(145) > 0.1)
    np.savez(
        tmp_path / "w.npz",
        x_train=x,
        y_train=y,
        x_dev=held,
        y_dev=held_y,
        x_test=held,
        y_test=held_y,
        sample_weight=weight,
    )
    layers = "model.layers=[{dense: {units: 8, activation: relu}}, {dense: {units: 1, activation: sigmoid}}]"
    loss, rate = "train.loss=binary_crossentropy", ("train.optimizer=sgd", "train.learning_rate=0.1", "train.epochs=3")
    settings = ("data.source=npz", f"data.path={tmp_path}/w.npz", "data.validation=null", layers, loss, *rate)
    made = training(*settings, "train.shuffle=false", "train.metrics=[accuracy]", how)
    plain = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1, activation="sigmoid")]
    )
    plain.set_weights(made.model.get_weights())
    plain.compile(keras.optimizers.SGD(0.1), "binary_crossentropy", metrics=["accuracy"])
    observer = Quiet()
    assert made.run(observer) == "done"
    history = plain.fit(
        x, y[:, None], batch_size=32, epochs=3, shuffle=False, verbose=0, sample_weight=weight,
        validation_data=(held, held_y[:, None]),
    ).history  # fmt: skip
    for name in ("loss", "val_loss", "accuracy", "val_accuracy"):
        np.testing.assert_allclose([row[name] for row in observer.rows], history[name], rtol=1e-5)
    for mine, theirs in zip(made.model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)


def test_weights_of_examples_stand_alone(training: Callable[..., Training], tmp_path: Path) -> None:
    x, y = np.random.default_rng(0).random((60, 8, 8, 1)).astype(np.float32), np.arange(60) % 3
    np.savez(tmp_path / "w.npz", x=x, y=y, sample_weight=y + 1.0)
    soft = "model.layers=[flatten, {dense: {units: 3, activation: softmax}}]"
    settings = (f"data.path={tmp_path}/w.npz", "data.validation=null", soft)
    for other in ("train.class_weight=balanced", "train.augment=[mix_up]"):
        with pytest.raises(SpecError) as caught:
            training("data.source=npz", *settings, other)
        assert caught.value.problems[0].code == "contradiction"
        assert "sample_weight: none" in str(caught.value.problems[0].hint)
        assert training("data.source={npz: {sample_weight: none}}", *settings, other).dataset.train.weight is None

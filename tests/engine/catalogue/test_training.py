"""Every optimizer, loss, metric and schedule of the catalogue is built from a spec's words and does its work."""

import nnctl.engine  # noqa: F401, isort: skip  (first: it loads TensorFlow quietly)

import keras
import numpy as np
import pytest

from nnctl.engine.network.build import build_component
from nnctl.engine.network.schedules import build_learning_rate
from nnctl.errors import Source
from nnctl.spec import catalogue
from nnctl.spec.network.fit import choose_label_form
from nnctl.spec.reader import Reader
from nnctl.spec.sections import Component, Data, DataFacts, Train
from nnctl.spec.text.document import parse

# What cannot be left out.
ARGUMENTS = {
    "constant": "0.1",
    "cosine_decay_restarts": "{initial_learning_rate: 0.1, first_decay_epochs: 0.5}",
    "exponential_decay": "{initial_learning_rate: 0.1, decay_epochs: 1, decay_rate: 0.9}",
    "inverse_time_decay": "{initial_learning_rate: 0.1, decay_epochs: 1.5, decay_rate: 0.9}",
    "one_cycle": "0.1",
    "one_hot_iou": "{num_classes: 3, target_class_ids: [0, 2]}",
    "one_hot_mean_iou": "3",
    "piecewise_constant_decay": "{boundaries: [0.5, 2], values: [0.1, 0.05, 0.0]}",
    "precision_at_recall": "0.5",
    "recall_at_precision": "0.5",
    "sensitivity_at_specificity": "0.5",
    "specificity_at_sensitivity": "0.5",
    **dict.fromkeys(("cosine_decay", "polynomial_decay", "reduce_lr_on_plateau", "step_decay"), "0.1"),
}
CLASSES = np.array([0, 2, 1, 2, 0])
SCORES = np.array(
    [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.3, 0.3, 0.4], [0.2, 0.2, 0.6], [0.5, 0.1, 0.4]],
    "float32",
)
INTEGER_METRICS = (
    "sparse_categorical_accuracy",
    "sparse_categorical_crossentropy",
    "sparse_top_k_categorical_accuracy",
)


def component(family: str, name: str) -> Component:
    """The component as the shortest YAML describes it."""
    text = f"{name}: {ARGUMENTS[name]}" if name in ARGUMENTS else name
    reader = Reader()
    found = reader.read_component(family, parse(Source("test", text)))
    assert reader.problems == []
    return found


def labels(form: str) -> np.ndarray:
    """The classes in the form that a loss asks for."""
    one_hot = np.eye(3, dtype="float32")[CLASSES]
    return {"integer": CLASSES, "one_hot": one_hot, "signed": one_hot * 2 - 1}[form]


@pytest.mark.parametrize("name", catalogue.list_names("optimizer"))
def test_an_optimizer_takes_steps_that_lower_the_loss(name: str) -> None:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation="tanh"), keras.layers.Dense(1)])
    model.compile(build_component(component("optimizer", name), learning_rate=0.01), "mse", run_eagerly=True)
    x = np.random.default_rng(0).normal(size=(32, 2)).astype("float32")
    losses = [model.train_on_batch(x, x[:, :1]) for _ in range(6)]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("name", catalogue.list_names("loss"))
def test_a_loss_compares_labels_of_its_form_with_outputs(name: str) -> None:
    form = choose_label_form(name, Data("digits", {}), DataFacts(task="multiclass", outputs=3), units=3)
    loss = build_component(component("loss", name))
    there, elsewhere = loss(labels(form), SCORES), loss(labels(form), SCORES**2)
    assert np.isfinite(there)
    assert np.shape(there) == ()
    assert there != elsewhere


@pytest.mark.parametrize("reduction", ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight"])
def test_every_reduction_gives_one_number(reduction: str) -> None:
    loss = build_component(Component("loss", "mean_squared_error", {"reduction": reduction}))
    assert np.shape(loss(labels("one_hot"), SCORES)) == ()


@pytest.mark.parametrize("name", catalogue.list_names("metric"))
def test_a_metric_scores_outputs_against_labels(name: str) -> None:
    form = "integer" if name in INTEGER_METRICS else "signed" if "hinge" in name else "one_hot"
    metric = build_component(component("metric", name))
    metric.update_state(labels(form), SCORES)
    first = np.array(keras.ops.convert_to_numpy(metric.result()))
    assert np.isfinite(first).all()
    metric.update_state(labels(form), 1 - SCORES)
    metric.reset_state()
    metric.update_state(labels(form), SCORES)
    assert np.array_equal(keras.ops.convert_to_numpy(metric.result()), first)


@pytest.mark.parametrize("name", catalogue.list_names("schedule"))
@pytest.mark.parametrize("warmup", [0, 0.5])
def test_a_schedule_gives_a_rate_at_every_step(name: str, warmup: float) -> None:
    schedule = component("schedule", name)
    schedule = Component("schedule", name, {**schedule.arguments, "warmup_epochs": warmup})
    train = Train(Component("loss", "huber", {}), Component("optimizer", "sgd", {}), learning_rate=schedule, epochs=3)
    rate = build_learning_rate(train, steps_per_epoch=8)
    rates = [float(rate(step) if callable(rate) else rate) for step in range(24)]
    assert all(0 <= each <= 0.1 + 1e-6 for each in rates)
    assert max(rates) == pytest.approx(0.1, rel=0.05)
    assert warmup == 0 or rates[0] < rates[3]


def test_the_table_names_components_only() -> None:
    families = ("optimizer", "loss", "metric", "schedule")
    assert set(ARGUMENTS) <= {name for family in families for name in catalogue.list_names(family)}

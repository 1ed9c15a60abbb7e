"""Outputs and labels, fed to the metrics as training, validation and evaluation feed them, without a network and its training."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnctl.data import Split
from nnctl.data.dataset import decide_labels
from nnctl.engine.loop.steps import Validation
from nnctl.engine.network.labels import Targets
from nnctl.engine.scoring import make_predictions
from nnctl.metrics import Predictions, Scores, score
from nnctl.spec.network.meaning import Meaning, find_meaning
from nnctl.spec.sections import Component, Data, DataFacts, Train
from tests.metrics.situations import Situation


@dataclass(frozen=True, eq=False)
class Shown:
    """What is shown of some outputs.

    Attributes:
        meaning: what the outputs are.
        running: the metrics as training counts them, batch by batch.
        validated: the same as a validation scores them, with the loss.
        whole: the names of those that are then computed from all outputs.
        predictions: the table of an evaluation.
        scores: what it shows; None of labels that are shares.
    """

    meaning: Meaning
    running: dict[str, float]
    validated: dict[str, float]
    whole: frozenset[str]
    predictions: Predictions | None
    scores: Scores | None


def describe(it: Situation, metrics: Sequence[Component]) -> tuple[Train, tuple[Component, ...]]:
    """What a spec says of a situation: its `train` section and its layers."""
    arguments = {"from_logits": True} if it.logits else {}
    more = {"categorical_generalized_cross_entropy": {"q": 0.5}}.get(it.loss, {})
    train = Train(
        Component("loss", it.loss, {**more, **arguments}), Component("optimizer", "sgd", {}), metrics=tuple(metrics)
    )
    last = [Component("layer", "dense", {"units": it.units, "activation": it.head})]
    if len(it.labels) % 3 == 0 and it.head in ("softmax", "relu"):  # as a layer of its own
        last = [Component("layer", "dense", {"units": it.units}), Component("layer", it.head, {})]
    return train, tuple(last)


def read_meaning(it: Situation) -> Meaning:
    """What nnctl takes the outputs for."""
    train, layers = describe(it, ())
    return find_meaning(train.loss, layers, it.task, it.units)


def make_targets(it: Situation, metrics: Sequence[Component]) -> Targets:
    train, layers = describe(it, metrics)
    facts = DataFacts((it.units,), "float32", it.task, it.count, len(it.labels))
    plan: Any = SimpleNamespace(
        spec=SimpleNamespace(train=train, layers=layers, data=Data("npz", {})), labels=None, facts=facts
    )
    return Targets(plan, describe_data(it), it.units)


def describe_data(it: Situation) -> Any:
    decide = lambda split: decide_labels(split.y, it.task)  # noqa: E731
    return SimpleNamespace(task=it.task, outputs=it.count, class_names=None, decide=decide)


def feed(
    it: Situation,
    metrics: Sequence[Component],
    random: np.random.Generator,
    dtype: str = "float32",
    before: np.ndarray | None = None,
) -> Shown:
    """What is shown of the outputs of a situation, which are fed in batches of one size drawn, the last of which is smaller.

    Args:
        it: the situation.
        metrics: what is watched.
        random: draws the size.
        dtype: the type that the network gives.
        before: what the head's activation makes the outputs of, where the network is to do so.
    """
    targets = make_targets(it, metrics)
    model = make_network(it.units, dtype, "linear" if before is None else it.head)
    model.compile(loss=targets.build_loss(), metrics=targets.build_metrics(), jit_compile=False)
    split = Split(it.outputs if before is None else before, it.labels, np.arange(len(it.labels)))
    whole = targets.make_whole_metrics()
    validation = Validation(model, split, int(random.integers(1, len(it.labels) + 20)), whole, keep=True)
    validated = validation.evaluate()
    assert validated is not None
    running = {name: float(value) for name, value in model.get_metrics_result().items()}
    predictions = scores = None
    if it.labels.ndim == 1 or not it.exclusive:
        predictions = make_predictions(validation.outputs, targets.meaning, describe_data(it), split)
        scores = score(predictions, validated)
    return Shown(targets.meaning, running, validated, frozenset(whole), predictions, scores)


@cache
def make_network(units: int, dtype: str, activation: str) -> keras.Model:
    """What gives its input, behind an activation."""
    return keras.Sequential([keras.Input((units,), dtype=dtype), keras.layers.Activation(activation, dtype=dtype)])


@pytest.fixture(scope="module")
def eager() -> Iterator[None]:
    """Runs what is compiled as it is: to trace it takes a hundred times as long as to feed it."""
    with _run_eagerly():
        yield


@contextmanager
def _run_eagerly() -> Iterator[None]:
    def repeat(wanted: Any, body: Any, values: Any, parallel_iterations: int = 1) -> Any:
        (value,) = values
        while wanted(value):
            value = body(value)
        return value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tf, "while_loop", repeat)
        tf.config.run_functions_eagerly(True)
        try:
            yield
        finally:
            tf.config.run_functions_eagerly(False)

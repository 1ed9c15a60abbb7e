"""The metrics that are watched: between the network's raw output and each of them stands one conversion.

A metric gets from an output what it takes (`MetricTraits.takes`): the answer, a yes or no by the threshold of the head or by the
one that the spec gives, probabilities of logits. So a number that is watched while training is the number that is monitored and
that an evaluation shows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import keras
import numpy as np
from keras import ops

from nnctl.engine.network.build import build_component
from nnctl.metrics import answers, whole
from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.spec.network.meaning import Meaning
from nnctl.spec.network.watched import name_metric
from nnctl.spec.sections import CLASS_TASKS, Component

Convert = Callable[[Any], Any]
Guard = Callable[[Any, Any, Any], Any]
"""From labels, what a metric takes, and the raw output, to what it gets."""
WholeMetric = Callable[[np.ndarray, np.ndarray], float]
"""The value of a whole split from its labels as they are stored, and its raw outputs, float32 of shape (n, units)."""


# While a split is scored, and not while a step is trained: there an output that is not finite ends the training.
_SCORING = ContextVar("scoring", default=False)


@contextmanager
def scoring() -> Iterator[None]:
    """Lets the metrics that are updated in the block count outputs that are not finite as wrong."""
    before = _SCORING.set(True)
    try:
        yield
    finally:
        _SCORING.reset(before)


class WatchedMetric(keras.metrics.Metric):
    """A metric behind the conversions of its labels and of its output.

    A score for each class becomes their mean, which is the macro average.
    """

    def __init__(
        self, inner: keras.metrics.Metric, convert: Convert, take: Convert, guard: Guard, name: str, ignored: Any = None,
        number: str = "float32",
    ) -> None:  # fmt: skip
        super().__init__(name=name)
        self.number = number
        self.inner, self.convert, self.take, self.guard, self.ignored = inner, convert, take, guard, ignored

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        pred = ops.cast(y_pred, self.number)  # as evaluations have it: a threshold in half precision is another number
        truth, taken = self.convert(y_true), self.take(pred)
        if self.ignored is not None:  # Keras adds 0 for such an example, and counts it all the same
            sample_weight = ops.cast(ops.not_equal(truth, self.ignored), "float32")
        if _SCORING.get():
            taken = self.guard(truth, taken, pred)
        return self.inner.update_state(truth, taken, sample_weight)

    def result(self) -> Any:
        return ops.mean(self.inner.result())

    def reset_state(self) -> None:
        self.inner.reset_state()


def build_metric(component: Component, meaning: Meaning, convert: Convert, number: str = "float32") -> WatchedMetric:
    """A metric of the spec, ready for labels as they are stored and outputs as they come.

    Args:
        component: the metric.
        meaning: what the outputs are.
        convert: from a batch of stored labels to the form that `choose_form` names.
        number: the type in which it compares numbers.
    """
    name, known = name_metric(component), traits.get_metric(component.name)
    if known.takes == "answers":
        inner = _build_accuracy(name, meaning)
    else:
        entry = catalogue.get_entry("metric", component.name)
        named = {"name": name} if "name" in entry.arguments or "name" in entry.withheld else {}
        inner = build_component(_settle_arguments(component, meaning, number), **named)
    overlaps = "target_class_ids" in _list_arguments(component) or known.takes == "classes"
    guarded = known.counts_right or overlaps or component.name == "true_negatives"
    ignored = component.arguments.get("ignore_class") if known.takes == "shares" else None
    guard = _make_guard(meaning) if guarded else _keep
    return WatchedMetric(inner, convert, make_conversion(component, meaning), guard, name, ignored, number)


def choose_form(component: Component, meaning: Meaning) -> str:
    """The form in which a metric gets its labels (those of `nnctl.spec.network.fit.choose_label_form`)."""
    known, classes = traits.get_metric(component.name), meaning.task in CLASS_TASKS
    if known.takes == "answers":
        return "integer" if meaning.one_of_many else "binary" if classes else "number"
    if known.labels == "integer" and classes:
        return known.labels
    if known.labels == "signed" and meaning.task != "regression":
        return known.labels
    if known.takes in ("numbers", "directions", "correlation") and meaning.kind == "signed":
        return "signed"
    if not classes:
        return "number"
    return "binary" if meaning.units == 1 or joins(component, meaning) else "one_hot"


def joins(component: Component, meaning: Meaning) -> bool:
    """Whether two outputs of two classes are one number to a metric: what is told of class 1, as evaluations tell it."""
    arguments = component.arguments
    if meaning.task != "binary" or meaning.units != 2 or arguments.get("class_id") is not None:
        return False
    taken = traits.get_metric(component.name).takes
    if taken == "order":
        return not arguments.get("multi_label")
    return taken == "decisions" and "average" not in _list_arguments(component) and arguments.get("top_k") is None


def make_conversion(component: Component, meaning: Meaning) -> Convert:
    """From a batch of raw outputs, (n, units), to what a metric takes."""
    taken = traits.get_metric(component.name).takes
    if taken == "ranks":
        return _rank
    if taken in ("answers", "classes"):
        return _level
    if taken == "decisions":
        return _make_decision(component, meaning)
    if taken == "order":
        return _make_order(component, meaning)
    if taken in ("numbers", "directions", "correlation"):
        return lambda pred: _make_probable(pred, meaning)
    if taken in ("shares", "probabilities") and not _reads_logits(component, meaning):
        # A cross-entropy of Keras's takes what stands behind any activation for logits of its own.
        own = "softmax" if taken == "shares" else "sigmoid"
        return (lambda pred: pred) if meaning.head == own else lambda pred: ops.copy(_make_probable(pred, meaning))
    return lambda pred: pred


def make_whole_metric(component: Component, meaning: Meaning, convert: Convert) -> WholeMetric | None:
    """What a whole split is scored by from all of its outputs, instead of batch by batch; None for most metrics.

    Args:
        component: the metric.
        meaning: what the outputs are.
        convert: as `build_metric` takes it.
    """
    formula = whole.find_formula(component, meaning.units)
    if formula is None:
        return None
    order = traits.get_metric(component.name).takes == "order"

    def compute(labels: np.ndarray, outputs: np.ndarray) -> float:
        if not np.isfinite(outputs).all():
            return float("nan")
        if order and joins(component, meaning):
            values = answers.compute_ranking(outputs, meaning)[:, None]
        elif order and meaning.kind == "logits":
            values = answers.compute_log_odds(outputs)
        elif not order and meaning.kind in ("logits", "log_odds"):
            values = answers.compute_probabilities(outputs, meaning)
        else:
            values = outputs
        truth = np.asarray(convert(ops.convert_to_tensor(labels)), np.float64)
        return formula(truth.reshape(values.shape), values.astype(np.float64), component)

    return compute


def _build_accuracy(name: str, meaning: Meaning) -> keras.metrics.Metric:
    """What `accuracy` means here, as Keras's own `metrics=["accuracy"]` finds out, with logits and signs heeded."""
    if meaning.one_of_many:
        return keras.metrics.SparseCategoricalAccuracy(name=name)
    return keras.metrics.BinaryAccuracy(name=name, threshold=meaning.threshold)


def _settle_arguments(component: Component, meaning: Meaning, number: str) -> Component:
    """The metric with the arguments that fit what it gets: decisions are cut already, logits are told as such; without a name."""
    arguments, known = dict(component.arguments), _list_arguments(component)
    arguments.pop("name", None)
    if number != "float32" and arguments.get("dtype") is None:
        arguments["dtype"] = number
    taken = traits.get_metric(component.name).takes
    if taken == "decisions":
        arguments.pop("top_k", None)
        arguments |= {key: 0.5 for key in ("threshold", "thresholds") if key in known}
    if taken == "order":
        arguments.pop("from_logits", None)
    elif "from_logits" in known:  # given, it says no more than is known
        arguments["from_logits"] = _reads_logits(component, meaning)
    if "axis" in known:
        axes = sorted(whole.find_axes(component, meaning.units)) if taken == "correlation" else [-1]
        arguments["axis"] = axes[0] if len(axes) == 1 else list(axes)
    return replace(component, arguments=arguments)


def _reads_logits(component: Component, meaning: Meaning) -> bool:
    """Whether a cross-entropy takes the logits themselves, which keeps the digits of small probabilities."""
    wanted = "logits" if traits.get_metric(component.name).takes == "shares" else "log_odds"
    return "from_logits" in _list_arguments(component) and meaning.kind == wanted


def _make_decision(component: Component, meaning: Meaning) -> Convert:
    """From raw outputs to 1 for yes and 0 for no, float32: (n, units), or (n, 1) where two outputs are one number."""
    given = component.arguments.get("threshold", component.arguments.get("thresholds"))
    most: Any = component.arguments.get("top_k")
    joined, averages = joins(component, meaning), "average" in _list_arguments(component)
    largest = given is None and meaning.one_of_many and (joined or averages)
    threshold = meaning.threshold if given is None else given

    def decide(pred: Any) -> Any:
        if largest:
            yes = ops.one_hot(ops.argmax(_level(pred), axis=-1), meaning.units, dtype="bool")
        elif most is None or given is not None:
            yes = (_make_probable(pred, meaning) if meaning.kind == "logits" else pred) > threshold
        else:
            yes = ops.isfinite(pred)
        if most is not None:
            yes = ops.logical_and(yes, _rank(pred) > -most)
        told = ops.cast(ops.logical_and(yes, _find_answered(pred, meaning)), "float32")
        return told[:, 1:] if joined else told

    return decide


def _make_order(component: Component, meaning: Meaning) -> Convert:
    """From raw outputs to numbers from 0 to 1 in the same order, among which Keras's thresholds lie."""

    def squeeze(pred: Any) -> Any:
        if joins(component, meaning):
            return pred[:, 1:] if meaning.kind == "shares" else ops.sigmoid(pred[:, 1:] - pred[:, :1])
        if meaning.probable:
            return _make_probable(pred, meaning)
        return ops.sigmoid(4 * (pred - meaning.threshold))

    return squeeze


def _make_probable(pred: Any, meaning: Meaning) -> Any:
    """Logits as probabilities; anything else as it is."""
    if meaning.kind == "logits":
        return ops.softmax(pred, axis=-1)
    return ops.sigmoid(pred) if meaning.kind == "log_odds" else pred


def _rank(pred: Any) -> Any:
    """Minus the rank of each output of an example, the first of equals the higher: Keras lets every one of them win."""
    return -ops.cast(ops.argsort(ops.argsort(-_level(pred), axis=-1), axis=-1), "float32")


def _level(pred: Any) -> Any:
    """Outputs without a negative zero, which Keras's `argmax` takes for less than zero."""
    return ops.where(ops.equal(pred, 0.0), 0.0, pred)


def _find_answered(pred: Any, meaning: Meaning) -> Any:
    """Which outputs belong to an answer: all of those that make one up are finite."""
    finite = ops.isfinite(pred)
    return ops.all(finite, axis=-1, keepdims=True) if meaning.one_of_many else finite


def _keep(truth: Any, taken: Any, pred: Any) -> Any:
    return taken


def _make_guard(meaning: Meaning) -> Guard:
    """Makes what a metric takes wrong where an output is not finite, which is no answer: Keras would find class 0 there."""

    def refuse(truth: Any, taken: Any, pred: Any) -> Any:
        if len(truth.shape) == 1:
            truth = ops.one_hot(truth, taken.shape[-1], dtype="float32")
        return ops.where(_find_answered(pred, meaning), taken, 1.0 - ops.cast(truth, taken.dtype))

    return refuse


def _list_arguments(component: Component) -> Any:
    return catalogue.get_entry("metric", component.name).arguments

"""Labels, turned inside the compiled step into the form that the loss and each metric need.

On the device labels stay as they were loaded (class indices, 0/1 rows or numbers), so that a metric can have a form of its
own: `accuracy` counts right classes whatever the loss.

Where augmentation has mixed examples, labels come as float32 of shape (n, classes), the shares of the classes: the loss gets
the shares, and metrics, which count, the class with the largest.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from nnctl.data import Dataset, decide_target_scaling
from nnctl.engine.network.build import build_component
from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.spec.network.fit import choose_label_form
from nnctl.spec.network.plan import Plan
from nnctl.spec.network.watched import choose_metric, name_metric
from nnctl.spec.sections import Component

Convert = Callable[[Any], Any]


class Targets:
    """The forms of one training's labels.

    Args:
        plan: how the spec is trained.
        dataset: the data, for their task and the number of classes.
        units: the width of the output.
    """

    def __init__(self, plan: Plan, dataset: Dataset, units: int) -> None:
        spec = plan.spec
        self.spec, self.task, self.outputs, self.units = spec, dataset.task, dataset.outputs, units
        self.form = plan.labels or choose_label_form(spec.train.loss.name, spec.data, plan.facts, units)
        self.scaling = decide_target_scaling(spec.data, dataset)

    @property
    def classes(self) -> bool:
        """Whether the labels are class indices."""
        return self.task in ("multiclass", "binary")

    @property
    def from_logits(self) -> bool:
        """Whether the output is logits, by what the loss was told."""
        return self.spec.train.loss.arguments.get("from_logits") is True

    def make_conversion(self, form: str) -> Convert:
        """A function from a batch of loaded labels, or of shares, to a batch in a form (those of `choose_label_form`)."""
        stored = self._make_plain_conversion(form)
        if not self.classes:
            return stored
        shares = (lambda y: y[:, 1:]) if form == "binary" else (lambda y: y)
        return lambda y: shares(y) if len(y.shape) == 2 else stored(y)

    def _make_metric_conversion(self, form: str) -> Convert:
        """The same for metrics: of shares the class with the largest, of several mixed labels those of a half and more."""
        stored = self._make_plain_conversion(form)
        if self.classes:
            return lambda y: stored(ops.argmax(y, axis=-1) if len(y.shape) == 2 else y)
        return (lambda y: stored(ops.cast(y, "float32") >= 0.5)) if self.task == "multilabel" else stored

    def _make_plain_conversion(self, form: str) -> Convert:
        if not self.classes:
            return (lambda y: ops.cast(y, "float32") * 2 - 1) if form == "signed" else lambda y: ops.cast(y, "float32")
        if form == "integer":
            return lambda y: y
        if form == "one_hot":
            return lambda y: ops.one_hot(y, self.outputs, dtype="float32")
        if form == "signed" and self.units > 1:
            return lambda y: ops.one_hot(y, self.outputs, dtype="float32") * 2 - 1
        if form == "signed":
            return lambda y: ops.cast(y, "float32")[:, None] * 2 - 1
        return lambda y: ops.cast(y, "float32")[:, None]

    def build_loss(self) -> "FormedLoss":
        """The spec's loss behind the conversion of its labels."""
        return FormedLoss(build_component(self.spec.train.loss), self.make_conversion(self.form), self._scale)

    def _scale(self, numbers: Any) -> Any:
        """Numbers as the loss compares them, of shape (n, targets) or (n,); metrics see the data's own."""
        mean, variance = self.scaling.mean, self.scaling.variance
        if mean is None or variance is None:
            return numbers
        # One target may come without an axis of its own, and must not gain one.
        mean, variance = (m.reshape(()) if m.size == 1 else m for m in (mean, variance))
        return (numbers - mean) / np.sqrt(variance)

    def choose_metrics(self) -> tuple[Component, ...]:
        """The spec's metrics, or `accuracy` for classes and labels and `mean_absolute_error` for numbers."""
        given = self.spec.train.metrics
        return (choose_metric(self.task),) if given is None else given

    def build_metrics(self) -> list["FormedMetric"]:
        """The metrics to watch, each behind the conversion of its labels."""
        return [self._build_metric(component) for component in self.choose_metrics()]

    def _build_metric(self, component: Component) -> "FormedMetric":
        name = name_metric(component)
        if component.name == "accuracy":
            inner, form = self._build_accuracy(name)
        else:
            takes_name = "name" not in component.arguments and _takes_name(component)
            inner = build_component(component, **({"name": name} if takes_name else {}))
            form = self._find_metric_form(component.name)
        return FormedMetric(inner, self._make_metric_conversion(form), name)

    def _find_metric_form(self, name: str) -> str:
        taken = traits.get_metric(name).labels
        if taken == "signed" or (taken == "integer" and self.classes):
            return taken
        if not self.classes:
            return "number"
        return "binary" if self.units == 1 else "one_hot"

    def _build_accuracy(self, name: str) -> tuple[keras.Metric, str]:
        """What `accuracy` means here, as Keras's own `metrics=["accuracy"]` finds out, with logits and signs heeded."""
        if self.classes and self.units > 1:
            return keras.metrics.SparseCategoricalAccuracy(name=name), "integer"
        threshold = 0.0 if self.from_logits or self.form == "signed" else 0.5
        return keras.metrics.BinaryAccuracy(name=name, threshold=threshold), "binary" if self.classes else "number"


class FormedLoss(keras.losses.Loss):
    """A loss that converts its labels first, and scales both sides."""

    def __init__(self, inner: keras.losses.Loss, convert: Convert, scale: Convert) -> None:
        super().__init__(name=inner.name, reduction=inner.reduction, dtype=inner.dtype)
        self.inner, self.convert, self.scale = inner, convert, scale

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        return self.inner(self.scale(self.convert(y_true)), self.scale(y_pred), sample_weight)


class FormedMetric(keras.metrics.Metric):
    """A metric that converts its labels first; a score for each class becomes their mean, which is the macro average."""

    def __init__(self, inner: keras.metrics.Metric, convert: Convert, name: str) -> None:
        super().__init__(name=name)
        self.inner, self.convert = inner, convert

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        return self.inner.update_state(self.convert(y_true), y_pred, sample_weight)

    def result(self) -> Any:
        return ops.mean(self.inner.result())

    def reset_state(self) -> None:
        self.inner.reset_state()


def _takes_name(component: Component) -> bool:
    entry = catalogue.find_entry(component.family, component.name)
    return entry is not None and ("name" in entry.arguments or "name" in entry.withheld)

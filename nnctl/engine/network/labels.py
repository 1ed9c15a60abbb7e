"""Labels, turned inside the compiled step into the form that the loss and each metric need.

On the device labels stay as they were loaded (class indices, 0/1 rows or numbers), so that a metric can have a form of its
own: `accuracy` counts right classes whatever the loss.

Where augmentation has mixed examples, labels come as float32 of shape (n, classes), the shares of the classes: the loss gets
the shares, and metrics, which count, the class with the largest.
"""

from typing import Any

import keras
import numpy as np
from keras import ops

from nnctl.data import Dataset, Scaling, decide_target_scaling
from nnctl.data.dataset import YES
from nnctl.engine.network.build import build_component
from nnctl.engine.network.watching import (
    Convert,
    WatchedMetric,
    WholeMetric,
    build_metric,
    choose_form,
    make_whole_metric,
)
from nnctl.spec.catalogue import traits
from nnctl.spec.network.fit import choose_label_form
from nnctl.spec.network.meaning import find_meaning
from nnctl.spec.network.plan import Plan
from nnctl.spec.network.watched import choose_metric, name_metric
from nnctl.spec.sections import CLASS_TASKS, Component

# What a metric takes that compares the output with the labels as numbers.
_COMPARED = ("shares", "probabilities", "scores", "numbers", "directions", "correlation")


class Targets:
    """The forms of one training's labels.

    Args:
        plan: how the spec is trained.
        dataset: the data, for their task and the number of classes.
        units: the width of the output.
        scaling: how targets are scaled; by the spec if left out.
        number: the type in which numbers are compared.

    Attributes:
        meaning: what the output is.
        form: the form in which the loss gets its labels.
        scaling: how targets are scaled in front of the loss.
    """

    def __init__(
        self, plan: Plan, dataset: Dataset, units: int, scaling: Scaling | None = None, number: str = "float32"
    ) -> None:
        spec = plan.spec
        self.spec, self.task, self.outputs, self.units = spec, dataset.task, dataset.outputs, units
        self.form = plan.labels or choose_label_form(spec.train.loss.name, spec.data, plan.facts, units)
        self.scaling = scaling or decide_target_scaling(spec.data, dataset)
        self.number = number
        self.meaning = find_meaning(spec.train.loss, spec.layers, dataset.task, units)

    @property
    def classes(self) -> bool:
        """Whether the labels are class indices."""
        return self.task in CLASS_TASKS

    def make_conversion(self, form: str, width: int | None = None) -> Convert:
        """A function from a batch of loaded labels, or of shares, to a batch in a form (those of `choose_label_form`).

        Args:
            form: the form.
            width: the columns of one-hot rows; as many as there are classes if left out.
        """
        stored = self._make_plain_conversion(form, width or self.outputs)
        if not self.classes:
            return stored
        more, one = max((width or 0) - self.outputs, 0), form == "binary" or (form == "signed" and self.units == 1)

        def take_shares(y: Any) -> Any:
            rows = y[:, 1:] if one else ops.pad(y, [[0, 0], [0, more]]) if more else y
            return rows * 2 - 1 if form == "signed" else rows

        return lambda y: take_shares(y) if len(y.shape) == 2 else stored(y)

    def _make_metric_conversion(self, component: Component) -> Convert:
        """The same for metrics: of shares the class with the largest, of several mixed labels those of a half and more.

        What compares numbers gets the shares, as the loss does. One target gets an axis of its own: without one, not each of
        Keras's metrics sees that outputs of shape (n, 1) have no others to be compared with.
        """
        form = choose_form(component, self.meaning)
        if not self.classes:
            compared = form == "number" and traits.get_metric(component.name).takes in _COMPARED
            stored, whole = self._make_plain_conversion(form, self.units), self.task == "multilabel" and not compared
            return lambda y: ops.reshape(stored(ops.cast(y, "float32") >= YES if whole else y), (-1, self.units))
        if traits.get_metric(component.name).takes in _COMPARED and form in ("binary", "one_hot"):
            return self.make_conversion(form, self.units)
        stored = self._make_plain_conversion(form, self.units)
        return lambda y: stored(ops.argmax(y, axis=-1) if len(y.shape) == 2 else y)

    def _make_plain_conversion(self, form: str, width: int) -> Convert:
        if not self.classes:
            number = self.number
            return (lambda y: ops.cast(y, number) * 2 - 1) if form == "signed" else lambda y: ops.cast(y, number)
        if form == "integer":
            return lambda y: y
        if form == "one_hot":
            return lambda y: ops.one_hot(y, width, dtype="float32")
        if form == "signed" and self.units > 1:
            return lambda y: ops.one_hot(y, width, dtype="float32") * 2 - 1
        if form == "signed":
            return lambda y: ops.cast(y, "float32")[:, None] * 2 - 1
        return lambda y: ops.cast(y, "float32")[:, None]

    def build_loss(self) -> "FormedLoss":
        """The spec's loss behind the conversion of its labels."""
        return FormedLoss(build_component(self.spec.train.loss), self.make_conversion(self.form), self._scale)

    def _scale(self, numbers: Any) -> Any:
        """Numbers as the loss compares them, of shape (n, targets) or (n,); metrics see the data's own.

        What float32 has no digits for is taken away first, in float64.
        """
        mean, variance, shift = self.scaling.mean, self.scaling.variance, self.scaling.shift
        if mean is None or variance is None:
            return numbers
        if shift is not None:
            shift = shift.reshape(()) if shift.size == 1 else shift
            numbers = ops.cast(ops.cast(numbers, "float64") - shift.astype(np.float64), "float32")
        # One target may come without an axis of its own, and must not gain one.
        mean, variance = (m.reshape(()) if m.size == 1 else m for m in (mean, variance))
        return (numbers - mean) / np.sqrt(variance)

    def choose_metrics(self) -> tuple[Component, ...]:
        """The spec's metrics; `accuracy` for classes and labels, `mean_absolute_error` for numbers; of an embedding nothing."""
        given = self.spec.train.metrics
        if given is not None:
            return given
        return () if self.meaning.kind == "embedding" else (choose_metric(self.task),)

    def build_metrics(self) -> list[WatchedMetric]:
        """The metrics to watch, each behind the conversions of its labels and of the output."""
        return [
            build_metric(component, self.meaning, self._make_metric_conversion(component), self.number)
            for component in self.choose_metrics()
        ]

    def make_whole_metrics(self) -> dict[str, WholeMetric]:
        """The metrics that a whole split is scored by from all of its outputs, by name."""
        made = {
            name_metric(each): make_whole_metric(each, self.meaning, self._make_metric_conversion(each))
            for each in self.choose_metrics()
        }
        return {name: metric for name, metric in made.items() if metric is not None}


class FormedLoss(keras.losses.Loss):
    """A loss that converts its labels first, and scales both sides."""

    def __init__(self, inner: keras.losses.Loss, convert: Convert, scale: Convert) -> None:
        super().__init__(name=inner.name, reduction=inner.reduction, dtype=inner.dtype)
        self.inner, self.convert, self.scale = inner, convert, scale

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        return self.inner(self.scale(self.convert(y_true)), self.scale(y_pred), sample_weight)

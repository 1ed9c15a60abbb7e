"""The numbers that a training reports: what they are called, and which of them are better large."""

from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component, Train


def list_metrics(train: Train) -> tuple[Component, ...]:
    """The metrics of a spec; where it names none, those that the task may bring."""
    return (choose_metric("multiclass"), choose_metric("regression")) if train.metrics is None else train.metrics


def choose_metric(task: str) -> Component:
    """What is watched where a spec names nothing: accuracy of classes and labels, the mean absolute error of numbers."""
    return Component("metric", traits.list_usual_metrics("regression" if task == "regression" else "multiclass")[0], {})


def name_metric(metric: Component) -> str:
    """What a metric is called in the history: the name that the spec gives it, or its own."""
    return str(metric.arguments.get("name") or metric.name)


def rises(train: Train, monitor: str) -> bool:
    """Whether more of a reported number is better: of a metric what the catalogue says, whatever the spec calls it.

    Args:
        train: the `train` section.
        monitor: the number, `loss` or a metric, with `val_` in front for validation's.
    """
    name = monitor.removeprefix("val_")
    return any(traits.get_metric(metric.name).rises for metric in list_metrics(train) if name_metric(metric) == name)

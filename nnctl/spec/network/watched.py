"""The numbers that a training reports: what they are called, and which of them are better large."""

from nnctl.spec.catalogue import find_entry, traits
from nnctl.spec.sections import Component, Train

VALIDATION = "val_"
"""What stands in front of a number that was measured on validation."""


def list_metrics(train: Train) -> tuple[Component, ...]:
    """The metrics of a spec; where it names none, those that the task may bring."""
    return (choose_metric("multiclass"), choose_metric("regression")) if train.metrics is None else train.metrics


def choose_metric(task: str) -> Component:
    """What is watched where a spec names nothing: accuracy of classes and labels, the mean absolute error of numbers."""
    return Component("metric", traits.list_usual_metrics("regression" if task == "regression" else "multiclass")[0], {})


def name_metric(metric: Component) -> str:
    """What a metric is called in the history: the name that the spec gives it, or its own."""
    return str(metric.arguments.get("name") or metric.name)


def find_reported(train: Train, written: str) -> str:
    """The number that is reported which a monitor means; what means none is given back as it is.

    A metric may be written in any spelling that it has in `metrics` (`val_mse`), if it is the only one of its kind.

    Args:
        train: the `train` section.
        written: what the spec has: `loss` or a metric, with `val_` in front for validation's.
    """
    name = written.removeprefix(VALIDATION)
    named = {name_metric(metric): metric.name for metric in list_metrics(train)}
    entry = find_entry("metric", name)
    if name == "loss" or name in named or entry is None:
        return written
    meant = [called for called, kind in named.items() if kind == entry.name]
    return written.removesuffix(name) + meant[0] if len(meant) == 1 else written


def rises(train: Train, monitor: str) -> bool:
    """Whether more of a reported number is better: of a metric what the catalogue says, whatever the spec calls it.

    Args:
        train: the `train` section.
        monitor: the number, `loss` or a metric, with `val_` in front for validation's; no metric is called so itself.
    """
    name = monitor.removeprefix(VALIDATION)
    return any(traits.get_metric(metric.name).rises for metric in list_metrics(train) if name_metric(metric) == name)

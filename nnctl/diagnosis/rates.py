"""The learning rate that a spec trains with, and how it goes over the epochs."""

from collections.abc import Callable

from nnctl.diagnosis.finding import Path
from nnctl.diagnosis.network_facts import value
from nnctl.spec.sections import Component, Train

RATE: Path = ("train", "learning_rate")
_PEAKS = {"one_cycle": "max_learning_rate", "constant": "learning_rate"}


def peak(train: Train) -> float | None:
    """The largest learning rate that the spec names, or None where it leaves it to the optimizer."""
    rate = train.learning_rate
    if not isinstance(rate, Component):
        return rate
    if rate.name == "piecewise_constant_decay":
        return max(_values(rate))
    return float(value(rate, _PEAKS.get(rate.name, "initial_learning_rate")))


def warms_up(train: Train) -> bool:
    """Whether the rate climbs to its peak instead of beginning there."""
    rate = train.learning_rate
    return isinstance(rate, Component) and (rate.name == "one_cycle" or bool(value(rate, "warmup_epochs")))


def place(train: Train) -> Path:
    """The path of what names the largest learning rate."""
    rate = train.learning_rate
    if not isinstance(rate, Component):
        return RATE
    if rate.name == "piecewise_constant_decay":
        return (*RATE, "values")
    return (*RATE, _PEAKS.get(rate.name, "initial_learning_rate"))


def left(rate: Component, epoch: float, epochs: int) -> float | None:
    """The share of the first learning rate that is left after some epochs; None for what is not known beforehand."""
    curve = _CURVES.get(rate.name)
    return None if curve is None else curve(rate, epoch, epochs)


def _exponential(rate: Component, epoch: float, epochs: int) -> float:
    return float(value(rate, "decay_rate") ** (epoch / value(rate, "decay_epochs")))


def _steps(rate: Component, epoch: float, epochs: int) -> float:
    return float(value(rate, "factor") ** (epoch // value(rate, "every")))


def _inverse(rate: Component, epoch: float, epochs: int) -> float:
    return float(1 / (1 + value(rate, "decay_rate") * epoch / value(rate, "decay_epochs")))


def _to_an_end(rate: Component, epoch: float, epochs: int) -> float:
    """Of cosine and polynomial decay: what matters is whether the end is reached early."""
    if epoch < (value(rate, "decay_epochs") or epochs):
        return 1.0
    if rate.name == "cosine_decay":
        return float(value(rate, "alpha"))
    return float(value(rate, "end_learning_rate") / value(rate, "initial_learning_rate"))


def _pieces(rate: Component, epoch: float, epochs: int) -> float:
    values, boundaries = _values(rate), [float(each) for each in value(rate, "boundaries")]
    passed = len([boundary for boundary in boundaries if boundary <= epoch])
    return max(values[passed:]) / (max(values) or 1)


def _values(rate: Component) -> list[float]:
    return [float(each) for each in value(rate, "values")]


_CURVES: dict[str, Callable[[Component, float, int], float]] = {
    "exponential_decay": _exponential,
    "step_decay": _steps,
    "inverse_time_decay": _inverse,
    "cosine_decay": _to_an_end,
    "polynomial_decay": _to_an_end,
    "piecewise_constant_decay": _pieces,
}

"""The learning rate that a spec trains with, and how it goes over the epochs."""

from nnctl.diagnosis.facts.network import value
from nnctl.diagnosis.finding import Path
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component, Train

RATE: Path = ("train", "learning_rate")


def peak(train: Train) -> float | None:
    """The largest learning rate that the spec names, or None where it leaves it to the optimizer."""
    rate = train.learning_rate
    if not isinstance(rate, Component):
        return rate
    named = value(rate, traits.schedule(rate.name).peak)
    return max(map(float, named)) if isinstance(named, list) else float(named)


def warms_up(train: Train) -> bool:
    """Whether the rate climbs to its peak instead of beginning there."""
    rate = train.learning_rate
    return isinstance(rate, Component) and (traits.schedule(rate.name).climbs or bool(value(rate, "warmup_epochs")))


def place(train: Train) -> Path:
    """The path of what names the largest learning rate."""
    rate = train.learning_rate
    return (*RATE, traits.schedule(rate.name).peak) if isinstance(rate, Component) else RATE


def left(rate: Component, epoch: float, epochs: int) -> float | None:
    """The share of the first learning rate that is left after some epochs; None for what is not known beforehand."""
    match rate.name:
        case "exponential_decay":
            return _exponential(rate, epoch)
        case "step_decay":
            return _steps(rate, epoch)
        case "inverse_time_decay":
            return _inverse(rate, epoch)
        case "cosine_decay" | "polynomial_decay":
            return _to_an_end(rate, epoch, epochs)
        case "piecewise_constant_decay":
            return _pieces(rate, epoch)
        case _:
            return None


def _exponential(rate: Component, epoch: float) -> float:
    return float(value(rate, "decay_rate") ** (epoch / value(rate, "decay_epochs")))


def _steps(rate: Component, epoch: float) -> float:
    return float(value(rate, "factor") ** (epoch // value(rate, "every")))


def _inverse(rate: Component, epoch: float) -> float:
    return float(1 / (1 + value(rate, "decay_rate") * epoch / value(rate, "decay_epochs")))


def _to_an_end(rate: Component, epoch: float, epochs: int) -> float:
    """Of cosine and polynomial decay: what matters is whether the end is reached early."""
    if epoch < (value(rate, "decay_epochs") or epochs):
        return 1.0
    if rate.name == "cosine_decay":
        return float(value(rate, "alpha"))
    return float(value(rate, "end_learning_rate") / value(rate, "initial_learning_rate"))


def _pieces(rate: Component, epoch: float) -> float:
    values, boundaries = _values(rate), [float(each) for each in value(rate, "boundaries")]
    passed = len([boundary for boundary in boundaries if boundary <= epoch])
    return max(values[passed:]) / (max(values) or 1)


def _values(rate: Component) -> list[float]:
    return [float(each) for each in value(rate, "values")]

"""The learning rate that a spec trains with, and how it goes over the epochs."""

import math

from nnctl.diagnosis.facts.network import read_argument
from nnctl.diagnosis.finding import Path
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component, Train

RATE: Path = ("train", "learning_rate")


def find_peak(train: Train) -> float | None:
    """The largest learning rate that the spec names, or None where it leaves it to the optimizer."""
    rate = train.learning_rate
    if not isinstance(rate, Component):
        return rate
    named = read_argument(rate, traits.get_schedule(rate.name).peak)
    return max(map(float, named)) if isinstance(named, list) else float(named)


def warms_up(train: Train) -> bool:
    """Whether the rate climbs to its peak instead of beginning there."""
    rate = train.learning_rate
    return isinstance(rate, Component) and (
        traits.get_schedule(rate.name).climbs or bool(read_argument(rate, "warmup_epochs"))
    )


def find_path(train: Train) -> Path:
    """The path of what names the largest learning rate."""
    rate = train.learning_rate
    return (*RATE, traits.get_schedule(rate.name).peak) if isinstance(rate, Component) else RATE


def compute_share_left(rate: Component, epoch: float, epochs: float) -> float | None:
    """The share of the first learning rate that is left after some epochs; None for what is not known beforehand."""
    warm = float(read_argument(rate, "warmup_epochs") or 0)
    if epoch <= warm:
        return 1.0  # the schedule begins after it
    epoch, epochs = epoch - warm, epochs - warm
    match rate.name:
        case "exponential_decay":
            return float(read_argument(rate, "decay_rate") ** _count_decays(rate, epoch))
        case "step_decay":
            return float(read_argument(rate, "factor") ** (epoch // read_argument(rate, "every")))
        case "inverse_time_decay":
            return float(1 / (1 + read_argument(rate, "decay_rate") * _count_decays(rate, epoch)))
        case "cosine_decay" | "polynomial_decay":
            return _decay_to_an_end(rate, epoch, epochs)
        case "piecewise_constant_decay":
            return _decay_in_pieces(rate, epoch)
        case _:
            return None


def _count_decays(rate: Component, epoch: float) -> float:
    passed = epoch / float(read_argument(rate, "decay_epochs"))
    return math.floor(passed) if read_argument(rate, "staircase") else passed


def _decay_to_an_end(rate: Component, epoch: float, epochs: float) -> float:
    """Of cosine and polynomial decay: what matters is whether the end is reached early, and for good."""
    cycles = rate.name == "polynomial_decay" and read_argument(rate, "cycle")
    if cycles or epoch < (read_argument(rate, "decay_epochs") or epochs):
        return 1.0
    if rate.name == "cosine_decay":
        return float(read_argument(rate, "alpha"))
    return float(read_argument(rate, "end_learning_rate") / read_argument(rate, "initial_learning_rate"))


def _decay_in_pieces(rate: Component, epoch: float) -> float:
    values, boundaries = (list(map(float, read_argument(rate, name))) for name in ("values", "boundaries"))
    passed = len([boundary for boundary in boundaries if boundary <= epoch])
    return max(values[passed:]) / (max(values) or 1)

"""The learning-rate schedules as they are published, in NumPy and float64; nothing here is nnctl's.

Keras's formulas are those of its documentation (https://keras.io/api/optimizers/learning_rate_schedules/), one_cycle's is the
code of torch.optim.lr_scheduler.OneCycleLR (two phases, cosine), warm-up is Goyal et al. 2017, arXiv:1706.02677. Each takes
the steps, counted from 0, and what the spec says with its lengths in steps. (1 + cos x) / 2 is written as sin((pi - x) / 2)^2,
its equal, where the rate falls to 0: beside 1, a cosine of nearly -1 has few digits left.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rates = NDArray[np.float64]
Steps = NDArray[np.int64]


def _constant(steps: Steps, learning_rate: float) -> Rates:
    return np.full(len(steps), learning_rate, np.float64)


def _plateau(steps: Steps, initial: float) -> Rates:
    """Before anything was lowered."""
    return np.full(len(steps), initial, np.float64)


def _step_decay(steps: Steps, initial: float, factor: float, every: int) -> Rates:
    return initial * factor ** (steps // every).astype(np.float64)


def _exponential(steps: Steps, initial: float, decay: int, decay_rate: float, staircase: bool) -> Rates:
    return initial * decay_rate ** ((steps // decay).astype(np.float64) if staircase else steps / decay)


def _inverse_time(steps: Steps, initial: float, decay: int, decay_rate: float, staircase: bool) -> Rates:
    return initial / (1 + decay_rate * (steps // decay if staircase else steps / decay))


def _polynomial(steps: Steps, initial: float, decay: int, end_learning_rate: float, power: float, cycle: bool) -> Rates:
    whole = decay * np.maximum(1, -(-steps // decay)) if cycle else np.full(len(steps), decay)
    return (initial - end_learning_rate) * (1 - np.minimum(steps, whole) / whole) ** power + end_learning_rate


def _piecewise(steps: Steps, boundaries: list[int], values: list[float]) -> Rates:
    """A boundary is the first step of the stretch behind it."""
    return np.array(values, np.float64)[np.searchsorted(boundaries, steps, side="right")]


def _cosine(steps: Steps, initial: float, decay: int, alpha: float) -> Rates:
    decayed = np.sin(math.pi / 2 * (decay - np.minimum(steps, decay)) / decay) ** 2
    return initial * ((1 - alpha) * decayed + alpha)


def _cosine_restarts(steps: Steps, initial: float, decay: int, t_mul: float, m_mul: float, alpha: float) -> Rates:
    """Decay by decay, each from the first step at or behind its begin, in exact fractions."""
    rates = np.zeros(len(steps))
    begin, length, height = Fraction(0), Fraction(decay), 1.0
    while begin <= steps[-1]:
        inside = (steps >= math.ceil(begin)) & (steps < math.ceil(begin + length))
        left = np.array([float((begin + length - int(step)) / length) for step in steps[inside]])
        rates[inside] = initial * ((1 - alpha) * height * np.sin(math.pi / 2 * left) ** 2 + alpha)
        begin, length, height = begin + length, length * Fraction(str(t_mul)), height * m_mul
    return rates


def _one_cycle(
    steps: Steps, highest: float, div_factor: float, final_div_factor: float, pct_start: float, total: int
) -> Rates:
    """OneCycleLR.get_lr and _annealing_cos, line by line."""
    initial_lr = highest / div_factor
    min_lr = initial_lr / final_div_factor
    phases = [(pct_start * total - 1, initial_lr, highest), (total - 1.0, highest, min_lr)]
    found = []
    for step in np.minimum(steps, total - 1).tolist():
        start_step = 0.0
        for end_step, start, end in phases:
            if step <= end_step or end == min_lr:
                pct = (step - start_step) / (end_step - start_step)
                found.append(end + (start - end) / 2.0 * (math.cos(math.pi * pct) + 1))
                break
            start_step = end_step
    return np.array(found)


def compute_rates(name: str, values: Mapping[str, Any], per_epoch: int, epochs: int) -> Rates:
    """The rate of every step of a training.

    Args:
        name: the schedule.
        values: all of its arguments, by the names of the spec.
        per_epoch: steps of an epoch.
        epochs: those of the training.
    """
    warmup = round(values["warmup_epochs"] * per_epoch)
    left = epochs * per_epoch - warmup
    behind = np.arange(max(1, left))

    def in_steps(key: str) -> int:
        return max(1, round(values[key] * per_epoch)) if values[key] is not None else max(1, left)

    first = values.get("initial_learning_rate")
    given: dict[str, Callable[[], Rates]] = {
        "constant": lambda: _constant(behind, values["learning_rate"]),
        "reduce_lr_on_plateau": lambda: _plateau(behind, first),
        "step_decay": lambda: _step_decay(behind, first, values["factor"], in_steps("every")),
        "exponential_decay": lambda: _exponential(
            behind, first, in_steps("decay_epochs"), values["decay_rate"], values["staircase"]
        ),
        "inverse_time_decay": lambda: _inverse_time(
            behind, first, in_steps("decay_epochs"), values["decay_rate"], values["staircase"]
        ),
        "polynomial_decay": lambda: _polynomial(
            behind, first, in_steps("decay_epochs"), *(values[key] for key in ("end_learning_rate", "power", "cycle"))
        ),
        "piecewise_constant_decay": lambda: _piecewise(
            behind, [round(each * per_epoch) for each in values["boundaries"]], values["values"]
        ),
        "cosine_decay": lambda: _cosine(behind, first, in_steps("decay_epochs"), values["alpha"]),
        "cosine_decay_restarts": lambda: _cosine_restarts(
            behind, first, in_steps("first_decay_epochs"), *(values[key] for key in ("t_mul", "m_mul", "alpha"))
        ),
        "one_cycle": lambda: _one_cycle(
            behind, values["max_learning_rate"], 1 / values["start_factor"], 1 / values["end_factor"],
            values["peak"], max(1, left),
        ),
    }  # fmt: skip
    rates = given[name]()
    return np.concatenate([rates[0] * (np.arange(warmup) + 1) / warmup, rates])[: epochs * per_epoch]

"""How long a training will take, from steps that are really run."""

import time
from dataclasses import dataclass

from nnctl.engine.loop.steps import make_order
from nnctl.engine.loop.training import Training

MEASURED = 1.5  # seconds: steps enough that a hiccup of the machine does not count


@dataclass(frozen=True, slots=True)
class Timing:
    """Measured times, in seconds.

    Attributes:
        first: the first step, which holds the compilation.
        step: one step after that.
        validation: scoring the validation examples once; 0 without any.
        epoch: all steps of an epoch and its validation.
    """

    first: float
    step: float
    validation: float
    epoch: float


def measure_timing(training: Training) -> Timing:
    """Runs steps of a training that is thrown away afterwards: its weights change, nothing is written.

    Only whole batches are timed, an epoch at most.
    """
    steps = training.steps
    most = max(1, steps.whole)
    steps.begin(make_order(training.spec.seed, 0, steps.examples, training.spec.train.shuffle))
    first = _measure_seconds(training, 0, 1)
    step = _measure_step(training, most) if most > 1 else _measure_seconds(training, 0, 1)
    validation = 0.0
    if training.validation is not None:
        training.validation.evaluate()
        begun = time.perf_counter()
        training.validation.evaluate()
        validation = time.perf_counter() - begun
    return Timing(first, step, validation, steps.per_epoch * step + validation)


def _measure_step(training: Training, most: int) -> float:
    """Seconds a step, over the longest call that was run: each call is twice as long as the one before."""
    done, longest, seconds, begun = 1, 1, 0.0, time.perf_counter()
    while done < most and time.perf_counter() - begun < MEASURED:
        length = min(2 * longest, most - done)
        taken = _measure_seconds(training, done, done + length)
        done += length
        if length >= longest:  # what is left of an epoch may be a step or two
            longest, seconds = length, taken
    return seconds / longest


def _measure_seconds(training: Training, start: int, stop: int) -> float:
    begun = time.perf_counter()
    training.steps.run(start, stop)
    training.steps.read_results()  # waits until the steps are done
    return time.perf_counter() - begun

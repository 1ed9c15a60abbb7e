"""The learning-rate range test: the rate grows from step to step until the loss is beyond repair."""

import math
from dataclasses import replace

import numpy as np

from nnctl.data import Dataset
from nnctl.diagnosis.facts.probes import RateRange
from nnctl.engine.loop.steps import make_order
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.trial import strip_extras
from nnctl.spec.sections import Spec

LOWEST, HIGHEST, STEPS = 1e-6, 10.0, 100
# The loss at which to stop, over the least so far; and the weight of the past in the mean, as in fastai and Lightning.
_BEYOND, _SMOOTH = 4.0, 0.9
_FALLEN = 0.95  # of its start: a loss that falls less than this has not been moved by any rate


def measure_rate_range(spec: Spec, data: Dataset, asked: float, steps: int = STEPS) -> RateRange:
    """The range test of a spec's network and optimizer, with rates that grow by the same factor each step.

    Args:
        spec: the spec; its schedule is left out.
        data: what to train on.
        asked: the rate that the spec asks for.
        steps: how many rates to try between 1e-6 and 10.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    held = replace(spec, train=replace(spec.train, learning_rate=LOWEST))
    training = Training(data.plan(strip_extras(held)), data)
    rates = np.geomspace(LOWEST, HIGHEST, steps)
    losses = list(_run_steps(training, rates))
    smooth = _smooth(losses)
    diverging = _find_diverging(rates, smooth)
    return RateRange(
        tuple(rates[: len(losses)].tolist()), tuple(smooth), _find_steepest(rates, smooth), diverging, asked
    )


def _run_steps(training: Training, rates: np.ndarray) -> list[float]:
    steps, found = training.steps, list[float]()
    for step, rate in enumerate(rates):
        epoch, begin = divmod(step, steps.per_epoch)
        if begin == 0:
            order = make_order(training.spec.seed, epoch, steps.examples, True)
            steps.begin(order)
        training.model.optimizer.learning_rate = rate
        training.model.reset_metrics()
        steps.run(begin, begin + 1)
        found.append(steps.read_results()["loss"])
        if not math.isfinite(found[-1]) or found[-1] > 2 * _BEYOND * max(min(found), 1e-3):
            break
    return found


def _smooth(losses: list[float]) -> list[float]:
    """The running mean, freed of its bias towards 0 as in Kingma and Ba 2015, section 3."""
    mean, smooth = 0.0, list[float]()
    for step, loss in enumerate(losses, 1):
        mean = _SMOOTH * mean + (1 - _SMOOTH) * (loss if math.isfinite(loss) else 1e9)
        smooth.append(mean / (1 - _SMOOTH**step))
    return smooth


def _find_diverging(rates: np.ndarray, smooth: list[float]) -> float | None:
    least = np.minimum.accumulate(smooth)
    beyond = np.flatnonzero(np.asarray(smooth) > _BEYOND * np.maximum(least, 1e-3))
    return float(rates[beyond[0]]) if len(beyond) else None


def _find_steepest(rates: np.ndarray, smooth: list[float]) -> float | None:
    """The rate at which the loss has fallen half the way to its least value: next to where it falls fastest.

    The steepest slope itself, which Smith 2017 asks for, is a matter of chance where batches are small.
    """
    stop = int(np.argmin(smooth)) + 1
    begun = max(5, stop // 4)
    start = float(np.mean(smooth[:begun]))
    least = smooth[stop - 1]
    if stop <= begun or least > _FALLEN * start:
        return None
    # The first batches differ by chance more than the smallest rates change the loss.
    below = np.flatnonzero(np.asarray(smooth[begun:stop]) <= (start + least) / 2)
    return float(rates[begun + below[0]])

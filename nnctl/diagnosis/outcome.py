"""Whether a training came to anything, and whether a change made it better: judged beside what needs no network."""

import math
from typing import TYPE_CHECKING

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.probe_facts import Trial

if TYPE_CHECKING:
    from nnctl.diagnosis.baselines import Baselines


def satisfied(trial: Trial, baselines: "Baselines") -> bool:
    """Whether a trial's held-out score is at least halfway from the trivial answer to what a linear model or neighbours reach."""
    if trial.diverged:
        return False
    return trial.score >= baselines.trivial + thresholds.HALFWAY * baselines.learnable


def gain(before: Trial, after: Trial) -> float:
    """How much better the held-out score is after a change, in points of the metric; numbers below the mean's count as 0."""
    if after.diverged:
        return -1.0
    floor = -1.0 if before.score < 0 or after.score < 0 else 0.0
    return max(after.score, floor) - max(before.score, floor)


def better(before: Trial, after: Trial, metric: str, held: int) -> bool:
    """Whether a change made the score better by more than chance and more than a trifle.

    For shares: five points, and two standard errors of a difference of shares on so many held-out examples. For numbers: a third
    less unexplained variance.

    Args:
        before: the trial of the spec as it is.
        after: the trial of the change.
        metric: `accuracy` or `r2`.
        held: how many examples the scores are of.
    """
    if after.diverged:
        return False
    if metric == "r2":
        least = 1 - max(before.score, -1.0)
        return after.score > 0 and 1 - after.score <= least / thresholds.LOSS_FACTOR
    share = (before.score + after.score) / 2
    error = math.sqrt(max(2 * share * (1 - share) / held, 0.0))
    return gain(before, after) >= max(thresholds.POINTS, thresholds.CHANCE_SIGMAS * error)

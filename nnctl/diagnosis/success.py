"""Whether a training came to anything, and whether a change made it better: judged beside what needs no network."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe, require_run
from nnctl.diagnosis.facts.probes import Trial
from nnctl.diagnosis.finding import Level
from nnctl.diagnosis.margin import compute_margin

if TYPE_CHECKING:
    from nnctl.diagnosis.facts.baselines import Baselines


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A network that stays well below what needs no network.

    Attributes:
        metric: `accuracy` or `r2`.
        score: the network's, on held-out examples.
        better: the scores of the baselines that are well above it, by name, highest first.
        steps: how many steps a trial made; None of a run's kept model.
    """

    metric: str
    score: float
    better: Mapping[str, float]
    steps: int | None


def find_shortfall(facts: Facts) -> Shortfall | None:
    """What a network falls short of: of a run its kept model, of a spec its trial; None where it holds its own, or is not known.

    Well below is five points, and two standard errors of a difference of shares on so many held-out examples.

    Args:
        facts: of the data, and of a run or the probes.
    """
    if facts.dataset is None:
        return None
    metric = facts.dataset.baselines.metric
    if facts.run is not None:
        scores = find_scores(facts)
        score = scores.get("held", scores.get("train"))
        better = {} if score is None else find_better(facts.dataset.baselines, score, facts.run.held)
        return Shortfall(metric, score, better, None) if better and score is not None else None
    if facts.probe is None:
        return None
    trial = facts.probe.reference
    better = find_better(facts.dataset.baselines, trial.score, facts.probe.held)
    return Shortfall(metric, trial.score, better, trial.steps) if better else None


def is_far_behind(test: float, held: float, rows: int) -> bool:
    """Whether a score on test is twenty points and more, and more than chance, below that on as many held-out examples."""
    return held - max(test, 0.0) >= max(thresholds.UNLIKE, compute_margin(held, test, rows))


def stays_below(facts: Facts) -> bool:
    """Whether the trial of the spec as it is stays well below a linear model or neighbours."""
    probe = require_probe(facts)
    return bool(find_better(require_dataset(facts).baselines, probe.reference.score, probe.held))


def holds_its_own(facts: Facts) -> bool:
    """Whether the trial of the spec as it is comes to something, and is not well below a linear model or neighbours."""
    return learns(facts) and not stays_below(facts)


def rate_starved(facts: Facts) -> Level | None:
    """The level of what is tried where a network comes to something and stays below: a trial must speak for it; else None."""
    return "warning" if learns(facts) else None


def memorises(facts: Facts) -> bool:
    """Whether the trial of the spec as it is does far better on training examples than on held-out ones, by more than chance."""
    trial = require_probe(facts).reference
    return not trial.diverged and _is_apart(trial.train_score, trial.score, require_probe(facts).held)


def is_memorised(facts: Facts) -> bool:
    """The same of a run's kept model, where both scores are known."""
    scores = find_scores(facts)
    return len(scores) == 2 and _is_apart(scores["train"], scores["held"], require_run(facts).held)


def _is_apart(train: float, other: float, held: int) -> bool:
    gap = train - max(other, 0.0)
    return gap >= max(thresholds.OVERFIT_GAP, compute_margin(train, other, held))


def find_better(baselines: "Baselines", score: float, held: int) -> dict[str, float]:
    """The scores of the baselines that are well above one on so many held-out examples, by name, highest first."""
    found = {"linear": baselines.linear, "nearest neighbours": baselines.neighbour}
    if baselines.ranked is not None:
        found["either by ranks"] = baselines.ranked
    if baselines.coded is not None:
        found["linear with categories"] = baselines.coded
    above = {name: v for name, v in found.items() if _is_above(baselines, v, score, held)}
    return dict(sorted(above.items(), key=lambda item: -item[1]))


def is_well_below(facts: Facts, score: float, other: float) -> bool:
    """Whether a trial's score is below another one by more than chance and a trifle."""
    return _is_above(require_dataset(facts).baselines, other, score, require_probe(facts).held)


def _is_above(baselines: "Baselines", one: float, other: float, held: int) -> bool:
    least = compute_margin(one, other, held) if baselines.metric == "accuracy" else thresholds.POINTS
    return one - other > least


def reaches_baselines(trial: Trial, baselines: "Baselines", share: float = thresholds.HALFWAY) -> bool:
    """Whether a held-out score is so far, or halfway, from the trivial answer to what a linear model or neighbours reach."""
    if trial.diverged:
        return False
    return trial.score >= baselines.trivial + share * baselines.learnable


def learns(facts: Facts, share: float = thresholds.HALFWAY) -> bool:
    """Whether the spec as it is reaches the baselines in its trial: if not, symptoms are symptoms of something."""
    return reaches_baselines(require_probe(facts).reference, require_dataset(facts).baselines, share)


def compute_gain(before: Trial, after: Trial) -> float:
    """How much better the held-out score is after a change, in points of the metric; numbers below the mean's count as 0."""
    if after.diverged:
        return -1.0
    floor = -1.0 if before.score < 0 or after.score < 0 else 0.0
    return max(after.score, floor) - max(before.score, floor)


def is_better(before: Trial, after: Trial, metric: str, held: int) -> bool:
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
    return compute_gain(before, after) >= compute_margin(before.score, after.score, held)


def fell_short(facts: Facts) -> bool:
    """Whether a run came to nothing: it diverged, or its kept model is not halfway from the trivial answer to the baselines.

    Where the data are gone, the trivial answer is that of the commonest class of the examples that were scored, or of the mean.
    Where the baselines themselves are no better than the trivial answer, nothing can be asked of a network but that.
    """
    run, scores = require_run(facts), find_scores(facts)
    if run.diverged or not scores:
        return run.diverged
    # On what it was trained with a network does better: what is low there is low everywhere.
    score, trivial = min(scores.values()), _find_trivial_score(facts)
    learnable = 0.0 if facts.dataset is None else facts.dataset.baselines.learnable
    if learnable < thresholds.POINTS:
        return trivial is not None and score < trivial - _compute_chance(trivial, run.held)
    return trivial is not None and score < trivial + thresholds.HALFWAY * learnable


def find_scores(facts: Facts) -> dict[str, float]:
    """The scores of a run's kept model, in the metric of the baselines: of `train` and of `held`, as far as they are known."""
    run = require_run(facts)
    metric = "r2" if facts.known.task == "regression" else "accuracy"
    targets = None if facts.dataset is None else facts.dataset.targets
    variance = None if targets is None else targets.deviation**2
    found = {"train": run.find_train_score(metric, variance), "held": run.find_held_score(metric, variance)}
    return {name: score for name, score in found.items() if score is not None}


def _find_trivial_score(facts: Facts) -> float | None:
    """The score of the commonest answer: where data are there, by the baselines."""
    if facts.dataset is not None:
        return facts.dataset.baselines.trivial
    return 0.0 if facts.known.task == "regression" else require_run(facts).majority


def _compute_chance(share: float, held: int) -> float:
    """What a score may lie below the trivial one by chance."""
    error = math.sqrt(max(share * (1 - share), 0.0) / held) if held else 0.0
    return max(thresholds.POINTS, thresholds.CHANCE_SIGMAS * error)

"""Too much memorised, or too little learned at all."""

import math

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_run
from nnctl.diagnosis.facts.run import RunFacts
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import fell_short, find_scores, find_shortfall, is_memorised
from nnctl.diagnosis.thresholds import MILD_DROPOUT, PATIENCE


@rule("D10", "overfit", "warning", "run", Cause.REGULARISATION, sure=True)
def overfit(facts: Facts) -> Finding | None:
    """A network that goes on memorising its training examples.

    What: validation (200 examples at least) was best in the first 70 % of the epochs, at least five before the end; since then
        its loss has grown by a fifth or accuracy has fallen ten points behind training's, while the training loss fell by a
        fifth. It is told as information where the epoch that was kept is the best one: then only time is lost.
    Why: the network memorised its examples; this does not carry over to new ones.
    Confirm: `plots/curves.png`: the curves part.
    Fix: `early_stopping`; `dropout: 0.3` before the output layer; more data.
    Source: Prechelt 1998, Early Stopping; AutoTrainer's gap of accuracies; the rest: `nnctl explain debugging`.
    """
    run, best = require_run(facts), _find_best_epoch(facts)
    if best is None:
        return None
    behind = len(run.history) - best
    if behind < thresholds.OVERFIT_PATIENCE or best > thresholds.OVERFIT_SHARE * len(run.history):
        return None
    held, trained = run.get_column("val_loss"), run.losses
    grown, fell = held[-1] / held[best - 1], 1 - trained[-1] / trained[best - 1]
    worse = grown >= thresholds.OVERFIT_LOSS or _find_gap(run) >= _allow_gap(run)
    if not (worse and fell >= thresholds.OVERFIT_FALL):
        return None
    harmless = run.best_epoch is not None and abs(run.best_epoch - best) < thresholds.OVERFIT_PATIENCE
    level: Level | None = "info" if harmless and not fell_short(facts) else None
    found = f"val_loss was best in epoch {best} of {len(run.history)} ({held[best - 1]:.3g}) and ends at {held[-1]:.3g}"
    effect = "the later epochs are wasted; the best one is kept" if level else "the network memorises its examples"
    return Finding(found, effect, ("train", "epochs"), "train", _hold_back(facts), level)


@rule("D11", "underfit", "warning", "run", Cause.SYMPTOM, sure=True)
def underfit(facts: Facts) -> Finding | None:
    """A network that does not even fit the examples it is trained with.

    What: the score on training examples is low, and that on held-out ones hardly lower.
    Why: it is too small, too constrained, too short of steps, or wired so that it cannot follow.
    Confirm: `nnctl debug SPEC`: whether one batch can be overfitted.
    Fix: more units or epochs; fewer penalties.
    Source: Goodfellow et al. 2016, Deep Learning, 5.2; the bounds: `nnctl explain debugging`.
    """
    scores = find_scores(facts)
    if len(scores) < 2 or require_run(facts).diverged or not fell_short(facts):
        return None
    if scores["train"] - scores["held"] >= thresholds.SMALL_GAP:
        return None
    found = f"it scores {scores['train']:.3f} on training examples and {scores['held']:.3f} on others"
    return Finding(found, "not even the training examples are learned", ("model",), "model")


@rule("D19", "far-better-on-train", "info", "run", Cause.SYMPTOM, sure=True)
def far_better_on_train(facts: Facts) -> Finding | None:
    """A kept model that knows its training examples far better than others.

    What: it scores ten points and more, and more than chance, better on training examples than on held-out ones; a warning where
        a linear model or neighbours do well better on these.
    Why: some of it is the price of every training. Where something simpler does better on new examples, what is memorised
        stands in the way of what could be learned.
    Confirm: the curves of train and validation part.
    Fix: `early_stopping`, dropout, penalties, fewer units; more data.
    Source: Hastie et al. 2009, The Elements of Statistical Learning, 7.2.
    """
    if not is_memorised(facts):
        return None
    scores, short = find_scores(facts), find_shortfall(facts)
    level: Level | None = "warning" if short else None
    found = f"it scores {scores['train']:.3f} on training examples and {scores['held']:.3f} on others"
    return Finding(
        found,
        "the network memorised its examples; this does not carry over to new ones",
        ("model",),
        "model",
        level=level,
    )


def _find_best_epoch(facts: Facts) -> int | None:
    """The epoch (from 1) of the least validation loss; None without validation, or with too little of it."""
    run = require_run(facts)
    held = run.get_column("val_loss")
    if run.validation < thresholds.OVERFIT_EXAMPLES or not held or any(map(math.isnan, held)) or run.diverged:
        return None
    return held.index(min(held)) + 1


def _find_gap(run: RunFacts) -> float:
    """How far the accuracy on validation is behind training's in the last epoch; 0 where there is none."""
    names = run.find_accuracy(), run.find_accuracy("val_")
    return 0.0 if None in names else run.get_column(str(names[0]))[-1] - run.get_column(str(names[1]))[-1]


def _allow_gap(run: RunFacts) -> float:
    name = run.find_accuracy()
    high = name is not None and run.get_column(name)[-1] > thresholds.HIGH
    return thresholds.HIGH_GAP if high else thresholds.OVERFIT_GAP


def _hold_back(facts: Facts) -> Fix:
    """Early stopping where there is none, else dropout before the output layer."""
    if facts.spec.train.early_stopping is None:
        return Fix.set(("train", "early_stopping"), PATIENCE, f"`dropout: {MILD_DROPOUT}` before the output layer")
    at = facts.network.head.index
    return Fix((Edit(("model", "layers", at), {"dropout": MILD_DROPOUT}, "insert"),), "more data, or fewer units")

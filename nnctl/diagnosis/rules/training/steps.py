"""Steps that are too few, too noisy or in an order that undoes them."""

import math

from nnctl.diagnosis import budget, thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_run
from nnctl.diagnosis.facts.run import compute_fall
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import fell_short

# What a flag says is meant for this one run: it is no part of the spec.
_FLAGS = ("--epochs", "--subset", "--max-time")


@rule("C02", "few-steps", "info", "static", Cause.BUDGET)
def few_steps(facts: Facts) -> Finding | None:
    """Too few updates of the weights.

    What: fewer than a hundred updates in the whole training, with a learning rate that does not go far in each.
    Why: a step moves each weight by about the learning rate: after a few dozen the network is still near where it began.
    Confirm: training and validation loss still fall in the last epoch.
    Fix: more epochs; with a batch of a fifth of the data and more, a smaller batch; no `gradient_accumulation_steps`.
    Source: DeepFD's epoch faults (Cao et al., ICSE 2022); the bound: `nnctl explain debugging`.
    """
    spent, band, train = budget.compute_budget(facts), budget.find_band(facts), facts.spec.train
    if spent is None or spent.steps >= thresholds.FEW_STEPS or train.init_from is not None or _is_flagged(facts):
        return None
    gathered = spent.gathered > 1 and spent.steps * spent.gathered >= thresholds.FEW_STEPS
    large = spent.an_epoch < thresholds.STEPS_AN_EPOCH and spent.examples >= thresholds.SOME_EXAMPLES
    if large and not gathered:
        return None  # C03
    near = spent.travel < band.travel * thresholds.FEW_STEPS_TRAVEL
    level: Level | None = "warning" if near else None
    effect = "training stops before anything is learned"
    epochs = f"{train.epochs} epoch{'' if train.epochs == 1 else 's'}"
    if gathered:
        path = ("train", "optimizer", "gradient_accumulation_steps")
        found = f"{epochs}: {spent.steps} updates in all, each of the gradients of {spent.gathered} steps"
        return Finding(found, effect, path, "train.optimizer", Fix((Edit(path, kind="remove"),)), level)
    found = f"{epochs} of {spent.an_epoch} steps: {spent.steps} updates in all"
    fix = Fix.set(("train", "epochs"), budget.count_enough_epochs(spent.an_epoch))
    return Finding(found, effect, ("train", "epochs"), "train.epochs", fix, level)


def _is_flagged(facts: Facts) -> bool:
    places = (facts.spec.train.places.get("epochs"), facts.spec.data.places.get("subset"))
    return any(place is not None and place.source.name in _FLAGS for place in places)


@rule("C03", "batch-out-of-range", "info", "static", Cause.BUDGET)
def batch_out_of_range(facts: Facts) -> Finding | None:
    """A batch of nearly all the data, or of one.

    What: fewer than five steps in an epoch and fewer than a hundred in all; or one example a step, of a thousand and more.
    Why: an epoch of large batches is a few updates; single examples make every step noise, and an epoch slow.
    Confirm: the same number of epochs with a batch of 32.
    Fix: `batch_size: 32`.
    Source: Masters and Luschi 2018; StackOverflow 31880720 (one), 44164749 (2,000).
    """
    spent, band, train = budget.compute_budget(facts), budget.find_band(facts), facts.spec.train
    if spent is None or _is_flagged(facts):
        return None
    path = ("train", "batch_size")
    fix = Fix.set(path, thresholds.USUAL_BATCH)
    few = spent.an_epoch < thresholds.STEPS_AN_EPOCH and spent.steps < thresholds.FEW_STEPS
    if few and spent.examples >= thresholds.SOME_EXAMPLES and train.batch_size > thresholds.USUAL_BATCH:
        near = spent.travel < band.travel * thresholds.FEW_STEPS_TRAVEL and train.init_from is None
        found = f"batches of {train.batch_size} of {spent.examples:,} examples: {spent.steps} updates in all"
        level: Level | None = "warning" if near else None
        return Finding(found, "training stops before anything is learned", path, "train.batch_size", fix, level)
    if train.batch_size == 1 and spent.examples >= thresholds.MANY_EXAMPLES:
        found = f"one example a step, {spent.examples:,} steps an epoch"
        return Finding(found, "steps are noisy, and epochs are slow", path, "train.batch_size", fix)
    return None


@rule("C04", "sorted-and-not-shuffled", "error", "data", Cause.BUDGET, sure=True)
def sorted_and_not_shuffled(facts: Facts) -> Finding | None:
    """Examples sorted by class, visited in that order.

    What: `shuffle: false`, and batches of the stored order are four fifths of the way from random ones to one class each.
    Why: each batch pulls the network towards its own class and undoes the one before.
    Confirm: the same training with `shuffle: true`.
    Fix: `train.shuffle: true`.
    Source: Bengio 2012, Practical recommendations for gradient-based training, 3.1.
    """
    dataset = require_dataset(facts)
    if facts.spec.train.shuffle or dataset.purity < thresholds.PURE_SHARE:
        return None
    path = ("train", "shuffle")
    found = "batches hold hardly more than one class each, since the data are sorted and `shuffle` is off"
    effect = "each batch pulls the network towards its own class"
    return Finding(found, effect, path, "train", Fix.set(path, True))


@rule("C13", "not-converged", "warning", "run", Cause.BUDGET, sure=True)
def not_converged(facts: Facts) -> Finding | None:
    """A training that ended while the loss still fell.

    What: all epochs have run, the loss falls by two per cent and more in the last fifth of them, validation still gets better,
        and the model is not there yet.
    Why: learning takes steps.
    Confirm: `nnctl train --resume RUN --epochs N` goes on.
    Fix: three times the epochs, with `early_stopping` to end them.
    Source: UMLAUT; the bounds: `nnctl explain debugging`.
    """
    run, epochs = require_run(facts), facts.spec.train.epochs
    if run.status != "done" or len(run.losses) < max(epochs, 2) or not fell_short(facts):
        return None
    last = max(1, len(run.losses) // thresholds.FIFTH)
    fall = compute_fall(run.losses[-last - 1 :])
    held = [value for value in run.get_column("val_loss") if not math.isnan(value)]
    worse = bool(held) and min(held[-last:]) > min(held)
    if not fall >= thresholds.STILL_FALLING or worse:
        return None
    path, more = ("train", "epochs"), thresholds.MORE_EPOCHS * epochs
    found = f"the loss fell by {fall:.0%} in the last {last} of {epochs} epochs"
    fix = Fix.set(path, more, f"`nnctl train --resume RUN --epochs {more}`")
    return Finding(found, "training stopped while it was still improving", path, "train", fix, confidence=0.6)

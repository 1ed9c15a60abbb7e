"""What came of a run: too much learned by heart, too little learned, or something else than was asked."""

import math
from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_run
from nnctl.diagnosis.facts.run import RunFacts
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import fell_short, find_scores
from nnctl.diagnosis.thresholds import MILD_DROPOUT, MILD_L2, PATIENCE
from nnctl.spec.sections import Component


@rule("D10", "overfit", "warning", "run", Cause.REGULARISATION, sure=True)
def overfit(facts: Facts) -> Finding | None:
    """A network that goes on learning its training examples by heart.

    What: validation (200 examples at least) was best in the first 70 % of the epochs, at least five before the end; since then
        its loss has grown by a fifth or accuracy has fallen ten points behind training's, while the training loss fell by a
        fifth. It is told as information where the epoch that was kept is the best one: then only time is lost.
    Why: what is learned by heart says nothing about new examples.
    Confirm: `plots/curves.png`: the curves part.
    Fix: `early_stopping`; `dropout: 0.3` in front of the head; more data.
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
    effect = "the epochs behind it are wasted; the best one is kept" if level else "it learns its examples by heart"
    return Finding(found, effect, ("train", "epochs"), "train", _hold_back(facts), level)


@rule("D11", "underfit", "warning", "run", Cause.SYMPTOM, sure=True)
def underfit(facts: Facts) -> Finding | None:
    """A network that does not even fit the examples it is trained with.

    What: the score on training examples is low, and that on held-out ones hardly lower.
    Why: it is too small, too constrained, too short of steps, or wired so that it cannot follow.
    Confirm: `nnctl debug SPEC`: whether one batch can be learned by heart.
    Fix: more units or epochs; fewer penalties.
    Source: Goodfellow et al. 2016, Deep Learning, 5.2; the bounds: `nnctl explain debugging`.
    """
    scores = find_scores(facts)
    if len(scores) < 2 or require_run(facts).diverged or not fell_short(facts):
        return None
    if scores["train"] - scores["held"] >= thresholds.SMALL_GAP:
        return None
    found = f"it scores {scores['train']:.3f} on training examples and {scores['held']:.3f} on others"
    return Finding(found, "not even what it is shown is learned", ("model",), "model")


@rule("D12", "one-answer", "warning", "run", Cause.SYMPTOM, sure=True)
def one_answer(facts: Facts) -> Finding | None:
    """A network that gives nearly everything the same answer.

    What: more than 95 % of the scored examples get one class, while the commonest class is less than 80 % of them.
    Why: the output no longer depends on the input: dead layers, a softmax over one unit, weights that overflowed.
    Confirm: `eval/test/confusion.csv`: one column holds everything.
    Fix: head and loss first; then the learning rate; `class_weight: balanced` where classes are rare.
    Source: nnctl's own: `nnctl explain debugging`.
    """
    run = require_run(facts)
    if run.commonest is None or run.majority is None or run.commonest <= thresholds.ONE_ANSWER:
        return None
    if run.majority >= thresholds.MAJORITY or not fell_short(facts):
        return None
    found = f"{run.commonest:.0%} of {run.held:,} examples get one answer; the commonest class is {run.majority:.0%}"
    return Finding(found, "the answer does not depend on the input", ("model",), "model")


@rule("D14", "validation-better-than-train", "warning", "run", Cause.SYMPTOM, sure=True)
def validation_better(facts: Facts) -> Finding | None:
    """Validation that does better than training, with examples in common.

    What: at the kept epoch the validation accuracy is five points above training's, without dropout or penalties that would
        explain it, and examples stand in both.
    Why: scores on examples that were trained on say nothing about new ones.
    Confirm: X08 counts the rows in common.
    Fix: cut validation so that equal rows lie on one side.
    Source: deepchecks; the bounds: `nnctl explain debugging`.
    """
    run, names = require_run(facts), [facts.run.find_accuracy(prefix) if facts.run else None for prefix in ("", "val_")]
    leaked = facts.dataset is not None and (facts.dataset.overlap.validation or 0) > thresholds.LEAKED_SHARE
    if not leaked or _is_regularised(facts) or len(run.history) < thresholds.FLAT_EPOCHS or None in names:
        return None
    trained, held = (run.kept[str(name)] for name in names)
    if held - trained <= thresholds.BETTER_HELD:
        return None
    found = f"validation scores {held:.3f}, training {trained:.3f}, and they share examples"
    return Finding(found, "the score says nothing about new examples", ("data", "validation"), "data")


@rule("D18", "test-unlike-validation", "warning", "run", Cause.DATA, sure=True)
def test_unlike_validation(facts: Facts) -> Finding | None:
    """A test score far below validation's.

    What: the kept model's accuracy on test is twenty points and three standard errors below what validation has.
    Why: both are new to the network, so they should differ by chance alone. Test was prepared in another way, comes from
        elsewhere, or has its labels in another order; or validation shares with train what test does not.
    Confirm: `nnctl data show SPEC`; cut validation and test from the same rows, and compare again.
    Fix: prepare the splits alike; split by group where several examples stem from one thing.
    Source: deepchecks' train-test performance; Kaufman et al., Leakage in Data Mining, TKDD 2012.
    """
    run = require_run(facts)
    name, test = run.find_accuracy("val_"), run.scores.get("accuracy")
    if name is None or test is None or not run.held or not run.validation:
        return None
    held = run.kept[name]
    error = math.sqrt(sum(share * (1 - share) / n for share, n in ((held, run.validation), (test, run.held))))
    if held - test < max(thresholds.UNLIKE, thresholds.UNLIKE_SIGMAS * error):
        return None
    found = f"validation scores {held:.3f}, test {test:.3f}"
    return Finding(found, "what is learned does not hold on test", ("data",), "data")


@rule("D16", "penalties-dominate", "warning", "run", Cause.REGULARISATION, sure=True)
def penalties_dominate(facts: Facts) -> Finding | None:
    """Penalties that are larger than what is to be learned.

    What: at the last look the regularizers add more than five times the loss.
    Why: the steepest way down is to make all weights 0.
    Confirm: `penalties` in `debug/diagnostics.jsonl`.
    Fix: `l2: 1e-4`.
    Source: TheDeepChecker; the bound: `nnctl explain debugging`.
    """
    run = require_run(facts)
    last = next(iter(reversed(run.checks)), None)
    edits = tuple(_soften_penalties(facts))
    if last is None or not edits or not fell_short(facts) or not last.penalties > thresholds.PENALTY * last.loss:
        return None
    found = f"the penalties are {last.penalties:.3g}, the loss itself {last.loss:.3g}"
    return Finding(found, "weights go to 0 instead of learning", edits[0].path, "model", Fix(edits))


@rule("D17", "no-better-than-baseline", "warning", "run", Cause.SYMPTOM, sure=True)
def no_better(facts: Facts) -> Finding | None:
    """A model that is no better than what needs no network.

    What: its held-out score is within a point of always giving the commonest answer, although a linear model or nearest
        neighbours do better.
    Why: whatever it does, it is not worth its steps.
    Confirm: the baselines that `nnctl debug RUN` prints.
    Fix: the finding that comes first.
    Source: Hastie et al. 2009, The Elements of Statistical Learning.
    """
    held = find_scores(facts).get("held")
    if held is None or facts.dataset is None or not fell_short(facts):
        return None
    base = facts.dataset.baselines
    if base.learnable < thresholds.POINTS or held > base.trivial + thresholds.NO_BETTER:
        return None
    found = f"{base.metric} {held:.3f}; a constant has {base.trivial:.3f}, linear {base.linear:.3f}"
    return Finding(f"{found}, neighbours {base.neighbour:.3f}", "it is not worth its steps", ("model",), "model")


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
    """Early stopping where there is none, else dropout in front of the head."""
    if facts.spec.train.early_stopping is None:
        return Fix.set(("train", "early_stopping"), PATIENCE, f"`dropout: {MILD_DROPOUT}` in front of the head")
    at = facts.network.head.index
    return Fix((Edit(("model", "layers", at), {"dropout": MILD_DROPOUT}, "insert"),), "more data, or fewer units")


def _is_regularised(facts: Facts) -> bool:
    return (
        any(layer.known.drops or layer.known.adds_noise for layer in facts.network.layers)
        or bool(facts.spec.train.augment)
        or any(_soften_penalties(facts))
    )


def _soften_penalties(facts: Facts) -> Iterator[Edit]:
    """The edits that make each penalty on a kernel a usual one."""
    for layer in facts.network.weighted:
        if isinstance(layer.inner.arguments.get("kernel_regularizer"), Component):
            yield Edit((*layer.path, "kernel_regularizer"), {"l2": MILD_L2})

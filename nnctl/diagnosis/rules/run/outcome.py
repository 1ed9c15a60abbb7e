"""What came of a run: something else than was asked."""

import math
from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_run
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import fell_short, find_scores
from nnctl.diagnosis.thresholds import MILD_L2
from nnctl.spec.sections import Component


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
    found = f"{run.commonest:.0%} of {run.held:,} examples get the same answer; the most common class has {run.majority:.0%}"
    return Finding(found, "the output does not depend on the input", ("model",), "model")


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
    return Finding(found, "the score does not measure new examples", ("data", "validation"), "data")


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
    return Finding(found, "what was learned does not carry over to test", ("data",), "data")


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
    return Finding(found, "weights shrink towards 0 instead of learning", edits[0].path, "model", Fix(edits))


@rule("D17", "no-better-than-baseline", "warning", "run", Cause.SYMPTOM, sure=True)
def no_better(facts: Facts) -> Finding | None:
    """A model that is no better than what needs no network.

    What: its held-out score is within a point of always giving the commonest answer, although a linear model or nearest
        neighbours do better.
    Why: whatever it does, the network is no better than a far simpler model.
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
    return Finding(
        f"{found}, neighbours {base.neighbour:.3f}",
        "the network is no better than a far simpler model",
        ("model",),
        "model",
    )


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

"""Numbers to predict that the output cannot give, or that the loss takes for something else; and answers that are all one."""

import math

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, dataset_of, probe_of
from nnctl.diagnosis.facts.loss import categorical, yes_or_no
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import activating
from nnctl.diagnosis.rule import Cause, rule


@rule("H10", "output-out-of-reach", "error", "data", Cause.HEAD, sure=True)
def output_out_of_reach(facts: Facts) -> Finding | None:
    """An output that cannot give the numbers that it is asked for.

    What: numbers to predict lie outside of what the last activation gives: below 0 for `relu`, beyond 1 for `sigmoid` and
        `tanh`; with `target_scale: standard`, numbers of mean 0 and deviation 1.
    Why: the error of what is out of reach never gets to 0, and at the bound there is no gradient.
    Confirm: the predictions stop at the bound.
    Fix: a linear output.
    Source: DeepDiagnosis (Wardat et al., ICSE 2022); StackOverflow 48221692.
    """
    dataset, head = dataset_of(facts), facts.network.head
    loss, bounds = facts.spec.train.loss, head.gives.range
    if dataset.targets is None or bounds is None or categorical(loss) or yes_or_no(loss):
        return None
    least, most = -math.inf if bounds[0] is None else bounds[0], math.inf if bounds[1] is None else bounds[1]
    low, high = dataset.targets.low, dataset.targets.high
    if facts.spec.data.target_scale == "standard":
        low, high = -1.0, 1.0  # some are further out: a deviation of 1 on either side
    slack = thresholds.OUT_OF_REACH * (high - low)
    if least - slack <= low and high <= most + slack:
        return None
    found = f"{head.activation} gives {least:g} to {most:g}, and the numbers to predict are {low:.4g} to {high:.4g}"
    return Finding(
        found, "what is out of reach has no gradient", head.path, head.where, Fix(activating(head, "linear"))
    )


@rule("H12", "crossentropy-for-numbers", "error", "data", Cause.HEAD, sure=True)
def crossentropy_for_numbers(facts: Facts) -> Finding | None:
    """A crossentropy that compares with numbers.

    What: the loss is a crossentropy, and the labels are numbers outside of [0, 1].
    Why: a crossentropy is a distance of probabilities. Of other numbers it has no least value, and its gradient leads away.
    Confirm: the loss falls below 0, or grows without end.
    Fix: `mean_squared_error` and a linear output.
    Source: TheDeepChecker (Ben Braiek and Khomh, TOSEM 2023); StackOverflow 46642627.
    """
    dataset, head = dataset_of(facts), facts.network.head
    targets, loss = dataset.targets, facts.spec.train.loss
    if targets is None or not (categorical(loss) or yes_or_no(loss)) or targets.shares:
        return None
    edits = () if head.activation == "linear" else activating(head, "linear")
    fix = Fix((Edit(("train", "loss"), "mean_squared_error"), *edits))
    found = (
        f"{loss.name} compares probabilities, and the numbers to predict are {targets.low:.4g} to {targets.high:.4g}"
    )
    return Finding(found, "the loss has no least value at the right answer", ("train", "loss"), "train", fix)


@rule("P11", "one-answer-in-a-trial", "warning", "probe", Cause.DATA, sure=True)
def one_answer(facts: Facts) -> Finding | None:
    """A network that gives nearly every example the commonest class, of classes that are not alike in number.

    What: after the trial at least 99 of 100 held-out examples get the commonest class, a class is at most a fifth as common,
        and the labels can be told from the examples.
    Why: always answering the commonest class is right most of the time, so the loss is small and accuracy looks well.
    Confirm: the rare classes' recall in `nnctl evaluate RUN`.
    Fix: `train.class_weight: balanced`, and watch `recall` or `f1_score` beside accuracy.
    Source: He and Garcia 2009, Learning from Imbalanced Data.
    """
    dataset, probe = dataset_of(facts), probe_of(facts)
    counts = dataset.class_counts
    if counts is None or not dataset.classes or facts.spec.train.class_weight is not None or probe.reference.diverged:
        return None
    uneven = min(counts) <= thresholds.UNEVEN * max(counts)
    if not uneven or not probe.reference.whole or probe.reference.commonest < thresholds.NEARLY_ALL:
        return None
    common, rare = (dataset.named(counts.index(f(counts))) for f in (max, min))
    path = ("train", "class_weight")
    found = f"{probe.reference.commonest:.1%} of the answers are {common}; {min(counts):,} of {sum(counts):,} examples are {rare}"
    return Finding(found, f"{rare} is never found", path, "train", Fix.setting(path, "balanced"))

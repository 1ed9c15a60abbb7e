"""Numbers to predict that the output cannot give, or that the loss takes for something else; and answers that are all one."""

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts import Facts
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import activating
from nnctl.diagnosis.losses import BINARY, CATEGORICAL
from nnctl.diagnosis.rule import Cause, rule

# What an activation can give, as (least, most).
_GIVES = {
    **dict.fromkeys(("sigmoid", "hard_sigmoid", "softmax", "sparse_sigmoid"), (0.0, 1.0)),
    **dict.fromkeys(("tanh", "hard_tanh", "softsign"), (-1.0, 1.0)),
    **dict.fromkeys(("relu", "softplus", "exponential", "squareplus"), (0.0, float("inf"))),
    "relu6": (0.0, thresholds.RELU6),
}


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
    dataset, head = facts.dataset, facts.network.head
    assert dataset is not None
    bounds = _GIVES.get(head.activation or "")
    if dataset.targets is None or bounds is None or facts.spec.train.loss.name in CATEGORICAL | BINARY:
        return None
    low, high = dataset.targets.low, dataset.targets.high
    if facts.spec.data.target_scale == "standard":
        low, high = -1.0, 1.0  # some are further out: a deviation of 1 on either side
    slack = thresholds.OUT_OF_REACH * (high - low)
    if bounds[0] - slack <= low and high <= bounds[1] + slack:
        return None
    found = f"{head.activation} gives {bounds[0]:g} to {bounds[1]:g}, and the numbers to predict are {low:.4g} to {high:.4g}"
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
    dataset, head = facts.dataset, facts.network.head
    assert dataset is not None
    targets, loss = dataset.targets, facts.spec.train.loss.name
    if targets is None or loss not in CATEGORICAL | BINARY or targets.shares:
        return None
    edits = () if head.activation == "linear" else activating(head, "linear")
    fix = Fix((Edit(("train", "loss"), "mean_squared_error"), *edits))
    found = f"{loss} compares probabilities, and the numbers to predict are {targets.low:.4g} to {targets.high:.4g}"
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
    dataset, probe = facts.dataset, facts.probe
    assert dataset is not None
    assert probe is not None
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

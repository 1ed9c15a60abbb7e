"""Numbers to predict that the output cannot give, or that the loss takes for something else; and labels that are all one."""

import math

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.facts.loss import is_binary, is_categorical
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import LOSS, set_activation
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import stays_below
from nnctl.spec.catalogue import traits


@rule("H10", "output-out-of-reach", "error", "data", Cause.HEAD, sure=True)
def output_out_of_reach(facts: Facts) -> Finding | None:
    """An output that cannot give the numbers that it is asked for.

    What: numbers to predict lie outside of what the last activation gives: below 0 for `relu`, beyond 1 for `sigmoid` and
        `tanh`; with `target_scale: standard`, numbers of mean 0 and deviation 1.
    Why: the error of what is out of reach never gets to 0, and at the bound there is no gradient.
    Confirm: the predictions stop at the bound.
    Fix: a linear output; `softplus` for a loss that takes logarithms (`poisson`).
    Source: DeepDiagnosis (Wardat et al., ICSE 2022); StackOverflow 48221692.
    """
    dataset, head = require_dataset(facts), facts.network.head
    loss, bounds = facts.spec.train.loss, head.gives.range
    if dataset.targets is None or bounds is None or is_categorical(loss) or is_binary(loss):
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
        found,
        "targets outside this range cannot be reached, and the gradient there vanishes",
        head.path,
        head.where,
        _widen(facts, low),
    )


def _widen(facts: Facts, low: float) -> Fix:
    """What lets the output reach the numbers to predict, of which the least is given, and leaves the loss a number.

    A loss that takes logarithms gets an output above 0, and where there are numbers below 0 it is no loss for them.
    """
    head, known = facts.network.head, traits.get_loss(facts.spec.train.loss.name)
    if facts.spec.data.target_scale == "standard" and not known.difference:  # of a run from before that was refused
        return Fix((Edit(("data", "target_scale"), kind="remove"),))
    if not known.positive:
        return Fix(set_activation(head, "linear"))
    if low >= 0:
        return Fix(set_activation(head, "softplus"))
    return Fix((Edit(("train", "loss"), traits.get_usual_loss("regression")), *set_activation(head, "linear")))


@rule("H12", "crossentropy-for-numbers", "error", "data", Cause.HEAD, sure=True)
def crossentropy_for_numbers(facts: Facts) -> Finding | None:
    """A crossentropy that compares with numbers.

    What: the loss is a crossentropy, and the labels are numbers outside of [0, 1].
    Why: a crossentropy is a distance of probabilities. Of other numbers it has no least value, and its gradient leads away.
    Confirm: the loss falls below 0, or grows without end.
    Fix: `mean_squared_error` and a linear output.
    Source: TheDeepChecker (Ben Braiek and Khomh, TOSEM 2023); StackOverflow 46642627.
    """
    dataset, head = require_dataset(facts), facts.network.head
    targets, loss = dataset.targets, facts.spec.train.loss
    if targets is None or not (is_categorical(loss) or is_binary(loss)) or targets.shares:
        return None
    edits = () if head.activation == "linear" else set_activation(head, "linear")
    fix = Fix((Edit(("train", "loss"), "mean_squared_error"), *edits))
    found = (
        f"{loss.name} compares probabilities, and the numbers to predict are {targets.low:.4g} to {targets.high:.4g}"
    )
    return Finding(found, "the loss is not smallest at the right answer", ("train", "loss"), "train", fix)


@rule("H17", "median-is-one-number", "warning", "probe", Cause.HEAD, sure=True)
def median_is_one_number(facts: Facts) -> Finding | None:
    """An absolute error of targets of which most are one and the same number.

    What: half of the numbers to predict and more are one number, the loss is an absolute error, and the trial is no better than
        the mean, while a linear model or neighbours are.
    Why: the answer of least absolute error is the median. Where most targets are 0, it is 0 whatever the example says, and a
        network learns this constant; of rain, sales or claims the mean is what was asked for.
    Confirm: the predictions are all but one number.
    Fix: `mean_squared_error`, whose best answer is the mean; `poisson` after `softplus` for counts.
    Source: Gneiting 2011, Making and Evaluating Point Forecasts: the absolute error is consistent for the median alone.
    """
    dataset, loss = require_dataset(facts), facts.spec.train.loss
    if dataset.commonest is None or traits.get_loss(loss.name).distance != "absolute":
        return None
    value, share = dataset.commonest
    if share < thresholds.HALFWAY or require_probe(facts).reference.score > thresholds.POINTS or not stays_below(facts):
        return None
    found = f"{share:.0%} of the numbers to predict are {value:g}, which is their median"
    fix = Fix((Edit(LOSS, traits.get_usual_loss("regression")),), "poisson after softplus, for counts")
    return Finding(found, f"{loss.name} is smallest for this constant", LOSS, "train.loss", fix)


@rule("H14", "one-class", "error", "data", Cause.LABELS, sure=True)
def one_class(facts: Facts) -> Finding | None:
    """Training labels that are all the same.

    What: all training examples have one class, or one number to predict.
    Why: there is nothing to tell apart; the network learns to answer that one class.
    Confirm: `nnctl data show SPEC` counts the classes.
    Fix: look at how the labels were read or cut.
    Source: NeuraLint (Nikanjam et al., TOSEM 2022).
    """
    dataset = require_dataset(facts)
    constant = dataset.targets is not None and dataset.targets.deviation == 0
    if not dataset.one_class and not constant:
        return None
    return Finding(
        f"all {dataset.train:,} training labels are the same", "there is nothing to learn", ("data",), "data"
    )

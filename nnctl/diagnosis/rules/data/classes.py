"""Classes that are rare, count for nothing, are spread in another way in test, or are one class twice."""

import math
from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.finding import Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule


@rule("X06", "rare-class", "info", "data", Cause.DATA)
def rare_class(facts: Facts) -> Finding | None:
    """A class that is much rarer than another.

    What: the rarest class has less than a tenth of the examples of the commonest.
    Why: a network that never answers the rare class is right nearly always, and accuracy does not show it.
    Confirm: the rare class's recall in `nnctl evaluate RUN`.
    Fix: `train.class_weight: balanced`, and watch `recall` or `f1_score` beside accuracy.
    Source: deepchecks' class imbalance (0.1); King and Zeng 2001 for the weights.
    """
    dataset = require_dataset(facts)
    counts = dataset.class_counts
    if counts is None or not dataset.classes or facts.weighed or not max(counts):
        return None
    share = min(counts) / max(counts)
    if share >= thresholds.RARE_SHARE:
        return None
    level: Level = "warning" if share < thresholds.VERY_RARE_SHARE else "info"
    rarest, commonest = (dataset.name_class(counts.index(f(counts))) for f in (min, max))
    path = ("train", "class_weight")
    found = f"class {rarest} has {min(counts):,} examples, {commonest} has {max(counts):,}"
    effect = f"always answering {commonest} is right {max(counts) / sum(counts):.1%} of the time"
    return Finding(found, effect, path, "train", Fix.set(path, "balanced"), level=level)


@rule("X18", "other-shares-in-test", "warning", "data", Cause.DATA, sure=True)
def other_shares_in_test(facts: Facts) -> Finding | None:
    """Classes that are much rarer in train than in test, or much more common.

    What: the classes' shares in train and in test differ by a total variation of 0.2 beyond what chance makes of so many rows.
    Why: the network learns how often each class occurs, and answers by that. A share cut from train for validation has the
        shares of train: its accuracy promises what test does not hold.
    Confirm: recall by class in `nnctl evaluate RUN`.
    Fix: `train.class_weight: balanced` where test is the more even; else draw both splits from the same rows.
    Source: deepchecks' label drift; Saerens et al., Neural Computation 2002, Adjusting the Outputs of a Classifier.
    """
    dataset = require_dataset(facts)
    train, test = dataset.class_counts, dataset.test_counts
    if not dataset.classes or train is None or test is None or dataset.one_class or facts.weighed:
        return None
    if sum(test) < thresholds.TEST_ROWS:
        return None
    shares = [[count / sum(counts) for count in counts] for counts in (train, test)]
    apart = sum(abs(p - q) for p, q in zip(*shares, strict=True)) / 2
    # The mean of |p - q| where q is p as n rows draw it is sqrt(2 p (1 - p) / (pi n)).
    chance = sum(math.sqrt(2 * p * (1 - p) / (math.pi * sum(test))) for p in shares[0]) / 2
    if apart - 2 * chance < thresholds.SHIFTED:
        return None
    most = max(range(len(train)), key=lambda index: abs(shares[0][index] - shares[1][index]))
    even = min(shares[1]) / max(shares[1]) > min(shares[0]) / max(shares[0])
    path = ("train", "class_weight")
    found = f"class {dataset.name_class(most)} is {shares[0][most]:.1%} of train and {shares[1][most]:.1%} of test"
    fix = Fix.set(path, "balanced") if even else None
    return Finding(
        found,
        "the network learns the class shares of train, not those of test",
        path if even else ("data",),
        "data",
        fix,
    )


@rule("X28", "one-class-twice", "warning", "probe", Cause.LABELS, sure=True)
def one_class_twice(facts: Facts) -> Iterator[Finding]:
    """Classes that the network tells from all others and not from each other.

    What: of the examples of either that it did not train on, most get one of them as their answer, and which one agrees with
        the label as often as chance has it.
    Why: people wrote one class in several ways (`circle` and `circles`), or the same pictures lie in two folders. Each of
        these examples has several right answers, of which all but one count as wrong.
    Confirm: look at examples of each: `nnctl data show SPEC`; their rows in the confusion matrix of `nnctl evaluate RUN`.
    Fix: give them one name where the labels are made; or examples that show what sets them apart.
    Source: Cohen 1960, A Coefficient of Agreement for Nominal Scales; Landis and Koch 1977 for what is good agreement.
    """
    data = require_dataset(facts)
    for twins in require_probe(facts).twins:
        names = ", ".join(map(data.name_class, twins.classes))
        chance = f"no more than by chance ({twins.chance:.0f})"
        found = (
            f"the classes {names}: {twins.right} of {twins.examples} examples got the right one among these, {chance}"
        )
        yield Finding(found, "they look like one class under several names", ("data",), "data")


@rule("X30", "classes-in-another-order", "error", "probe", Cause.LABELS, sure=True)
def classes_in_another_order(facts: Facts) -> Iterator[Finding]:
    """Labels of validation or test that number the classes in another order than those of train.

    What: most of what the trial answers there is wrong, and most of it is right once each class is taken for another one.
    Why: the classes were numbered anew for each file, by the order in which they came. What is chosen by validation is chosen
        at random, and a score on test says nothing.
    Confirm: an example of one class from each file beside its label: `nnctl data show SPEC`.
    Fix: number the classes once, and use these numbers for all files.
    Source: Kuhn 1955, The Hungarian Method for the Assignment Problem, finds the order.
    """
    data = require_dataset(facts)
    for one in require_probe(facts).exchanged:
        moved = [(mine, theirs) for mine, theirs in enumerate(one.classes) if mine != theirs]
        told = ", ".join(
            f"{data.name_class(mine)} for {data.name_class(theirs)}" for mine, theirs in moved[: thresholds.NAMED]
        )
        more = ", ..." if moved[thresholds.NAMED :] else ""
        found = (
            f"the trial has accuracy {one.score:.3f} on {one.split}, and {one.better:.3f} with its classes renumbered "
            f"({told}{more})"
        )
        yield Finding(found, "its labels number the classes in another order than train", ("data",), "data")


@rule("X29", "class-weighed-out", "warning", "data", Cause.DATA, sure=True)
def class_weighed_out(facts: Facts) -> Finding | None:
    """Examples of a class that count for nothing, by the weights in the data.

    What: the weights of the training examples of a class are on average less than a thousandth of another class's.
    Why: an example with the weight 0 teaches nothing: the class is never predicted, and no loss shows it, as the loss is
        weighed too.
    Confirm: the class's recall in `nnctl evaluate RUN`.
    Fix: weights that are right, where the file is made; `sample_weight: none` of the source reads the file without them.
    Source: the same bound as for class weights (C11), King and Zeng 2001.
    """
    data = require_dataset(facts)
    if not data.class_weights or data.class_counts is None:
        return None
    known = [index for index, count in enumerate(data.class_counts) if count]
    most = max(data.class_weights[index] for index in known)
    out = [index for index in known if data.class_weights[index] * thresholds.CLASS_WEIGHTS <= most]
    if not out:
        return None
    names = ", ".join(data.name_class(index) for index in out)
    which = f"class {names} weigh" if len(out) == 1 else f"the classes {names} weigh"
    heaviest = max(data.class_weights[index] for index in out)
    found = f"the training examples of {which} {heaviest:.2g} each, those of others up to {most:.2g}"
    return Finding(found, "they teach nothing", ("data",), "data")

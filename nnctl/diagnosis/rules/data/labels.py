"""Labels that are rare, spread in another way in test, or that say little of their examples."""

import math
from typing import TYPE_CHECKING

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset
from nnctl.diagnosis.finding import Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule

if TYPE_CHECKING:
    from nnctl.diagnosis.facts.dataset import DatasetFacts


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
    weighed = dataset.weighed or facts.spec.train.class_weight is not None
    if counts is None or not dataset.classes or weighed or not max(counts):
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
    weighed = dataset.weighed or facts.spec.train.class_weight is not None
    if not dataset.classes or train is None or test is None or dataset.one_class or weighed:
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
    return Finding(found, "the network answers by the shares of train", path if even else ("data",), "data", fix)


@rule("X09", "unrelated-labels", "warning", "data", Cause.LABELS)
def unrelated_labels(facts: Facts) -> Finding | None:
    """Labels that nothing in the examples tells.

    What: neither a linear model nor the nearest neighbours do better on held-out training examples than a constant answer.
    Why: most often examples and labels were put into another order, one without the other; or the labels are noise.
    Confirm: look at examples beside their labels: `nnctl data show SPEC`.
    Fix: read the labels together with their examples.
    Source: TheDeepChecker (features shuffled without their labels), with cross-validated ridge and 5-NN as the yardstick.
    """
    dataset = require_dataset(facts)
    if dataset.train < thresholds.FEW_EXAMPLES or dataset.tokens or dataset.one_class or not _is_bare(facts):
        return None
    if dataset.classes and dataset.baselines.trivial > thresholds.MAJORITY:
        return None  # nobody beats the majority by much there
    if dataset.baselines.learnable > thresholds.CHANCE_SIGMAS * _compute_error(dataset):
        return None
    b = dataset.baselines
    found = (
        f"held-out {b.metric}: linear {b.linear:.3f}, nearest neighbours {b.neighbour:.3f}, a constant {b.trivial:.3f}"
    )
    effect = "no network can learn what the examples do not tell"
    return Finding(found, effect, ("data", "source"), "data", confidence=0.6)


@rule("X20", "wrong-labels", "warning", "data", Cause.LABELS, sure=True)
def wrong_labels(facts: Facts) -> Finding | None:
    """Labels that are wrong in part.

    What: a linear model and the nearest neighbours agree on what held-out training examples are, and are sure of it, and a fifth
        and more of the labels say otherwise; or they do in one stretch of the file.
    Why: on hard examples two models of different kinds are unsure and differ. Where both are sure and the label is another one,
        the label was changed: rows were put into another order in part, a class was renamed, somebody clicked at random. A
        network learns such labels by heart in the end, and is wrong on what is new.
    Confirm: look at examples of the stretch beside their labels: `nnctl data show SPEC`.
    Fix: read the labels together with their examples again; leave the rows out.
    Source: Brodley and Friedl 1999, Identifying Mislabeled Training Data; Northcutt et al. 2021, Confident Learning.
    """
    dataset = require_dataset(facts)
    found = dataset.baselines.disagreement
    if found is None or found.kappa < thresholds.MODELS_AGREE:
        return None
    effect = "the network learns by heart what is not so"
    if found.stretch is not None:
        first, last = (round(share * dataset.train) for share in found.stretch[:2])
        told = (
            f"of the training examples {first:,} to {last - 1:,} about {found.stretch[2]:.0%} of the labels look wrong"
        )
        return Finding(f"{told}: a linear model and neighbours agree on another class", effect, ("data",), "data")
    if found.surest < thresholds.WRONG_LABELS or found.surest < thresholds.AS_SURE * found.doubtful:
        return None
    told = f"about {found.surest:.0%} of the labels look wrong: a linear model and neighbours are sure of another class"
    return Finding(told, effect, ("data",), "data")


@rule("X16", "conflicting-labels", "warning", "data", Cause.LABELS, sure=True)
def conflicting_labels(facts: Facts) -> Finding | None:
    """Equal examples with different labels.

    What: of more than one training example in a hundred there is an equal one with another label.
    Why: the network cannot give both answers; its loss has a floor that no training gets below.
    Confirm: the rows in the file.
    Fix: settle which label is right, or give the network the column that tells them apart.
    Source: deepchecks' conflicting labels.
    """
    dataset = require_dataset(facts)
    overlap = dataset.overlap
    if overlap.conflicting <= thresholds.CONFLICTING_SHARE or overlap.expected or dataset.task == "regression":
        return None
    found = f"{overlap.conflicting:.1%} of the training examples have an equal one with another label"
    level: Level = "info" if dataset.tokens else "warning"
    return Finding(found, "the loss cannot get below what they disagree about", ("data",), "data", level=level)


def _is_bare(facts: Facts) -> bool:
    """Whether an example is a picture or a row: of a sequence, order can tell what neither yardstick looks at."""
    dataset, first = facts.dataset, facts.network.layers[0].input
    return dataset is not None and (dataset.image or first is None or len(first) == 1)


def _compute_error(dataset: "DatasetFacts") -> float:
    """The standard error of the trivial score over the rows that the yardsticks were measured on."""
    rows, share = min(dataset.train, thresholds.YARDSTICK_ROWS), dataset.baselines.trivial
    return math.sqrt(share * (1 - share) / rows) if dataset.task != "regression" else 1 / math.sqrt(rows)


@rule("X26", "labels-moved", "error", "data", Cause.LABELS, sure=True)
def labels_moved(facts: Facts) -> Finding | None:
    """Labels that stand some rows away from their examples.

    What: a linear model does much better with the label of a row one or two further than with an example's own.
    Why: an example was left out, or a line read twice, in one of the two and not in the other: from there on each label is that
        of a neighbour.
    Confirm: examples beside their labels: `nnctl data show SPEC`; the counts of both files.
    Fix: leave the same rows out of both. No edit of the spec does that.
    Source: Karpathy 2019, A Recipe for Training Neural Networks: become one with the data.
    """
    dataset = require_dataset(facts)
    shift = dataset.shift
    if shift is None:
        return None
    where = f"{abs(shift.rows)} row{'s' if abs(shift.rows) > 1 else ''} {'further' if shift.rows > 0 else 'before'}"
    found = (
        f"a linear model has {dataset.baselines.metric} {shift.linear:.3f} with the labels as they stand, {shift.score:.3f} "
        f"with those {where}"
    )
    return Finding(found, "labels belong to other examples", ("data",), "data")


@rule("X27", "channels-called-last", "error", "data", Cause.DATA, sure=True)
def channels_called_last(facts: Facts) -> Finding | None:
    """Pictures of whole channels, one after the other, that are called (height, width, channels).

    What: read as one plane for each channel, neighbouring pixels are much more alike than as they are shaped.
    Why: an array of (channels, height, width) was reshaped instead of transposed: each pixel is made of three pixels of one
        colour, and what lies side by side lies rows apart.
    Confirm: `nnctl data show SPEC` draws one.
    Fix: `transpose(0, 2, 3, 1)` in the place of `reshape`, where the file is made.
    Source: Harris et al. 2020, Array Programming with NumPy, on shapes and strides: reshaping keeps the order of the numbers.
    """
    if not require_dataset(facts).scrambled:
        return None
    found = "read as one plane for each channel, neighbouring pixels are much more alike"
    return Finding(found, "the pictures were reshaped and not transposed", ("data",), "data")

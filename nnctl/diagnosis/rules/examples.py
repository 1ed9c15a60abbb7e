"""Examples that are too few, stand twice, lie in order, or whose labels say little."""

import math
from typing import TYPE_CHECKING

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, dataset_of
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import learns

if TYPE_CHECKING:
    from nnctl.diagnosis.facts.dataset import DatasetFacts


@rule("H14", "one-class", "error", "data", Cause.LABELS, sure=True)
def one_class(facts: Facts) -> Finding | None:
    """Training labels that are all the same.

    What: all training examples have one class, or one number to predict.
    Why: there is nothing to tell apart; the network learns to answer that one class.
    Confirm: `nnctl data show SPEC` counts the classes.
    Fix: look at how the labels were read or cut.
    Source: NeuraLint (Nikanjam et al., TOSEM 2022).
    """
    dataset = dataset_of(facts)
    counts = dataset.class_counts
    single = counts is not None and dataset.classes and sum(count > 0 for count in counts) == 1
    constant = dataset.targets is not None and dataset.targets.deviation == 0
    if not single and not constant:
        return None
    return Finding(
        f"all {dataset.train:,} training labels are the same", "there is nothing to learn", ("data",), "data"
    )


@rule("X06", "rare-class", "info", "data", Cause.DATA)
def rare_class(facts: Facts) -> Finding | None:
    """A class that is much rarer than another.

    What: the rarest class has less than a tenth of the examples of the commonest.
    Why: a network that never answers the rare class is right nearly always, and accuracy does not show it.
    Confirm: the rare class's recall in `nnctl evaluate RUN`.
    Fix: `train.class_weight: balanced`, and watch `recall` or `f1_score` beside accuracy.
    Source: deepchecks' class imbalance (0.1); King and Zeng 2001 for the weights.
    """
    dataset = dataset_of(facts)
    counts = dataset.class_counts
    if counts is None or not dataset.classes or facts.spec.train.class_weight is not None or not max(counts):
        return None
    share = min(counts) / max(counts)
    if share >= thresholds.RARE_SHARE:
        return None
    level: Level = "warning" if share < thresholds.VERY_RARE_SHARE else "info"
    rarest, commonest = (dataset.named(counts.index(f(counts))) for f in (min, max))
    path = ("train", "class_weight")
    found = f"class {rarest} has {min(counts):,} examples, {commonest} has {max(counts):,}"
    effect = f"always answering {commonest} is right {max(counts) / sum(counts):.1%} of the time"
    return Finding(found, effect, path, "train", Fix.setting(path, "balanced"), level=level)


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
    dataset = dataset_of(facts)
    train, test = dataset.class_counts, dataset.test_counts
    weighed = facts.spec.train.class_weight is not None
    if not dataset.classes or train is None or test is None or _one_class(dataset) or weighed:
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
    found = f"class {dataset.named(most)} is {shares[0][most]:.1%} of train and {shares[1][most]:.1%} of test"
    fix = Fix.setting(path, "balanced") if even else None
    return Finding(found, "the network answers by the shares of train", path if even else ("data",), "data", fix)


@rule("X07", "repeated-examples", "info", "data", Cause.DATA, sure=True)
def repeated_examples(facts: Facts) -> Finding | None:
    """Training examples that stand twice.

    What: more than one in twenty training examples equals an earlier one.
    Why: they count double, and a share cut from such data for validation or test holds examples that were trained on.
    Confirm: the rows in the file.
    Fix: remove them from the file.
    Source: deepchecks (5 %).
    """
    dataset = dataset_of(facts)
    overlap = dataset.overlap
    if overlap.repeated <= thresholds.REPEATED_SHARE or overlap.expected or dataset.tokens:
        return None
    found = f"{overlap.repeated:.1%} of the training examples equal an earlier one"
    return Finding(found, "they count double, and leak into shares cut from them", ("data",), "data")


@rule("X08", "test-in-train", "warning", "data", Cause.DATA, sure=True)
def test_in_train(facts: Facts) -> Finding | None:
    """Test or validation examples that the network is trained on.

    What: more than one in twenty test or validation examples equals a training example, and at least five do.
    Why: scores on them tell how well the network remembers, not how well it does on what is new.
    Confirm: the rows in the files.
    Fix: take them out of one of the two; split by group where several examples stem from one thing.
    Source: deepchecks (5 %); Kaufman et al., Leakage in Data Mining, TKDD 2012.
    """
    dataset = dataset_of(facts)
    overlap = dataset.overlap
    if overlap.expected or dataset.tokens:
        return None
    if (overlap.test or 0) > thresholds.LEAKED_SHARE and overlap.test_rows >= thresholds.LEAKED_ROWS:
        return _leak("test", overlap.test or 0, ("data", "test"))
    if (overlap.validation or 0) > thresholds.LEAKED_SHARE and overlap.repeated <= thresholds.REPEATED_SHARE:
        return _leak("validation", overlap.validation or 0, ("data", "validation"))
    return None


def _leak(split: str, share: float, path: tuple[str, ...]) -> Finding:
    found = f"{share:.1%} of the {split} examples stand in train"
    level: Level = "error" if share > 1 - thresholds.LEAKED_SHARE else "warning"
    fix = Fix.setting(path, thresholds.HELD_OUT) if level == "error" else None
    return Finding(
        found, f"{split} scores tell what is remembered, not what is learned", path, "data", fix, level=level
    )


@rule("X17", "told-in-train-only", "error", "data", Cause.DATA, sure=True)
def told_in_train_only(facts: Facts) -> Finding | None:
    """A feature that tells the labels in train, and not in test.

    What: of one feature of a table the labels explain most of the variance in train, and far less of it in test.
    Why: the network learns to look at that feature alone. A share cut from train for validation has it too, so training looks
        perfect, and what is new is guessed. Mostly the feature was made from the label, or is known only afterwards.
    Confirm: train without it: validation falls, and test rises to it.
    Fix: take the feature out of the data: `ignore` of the source `csv`, or the column of an `npz`.
    Source: deepchecks' feature-label correlation change; Kaufman et al., Leakage in Data Mining, TKDD 2012.
    """
    dataset = dataset_of(facts)
    told = dataset.telling
    if told is None or told.train < thresholds.TOLD or told.train - told.test < thresholds.TOLD_LESS:
        return None
    found = f"the labels explain {told.train:.0%} of {told.feature} in train, and {told.test:.0%} in test"
    return Finding(found, "the network learns to look at what new examples do not have", ("data",), "data")


@rule("X09", "unrelated-labels", "warning", "data", Cause.LABELS)
def unrelated_labels(facts: Facts) -> Finding | None:
    """Labels that nothing in the examples tells.

    What: neither a linear model nor the nearest neighbours do better on held-out training examples than a constant answer.
    Why: most often examples and labels were put into another order, one without the other; or the labels are noise.
    Confirm: look at examples beside their labels: `nnctl data show SPEC`.
    Fix: read the labels together with their examples.
    Source: TheDeepChecker (features shuffled without their labels), with cross-validated ridge and 5-NN as the yardstick.
    """
    dataset = dataset_of(facts)
    if dataset.train < thresholds.FEW_EXAMPLES or dataset.tokens or _one_class(dataset) or not _bare(facts):
        return None
    if dataset.classes and dataset.baselines.trivial > thresholds.MAJORITY:
        return None  # nobody beats the majority by much there
    if dataset.baselines.learnable > thresholds.CHANCE_SIGMAS * _error(dataset):
        return None
    b = dataset.baselines
    found = (
        f"held-out {b.metric}: linear {b.linear:.3f}, nearest neighbours {b.neighbour:.3f}, a constant {b.trivial:.3f}"
    )
    effect = "no network can learn what the examples do not tell"
    return Finding(found, effect, ("data", "source"), "data", confidence=0.6)


@rule("X16", "conflicting-labels", "warning", "data", Cause.LABELS, sure=True)
def conflicting_labels(facts: Facts) -> Finding | None:
    """Equal examples with different labels.

    What: of more than one training example in a hundred there is an equal one with another label.
    Why: the network cannot give both answers; its loss has a floor that no training gets below.
    Confirm: the rows in the file.
    Fix: settle which label is right, or give the network the column that tells them apart.
    Source: deepchecks' conflicting labels.
    """
    dataset = dataset_of(facts)
    overlap = dataset.overlap
    if overlap.conflicting <= thresholds.CONFLICTING_SHARE or overlap.expected or dataset.task == "regression":
        return None
    found = f"{overlap.conflicting:.1%} of the training examples have an equal one with another label"
    level: Level = "info" if dataset.tokens else "warning"
    return Finding(found, "the loss cannot get below what they disagree about", ("data",), "data", level=level)


@rule("X11", "few-examples", "info", "data", Cause.DATA, sure=True)
def few_examples(facts: Facts) -> Finding | None:
    """Very few training examples.

    What: fewer than fifty; or fewer than ten of a class on average, where training on them comes to nothing, which is a warning.
    Why: scores on the few that are kept for test change by points with a single example, and what a class looks like is
        not to be seen from a handful of examples.
    Confirm: train with several seeds: `nnctl train SPEC --seeds 5`.
    Fix: more data, `data.subset` left out first of all; a smaller network with stronger regularisation.
    Source: spaCy's `debug data` warns below 100 and calls fewer than 2,000 low.
    """
    dataset, probe, subset = dataset_of(facts), facts.probe, facts.spec.data.subset
    each = dataset.train / dataset.outputs if dataset.classes else math.inf
    handful = each < thresholds.FEW_OF_A_CLASS and dataset.train >= thresholds.FEWEST_EXAMPLES
    failed = handful and probe is not None and not learns(facts)
    if dataset.train >= thresholds.FEW_EXAMPLES and not failed:
        return None
    path = ("data", "subset") if subset else ("data",)
    fix = Fix((Edit(path, kind="remove"),)) if subset else None
    found = f"{dataset.train} training examples" + (f", about {each:.0f} of a class" if failed else "")
    level: Level | None = "warning" if failed else None
    return Finding(found, "every score is a lottery", path, "data", fix, level)


@rule("C04", "sorted-and-not-shuffled", "error", "data", Cause.BUDGET, sure=True)
def sorted_and_not_shuffled(facts: Facts) -> Finding | None:
    """Examples sorted by class, visited in that order.

    What: `shuffle: false`, and batches of the stored order are four fifths of the way from random ones to one class each.
    Why: each batch pulls the network towards its own class and undoes the one before.
    Confirm: the same training with `shuffle: true`.
    Fix: `train.shuffle: true`.
    Source: Bengio 2012, Practical recommendations for gradient-based training, 3.1.
    """
    dataset = dataset_of(facts)
    if facts.spec.train.shuffle or dataset.purity < thresholds.PURE_SHARE:
        return None
    path = ("train", "shuffle")
    found = "batches hold hardly more than one class each, since the data are sorted and `shuffle` is off"
    effect = "each batch pulls the network towards its own class"
    return Finding(found, effect, path, "train", Fix.setting(path, True))


def _one_class(dataset: "DatasetFacts") -> bool:
    counts = dataset.class_counts
    return counts is not None and dataset.classes and sum(count > 0 for count in counts) == 1


def _bare(facts: Facts) -> bool:
    """Whether an example is a picture or a row: of a sequence, order can tell what neither yardstick looks at."""
    dataset, first = facts.dataset, facts.network.layers[0].input
    return dataset is not None and (dataset.image or first is None or len(first) == 1)


def _error(dataset: "DatasetFacts") -> float:
    """The standard error of the trivial score over the rows that the yardsticks were measured on."""
    rows, share = min(dataset.train, thresholds.YARDSTICK_ROWS), dataset.baselines.trivial
    return math.sqrt(share * (1 - share) / rows) if dataset.task != "regression" else 1 / math.sqrt(rows)

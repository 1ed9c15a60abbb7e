"""Labels that say little of their examples, or stand beside others than their own."""

import math
from typing import TYPE_CHECKING

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.finding import Finding, Level
from nnctl.diagnosis.rule import Cause, rule

if TYPE_CHECKING:
    from nnctl.diagnosis.facts.dataset import DatasetFacts
    from nnctl.diagnosis.facts.slips import Slip


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
    effect = "no network can learn what is not in the examples"
    return Finding(found, effect, ("data", "source"), "data", confidence=0.6)


@rule("X20", "wrong-labels", "warning", "data", Cause.LABELS, sure=True)
def wrong_labels(facts: Facts) -> Finding | None:
    """Labels that are wrong in part.

    What: a linear model and the nearest neighbours agree on what held-out training examples are, and are sure of it, and a fifth
        and more of the labels say otherwise; or they do in one stretch of the file. Or a model that tells much of the rest of
        the file, of classes or numbers, tells nothing of one stretch whose labels are as manifold as the others.
    Why: on hard examples two models of different kinds are unsure and differ. Where both are sure and the label is another one,
        the label was changed: rows were put into another order in part, a class was renamed, somebody clicked at random. A
        network memorises such labels in the end, and is wrong on what is new.
    Confirm: look at examples of the stretch beside their labels: `nnctl data show SPEC`.
    Fix: read the labels together with their examples again; leave the rows out.
    Source: Brodley and Friedl 1999, Identifying Mislabeled Training Data; Northcutt et al. 2021, Confident Learning.
    """
    dataset = require_dataset(facts)
    found, slip = dataset.baselines.disagreement, dataset.slip
    effect = "the network memorises wrong labels"
    if slip is not None and slip.rows is None:
        return Finding(_describe_slip(slip, dataset.baselines.metric), effect, ("data",), "data")
    if found is None or found.kappa < thresholds.MODELS_AGREE:
        return None
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
    blurred = overlap.expected or dataset.blurred  # there it is no wonder
    if overlap.conflicting <= thresholds.CONFLICTING_SHARE or blurred or dataset.task == "regression":
        return None
    found = f"{overlap.conflicting:.1%} of the training examples have a duplicate with a different label"
    level: Level = "info" if dataset.tokens else "warning"
    return Finding(found, "the loss cannot get below this disagreement", ("data",), "data", level=level)


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

    What: a linear model does much better with the label of a row some way off than with an example's own, in all of the file;
        or a model that tells much of the rest of the file is wrong in one stretch, and right with the labels some rows further.
    Why: an example was left out, or a line read twice, in one of the two and not in the other: from there on each label is that
        of a neighbour.
    Confirm: examples beside their labels: `nnctl data show SPEC`; the counts of both files.
    Fix: leave the same rows out of both. No edit of the spec does that.
    Source: Karpathy 2019, A Recipe for Training Neural Networks: become one with the data.
    """
    dataset = require_dataset(facts)
    shift, slip = dataset.shift, dataset.slip
    if slip is not None and slip.rows is not None:
        told = _describe_slip(slip, dataset.baselines.metric)
        return Finding(told, "from there on labels belong to different examples", ("data",), "data")
    if shift is None:
        return None
    where = _describe_distance(shift.rows)
    found = (
        f"a linear model has {dataset.baselines.metric} {shift.linear:.3f} with the labels as they stand, {shift.score:.3f} "
        f"with those {where}"
    )
    return Finding(found, "labels belong to different examples", ("data",), "data")


@rule("X31", "reshaped-and-not-transposed", "error", "data", Cause.DATA, sure=True)
def reshaped_and_not_transposed(facts: Facts) -> Finding | None:
    """Examples that are made of pieces of many examples.

    What: read in another order of axes, the numbers of the file make examples that go with their labels, and smooth pictures
        where they are pictures; as they stand, labels can hardly be told.
    Why: an array of (height, width, examples), as MATLAB stores it, or of (columns, examples), was reshaped to have the examples
        first and not transposed: reshaping keeps the order of the numbers, so each example has numbers of many.
    Confirm: `nnctl data show SPEC` draws one.
    Fix: `transpose` in the place of `reshape`, where the file is made; where square pictures lie on their side then, height and
        width are exchanged, too. No edit of the spec does that.
    Source: Harris et al. 2020, Array Programming with NumPy, on shapes and strides: reshaping keeps the order of the numbers.
    """
    reading = require_dataset(facts).reading
    if reading is None:
        return None
    made, axes = " x ".join(map(str, reading.shape)), ", ".join(map(str, reading.axes))
    name = "R2" if reading.metric == "r2" else reading.metric
    found = (
        f"read as the numbers of an array of {made}, a model without a network has {name} {reading.read:.3f}, and "
        f"{reading.standing:.3f} as they stand; `x.reshape({', '.join(map(str, reading.shape))}).transpose({axes})` reads them so"
    )
    return Finding(found, "each example is made of pieces of many others", ("data",), "data")


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


def _describe_slip(slip: "Slip", metric: str) -> str:
    """A stretch of the file in words, with what a model says of it and of the rest."""
    name = "R2" if metric == "r2" else metric
    said = (
        f"{slip.share:.0%} of the training examples, from about row {slip.first:,} of the file to {slip.last:,}, from 0: "
        f"a model has {name} {slip.here:.3f} there and {slip.elsewhere:.3f} elsewhere"
    )
    if slip.rows is None or slip.there is None:
        return said
    return f"{said}; with the labels {_describe_distance(slip.rows)}, {slip.there:.3f}"


@rule("X33", "labels-of-another-row", "error", "probe", Cause.LABELS, sure=True)
def labels_of_another_row(facts: Facts) -> Finding | None:
    """Labels that stand one row away from their examples, which only the network itself can tell.

    What: neither the network's trial nor a linear model or neighbours tell the labels, and the same trial tells most of them
        on held-out examples when each example has the label of the next row, or of the row before.
    Why: a row was lost at the beginning of one of two files, or the header of one was read as a row.
    Confirm: the trial beside it; the first rows of both files.
    Fix: leave the same rows out of both. No edit of the spec does that.
    Source: Karpathy 2019, A Recipe for Training Neural Networks: become one with the data, confirmed by a trial.
    """
    moved, before, metric = (
        require_probe(facts).moved,
        require_probe(facts).reference,
        require_dataset(facts).baselines.metric,
    )
    if moved is None:
        return None
    where = _describe_distance(moved.rows)
    found = f"the trial has {metric} {before.score:.3f} with the labels as they stand, {moved.trial.score:.3f} with those {where}"
    checked = f"{metric} {before.score:.3f} -> {moved.trial.score:.3f} on {moved.held:,} held-out examples"
    return Finding(found, "labels belong to different examples", ("data",), "data", confidence=2.0, checked=checked)


def _describe_distance(rows: int) -> str:
    return f"{abs(rows)} row{'s' if abs(rows) > 1 else ''} {'further' if rows > 0 else 'before'}"

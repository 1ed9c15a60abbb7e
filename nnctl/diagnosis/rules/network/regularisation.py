"""Dropout, penalties and normalisation that take more than they give."""

import math
from collections.abc import Iterator, Sequence

from nnctl.diagnosis import budget, thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.network import LayerFacts, read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.sections import CLASS_TASKS, Component


def _find_dropouts(facts: Facts) -> list[tuple[LayerFacts, float]]:
    """The dropout layers before the output layer with their rates."""
    head = facts.network.head.index
    dropouts = [layer for layer in facts.network.layers if layer.known.drops and layer.index < head]
    return [(layer, float(read_argument(layer.component, "rate"))) for layer in dropouts]


@rule("A10", "much-dropout", "info", "static", Cause.REGULARISATION)
def much_dropout(facts: Facts) -> Iterator[Finding]:
    """Dropout that leaves too little.

    What: a rate above the classic 0.5; or several dropouts that together keep less than 15 %; or fewer than two units
        left on average.
    Why: what is dropped carries neither signal nor gradient. From 0.7 on most networks train worse than without; those in
        which a hundred units are left need not.
    Confirm: the training loss stays high; the same training with 0.3 does better on training and validation.
    Fix: `rate: 0.3`; none at all in front of few units, and where numbers are to be predicted, whose variance it changes.
    Source: Srivastava et al., JMLR 2014, figure 9; UMLAUT, whose bound of 0.5 flags their own networks; Li et al., CVPR 2019,
        Understanding the Disharmony Between Dropout and Batch Normalization by Variance Shift.
    """
    dropouts = _find_dropouts(facts)
    for layer, rate in dropouts:
        width = layer.input[-1] if layer.input and layer.component.name != "spatial_dropout2d" else None
        starves = width is not None and width > 1 and (1 - rate) * width < thresholds.KEPT_UNITS and rate > 0
        level: Level | None = (
            "error" if rate >= thresholds.EXTREME_DROPOUT else "warning" if rate >= thresholds.HIGH_DROPOUT else None
        )
        if width is not None and (1 - rate) * width >= thresholds.MANY_UNITS:
            level = None
        if rate <= thresholds.CLASSIC_DROPOUT and not starves:
            continue
        left = f", and {(1 - rate) * width:.2g} of {width} units are left" if starves and width else ""
        path = (*layer.item, "rate")
        fix = _reduce_dropout([layer], None if starves else thresholds.MILD_DROPOUT, facts)
        if starves:
            level = level or "warning"
        yield Finding(f"a dropout of {rate:g}{left}", "little signal passes", path, layer.where, fix, level)
    kept = math.prod(1 - rate for _, rate in dropouts)
    if kept < thresholds.KEPT and all(rate < thresholds.HIGH_DROPOUT for _, rate in dropouts):
        paths = [(*layer.item, "rate") for layer, _ in dropouts]
        fix = _reduce_dropout([layer for layer, _ in dropouts], thresholds.SLIGHT_DROPOUT, facts)
        found = f"{len(dropouts)} dropout layers, which together keep {kept:.1%}"
        worse: Level | None = "warning" if kept < thresholds.FEW_KEPT else None
        last = dropouts[-1][0]
        yield Finding(found, "little signal passes", paths[-1], last.where, fix, worse, confidence=0.6)


def _reduce_dropout(layers: Sequence[LayerFacts], rate: float | None, facts: Facts) -> Fix:
    """The rate in the place of others; none of the layers without one, or where numbers are predicted."""
    if rate is None or facts.known.task == "regression":
        return Fix(tuple(Edit(layer.item, kind="remove") for layer in reversed(layers)))
    return Fix(tuple(Edit((*layer.item, "rate"), rate) for layer in layers))


@rule("A16", "dropout-on-the-output", "error", "static", Cause.REGULARISATION, sure=True)
def dropout_on_the_output(facts: Facts) -> Iterator[Finding]:
    """Dropout after the last layer with weights.

    What: a dropout layer between the last layer with weights and the end.
    Why: it sets answers to 0 at random while training, and the loss punishes the network for it.
    Confirm: the training loss is far above the loss of the same examples without dropout.
    Fix: take it away, or put it in front of the last layer.
    Source: Srivastava et al., JMLR 2014, who drop inputs and hidden units only.
    """
    head = facts.network.head
    for layer in facts.network.layers[head.index + 1 :]:
        if layer.known.drops and read_argument(layer.component, "rate"):
            path = layer.item
            found = f"a dropout of {read_argument(layer.component, 'rate'):g} on the network's output"
            fix = Fix((Edit(path, kind="remove"),), "put it before the last layer with weights")
            yield Finding(found, "outputs are set to 0 at random", path, layer.where, fix)


@rule("A11", "large-penalty", "info", "static", Cause.REGULARISATION)
def large_penalty(facts: Facts) -> Iterator[Finding]:
    """A penalty on the weights that outweighs what there is to learn.

    What: an `l2` of 0.01 and more or an `l1` of 0.001 and more, with classes to tell apart; a warning from 0.03 and 0.005.
        With numbers to predict the bounds grow with their variance (`l2`) and twice their deviation (`l1`).
    Why: the penalty is added to the loss, a crossentropy of about ln(classes) at first, a squared error of about the
        variance. Weights are kept so small that the outputs hardly differ.
    Confirm: the loss minus the crossentropy; the same training with a hundredth of it.
    Fix: `l2: 1e-4`.
    Source: Goodfellow et al., Deep Learning, 2016, 7.1; TheDeepChecker plants an l2 of 0.1; for numbers: beyond twice the
        largest covariance of an input with the target an l1 leaves no weight (Hastie et al. 2015, Statistical Learning
        with Sparsity, 2.4).
    """
    of_l1, of_l2 = _find_penalty_units(facts)
    for layer in facts.network.weighted:
        for argument, penalty in layer.inner.arguments.items():
            if not isinstance(penalty, Component) or penalty.family != "regularizer" or argument == "bias_regularizer":
                continue
            for kind, some, large, unit in (
                ("l1", thresholds.L1, thresholds.LARGE_L1, of_l1),
                ("l2", thresholds.L2, thresholds.LARGE_L2, of_l2),
            ):
                size = float(read_argument(penalty, kind) or 0)
                if size >= some * unit:
                    path = (*layer.path, argument)
                    fix = Fix.set(path, {"l2": thresholds.MILD_L2})
                    level: Level | None = "warning" if size >= large * unit else None
                    found = f"an {kind} of {size:g} on {layer.where}"
                    yield Finding(found, "the penalty outweighs the loss", path, layer.where, fix, level)


def _find_penalty_units(facts: Facts) -> tuple[float, float]:
    """The units of a large l1 and l2: 1 for classes, the targets' spread for numbers, without bound before it is known."""
    if facts.known.task in CLASS_TASKS:
        return 1.0, 1.0
    targets = None if facts.dataset is None else facts.dataset.targets
    if targets is None or not targets.deviation:
        return math.inf, math.inf
    deviation = 1.0 if facts.spec.data.target_scale == "standard" else targets.deviation
    return max(1.0, thresholds.SOUGHT * deviation), max(1.0, deviation**2)


@rule("A13", "batch-normalization-misused", "info", "static", Cause.ARCHITECTURE)
def batch_normalization_misused(facts: Facts) -> Iterator[Finding]:
    """Batch normalisation where a batch tells too little, or after the output.

    What: batches of fewer than eight examples in front of a batch normalisation of single numbers; or too few steps for
        its moving averages; or a batch normalisation after the last activation.
    Why: it uses the mean and the deviation of a batch, which of few examples are noise, and of one are the example
        itself, so that 0 comes out. What the finished network uses are moving averages, which begin at 0 and 1.
    Confirm: the loss of the same examples while training and after it differ.
    Fix: a larger batch; a smaller `momentum`; take it away after the output.
    Source: Ioffe and Szegedy, ICML 2015, 3.1; Wu and He, ECCV 2018, figure 1; NeuraLint f005 and f006.
    """
    head = facts.network.head
    for layer in facts.network.layers:
        if not layer.known.batch_statistics:
            continue
        path = layer.item
        if layer.index > head.index and head.applied and head.applied[-1].path[2] < layer.index:  # type: ignore[operator]
            found = f"a batch normalisation after the output's {head.activation}"
            fix = Fix((Edit(path, kind="remove"),))
            yield Finding(
                found, "outputs are no longer in the range of the activation", path, layer.where, fix, "warning"
            )
        else:
            yield from _report_starved(facts, layer)


def _report_starved(facts: Facts, layer: LayerFacts) -> Iterator[Finding]:
    """What a batch normalisation lacks: examples in a batch, or steps."""
    batch, spent = facts.spec.train.batch_size, budget.compute_budget(facts)
    flat = layer.input is not None and len(layer.input) == 1
    if flat and batch < thresholds.SMALL_BATCH:
        level: Level | None = "error" if batch == 1 else "warning" if batch < thresholds.TINY_BATCH else None
        found = f"a batch normalisation over batches of {batch}"
        fix = _enlarge_batches(facts)
        effect = "the mean and deviation of so few examples are mostly noise"
        yield Finding(found, effect, ("train", "batch_size"), layer.where, fix, level)
    momentum = float(read_argument(layer.component, "momentum"))
    if spent is not None and momentum**spent.steps > thresholds.HALF_LIFE:
        left = momentum**spent.steps
        found = f"{spent.steps} steps, after which {left:.0%} of the moving averages are still their first values"
        here = (*layer.item, "momentum")
        fix = Fix.set(here, thresholds.QUICK_MOMENTUM)
        yield Finding(found, "in inference mode the network normalises wrongly", here, layer.where, fix)


def _enlarge_batches(facts: Facts) -> Fix:
    """Batches of 32, and as many epochs as make some steps of them."""
    size, train, spent = thresholds.USUAL_BATCH, facts.spec.train, budget.compute_budget(facts)
    edits = [Edit(("train", "batch_size"), size)]
    if spent is not None:
        epochs = budget.count_enough_epochs(math.ceil(spent.examples / size))
        edits += [Edit(("train", "epochs"), epochs)] * (epochs > train.epochs)
    return Fix(tuple(edits))

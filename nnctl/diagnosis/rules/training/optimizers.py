"""Arguments of the optimizer and of the training that work against it."""

from collections.abc import Iterator, Mapping

from nnctl.diagnosis import budget, thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset
from nnctl.diagnosis.facts.network import read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level, Path
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.catalogue import traits
from nnctl.spec.network.class_keys import match_keys

_OPTIMIZER: Path = ("train", "optimizer")


@rule("C07", "clipped-to-nothing", "info", "static", Cause.RATE)
def clipped_to_nothing(facts: Facts) -> Iterator[Finding]:
    """Gradients that are cut to almost nothing.

    What: `clipvalue` of 0.001 and less, or `clipnorm` of 0.01 and less.
    Why: every gradient is longer than that, so each is cut. With plain SGD this is a tiny learning rate; Adam divides it
        out again.
    Confirm: the share of steps that are clipped; the same training without clipping.
    Fix: `clipnorm: 1.0`.
    Source: Pascanu et al., ICML 2013: clip at about the usual norm.
    """
    optimizer = facts.spec.train.optimizer
    level: Level | None = None if budget.is_adaptive(facts) else "warning"
    for argument, least in (
        ("clipvalue", thresholds.CLIP_VALUE),
        ("clipnorm", thresholds.CLIP_NORM),
        ("global_clipnorm", thresholds.CLIP_NORM),
    ):
        given = read_argument(optimizer, argument)
        if given is not None and given <= least:
            path = (*_OPTIMIZER, argument)
            found = f"{argument} is {given:g}: every gradient is cut"
            fix = Fix((Edit(path, kind="remove"),), "`clipnorm: 1.0`")
            yield Finding(found, "steps are tiny, whatever the gradient", path, "train.optimizer", fix, level)


@rule("C09", "optimizer-out-of-range", "warning", "static", Cause.RATE)
def optimizer_out_of_range(facts: Facts) -> Iterator[Finding]:
    """An argument with which the optimizer is not itself any more.

    What: `epsilon` of 0.1 and more, or of less than 1e-10; an `initial_accumulator_value` of 10 and more; a `weight_decay` of
        0.05 and more with SGD, of 1 and more otherwise; a `momentum` above 0.99; an average of the weights (`use_ema`) that
        is slower than the training.
    Why: a large epsilon or first accumulator outweighs the gradients' size that it is added to, and steps get tiny; a decay
        shrinks the weights by its share of the learning rate in each step; with a momentum m, 1 / (1 - m) steps accumulate before
        the first is forgotten; the model that is kept is the average, half of which is still where it began.
    Confirm: the same training with the default.
    Fix: the default; `ema_momentum: 0.9`.
    Source: keras.optimizers.Adam on epsilon; Loshchilov and Hutter, ICLR 2019; Sutskever et al., ICML 2013, whose schedule of
        momentum ends at 0.99 and only for losses without noise at 0.999; TheDeepChecker plants an epsilon of 1e-16.
    """
    optimizer, spent = facts.spec.train.optimizer, budget.compute_budget(facts)
    epsilon, decay = optimizer.arguments.get("epsilon"), optimizer.arguments.get("weight_decay")
    if isinstance(epsilon, float) and not thresholds.TINY_EPSILON <= epsilon < thresholds.LARGE_EPSILON:
        large = epsilon >= thresholds.LARGE_EPSILON
        effect = (
            "it outweighs the gradients, and steps are tiny" if large else "after rounding, a division by 0 is possible"
        )
        yield _report_argument(facts, "epsilon", effect, None if large else "info")
    most = thresholds.ADAPTIVE_DECAY if budget.is_adaptive(facts) else thresholds.SGD_DECAY
    if isinstance(decay, float) and decay >= most:
        yield _report_argument(facts, "weight_decay", "weights shrink faster than they learn", None)
    gathered = optimizer.arguments.get("initial_accumulator_value")
    if isinstance(gathered, float) and gathered >= thresholds.ACCUMULATED:
        yield _report_argument(
            facts, "initial_accumulator_value", "it outweighs the gradients, and steps are tiny", None
        )
    momentum = optimizer.arguments.get("momentum")
    if isinstance(momentum, float) and thresholds.GREAT_MOMENTUM < momentum < 1:
        path = (*_OPTIMIZER, "momentum")
        found = f"a momentum of {momentum:g}: {1 / (1 - momentum):,.0f} steps accumulate"
        effect = "outdated gradients keep driving the weights"
        yield Finding(found, effect, path, "train.optimizer", Fix.set(path, thresholds.QUICK_MOMENTUM))
    if spent is not None and read_argument(optimizer, "use_ema"):
        left = float(read_argument(optimizer, "ema_momentum")) ** spent.steps
        if left > thresholds.HALF_LIFE:
            path = (*_OPTIMIZER, "ema_momentum")
            found = f"{left:.0%} of the averaged weights are still the initial values after {spent.steps} steps"
            fix = Fix.set(path, thresholds.QUICK_MOMENTUM)
            yield Finding(found, "the saved model has hardly learned", path, "train.optimizer", fix)


def _report_argument(facts: Facts, argument: str, effect: str, level: Level | None) -> Finding:
    path = (*_OPTIMIZER, argument)
    given = facts.spec.train.optimizer.arguments[argument]
    fix = Fix((Edit(path, kind="remove"),))
    return Finding(f"{argument} is {given:g}", effect, path, "train.optimizer", fix, level)


@rule("C10", "never-forgets", "error", "static", Cause.RATE, sure=True)
def never_forgets(facts: Facts) -> Iterator[Finding]:
    """A share of 1, so that an average never changes or a speed never fades.

    What: `momentum: 1` or `rho: 1`.
    Why: with a momentum of 1 all gradients ever seen add up, and nothing stops the weights. With a rho of 1 the average of
        the squared gradients stays 0, so that each step is divided by almost nothing.
    Confirm: the loss oscillates ever more widely, or is NaN.
    Fix: the usual 0.9.
    Source: Polyak 1964; keras.optimizers, the formulas in the docstrings.
    """
    for argument in ("momentum", "rho"):
        if facts.spec.train.optimizer.arguments.get(argument) == 1:
            path = (*_OPTIMIZER, argument)
            fix = Fix.set(path, thresholds.QUICK_MOMENTUM)
            found = f"{argument} is 1, so no old gradient is ever forgotten"
            yield Finding(found, "the steps grow without bound", path, "train.optimizer", fix)


@rule("C14", "zeros-under-a-factored-optimizer", "warning", "static", Cause.RATE)
def zeros_under_a_factored_optimizer(facts: Facts) -> Finding | None:
    """Adafactor, rectified units, and inputs that are always 0.

    What: an optimizer that factors its averages of squared gradients, a first layer of weights whose units can be 0 for a whole
        batch, and inputs that are 0 in every example, such as the border of drawings.
    Why: the average of a weight is the product of its row's and its column's. After an input of 0 the row is 1e-30, behind a
        unit that is 0 for the batch the column is, and their product is 0 in float32: 0 over its root is NaN, in Keras, too.
        Without XLA the rectifier makes zeros of the NaN, and the loss stands still where it began.
    Confirm: the loss is NaN, or that of a constant answer, from the first epoch on; without the inputs of 0 it mostly falls.
    Fix: `adam`; or `gelu` instead of the rectifier.
    Source: keras.optimizers.Adafactor; Shazeer and Stern 2018, arXiv:1804.04235, algorithm 4.
    """
    optimizer, data = facts.spec.train.optimizer, facts.dataset
    if not traits.get_optimizer(optimizer.name).factored:
        return None
    zeros = facts.known.zeros if data is None else data.zeros
    first = next(iter(facts.network.weighted), None)
    if not zeros or first is None or first.known.convolves or first.known.reads_integers or not first.gives.clips:
        return None
    found = f"some inputs are always 0, and after {first.activation} units {optimizer.name} divides 0 by 0"
    fix = Fix.set(_OPTIMIZER, "adam", f"`gelu` instead of {first.activation}")
    return Finding(
        found, "weights become NaN, and nothing is learned", _OPTIMIZER, "train.optimizer", fix, confidence=0.7
    )


@rule("C11", "class-without-weight", "warning", "static", Cause.LABELS)
def class_without_weight(facts: Facts) -> Finding | None:
    """Class weights of which one outweighs or removes the others.

    What: a factor of 0, or factors a thousand times apart; for a trial to tell: a hundred times, or twenty times where the
        factors make what the classes count for less even than their numbers of examples are.
    Why: an example of a class with the factor 0 teaches nothing: the class is never predicted. One that counts hundreds of
        times as much as the others leaves no room for them.
    Confirm: the class's recall.
    Fix: `class_weight: balanced`.
    Source: King and Zeng 2001, which scikit-learn's `balanced` follows.
    """
    weights = facts.spec.train.class_weight
    if not isinstance(weights, Mapping) or not weights:
        return None
    known = facts.known.outputs or 0
    factors = [*weights.values(), *[1.0] * (len(weights) < known)]  # a class that is not named counts as it is
    least, most = min(factors), max(factors)
    removed = least <= 0 or most / least > thresholds.CLASS_WEIGHTS
    apart = thresholds.UNEVEN_WEIGHTS if _is_less_even(facts, weights) else thresholds.UNLIKE_WEIGHTS
    if not removed and most / least < apart:
        return None
    path: Path = ("train", "class_weight")
    level: Level | None = None if removed else "info"
    found = f"class weights from {least:g} to {most:g}"
    fix = Fix.set(path, "balanced")
    return Finding(found, "one class hardly counts", path, "train.class_weight", fix, level)


@rule("C15", "rare-class-weighs-less", "warning", "data", Cause.LABELS, sure=True)
def rare_class_weighs_less(facts: Facts) -> Finding | None:
    """Class weights that make a rare class count for less than a common one.

    What: the rarest class has at most half of the commonest one's examples, and at most half of its weight.
    Why: weights are meant to make up for few examples: the share of a class was written where its inverse was meant. The loss
        then asks for the rare class so little that it is hardly ever predicted.
    Confirm: the rare class's recall, and the same spec without weights.
    Fix: `class_weight: balanced`.
    Source: King and Zeng 2001, which scikit-learn's `balanced` follows.
    """
    weights, data = facts.spec.train.class_weight, facts.dataset
    if data is None or not isinstance(weights, Mapping) or not weights or not data.class_counts:
        return None
    counts, factors = data.class_counts, _weigh(facts, weights)
    rare, common = min(range(len(counts)), key=counts.__getitem__), max(range(len(counts)), key=counts.__getitem__)
    if not 0 < 2 * counts[rare] <= counts[common] or not 0 < 2 * factors[rare] <= factors[common]:
        return None
    told = (
        f"class {data.name_class(one)} has {counts[one]:,} examples and weight {factors[one]:g}"
        for one in (rare, common)
    )
    path: Path = ("train", "class_weight")
    return Finding(
        "; ".join(told), "the rare class counts for even less", path, "train.class_weight", Fix.set(path, "balanced")
    )


def _weigh(facts: Facts, weights: Mapping[int | str, float]) -> list[float]:
    """What an example of each class counts, in the order of the classes; one that is not named counts as it is."""
    data = require_dataset(facts)
    counts = data.class_counts or ()
    names = [data.name_class(index) for index in range(len(counts))]
    matched = match_keys(weights, names, facts.spec.data.older)
    factors = {index: weights[key] for key, index in matched.indices.items()}
    return [factors.get(index, 1.0) for index in range(len(counts))]


def _is_less_even(facts: Facts, weights: Mapping[int | str, float]) -> bool:
    """Whether classes, weighed, differ more than by their numbers of examples; False before the data are loaded."""
    data = facts.dataset
    if data is None or not data.class_counts or min(data.class_counts) == 0:
        return False
    counts = data.class_counts
    shares = [count * factor for count, factor in zip(counts, _weigh(facts, weights), strict=True)]
    return min(shares) <= 0 or max(shares) / min(shares) > max(counts) / min(counts)

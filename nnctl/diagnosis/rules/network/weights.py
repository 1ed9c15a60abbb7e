"""First weights from which a network does not learn, and weights that never change."""

import math
from collections.abc import Iterator, Sequence

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.network import LayerFacts, read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component


@rule("A06", "equal-weights", "error", "static", Cause.INITIALISATION, sure=True)
def equal_weights(facts: Facts) -> Iterator[Finding]:
    """First weights that are all the same.

    What: a hidden layer's kernel begins at zeros, ones or another constant, or with a deviation of 0.
    Why: all units of the layer compute the same and get the same gradient: they stay equal for ever, and the layer is worth
        one unit. Zeros pass nothing on at all.
    Confirm: the columns of the kernel are equal after training.
    Fix: `he_normal`.
    Source: Goodfellow et al., Deep Learning, 2016, 8.4; NeuraLint f004; DeepCrime (Humbatova et al., ISSTA 2021), WCI.
    """
    for layer in () if facts.spec.train.init_from else facts.network.hidden:
        initializer = _find_initializer(layer)
        units = layer.inner.arguments.get("units", layer.inner.arguments.get("filters"))
        if initializer is None or not _is_constant(initializer) or (units == 1 and initializer.name != "zeros"):
            continue
        path = (*layer.path, "kernel_initializer")
        found = f"the kernel of a hidden layer is initialised by {initializer.name}"
        effect = "all its units stay equal: the layer is worth one unit"
        yield Finding(found, effect, path, layer.where, Fix.set(path, "he_normal"))


@rule("A07", "first-weights-out-of-scale", "info", "static", Cause.INITIALISATION)
def first_weights_out_of_scale(facts: Facts) -> Iterator[Finding]:
    """First weights that are much too large or too small for the layer's inputs.

    What: the deviation of a layer's first weights is more than five times sqrt(2 / inputs), and nothing normalises after
        it; or the layers together leave less than 1/10,000 of the input's deviation; or all biases of a layer with an
        activation that is not linear begin at 3 and more, either way.
    Why: signals grow or fade from layer to layer. Large ones saturate or explode; of small ones no gradient is left. A bias
        outweighs inputs of a deviation of 1: units are on or off whatever the input.
    Confirm: the deviation of each layer's output, before the first step.
    Fix: `he_normal`; biases that begin at 0.
    Source: He et al., ICCV 2015, equation 10; Glorot and Bengio, AISTATS 2010.
    """
    if facts.spec.train.init_from:
        return
    yield from _report_biases(facts)
    gains = [(layer, gain) for layer in facts.network.weighted if (gain := _compute_gain(facts, layer)) is not None]
    large = [(layer, gain) for layer, gain in gains if gain > thresholds.INITIAL_RATIO]
    small = [(layer, gain) for layer, gain in gains if gain < 1 / thresholds.INITIAL_RATIO]
    lost = math.prod(gain for _, gain in gains) < thresholds.LOST_SIGNAL
    for layer, gain in large or small:
        level: Level | None = "warning" if large or lost else None
        path = (*layer.path, "kernel_initializer")
        found = f"first weights have {gain:.2g} times the deviation that keeps the signal's size"
        effect = "signals grow from layer to layer" if large else "signals fade from layer to layer"
        yield Finding(found, effect, path, layer.where, Fix.set(path, "he_normal"), level, confidence=0.7)


@rule("A17", "nothing-to-train", "error", "static", Cause.ARCHITECTURE, sure=True)
def nothing_to_train(facts: Facts) -> Finding | None:
    """A network none of whose weights may change.

    What: every layer with weights has `trainable: false`.
    Why: there is nothing for the optimizer to do.
    Confirm: the loss is the same after each epoch.
    Fix: `trainable: true`.
    Source: keras.Layer.trainable.
    """
    layers = _find_trainable(facts)
    if not layers or not all(layer.frozen for layer in layers):
        return None
    head = facts.network.head
    path = (*head.item, "trainable")
    return Finding("every layer with weights is frozen", "nothing can be learned", path, head.where, _unfreeze(layers))


@rule("A18", "frozen-at-random", "info", "static", Cause.ARCHITECTURE)
def frozen_at_random(facts: Facts) -> Finding | None:
    """Layers that stay as random as they began.

    What: hidden layers have `trainable: false`, but not every layer, and `init_from` brings no weights that were worth keeping.
    Why: the layers after them must do with random features. Many more features than inputs can be enough (Rahimi and Recht,
        NIPS 2007); a few lose most of what the input tells.
    Confirm: the same training with these layers trained.
    Fix: `trainable: true`.
    Source: Yosinski et al., NIPS 2014, figure 2: with random frozen layers what was learned is lost.
    """
    held = _find_trainable(facts)
    layers = [layer for layer in held if layer.frozen]
    if facts.spec.train.init_from or layers == held or not any(layer in facts.network.hidden for layer in layers):
        return None
    found = f"{', '.join(layer.where for layer in layers)}: frozen at random first weights"
    effect = "what they lose of the input, no later layer can restore"
    return Finding(found, effect, (*layers[0].item, "trainable"), layers[0].where, _unfreeze(layers))


@rule("A19", "constrained-to-nothing", "info", "static", Cause.REGULARISATION)
def constrained_to_nothing(facts: Facts) -> Finding | None:
    """Kernels that a constraint keeps too small.

    What: `max_norm`, or the upper bound of `min_max_norm`, of half and less, as a `kernel_constraint`.
    Why: the norm of a unit's weights is about the deviation of what it adds up, for inputs of deviation 1: kept small, each
        layer shrinks the signal, and no training can undo it.
    Confirm: the same training without the constraint.
    Fix: no constraint, or the usual `max_norm: 3`.
    Source: Srivastava et al., JMLR 2014, A: norms of 3 and 4 for max-norm.
    """
    bounds = [(layer, bound) for layer in facts.network.weighted if (bound := _read_norm_bound(layer)) is not None]
    if not bounds:
        return None
    layers, least = [layer for layer, _ in bounds], min(bound for _, bound in bounds)
    paths = [(*layer.path, "kernel_constraint") for layer in layers]
    fix = Fix(tuple(Edit(path, kind="remove") for path in paths), "`max_norm: 3`")
    level: Level | None = "warning" if least <= thresholds.TINY_NORM else None
    found = f"the weights of {', '.join(layer.where for layer in layers)} are held to a norm of {least:g}"
    return Finding(found, "weights cannot grow as large as the task needs", paths[0], layers[0].where, fix, level)


def _find_trainable(facts: Facts) -> list[LayerFacts]:
    """The layers that have something to train."""
    return [layer for layer in facts.network.layers if layer.weighted or layer.parameters]


def _unfreeze(layers: Sequence[LayerFacts]) -> Fix:
    """Lets layers be trained."""
    return Fix(tuple(Edit((*layer.item, "trainable"), True) for layer in layers))


def _report_biases(facts: Facts) -> Iterator[Finding]:
    """Biases that begin far from 0 where a unit can be off or saturated; a linear one may begin at the mean of its targets."""
    for layer in facts.network.weighted:
        initializer = layer.inner.arguments.get("bias_initializer")
        if not isinstance(initializer, Component) or layer.frozen or layer.activation == "linear":
            continue
        begins = read_argument(initializer, "value") if initializer.name == "constant" else None
        if begins is None or abs(begins) < thresholds.FAR_BIAS or not traits.get_layer(layer.inner.name).fan_in:
            continue
        level: Level | None = "warning" if abs(begins) >= thresholds.FARTHEST_BIAS else None
        path = (*layer.path, "bias_initializer")
        effect = "units are always on, always off or saturated, whatever the input"
        fix = Fix((Edit(path, kind="remove"),))
        yield Finding(
            f"all biases are initialised at {begins:g}", effect, path, layer.where, fix, level, confidence=0.7
        )


def _read_norm_bound(layer: LayerFacts) -> float | None:
    """The bound of the norms of a layer's weights, if it is a strict one."""
    given = layer.inner.arguments.get("kernel_constraint")
    bound = read_argument(given, "max_value") if isinstance(given, Component) else None
    return float(bound) if bound is not None and bound <= thresholds.SMALL_NORM else None


def _find_initializer(layer: LayerFacts) -> Component | None:
    """What the kernel of a dense or convolutional layer begins with, if the user said so and training changes it."""
    found = layer.inner.arguments.get("kernel_initializer")
    kept = layer.frozen or not traits.get_layer(layer.inner.name).fan_in
    return found if isinstance(found, Component) and not kept else None


def _is_constant(initializer: Component) -> bool:
    if initializer.name == "random_uniform":
        return bool(read_argument(initializer, "minval") == read_argument(initializer, "maxval"))
    return traits.get_initializer(initializer.name).constant or read_argument(initializer, "stddev") == 0


def _compute_gain(facts: Facts, layer: LayerFacts) -> float | None:
    """The deviation of a layer's first weights over He's; None where Keras chooses it, or a normalisation undoes it."""
    initializer = _find_initializer(layer)
    behind = facts.network.layers[layer.index + 1 : layer.index + 2]
    if initializer is None or _is_constant(initializer) or any(each.known.normalises for each in behind):
        return None
    inputs = layer.fan_in
    if inputs is None:
        return None
    deviation = _compute_deviation(initializer, inputs)
    return None if deviation is None else deviation / math.sqrt(2 / inputs)


def _compute_deviation(initializer: Component, inputs: float) -> float | None:
    """Of the weights that an initializer draws for a number of inputs; None for what scales itself."""
    if (deviation := read_argument(initializer, "stddev")) is not None:
        return float(deviation)
    if initializer.name == "random_uniform":
        width = float(read_argument(initializer, "maxval")) - float(read_argument(initializer, "minval"))
        return abs(width) / math.sqrt(thresholds.UNIFORM_VARIANCE)
    if initializer.name == "variance_scaling" and read_argument(initializer, "mode") == "fan_in":
        return math.sqrt(float(read_argument(initializer, "scale")) / inputs)
    if initializer.name == "orthogonal":
        return float(read_argument(initializer, "gain")) / math.sqrt(inputs)
    return None

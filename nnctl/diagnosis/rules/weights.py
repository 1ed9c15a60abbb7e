"""First weights from which a network does not learn, and weights that never change."""

import math
from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts import Facts
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.network_facts import NORMALISING, LayerFacts, value
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.sections import Component

_SPREADS = {"random_normal": "stddev", "truncated_normal": "stddev"}
_PLAIN = ("dense", "conv1d", "conv2d", "conv3d")


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
        initializer = _initializer(layer)
        units = layer.inner.arguments.get("units", layer.inner.arguments.get("filters"))
        if initializer is None or not _constant(initializer) or (units == 1 and initializer.name != "zeros"):
            continue
        path = (*layer.path, "kernel_initializer")
        found = f"the kernel of a hidden layer begins at {initializer.name}"
        effect = "all its units stay equal: it is worth one"
        yield Finding(found, effect, path, layer.where, Fix.setting(path, "he_normal"))


@rule("A07", "first-weights-out-of-scale", "info", "static", Cause.INITIALISATION)
def first_weights_out_of_scale(facts: Facts) -> Iterator[Finding]:
    """First weights that are much too large or too small for the layer's inputs.

    What: the deviation of a layer's first weights is more than five times sqrt(2 / inputs), and nothing normalises behind
        it; or the layers together leave less than 1/10,000 of the input's deviation.
    Why: signals grow or fade from layer to layer. Large ones saturate or explode; of small ones no gradient is left.
    Confirm: the deviation of each layer's output, before the first step.
    Fix: `he_normal`.
    Source: He et al., ICCV 2015, equation 10; Glorot and Bengio, AISTATS 2010.
    """
    if facts.spec.train.init_from:
        return
    gains = [(layer, gain) for layer in facts.network.weighted if (gain := _gain(facts, layer)) is not None]
    large = [(layer, gain) for layer, gain in gains if gain > thresholds.INITIAL_RATIO]
    small = [(layer, gain) for layer, gain in gains if gain < 1 / thresholds.INITIAL_RATIO]
    lost = math.prod(gain for _, gain in gains) < thresholds.LOST_SIGNAL
    for layer, gain in large or small:
        level: Level | None = "warning" if large or lost else None
        path = (*layer.path, "kernel_initializer")
        found = f"first weights have {gain:.2g} times the deviation that keeps the signal's size"
        effect = "signals grow from layer to layer" if large else "signals fade from layer to layer"
        yield Finding(found, effect, path, layer.where, Fix.setting(path, "he_normal"), level, confidence=0.7)


@rule("A17", "nothing-to-train", "error", "static", Cause.ARCHITECTURE, sure=True)
def nothing_to_train(facts: Facts) -> Finding | None:
    """A network none of whose weights may change.

    What: every layer with weights has `trainable: false`.
    Why: there is nothing for the optimizer to do.
    Confirm: the loss is the same after each epoch.
    Fix: `trainable: true`.
    Source: keras.Layer.trainable.
    """
    layers = [layer for layer in facts.network.layers if layer.weighted or layer.parameters]
    if not layers or any(value(layer.component, "trainable") is not False for layer in layers):
        return None
    head = facts.network.head
    path = (*head.item, "trainable")
    fix = Fix(tuple(Edit((*layer.item, "trainable"), True) for layer in layers))
    return Finding("every layer with weights is frozen", "nothing can be learned", path, head.where, fix)


def _initializer(layer: LayerFacts) -> Component | None:
    """What the kernel of a dense or convolutional layer begins with, if the user said so and training changes it."""
    found = layer.inner.arguments.get("kernel_initializer")
    frozen = value(layer.component, "trainable") is False
    return found if isinstance(found, Component) and layer.inner.name in _PLAIN and not frozen else None


def _constant(initializer: Component) -> bool:
    name = initializer.name
    if name == "random_uniform":
        return bool(value(initializer, "minval") == value(initializer, "maxval"))
    return name in ("zeros", "ones", "constant") or (name in _SPREADS and value(initializer, "stddev") == 0)


def _gain(facts: Facts, layer: LayerFacts) -> float | None:
    """The deviation of a layer's first weights over He's; None where Keras chooses it, or a normalisation undoes it."""
    initializer = _initializer(layer)
    behind = facts.network.layers[layer.index + 1 : layer.index + 2]
    if initializer is None or _constant(initializer) or any(each.component.name in NORMALISING for each in behind):
        return None
    inputs = layer.fan_in
    if inputs is None:
        return None
    deviation = _deviation(initializer, inputs)
    return None if deviation is None else deviation / math.sqrt(2 / inputs)


def _deviation(initializer: Component, inputs: float) -> float | None:
    """Of the weights that an initializer draws for a number of inputs; None for what scales itself."""
    if initializer.name in _SPREADS:
        return float(value(initializer, "stddev"))
    if initializer.name == "random_uniform":
        width = float(value(initializer, "maxval")) - float(value(initializer, "minval"))
        return abs(width) / math.sqrt(thresholds.UNIFORM_VARIANCE)
    if initializer.name == "variance_scaling" and value(initializer, "mode") == "fan_in":
        return math.sqrt(float(value(initializer, "scale")) / inputs)
    if initializer.name == "orthogonal":
        return float(value(initializer, "gain")) / math.sqrt(inputs)
    return None

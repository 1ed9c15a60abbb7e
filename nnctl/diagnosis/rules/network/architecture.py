"""Layers that do not add up to the network they look like."""

from collections.abc import Callable, Iterator

from nnctl.diagnosis import budget, thresholds
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.loss import reconstructs, takes_logits
from nnctl.diagnosis.facts.network import LayerFacts, read_argument
from nnctl.diagnosis.finding import Finding, Fix, Level
from nnctl.diagnosis.fixes import set_activation
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.catalogue import traits
from nnctl.spec.catalogue.traits import ActivationTraits
from nnctl.spec.sections import CLASS_TASKS


@rule("A01", "missing-activation", "info", "static", Cause.ARCHITECTURE)
def missing_activation(facts: Facts) -> Finding | None:
    """Layers with nothing between them that is not linear.

    What: a hidden dense or convolutional layer without an activation, by its own argument or in a layer after it. A
        bottleneck, a depthwise half and a 1 x 1 convolution are meant to be so, and are left out.
    Why: two linear layers in a row are one linear layer. Without any activation the whole network is one linear model,
        however deep; if only some layers lack one, it has fewer layers than it seems.
    Confirm: the network does no better than logistic or linear regression.
    Fix: `activation: relu` on the layers named.
    Source: UMLAUT (CHI 2021); NeuraLint f009 (TOSEM 2022); Sandler et al., CVPR 2018, on linear bottlenecks.
    """
    layers = facts.network.weighted
    hidden, behind = layers[:-1], layers[1:]
    plain = [a for a, b in zip(hidden, behind, strict=True) if a.activation == "linear" and not _is_meant(a, b)]
    if not plain:
        return None
    wholly = len(plain) == len(hidden) and not reconstructs(facts)
    names = ", ".join(layer.where for layer in plain)
    fix = Fix(tuple(edit for layer in plain for edit in set_activation(layer, "relu")))
    effect = (
        "the whole network is one linear model"
        if wholly
        else "this layer and the next one together are one linear layer"
    )
    level: Level | None = "warning" if wholly else None
    return Finding(f"no activation after {names}", effect, plain[0].path, plain[0].where, fix, level, confidence=0.7)


def _is_meant(layer: LayerFacts, behind: LayerFacts) -> bool:
    """Whether a linear layer is half of a factorised one, or narrower than what is around it."""
    if layer.inner.name.startswith("depthwise") or any(_is_pointwise(each) for each in (layer, behind)):
        return True
    given, here, after = (None if shape is None else shape[-1] for shape in (layer.input, layer.output, behind.output))
    return here is not None and given is not None and after is not None and here < given and here < after


def _is_pointwise(layer: LayerFacts) -> bool:
    size = read_argument(layer.inner, "kernel_size")
    return size == 1 or (isinstance(size, list) and set(size) == {1})


@rule("A02", "activation-twice", "info", "static", Cause.ARCHITECTURE)
def activation_twice(facts: Facts) -> Iterator[Finding]:
    """Two activations after one layer.

    What: an argument `activation` and an activation layer, or two such layers, with no weights in between.
    Why: `relu` after `relu` changes nothing. `relu` in front of `softmax` clips every logit at 0: a class whose logit is
        clipped gets no gradient.
    Confirm: the same training with one of them.
    Fix: take the first away.
    Source: NeuraLint f003; StackOverflow 31880720.
    """
    head = facts.network.head
    for layer in facts.network.weighted:
        known = [traits.get_activation(name) for name in layer.activations]
        if len(known) <= 1 or (layer is head and any(each.bounded for each in known[:-1])):  # the latter is H03
            continue
        clips = layer is head and known[0].clips and (known[-1].shares or known[-1].probability)
        keep = Fix(set_activation(layer, layer.activations[-1]))
        found = f"{' and then '.join(layer.activations)} after one layer"
        effect = "logits below 0 are clipped and get no gradient" if clips else "one activation is enough"
        yield Finding(found, effect, layer.applied[-1].path, layer.where, keep, "warning" if clips else None)
    if takes_logits(facts.spec.train.loss) and head.gives.clips and len(head.applied) == 1:
        found = f"the loss takes logits, and {head.activation} clips them at 0"
        fix = Fix(set_activation(head, "linear"))
        effect = "logits below 0 get no gradient"
        yield Finding(found, effect, head.applied[-1].path, head.where, fix, "warning")


@rule("A03", "softmax-inside", "warning", "static", Cause.ARCHITECTURE)
def softmax_inside(facts: Facts) -> Iterator[Finding]:
    """Softmax after a hidden layer.

    What: softmax (or sparsemax) after a dense or convolutional layer that is not the last.
    Why: the outputs of the layer sum to 1, so that they compete: one feature is passed on and the others vanish, and so
        do their gradients.
    Confirm: the same training with relu.
    Fix: `activation: relu`.
    Source: StackOverflow 52575271; TheDeepChecker.
    """
    for layer in facts.network.hidden:
        if layer.gives.shares:
            found = f"{layer.activation} after a hidden layer"
            fix = Fix(set_activation(layer, "relu"))
            effect = "its units compete with each other, and gradients are small"
            yield Finding(found, effect, layer.applied[-1].path, layer.where, fix, confidence=0.7)


@rule("A08", "deep-saturating", "info", "static", Cause.ARCHITECTURE)
def deep_saturating(facts: Facts) -> Finding | None:
    """Many layers in a row whose activation saturates.

    What: four hidden layers and more with sigmoid, or eight with tanh, and no normalisation between them.
    Why: the slope of sigmoid is 1/4 at most. Each layer takes its share of the gradient, and of five 1/1024 is left at
        most: the first layers do not learn.
    Confirm: the gradient of the first layer beside that of the last, before the first step.
    Fix: `relu`.
    Source: Glorot and Bengio, AISTATS 2010; AutoTrainer's corpus (ICSE 2021), where 9 to 13 sigmoid layers fail.
    """
    runs = (_find_run(facts, lambda given: given.probability), _find_run(facts, lambda given: given.signed))
    deep = max(runs, key=len)
    if len(deep) < thresholds.DEEP_SIGMOID or (not deep[0].gives.probability and len(deep) < thresholds.DEEP_TANH):
        return None
    kind = deep[0].activation
    slow = not budget.is_adaptive(facts) or len(deep) >= thresholds.TOO_DEEP_SIGMOID
    level: Level | None = "warning" if deep[0].gives.probability and slow else None
    fix = Fix(tuple(edit for layer in deep for edit in set_activation(layer, "relu")))
    found = f"{len(deep)} {kind} layers in a row, from {deep[0].where} to {deep[-1].where}"
    effect = "the gradient vanishes before it reaches the first of them"
    return Finding(found, effect, deep[0].applied[-1].path, deep[0].where, fix, level, confidence=0.7)


def _find_run(facts: Facts, wanted: Callable[[ActivationTraits], bool]) -> list[LayerFacts]:
    """The longest run of hidden layers with a wanted activation and no normalisation between."""
    hidden = {layer.index for layer in facts.network.hidden}
    longest: list[LayerFacts] = []
    current: list[LayerFacts] = []
    for layer in facts.network.layers:
        if layer.index in hidden and wanted(layer.gives) and not _is_recurrent(layer):
            current.append(layer)
            longest = max(longest, current, key=len)
        elif layer.weighted or layer.known.normalises:
            current = []
    return longest


def _is_recurrent(layer: LayerFacts) -> bool:
    return read_argument(layer.inner, "recurrent_initializer") is not None


@rule("A09", "exponential-inside", "info", "static", Cause.ARCHITECTURE)
def exponential_inside(facts: Facts) -> Finding | None:
    """Hidden layers whose activation grows without bound.

    What: `exponential` after a hidden layer.
    Why: what is a little large becomes huge one layer on: two such layers overflow for inputs of a few units.
    Confirm: the loss is NaN or infinite within the first steps.
    Fix: `relu`.
    Source: AutoTrainer's corpus (ICSE 2021), where networks of 8 to 11 such layers explode.
    """
    layers = [layer for layer in facts.network.hidden if layer.activation == "exponential"]
    if not layers:
        return None
    fix = Fix(tuple(edit for layer in layers for edit in set_activation(layer, "relu")))
    found = f"exponential after {', '.join(layer.where for layer in layers)}"
    level: Level | None = "warning" if len(layers) >= 2 else None
    first = layers[0]
    return Finding(found, "activations and gradients explode", first.applied[-1].path, first.where, fix, level)


@rule("A12", "bottleneck", "info", "static", Cause.ARCHITECTURE)
def bottleneck(facts: Facts) -> Iterator[Finding]:
    """A hidden layer too narrow for what has to pass.

    What: a dense or recurrent hidden layer with fewer units than classes, and fewer than four; or with one unit.
    Why: everything after it sees these few numbers only. One unit is one straight cut through its input; one `relu` unit
        is dead from the start every other time.
    Confirm: the same training with eight times the units.
    Fix: more `units`.
    Source: Humbatova et al., ICSE 2020, Taxonomy of Real Faults, suboptimal sizes; the bound: `nnctl explain debugging`.
    """
    known = facts.known
    if known.task is None or known.outputs is None or reconstructs(facts):
        return
    needed = min(known.outputs, thresholds.NARROW) if known.task in CLASS_TASKS else 2
    for layer in facts.network.hidden:
        units = layer.inner.arguments.get("units")
        if not isinstance(units, int) or units >= needed:
            continue
        given = layer.input[-1] if layer.input else None
        level: Level | None = "warning" if needed > 2 or layer.gives.clips else None
        if given is not None and given <= units:  # it cannot be wider than what there is to see
            level = None
        found = f"{units} unit{'' if units == 1 else 's'} between {given or '?'} inputs and {known.outputs} outputs"
        fix = Fix.set((*layer.path, "units"), thresholds.WIDE)
        yield Finding(found, "little passes through", (*layer.path, "units"), layer.where, fix, level, confidence=0.6)

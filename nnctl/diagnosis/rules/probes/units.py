"""Units that pass nothing on."""

from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_probe
from nnctl.diagnosis.facts.network import LayerFacts
from nnctl.diagnosis.facts.probes import LayerProbe, ProbeFacts, Separation
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import has_argument, set_activation
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import learns


@rule("P06", "dead-units", "warning", "probe", Cause.SYMPTOM)
def dead_units(facts: Facts) -> Iterator[Finding]:
    """A layer most of whose units are silent for every example.

    What: more than half of a layer's units give 0 for each of 256 training examples; how many outputs are 0 is not asked.
    Why: such a unit has no gradient and never comes back.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: a smaller learning rate; `leaky_relu`; `he_normal` and biases at 0.
    Source: TheDeepChecker; Lu et al. 2019, Dying ReLU and Initialization.
    """
    for layer, seen in _pair_layers(facts, require_probe(facts).after):
        if seen.dead > thresholds.DEAD_UNITS and not learns(facts):
            edits = set_activation(layer, "leaky_relu")
            found = f"{seen.dead:.0%} of the units are 0 for every example"
            yield Finding(found, "they have no gradient and do not recover", layer.path, layer.where, Fix(edits))


@rule("P09", "saturated-units", "warning", "probe", Cause.SYMPTOM)
def saturated_units(facts: Facts) -> Iterator[Finding]:
    """A hidden layer most of whose units are saturated at a bound of their activation.

    What: more than half of a hidden layer's units are within a hundredth of a bound for nine examples in ten.
    Why: there the slope is next to 0, and so is the gradient that passes.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: scale the inputs; `relu`; a smaller learning rate.
    Source: Glorot and Bengio 2010, section 3; TheDeepChecker.
    """
    for layer, seen in _pair_layers(facts, require_probe(facts).after)[:-1]:
        if seen.saturated > thresholds.SATURATED_UNITS and not learns(facts):
            found = f"{seen.saturated:.0%} of the units are saturated at a bound of {layer.activation}"
            fix = Fix((*set_activation(layer, "relu"), Edit((*layer.path, "kernel_initializer"), "he_normal")))
            yield Finding(found, "almost no gradient gets through", layer.path, layer.where, fix)


def _pair_layers(facts: Facts, seen: tuple[LayerProbe, ...]) -> list[tuple[LayerFacts, LayerProbe]]:
    return list(zip(facts.network.weighted, seen, strict=False))


@rule("P13", "information-lost", "warning", "probe", Cause.ARCHITECTURE)
def information_lost(facts: Facts) -> Finding | None:
    """A layer after which the classes can no longer be told apart.

    What: the network stays below a linear model or neighbours, and what a layer without weights gives tells neighbours far less
        of the classes than what it is fed: a pool as large as its input, a normalisation that takes the length away.
    Why: a layer without weights learns nothing, and nothing after it brings back what it has dropped.
    Confirm: the same training without the layer, or with a smaller pool.
    Fix: a pool of 2; `flatten` in the place of a pool over everything; the layer taken out.
    Source: Alain and Bengio 2016, Understanding Intermediate Layers Using Linear Classifier Probes.
    """
    probe = require_probe(facts)
    for seen in probe.separation:
        if (
            seen.before - seen.after < thresholds.LOST
            or max(one.after for one in _list_behind(probe, seen)) > seen.before
        ):
            continue
        layer = facts.network.layers[seen.index]
        shares = f"{seen.before:.0%} of the examples by what {layer.where} is fed, {seen.after:.0%} by what it gives"
        found = f"neighbours know the class of {shares}"
        fix = _let_through(layer)
        return Finding(found, "no later layer can restore what is lost", layer.item, layer.where, fix, confidence=0.6)
    return None


def _list_behind(probe: ProbeFacts, seen: Separation) -> Iterator[Separation]:
    return (one for one in probe.separation if one.index >= seen.index)


def _let_through(layer: LayerFacts) -> Fix | None:
    """The edit that lets more through: a small pool, none, or the layer taken out."""
    if has_argument(layer.component, "pool_size"):
        return Fix.set((*layer.item, "pool_size"), 2)
    if layer.known.evens:
        return Fix((Edit(layer.item, kind="remove"),))
    pools = layer.known.shape == "pool_globally"
    return Fix((Edit(layer.item, "flatten"),)) if pools else None

"""What the layers looked like while a run was trained, each told only where the run came to nothing."""

import math
from collections.abc import Iterator, Sequence
from statistics import median

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_run
from nnctl.diagnosis.facts.network import LayerFacts
from nnctl.diagnosis.finding import Edit, Finding, Fix, Path
from nnctl.diagnosis.fixes import set_activation
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import fell_short
from nnctl.runs.diagnostics import Check, LayerCheck


@rule("D07", "recorded-gradient", "warning", "run", Cause.SYMPTOM, sure=True)
def recorded_gradient(facts: Facts) -> Finding | None:
    """Gradients that vanished or exploded while training.

    What: at three looks in a row the first kernel's gradient is under a thousandth of the last one's; or a layer's gradient
        reaches a thousand times its median.
    Why: layers that get no gradient do not learn; a burst throws the weights away.
    Confirm: `plots/layers.png`.
    Fix: `relu` with `he_normal`, batch normalisation; `clipnorm: 1.0` against bursts.
    Source: AutoTrainer's ratio; Pascanu et al. 2013; the bounds: `nnctl explain debugging`.
    """
    checks = _select_checks(facts)
    if len(checks) < thresholds.LOOKS or not fell_short(facts):
        return None
    last = [check for check in checks[-thresholds.LOOKS :] if len(check.layers) > 1]
    if len(last) == thresholds.LOOKS and all(_has_vanished(check.layers) for check in last):
        first, head = last[-1].layers[0], last[-1].layers[-1]
        found = f"the gradient is {first.gradient:.1e} in {_spell(first)} and {head.gradient:.1e} in {_spell(head)}"
        return Finding(found, "the first layers do not learn", ("model", "layers", first.index), _spell(first))
    return _report_burst(checks)


def _has_vanished(layers: Sequence[LayerCheck]) -> bool:
    return layers[0].gradient < thresholds.VANISHING * layers[-1].gradient


def _report_burst(checks: Sequence[Check]) -> Finding | None:
    for place, layer in enumerate(checks[-1].layers):
        seen = [each for check in checks if math.isfinite(each := check.layers[place].gradient)]
        if len(seen) < thresholds.LOOKS or max(seen) <= thresholds.EXPLODED * median(seen) or not median(seen):
            continue
        found = f"the gradient reaches {max(seen):.1e}; its median is {median(seen):.1e}"
        path: Path = ("model", "layers", layer.index)
        fix = Fix((Edit(("train", "optimizer", "clipnorm"), 1.0),))
        return Finding(found, "one such step destroys the weights", path, _spell(layer), fix)
    return None


@rule("D08", "dying-units", "warning", "run", Cause.SYMPTOM, sure=True)
def dying_units(facts: Facts) -> Iterator[Finding]:
    """ReLU units that died while training.

    What: at the last two looks more than half of a layer's units give 0 for every one of 256 examples, and more than at first.
    Why: a unit that is 0 everywhere has no gradient, so that it never comes back.
    Confirm: `plots/layers.png`.
    Fix: a tenth of the learning rate, `leaky_relu`, `he_normal`.
    Source: Lu et al. 2019, Dying ReLU and Initialization; TheDeepChecker.
    """
    checks = _select_checks(facts)
    if len(checks) < 2 or not fell_short(facts):
        return
    for layer, seen in _pair_hidden(facts, checks):
        shares = [each.dead for each in seen]
        if min(shares[-2:]) > thresholds.DEAD_UNITS and (shares[-1] > shares[0] or shares[-1] == 1):
            found = f"{shares[-1]:.0%} of the units give 0 for every example; {shares[0]:.0%} at first"
            fix = Fix(set_activation(layer, "leaky_relu"))
            yield Finding(found, "dead units do not recover", layer.path, layer.where, fix)


@rule("D09", "saturating-units", "warning", "run", Cause.SYMPTOM, sure=True)
def saturating_units(facts: Facts) -> Iterator[Finding]:
    """Units that are saturated at a bound of their activation while training.

    What: at the last look more than half of a hidden layer's units are at a bound for nine of ten examples.
    Why: there the slope is next to 0, and so is the gradient that passes.
    Confirm: `plots/layers.png`.
    Fix: scale the inputs; `relu`; a smaller learning rate.
    Source: Glorot and Bengio 2010, section 3; TheDeepChecker.
    """
    checks = _select_checks(facts)
    if not checks or not fell_short(facts):
        return
    for layer, seen in _pair_hidden(facts, checks):
        if seen[-1].saturated > thresholds.SATURATED_UNITS:
            found = f"{seen[-1].saturated:.0%} of the units are saturated at a bound of {layer.activation}"
            fix = Fix((*set_activation(layer, "relu"), Edit((*layer.path, "kernel_initializer"), "he_normal")))
            yield Finding(found, "almost no gradient gets through", layer.path, layer.where, fix)


def _select_checks(facts: Facts) -> Sequence[Check]:
    """The looks that see the layers that the spec has."""
    indices = [layer.index for layer in facts.network.weighted]
    return [check for check in require_run(facts).checks if [layer.index for layer in check.layers] == indices]


def _pair_hidden(facts: Facts, checks: Sequence[Check]) -> Iterator[tuple[LayerFacts, list[LayerCheck]]]:
    for place, layer in enumerate(facts.network.hidden):
        yield layer, [check.layers[place] for check in checks]


def _spell(layer: LayerCheck) -> str:
    return f"layers[{layer.index}] {layer.name}"

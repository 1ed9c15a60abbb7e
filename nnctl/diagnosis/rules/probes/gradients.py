"""Gradients and steps that are too small or too large."""

import math
from statistics import median

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_probe
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import set_activation
from nnctl.diagnosis.rates import RATE
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import learns


@rule("P04", "vanishing-gradient", "warning", "probe", Cause.INITIALISATION)
def vanishing_gradient(facts: Facts) -> Finding | None:
    """A gradient that does not reach the first layer.

    What: the root mean square of the first kernel's gradient is under a thousandth of the last one's, or exactly 0,
        and the head is not dead itself.
    Why: each saturating layer passes on a fraction of the gradient; after several of them the first layers do not move.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: `relu` with `he_normal`, or batch normalisation between the layers.
    Source: Glorot and Bengio 2010; AutoTrainer's ratio of 1e-3.
    """
    probe = require_probe(facts)
    first, last = (probe.before[0], probe.before[-1]) if len(probe.before) > 1 else (None, None)
    if first is None or last is None or learns(facts):
        return None
    if last.dead > thresholds.DEAD_UNITS:  # of a dead head no gradient begins, whatever the layers in front of it do
        return None
    silent = first.gradient == 0 or first.gradient < thresholds.VANISHING * last.gradient
    if not silent:
        return None
    found = f"the gradient is {first.gradient:.1e} in the first layer and {last.gradient:.1e} in the last"
    return Finding(found, "the first layers do not learn", ("model", "layers"), "model", _rectify(facts))


@rule("P05", "exploding-gradient", "warning", "probe", Cause.INITIALISATION)
def exploding_gradient(facts: Facts) -> Finding | None:
    """A gradient that grows from layer to layer on its way back.

    What: the root mean square of the first kernel's gradient is more than seventy times the last one's, or not finite.
    Why: no learning rate fits both: what moves the last layers throws the first ones away.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: `relu` with `he_normal`; `clipnorm` for recurrent layers.
    Source: Pascanu et al. 2013; AutoTrainer's ratio of 70.
    """
    probe = require_probe(facts)
    if len(probe.before) < 2 or learns(facts):
        return None
    first, last = probe.before[0], probe.before[-1]
    fine = math.isfinite(first.gradient) and first.gradient <= thresholds.EXPLODING * max(
        last.gradient, thresholds.TINY
    )
    if fine:
        return None
    found = f"the gradient is {first.gradient:.1e} in the first layer and {last.gradient:.1e} in the last"
    return Finding(
        found, "no learning rate fits both the first and the last layers", ("model", "layers"), "model", _rectify(facts)
    )


@rule("P10", "updates-too-large-or-small", "info", "probe", Cause.SYMPTOM)
def update_ratio(facts: Facts) -> Finding | None:
    """Steps that change the weights by far too much or too little.

    What: one step changes the median layer by more than a fifth of its weights, or by less than a hundred-thousandth.
    Why: about a thousandth a step is what trainings that go well show.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: the learning rate.
    Source: Karpathy, CS231n (1e-3); TheDeepChecker's range of the logarithm, widened to [-5, -0.7].
    """
    probe = require_probe(facts)
    ratios = [layer.update for layer in probe.after if layer.update > 0]
    if not ratios or learns(facts):
        return None
    logarithm = math.log10(median(ratios))
    if thresholds.UPDATE_LEAST <= logarithm <= thresholds.UPDATE_MOST:
        return None
    found = f"one update changes the median layer by {median(ratios):.1e} of its weights; a thousandth is usual"
    return Finding(found, "steps overshoot" if logarithm > -1 else "weights hardly move", RATE, "train")


def _rectify(facts: Facts) -> Fix | None:
    """Every hidden layer that saturates or explodes on ReLU, with the initializer made for it (He et al. 2015)."""
    edits = [
        edit
        for layer in facts.network.hidden
        for edit in (*set_activation(layer, "relu"), Edit((*layer.path, "kernel_initializer"), "he_normal"))
    ]
    return Fix(tuple(edits)) if edits else None

"""What the network itself shows before it is trained: losses, gradients, units, rates."""

import math
from collections.abc import Iterator
from statistics import median

from nnctl.diagnosis import budget, thresholds
from nnctl.diagnosis.facts.facts import Facts, probe_of
from nnctl.diagnosis.facts.network import LayerFacts
from nnctl.diagnosis.facts.probes import LayerProbe
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.fixes import activating
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import learns

_RATE = ("train", "learning_rate")


@rule("P1", "initial-loss", "warning", "probe", Cause.SYMPTOM)
def initial_loss(facts: Facts) -> Finding | None:
    """A loss before the first step that knows less than nothing.

    What: the untrained network's cross-entropy is more than twice that of a network that gives each class the same chance.
    Why: an untrained network should be undecided. One that is sure of wrong answers spends its first epochs unlearning them.
    Confirm: the loss of the first batch.
    Fix: scale the inputs; a common initializer (`glorot_uniform`, `he_normal`); the activation that the loss expects.
    Source: Karpathy 2019, A Recipe for Training Neural Networks; TheDeepChecker's bound of 1.0 on the relative deviation.
    """
    probe = probe_of(facts)
    if probe.expected_loss is None or learns(facts):
        return None
    if probe.initial_loss <= (1 + thresholds.INITIAL_LOSS) * probe.expected_loss:
        return None
    found = f"the loss before the first step is {probe.initial_loss:.3g}, and knowing nothing gives {probe.expected_loss:.3g}"
    return Finding(found, "the first epochs go into unlearning", ("train", "loss"), "train")


@rule("P2", "cannot-learn-one-batch", "error", "probe", Cause.SYMPTOM)
def cannot_learn_one_batch(facts: Facts) -> Finding | None:
    """A network that cannot learn a single batch by heart.

    What: two hundred steps on 32 examples, without dropout and penalties, and at other rates of Adam too, leave more than one
        in twenty wrong.
    Why: a network that can learn anything can learn 32 examples. What cannot has the wrong output, no path for the gradient,
        or labels that do not belong to its examples.
    Confirm: the ladder of attempts in `nnctl debug SPEC`.
    Fix: look at the head, the loss and the activations first.
    Source: Karpathy 2019, A Recipe for Training Neural Networks.
    """
    probe = probe_of(facts)
    if probe.overfit.possible or learns(facts):
        return None
    tried = ", ".join(f"{label}: {score:.2f}" for label, score, _ in probe.overfit.rungs)
    found = f"{probe.overfit.examples} examples cannot be learned by heart ({tried})"
    return Finding(found, "what does not fit one batch fits nothing", ("model",), "model")


@rule("P3", "learning-rate-out-of-range", "info", "probe", Cause.RATE, remedy=True)
def learning_rate_out_of_range(facts: Facts) -> Finding | None:
    """A learning rate far from where this network learns.

    What: the range test learns best at a rate at least three times larger or smaller than the spec's.
    Why: above the range the loss jumps about or is lost; below it nothing happens within the epochs that there are.
    Confirm: `nnctl debug --lr SPEC` draws the test.
    Fix: the rate at which the loss falls fastest, within the optimizer's band.
    Source: Smith 2017, Cyclical Learning Rates for Training Neural Networks, 3.3.
    """
    rates = probe_of(facts).rates
    if rates is None or rates.suggested is None or learns(facts):
        return None
    suggested = min(rates.suggested, max(budget.band(facts).most, rates.asked))  # beyond it this net alone may learn
    ratio = rates.asked / suggested
    if 1 / thresholds.RATE_RATIO < ratio < thresholds.RATE_RATIO:
        return None
    lost = f", and is lost from {rates.diverging:.0e} on" if rates.diverging else ""
    side = "above" if ratio > 1 else "below"
    found = f"the rate is {rates.asked:g}; the loss falls fastest near {rates.suggested:g}{lost}"
    effect = "steps overshoot" if side == "above" else "nothing happens within the epochs that there are"
    return Finding(found, effect, _RATE, "train", Fix.setting(_RATE, suggested))


@rule("P4", "vanishing-gradient", "warning", "probe", Cause.INITIALISATION)
def vanishing_gradient(facts: Facts) -> Finding | None:
    """A gradient that does not reach the first layer.

    What: the root mean square of the first kernel's gradient is under a thousandth of the last one's, or exactly 0,
        and the head is not dead itself.
    Why: each saturating layer passes on a fraction of the gradient; behind several of them the first layers do not move.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: `relu` with `he_normal`, or batch normalisation between the layers.
    Source: Glorot and Bengio 2010; AutoTrainer's ratio of 1e-3.
    """
    probe = probe_of(facts)
    first, last = (probe.before[0], probe.before[-1]) if len(probe.before) > 1 else (None, None)
    if first is None or last is None or learns(facts):
        return None
    if last.dead > thresholds.DEAD_UNITS:  # of a dead head no gradient begins, whatever the layers in front of it do
        return None
    silent = first.gradient == 0 or first.gradient < thresholds.VANISHING * last.gradient
    if not silent:
        return None
    found = f"the gradient is {first.gradient:.1e} in the first layer and {last.gradient:.1e} in the last"
    return Finding(found, "the first layers do not learn", ("model", "layers"), "model", _rectified(facts))


@rule("P5", "exploding-gradient", "warning", "probe", Cause.INITIALISATION)
def exploding_gradient(facts: Facts) -> Finding | None:
    """A gradient that grows from layer to layer on its way back.

    What: the root mean square of the first kernel's gradient is more than seventy times the last one's, or not finite.
    Why: no learning rate fits both: what moves the last layers throws the first ones away.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: `relu` with `he_normal`; `clipnorm` for recurrent layers.
    Source: Pascanu et al. 2013; AutoTrainer's ratio of 70.
    """
    probe = probe_of(facts)
    if len(probe.before) < 2 or learns(facts):
        return None
    first, last = probe.before[0], probe.before[-1]
    fine = math.isfinite(first.gradient) and first.gradient <= thresholds.EXPLODING * max(
        last.gradient, thresholds.TINY
    )
    if fine:
        return None
    found = f"the gradient is {first.gradient:.1e} in the first layer and {last.gradient:.1e} in the last"
    return Finding(found, "no learning rate fits both ends", ("model", "layers"), "model", _rectified(facts))


@rule("P6", "dead-units", "warning", "probe", Cause.SYMPTOM)
def dead_units(facts: Facts) -> Iterator[Finding]:
    """A layer most of whose units are silent for every example.

    What: more than half of a layer's units give 0 for each of 256 training examples; how many outputs are 0 is not asked.
    Why: such a unit has no gradient and never comes back.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: a smaller learning rate; `leaky_relu`; `he_normal` and biases at 0.
    Source: TheDeepChecker; Lu et al. 2019, Dying ReLU and Initialization.
    """
    for layer, seen in _pairs(facts, probe_of(facts).after):
        if seen.dead > thresholds.DEAD_UNITS and not learns(facts):
            edits = activating(layer, "leaky_relu")
            found = f"{seen.dead:.0%} of the units are 0 for every example"
            yield Finding(found, "they have no gradient and never come back", layer.path, layer.where, Fix(edits))


@rule("P7", "inputs-ignored", "warning", "probe", Cause.SYMPTOM)
def inputs_ignored(facts: Facts) -> Finding | None:
    """A network that does no better on its labels than on shuffled ones.

    What: trained as long, with the labels of train in random order, its loss falls as far.
    Why: it learns how often each label occurs and nothing else: the examples do not reach the output, or say nothing.
    Confirm: look at examples beside their labels: `nnctl data show SPEC`.
    Fix: whatever else is found first.
    Source: Karpathy 2019 (input-independent baseline); TheDeepChecker.
    """
    probe = probe_of(facts)
    if probe.shuffled is None or probe.shuffled.diverged or probe.reference.diverged or learns(facts):
        return None
    real, random = probe.reference.losses[-1], probe.shuffled.losses[-1]
    if real < (1 - thresholds.INPUT_GAIN) * random:
        return None
    found = f"the loss ends at {real:.3g}, and at {random:.3g} with the labels in random order"
    return Finding(found, "only the frequencies of the labels are learned", ("model",), "model")


@rule("P8", "inference-gap", "warning", "probe", Cause.SYMPTOM)
def inference_gap(facts: Facts) -> Finding | None:
    """A network that answers otherwise when it is used than when it is trained.

    What: after some steps the loss in inference mode is more than one and a half times that in training mode, on the same
        examples.
    Why: batch normalisation uses averages when it is used; of few or small batches they say little.
    Confirm: validation loss far above the training loss from the first epoch on.
    Fix: a lower `momentum` of `batch_normalization`, larger batches.
    Source: Ioffe 2017, Batch Renormalization; TheDeepChecker.
    """
    probe = probe_of(facts)
    layers = [layer for layer in facts.network.layers if layer.known.batch_statistics]
    if not layers or probe.inference_gap <= thresholds.INFERENCE_GAP or learns(facts):
        return None
    edits = tuple(Edit((*layer.item, "momentum"), thresholds.QUICK_MOMENTUM) for layer in layers)
    found = f"the loss is {probe.inference_gap:.1f} times as high in inference mode as in training mode"
    effect = "what is validated is not what was trained"
    return Finding(found, effect, layers[0].item, layers[0].where, Fix(edits))


@rule("P9", "saturated-units", "warning", "probe", Cause.SYMPTOM)
def saturated_units(facts: Facts) -> Iterator[Finding]:
    """A hidden layer most of whose units sit at a bound of their activation.

    What: more than half of a hidden layer's units are within a hundredth of a bound for nine examples in ten.
    Why: there the slope is next to 0, and so is the gradient that passes.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: scale the inputs; `relu`; a smaller learning rate.
    Source: Glorot and Bengio 2010, section 3; TheDeepChecker.
    """
    for layer, seen in _pairs(facts, probe_of(facts).after)[:-1]:
        if seen.saturated > thresholds.SATURATED_UNITS and not learns(facts):
            found = f"{seen.saturated:.0%} of the units sit at a bound of {layer.activation}"
            fix = Fix((*activating(layer, "relu"), Edit((*layer.path, "kernel_initializer"), "he_normal")))
            yield Finding(found, "next to no gradient passes", layer.path, layer.where, fix)


@rule("P10", "updates-too-large-or-small", "info", "probe", Cause.SYMPTOM)
def update_ratio(facts: Facts) -> Finding | None:
    """Steps that change the weights by far too much or too little.

    What: one step changes the median layer by more than a fifth of its weights, or by less than a hundred-thousandth.
    Why: about a thousandth a step is what trainings that go well show.
    Confirm: the layer table of `nnctl debug SPEC`.
    Fix: the learning rate.
    Source: Karpathy, CS231n (1e-3); TheDeepChecker's range of the logarithm, widened to [-5, -0.7].
    """
    probe = probe_of(facts)
    ratios = [layer.update for layer in probe.after if layer.update > 0]
    if not ratios or learns(facts):
        return None
    logarithm = math.log10(median(ratios))
    if thresholds.UPDATE_LEAST <= logarithm <= thresholds.UPDATE_MOST:
        return None
    found = f"a step changes the median layer by {median(ratios):.1e} of its weights; a thousandth is usual"
    return Finding(found, "steps overshoot" if logarithm > -1 else "weights hardly move", _RATE, "train")


def _pairs(facts: Facts, seen: tuple[LayerProbe, ...]) -> list[tuple[LayerFacts, LayerProbe]]:
    return list(zip(facts.network.weighted, seen, strict=False))


def _rectified(facts: Facts) -> Fix | None:
    """Every hidden layer that saturates or explodes on ReLU, with the initializer made for it (He et al. 2015)."""
    edits = [
        edit
        for layer in facts.network.hidden
        for edit in (*activating(layer, "relu"), Edit((*layer.path, "kernel_initializer"), "he_normal"))
    ]
    return Fix(tuple(edits)) if edits else None

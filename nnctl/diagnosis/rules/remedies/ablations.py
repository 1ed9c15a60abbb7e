"""What is switched off, one family at a time.

What wins back is the cause: ablation, as Cohen and Howe 1988 (How Evaluation Guides AI Research) have it.
"""

from collections.abc import Callable

from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.network import LayerFacts, read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.rates import RATE
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.sections import Component


@rule("R09", "augmented-away", "warning", "probe", Cause.REGULARISATION)
def augmented_away(facts: Facts) -> Finding | None:
    """Augmentation that makes of an example what is no longer one of its class.

    What: the network does better without `train.augment`.
    Why: a 6 that is turned by 180 degrees is a 9 with the label of a 6; colours that tell the classes apart, places that do.
    Confirm: the trial beside it; `nnctl data show SPEC` draws what the layers make.
    Fix: take it out, then add back what leaves the label true, in small doses.
    Source: Shorten and Khoshgoftaar 2019, A Survey on Image Data Augmentation, on label-preserving transformations.
    """
    layers = facts.spec.train.augment
    if not layers:
        return None
    path, names = ("train", "augment"), ", ".join(layer.name for layer in layers)
    effect = "the changed examples no longer match their labels"
    return Finding(f"augmentation by {names}", effect, path, "train", Fix((Edit(path, kind="remove"),)), confidence=0.3)


@rule("R10", "drowned-in-noise", "warning", "probe", Cause.REGULARISATION)
def drowned_in_noise(facts: Facts) -> Finding | None:
    """Noise that is as large as what it is added to.

    What: the network does better without its layers of noise.
    Why: noise of deviation 1 on inputs between 0 and 1 leaves little to see of them; several layers of it add up.
    Confirm: the trial beside it.
    Fix: take them out, or a tenth of the deviation of what they are added to.
    Source: Bishop 1995, Training with Noise is Equivalent to Tikhonov Regularization: the penalty grows with the variance.
    """
    return _report_layers(facts, lambda layer: layer.known.adds_noise, "noise", "it hides the signal in the examples")


@rule("R11", "normalised-away", "warning", "probe", Cause.ARCHITECTURE)
def normalised_away(facts: Facts) -> Finding | None:
    """Normalisation that takes away what tells the examples apart.

    What: the network does better without the layers that normalise each
        example by itself.
    Why: an example that is divided by its own length has lost it; where the length, the brightness or the level tells the
        classes apart, nothing after it can bring them back.
    Confirm: the trial beside it.
    Fix: take them out, or `data.scale: standard`, which leaves examples different.
    Source: Ba et al. 2016, Layer Normalization, 5: invariances that a normalisation brings.
    """
    return _report_layers(
        facts, lambda layer: layer.known.evens, "normalisation", "the differences that it removes are lost"
    )


@rule("R12", "averaged-away", "warning", "probe", Cause.BUDGET)
def averaged_away(facts: Facts) -> Finding | None:
    """Moving averages of the weights that have not arrived when training ends.

    What: the network does better with the weights themselves.
    Why: with a momentum of 0.9999 half of the first, random weights are left after 7,000 steps.
    Confirm: the trial beside it.
    Fix: `use_ema: false`, or a momentum whose 1 / (1 - momentum) steps are a tenth of the training.
    Source: Polyak and Juditsky 1992, Acceleration of Stochastic Approximation by Averaging.
    """
    optimizer = facts.spec.train.optimizer
    if not read_argument(optimizer, "use_ema"):
        return None
    path = ("train", "optimizer", "use_ema")
    found = f"the saved weights are moving averages with a momentum of {read_argument(optimizer, 'ema_momentum'):g}"
    return Finding(
        found, "they are still close to the initial weights", path, "train", Fix.set(path, False), confidence=0.3
    )


@rule("R13", "lowered-too-soon", "warning", "probe", Cause.RATE)
def lowered_too_soon(facts: Facts) -> Finding | None:
    """A learning rate that is lowered before it has done its work.

    What: the network does better at the rate that it begins with.
    Why: a plateau rule without patience, or one that asks for more than an epoch can gain, divides the rate again and again.
    Confirm: the trial beside it; the rates in `metrics.csv`.
    Fix: `patience` of some epochs and a small `min_delta`; or the rate alone.
    Source: keras.callbacks.ReduceLROnPlateau, confirmed by a trial.
    """
    rate = facts.spec.train.learning_rate
    if not isinstance(rate, Component) or rate.name != "reduce_lr_on_plateau":
        return None
    first = float(str(rate.arguments["initial_learning_rate"]))
    patience, delta = read_argument(rate, "patience"), read_argument(rate, "min_delta")
    found = f"the rate falls after {patience} epochs without an improvement of {delta:g}"
    return Finding(
        found, "the rate is used up before anything is learned", RATE, "train", Fix.set(RATE, first), confidence=0.3
    )


@rule("R14", "stopped-too-soon", "warning", "probe", Cause.BUDGET)
def stopped_too_soon(facts: Facts) -> Finding | None:
    """Early stopping that ends a training before it has begun.

    What: the network does better when it may train to the end.
    Why: the number that is watched swings more from epoch to epoch than `min_delta` and `patience` allow, or begins flat.
    Confirm: the trial beside it.
    Fix: more `patience`, a smaller `min_delta`; or none of it.
    Source: Prechelt 1998, Early Stopping - But When?
    """
    stopping, path = facts.spec.train.early_stopping, ("train", "early_stopping")
    if stopping is None:
        return None
    found = f"training stops after {stopping.patience} epochs without an improvement of {stopping.min_delta:g}"
    fix = Fix((Edit(path, kind="remove"),))
    return Finding(found, "training stops before anything is learned", path, "train", fix, confidence=0.3)


def _report_layers(facts: Facts, belongs: Callable[[LayerFacts], bool], what: str, effect: str) -> Finding | None:
    """All layers of a family before the output layer, and the edit that takes them out."""
    layers = [layer for layer in facts.network.layers if belongs(layer)]
    if not layers:
        return None
    fix = Fix(tuple(Edit(layer.item, kind="remove") for layer in reversed(layers)))
    found = f"{what} by {', '.join(layer.where for layer in layers)}"
    return Finding(found, effect, layers[0].item, layers[0].where, fix, confidence=0.3)

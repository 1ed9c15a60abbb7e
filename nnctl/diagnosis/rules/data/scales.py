"""Inputs and targets whose size keeps the network from learning."""

from typing import TYPE_CHECKING

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset
from nnctl.diagnosis.facts.network import LayerFacts, read_argument
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.rule import Cause, rule
from nnctl.spec.catalogue import traits

if TYPE_CHECKING:
    from nnctl.diagnosis.facts.dataset import DatasetFacts

_SCALE = ("data", "scale")
_ALIKE = "inputs that hardly differ give outputs that hardly differ"


@rule("X02", "unscaled-inputs", "error", "data", Cause.DATA)
def unscaled_inputs(facts: Facts) -> Finding | None:
    """Inputs that are far too large, or of very different sizes.

    What: pixels that reach 10 or more, or a table whose columns reach beyond 50, differ a hundredfold in spread, or lie ten
        deviations away from 0, as the network gets them.
    Why: the gradient of a weight is proportional to its input. Large inputs saturate what comes after them and make every
        learning rate too large for some weights and too small for others (LeCun et al. 1998, Efficient BackProp, 4.3).
    Confirm: the same training with `scale` on.
    Fix: `data.scale: unit` for pixels, `standard` for tables and other numbers.
    Source: UMLAUT (Schoop et al., CHI 2021), without the range [-1, 1] that others ask for: it flags standardised data.
    """
    dataset = require_dataset(facts)
    if dataset.tokens or _scales_itself(facts):
        return None
    what = _describe_large_pixels(dataset) if dataset.image else _describe_large_columns(dataset)
    if what is None:
        return None
    fix = Fix.set(_SCALE, "unit" if dataset.image else "standard")
    effect = "gradients grow with the inputs: no learning rate fits all weights"
    return Finding(what, effect, _SCALE, "data", fix)


def _describe_large_pixels(dataset: "DatasetFacts") -> str | None:
    inputs = dataset.inputs
    if inputs.largest < thresholds.LARGE_PIXELS or dataset.scaling == "standard":
        return None
    return f"pixels reach the network as {inputs}"


def _describe_large_columns(dataset: "DatasetFacts") -> str | None:
    if dataset.scaling == "standard":
        return None
    inputs, features = dataset.inputs, dataset.features
    if inputs.largest > thresholds.LARGE_INPUT:
        return f"inputs reach the network as {inputs}"
    if features.ratio > thresholds.FEATURE_RATIO:
        least, largest = features.deviations
        return f"columns differ in spread from {least:.3g} to {largest:.3g}"
    if features.offset > thresholds.FEATURE_OFFSET:
        return f"the mean of a column lies {features.offset:.0f} of its deviations away from 0"
    return None


@rule("X15", "scaled-twice", "error", "data", Cause.DATA)
def scaled_twice(facts: Facts) -> Finding | None:
    """Inputs that hardly differ, because they were scaled once too often.

    What: the inputs have a deviation under 0.02 as the network gets them.
    Why: examples that hardly differ get outputs that hardly differ; pixels divided by 255 twice lie between 0 and 0.004.
    Confirm: the same training with `scale: standard`.
    Fix: `data.scale: none` where the source holds scaled numbers already, else `standard`; a `rescaling` layer that divides
        what is scaled already is taken out.
    Source: TheDeepChecker (Ben Braiek and Khomh, TOSEM 2023), double normalisation.
    """
    dataset = require_dataset(facts)
    again = _report_rescaling(facts)
    if again is not None:
        return again
    small = 0 < dataset.inputs.deviation < thresholds.TINY_DEVIATION
    if dataset.tokens or not small or dataset.scaling == "standard" or _scales_itself(facts):
        return None
    once = dataset.scaling == "unit" and dataset.stored.deviation >= thresholds.TINY_DEVIATION
    fix = Fix.set(_SCALE, "none" if once else "standard")
    found = f"inputs reach the network as {dataset.inputs}"
    return Finding(found, _ALIKE, _SCALE, "data", fix)


@rule("X03", "splits-scaled-differently", "error", "data", Cause.DATA, sure=True)
def splits_scaled_differently(facts: Facts) -> Finding | None:
    """Test examples on another scale than training examples.

    What: the deviation of test's inputs is more than three times that of train's, or less than a third, or their means lie
        more than three deviations apart.
    Why: the network is asked about numbers that it has never seen.
    Confirm: the training score is good and the test score is not.
    Fix: prepare both in the same way, with statistics of train alone. No edit of the spec does that for a file.
    Source: deepchecks' drift; UMLAUT asks for it in words.
    """
    dataset = require_dataset(facts)
    train, test = dataset.inputs, dataset.test_inputs
    if test is None or dataset.tokens or not train.deviation:
        return None
    ratio = test.deviation / train.deviation
    apart = abs(test.mean - train.mean) / train.deviation
    fine = 1 / thresholds.SPLIT_RATIO < ratio < thresholds.SPLIT_RATIO and apart < thresholds.SPLIT_RATIO
    if fine:
        return None
    effect = "test scores do not measure what was learned"
    return Finding(f"train's inputs are {train}; test's are {test}", effect, ("data",), "data")


@rule("X04", "unscaled-targets", "warning", "data", Cause.DATA)
def unscaled_targets(facts: Facts) -> Finding | None:
    """Numbers to predict that are very large, or far from 0 for their spread.

    What: the targets have a deviation above 100, or lie ten deviations away from 0, and the loss compares differences.
    Why: weights begin near 0 and so do the outputs; squared errors and their gradients are as large as the targets squared,
        so that plain gradient descent diverges and Adam takes very many steps to get there.
    Confirm: the same training with standardised targets.
    Fix: `data.target_scale: standard`: the loss compares standardised numbers, and the model still answers in the units of
        the data.
    Source: StackOverflow 52800582 (targets up to 1e8); LeCun et al. 1998, Efficient BackProp, 4.5.
    """
    dataset = require_dataset(facts)
    targets = dataset.targets
    if targets is None or not targets.deviation or facts.spec.data.target_scale == "standard":
        return None
    if not traits.get_loss(facts.spec.train.loss.name).difference:  # of shares, logarithms and counts the unit is part
        return None
    offset = abs(targets.mean) / targets.deviation
    if targets.deviation <= thresholds.TARGET_DEVIATION and offset <= thresholds.TARGET_OFFSET:
        return None
    path = ("data", "target_scale")
    effect = "errors and gradients are as large as the targets squared"
    return Finding(f"the targets are {targets}", effect, path, "data", Fix.set(path, "standard"))


def _report_rescaling(facts: Facts) -> Finding | None:
    """A `rescaling` layer in front of everything that makes tiny what had a size."""
    layer, dataset = _find_first(facts), facts.dataset
    scale = None if layer is None or layer.component.name != "rescaling" else read_argument(layer.component, "scale")
    if layer is None or dataset is None or not isinstance(scale, int | float):
        return None
    before, behind = dataset.inputs.deviation, dataset.inputs.deviation * abs(scale)
    if not 0 < behind < thresholds.TINY_DEVIATION <= before:
        return None
    found = f"inputs of deviation {before:.3g} are multiplied by {scale:.3g} a second time"
    return Finding(found, _ALIKE, layer.item, layer.where, Fix((Edit(layer.item, kind="remove"),)))


def _scales_itself(facts: Facts) -> bool:
    """Whether the network's own first layer brings its input to a common scale."""
    first = _find_first(facts)
    return first is not None and (first.known.rescales or first.known.normalises)


def _find_first(facts: Facts) -> LayerFacts | None:
    """The first layer that is more than another shape of its input."""
    return next((layer for layer in facts.network.layers if not layer.known.moves), None)

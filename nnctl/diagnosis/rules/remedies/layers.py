"""What is tried of the layers when a network learns nothing: another head, activation or width, nothing that holds it back."""

from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_probe
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.fixes import has_argument, set_activation
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import holds_its_own, learns, memorises, rate_starved
from nnctl.spec.catalogue import traits


@rule("R02", "another-head", "info", "probe", Cause.HEAD, remedy=True)
def another_head(facts: Facts) -> Finding | None:
    """A head and loss that learn nothing where the usual pair learns.

    What: the network learns nothing as it is, or does not fit the numbers it is shown, and does better with the usual
        activation and loss of its task.
    Why: softmax with categorical cross-entropy, sigmoid with binary cross-entropy, and a linear output with squared errors
        have the gradient output minus label, which never vanishes while the answer is wrong (Bishop 2006, 4.3).
    Confirm: the trial beside it.
    Fix: that pair.
    Source: Bishop 2006, Pattern Recognition and Machine Learning, 4.3 and 5.2, confirmed by a trial.
    """
    task, trial = facts.known.task, require_probe(facts).reference
    numbers = task == "regression" and trial.train_score < thresholds.TOLD_APART  # a loss may ask for another answer
    if learns(facts) and not numbers:
        return None
    head = facts.network.head
    width = 1 if head.output is None else head.output[-1]
    loss = traits.get_usual_loss("multiclass" if task == "binary" and width == 2 else task or "binary")
    activation = str(traits.get_loss(loss).head)
    if head.activation == activation and facts.spec.train.loss.name.removeprefix("sparse_") == loss:
        return None
    found = f"{head.activation} with {facts.spec.train.loss.name}; usual is {activation} with {loss}"
    fix = Fix((*set_activation(head, activation), Edit(("train", "loss"), loss)))
    effect = (
        "the loss is smallest at another value than the mean"
        if numbers
        else "the gradient vanishes while the output is still wrong"
    )
    return Finding(found, effect, head.path, head.where, fix, rate_starved(facts), confidence=0.3)


@rule("R03", "another-activation", "info", "probe", Cause.ARCHITECTURE, remedy=True)
def another_activation(facts: Facts) -> Finding | None:
    """Hidden activations that learn nothing where ReLU learns.

    What: the network learns nothing as it is, and learns with ReLU and He's initializer in its hidden layers.
    Why: ReLU passes the gradient of active units on undiminished; He's initializer keeps its size from layer to layer.
    Confirm: the trial beside it.
    Fix: `activation: relu`, `kernel_initializer: he_normal`.
    Source: Glorot et al. 2011; He et al. 2015, confirmed by a trial.
    """
    odd = [layer for layer in facts.network.hidden if not layer.gives.firm]
    odd = odd or [layer for layer in facts.network.hidden if "kernel_initializer" in layer.inner.arguments]
    if not odd or learns(facts):
        return None
    edits = [edit for layer in odd for edit in set_activation(layer, "relu")]
    edits += [
        Edit((*layer.path, "kernel_initializer"), "he_normal")
        for layer in odd
        if has_argument(layer.inner, "kernel_initializer")
    ]
    kinds = ", ".join(sorted({str(layer.activation) for layer in odd}))
    found = f"{len(odd)} hidden layer{'s' if len(odd) > 1 else ''} with {kinds}"
    effect = "together they are one linear map" if kinds == "linear" else "little of the gradient gets through"
    return Finding(found, effect, odd[0].path, odd[0].where, Fix(tuple(edits)), confidence=0.3)


@rule("R04", "too-narrow", "info", "probe", Cause.ARCHITECTURE, remedy=True)
def too_narrow(facts: Facts) -> Finding | None:
    """Hidden layers too narrow for what is to be learned.

    What: the network learns nothing as it is, and learns when its hidden dense layers are four times as wide; or it stays
        behind neighbours or a linear model, cannot overfit 32 examples, and gets further with wider ones.
    Why: what a narrow layer does not pass on, nothing after it can bring back; narrow ReLU layers die as a whole.
    Confirm: the trial beside it.
    Fix: more units.
    Source: Lu et al. 2019, Dying ReLU and Initialization, confirmed by a trial.
    """
    narrow = [
        layer
        for layer in facts.network.hidden
        if layer.inner.name == "dense" and int(str(layer.inner.arguments.get("units", 0))) < thresholds.NARROW_LAYER
    ]
    if not narrow or (learns(facts) and not _is_tight(facts)):
        return None
    widths = {layer.index: int(str(layer.inner.arguments["units"])) for layer in narrow}
    edits = tuple(
        Edit((*layer.path, "units"), max(thresholds.WIDER * widths[layer.index], thresholds.WIDE)) for layer in narrow
    )
    found = f"hidden layers of {', '.join(map(str, widths.values()))} units"
    level: Level | None = "warning" if learns(facts) else None  # a trial must say so either way
    first, effect = narrow[0], "what a narrow layer drops is lost"
    return Finding(found, effect, first.path, first.where, Fix(edits), level, confidence=0.1)


def _is_tight(facts: Facts) -> bool:
    """Whether what learns something learns much less than it could, and cannot even overfit 32 examples."""
    return not learns(facts, thresholds.NEARLY) and not require_probe(facts).overfit.possible


@rule("R06", "regularised-away", "info", "probe", Cause.REGULARISATION, remedy=True)
def regularised_away(facts: Facts) -> Finding | None:
    """Dropout and penalties that leave nothing to learn.

    What: the network learns nothing as it is, or stays below a linear model or neighbours, and does better without dropout and
        penalties.
    Why: penalties pull every weight to 0, dropout removes what the next layer needs; too much of either
        is stronger than the loss.
    Confirm: the trial beside it.
    Fix: take them out, then add them back in small doses.
    Source: Srivastava et al. 2014 for rates (0.2 to 0.5), confirmed by a trial.
    """
    if holds_its_own(facts):
        return None
    edits = tuple(_remove_regularisation(facts))
    if not edits:
        return None
    found = f"{len(edits)} dropout layer{'s' if len(edits) > 1 else ''} or penalties"
    return Finding(found, "they outweigh the loss", edits[-1].path, "model", Fix(edits), confidence=0.3)


def _remove_regularisation(facts: Facts) -> Iterator[Edit]:
    for layer in reversed(facts.network.layers):
        if layer.known.drops:
            yield Edit(("model", "layers", layer.index), kind="remove")
        for name in layer.component.arguments:
            if name.endswith("_regularizer") and layer.component.arguments[name] is not None:
                yield Edit(("model", "layers", layer.index, name), kind="remove")


@rule("R17", "free-to-memorise", "warning", "probe", Cause.REGULARISATION, remedy=True)
def free_to_memorise(facts: Facts) -> Iterator[Finding]:
    """Nothing keeps a network from memorising its examples.

    What: the trial scores ten points and more better on training examples than on held-out ones, and held-out ones gain by
        dropout, by penalties, by fewer units, or by stopping in time.
    Why: the network memorised its examples; this does not carry over to new ones.
    Confirm: the trial beside it; the curves of train and validation part.
    Fix: what the trial gained by; more data.
    Source: Srivastava et al. 2014 (dropout); Krogh and Hertz 1992 (weight decay); Prechelt 1998 (early stopping).
    """
    probe = require_probe(facts)
    if not memorises(facts):
        return
    found = (
        f"it scores {probe.reference.train_score:.3f} on training examples and {probe.reference.score:.3f} on others"
    )
    for edits in (_drop_units(facts), _penalise(facts), _narrow(facts), _stop_early(facts)):
        if edits:
            yield Finding(
                found, "the network memorises its examples", edits[0].path, "model", Fix(edits), confidence=0.3
            )


def _drop_units(facts: Facts) -> tuple[Edit, ...]:
    head = facts.network.head.index
    dropped = any(layer.known.drops for layer in facts.network.layers)
    inserted = Edit(("model", "layers", head), {"dropout": thresholds.CLASSIC_DROPOUT}, "insert")
    return () if dropped or not facts.network.hidden else (inserted,)


def _penalise(facts: Facts) -> tuple[Edit, ...]:
    layers = [layer for layer in facts.network.weighted if has_argument(layer.inner, "kernel_regularizer")]
    if any(layer.inner.arguments.get("kernel_regularizer") for layer in layers):
        return ()
    return tuple(Edit((*layer.path, "kernel_regularizer"), {"l2": thresholds.L2}) for layer in layers)


def _narrow(facts: Facts) -> tuple[Edit, ...]:
    wide = [layer for layer in facts.network.hidden if layer.inner.name == "dense"]
    widths = ((layer, int(str(layer.inner.arguments.get("units", 0)))) for layer in wide)
    return tuple(
        Edit((*layer.path, "units"), max(thresholds.NARROW, units // thresholds.NARROWER))
        for layer, units in widths
        if units > thresholds.WIDE
    )


def _stop_early(facts: Facts) -> tuple[Edit, ...]:
    if facts.spec.train.early_stopping is not None:
        return ()
    stopping = Edit(("train", "early_stopping"), thresholds.PATIENCE)
    held = Edit(("data", "validation"), thresholds.HELD_OUT)
    return (stopping,) if facts.known.is_validated(facts.spec.data) else (stopping, held)

"""What is tried when a network learns nothing and no rule has said why: common choices, one at a time.

None of these speaks of a network that learns, and none is reported unless its trial shows that it helps.
"""

from collections.abc import Iterator

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, dataset_of, probe_of
from nnctl.diagnosis.finding import Edit, Finding, Fix, Level
from nnctl.diagnosis.fixes import activating, takes
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import learns
from nnctl.spec.catalogue import traits


@rule("R1", "inputs-not-standardised", "info", "probe", Cause.DATA, remedy=True)
def inputs_not_standardised(facts: Facts) -> Finding | None:
    """Inputs that learn better once they are standardised.

    What: the network learns nothing as it is, and learns with `data.scale: standard`.
    Why: features of mean 0 and deviation 1 give gradients that one learning rate fits (LeCun et al. 1998, 4.3).
    Confirm: the trial beside it.
    Fix: `data.scale: standard`.
    Source: LeCun et al. 1998, Efficient BackProp, confirmed by a trial.
    """
    dataset = dataset_of(facts)
    if dataset.tokens or dataset.scaling == "standard" or learns(facts):
        return None
    path = ("data", "scale")
    found = f"inputs reach the network as {dataset.inputs}"
    return Finding(
        found, "no learning rate fits all weights", path, "data", Fix.setting(path, "standard"), confidence=0.2
    )


@rule("R2", "another-head", "info", "probe", Cause.HEAD, remedy=True)
def another_head(facts: Facts) -> Finding | None:
    """A head and loss that learn nothing where the usual pair learns.

    What: the network learns nothing as it is, and learns with the usual activation and loss of its task.
    Why: softmax with categorical cross-entropy, sigmoid with binary cross-entropy, and a linear output with squared errors
        have the gradient output minus label, which never vanishes while the answer is wrong (Bishop 2006, 4.3).
    Confirm: the trial beside it.
    Fix: that pair.
    Source: Bishop 2006, Pattern Recognition and Machine Learning, 4.3 and 5.2, confirmed by a trial.
    """
    if learns(facts):
        return None
    task, head = facts.known.task, facts.network.head
    width = 1 if head.output is None else head.output[-1]
    loss = traits.usual_loss("multiclass" if task == "binary" and width == 2 else task or "binary")
    activation = str(traits.loss(loss).head)
    if head.activation == activation and facts.spec.train.loss.name.removeprefix("sparse_") == loss:
        return None
    found = f"{head.activation} with {facts.spec.train.loss.name}; usual is {activation} with {loss}"
    fix = Fix((*activating(head, activation), Edit(("train", "loss"), loss)))
    return Finding(found, "the gradient vanishes while the answer is wrong", head.path, head.where, fix, confidence=0.3)


@rule("R3", "another-activation", "info", "probe", Cause.ARCHITECTURE, remedy=True)
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
    edits = [edit for layer in odd for edit in activating(layer, "relu")]
    edits += [
        Edit((*layer.path, "kernel_initializer"), "he_normal")
        for layer in odd
        if takes(layer.inner, "kernel_initializer")
    ]
    kinds = ", ".join(sorted({str(layer.activation) for layer in odd}))
    found = f"{len(odd)} hidden layer{'s' if len(odd) > 1 else ''} with {kinds}"
    effect = "they are one linear map" if kinds == "linear" else "little of the gradient passes"
    return Finding(found, effect, odd[0].path, odd[0].where, Fix(tuple(edits)), confidence=0.3)


@rule("R4", "too-narrow", "info", "probe", Cause.ARCHITECTURE, remedy=True)
def too_narrow(facts: Facts) -> Finding | None:
    """Hidden layers too narrow for what is to be learned.

    What: the network learns nothing as it is, and learns when its hidden dense layers are four times as wide; or it stays
        behind neighbours or a linear model, cannot learn 32 examples by heart, and gets further with wider ones.
    Why: what a narrow layer does not pass on, nothing behind it can bring back; narrow ReLU layers die as a whole.
    Confirm: the trial beside it.
    Fix: more units.
    Source: Lu et al. 2019, Dying ReLU and Initialization, confirmed by a trial.
    """
    narrow = [
        layer
        for layer in facts.network.hidden
        if layer.inner.name == "dense" and int(str(layer.inner.arguments.get("units", 0))) < thresholds.NARROW_LAYER
    ]
    if not narrow or (learns(facts) and not _tight(facts)):
        return None
    widths = {layer.index: int(str(layer.inner.arguments["units"])) for layer in narrow}
    edits = tuple(
        Edit((*layer.path, "units"), max(thresholds.WIDER * widths[layer.index], thresholds.WIDE)) for layer in narrow
    )
    found = f"hidden layers of {', '.join(map(str, widths.values()))} units"
    level: Level | None = "warning" if learns(facts) else None  # a trial must say so either way
    first, effect = narrow[0], "what a layer does not pass on is lost"
    return Finding(found, effect, first.path, first.where, Fix(edits), level, confidence=0.1)


@rule("R5", "another-optimizer", "info", "probe", Cause.RATE, remedy=True)
def another_optimizer(facts: Facts) -> Finding | None:
    """An optimizer that gets nowhere where Adam with its defaults learns.

    What: the network learns nothing as it is, and learns with `adam` at 0.001.
    Why: Adam scales each weight's step by the size of its own gradients, so that it forgives an odd rate or odd scales.
    Confirm: the trial beside it.
    Fix: `optimizer: adam`, `learning_rate: 0.001`; or the rate that `nnctl debug --lr SPEC` suggests.
    Source: Kingma and Ba 2015, confirmed by a trial.
    """
    train = facts.spec.train
    plain = train.optimizer.name == "adam" and not train.optimizer.arguments
    if (plain and train.learning_rate in (None, traits.optimizer("adam").rates.usual)) or learns(facts):
        return None
    fix = Fix(
        (Edit(("train", "optimizer"), "adam"), Edit(("train", "learning_rate"), traits.optimizer("adam").rates.usual))
    )
    rate = train.learning_rate if isinstance(train.learning_rate, float) else "its schedule"
    found = f"{train.optimizer.name} at {rate}"
    return Finding(found, "it gets nowhere within these steps", ("train", "optimizer"), "train", fix, confidence=0.2)


@rule("R6", "regularised-away", "info", "probe", Cause.REGULARISATION, remedy=True)
def regularised_away(facts: Facts) -> Finding | None:
    """Dropout and penalties that leave nothing to learn.

    What: the network learns nothing as it is, and learns without dropout and penalties.
    Why: penalties pull every weight to 0, dropout removes what the next layer needs; too much of either
        is stronger than the loss.
    Confirm: the trial beside it.
    Fix: take them out, then add them back in small doses.
    Source: Srivastava et al. 2014 for rates (0.2 to 0.5), confirmed by a trial.
    """
    if learns(facts):
        return None
    edits = tuple(_unregularised(facts))
    if not edits:
        return None
    found = f"{len(edits)} dropout layer{'s' if len(edits) > 1 else ''} or penalties"
    return Finding(found, "they are stronger than the loss", edits[-1].path, "model", Fix(edits), confidence=0.3)


def _unregularised(facts: Facts) -> Iterator[Edit]:
    for layer in reversed(facts.network.layers):
        if layer.known.drops:
            yield Edit(("model", "layers", layer.index), kind="remove")
        for name in layer.component.arguments:
            if name.endswith("_regularizer") and layer.component.arguments[name] is not None:
                yield Edit(("model", "layers", layer.index, name), kind="remove")


@rule("R7", "too-few-steps", "info", "probe", Cause.BUDGET, remedy=True)
def too_few_steps(facts: Facts) -> Finding | None:
    """A training that ends before it has begun.

    What: all the epochs of the spec are over and nothing is learned; with ten times as many, it is.
    Why: learning takes steps; few examples in large batches make few of them.
    Confirm: the trial beside it.
    Fix: more epochs, with `early_stopping` to end them; smaller batches.
    Source: UMLAUT, confirmed by a trial.
    """
    reference = probe_of(facts).reference
    if not reference.whole or reference.diverged or learns(facts):
        return None
    path, epochs = ("train", "epochs"), thresholds.LONGER * facts.spec.train.epochs
    found = f"{reference.steps:,} steps are the whole training"
    return Finding(found, "it ends before it has begun", path, "train", Fix.setting(path, epochs), confidence=0.2)


@rule("R8", "batches-too-large", "info", "probe", Cause.BUDGET, remedy=True)
def batches_too_large(facts: Facts) -> Finding | None:
    """Batches so large that an epoch has hardly a step.

    What: nothing is learned as it is, and with batches of 32 it is, in as many epochs.
    Why: an epoch of few large batches makes few steps.
    Confirm: the trial beside it.
    Fix: `batch_size: 32`.
    Source: Masters and Luschi 2018, Revisiting Small Batch Training, confirmed by a trial.
    """
    path, size = ("train", "batch_size"), facts.spec.train.batch_size
    if size <= thresholds.LARGE_BATCH or learns(facts):
        return None
    fix = Fix.setting(path, thresholds.USUAL_BATCH)
    return Finding(f"batches of {size}", "an epoch has few steps", path, "train", fix, confidence=0.2)


def _tight(facts: Facts) -> bool:
    """Whether what learns something learns much less than it could, and not even 32 examples by heart."""
    return not learns(facts, thresholds.NEARLY) and not probe_of(facts).overfit.possible

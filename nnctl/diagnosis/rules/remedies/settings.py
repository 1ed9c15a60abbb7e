"""What is tried of settings when a network learns nothing: of inputs, optimizer, epochs and batches."""

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import learns
from nnctl.spec.catalogue import traits


@rule("R01", "inputs-not-standardised", "info", "probe", Cause.DATA, remedy=True)
def inputs_not_standardised(facts: Facts) -> Finding | None:
    """Inputs that learn better once they are standardised.

    What: the network learns nothing as it is, and learns with `data.scale: standard`.
    Why: features of mean 0 and deviation 1 give gradients that one learning rate fits (LeCun et al. 1998, 4.3).
    Confirm: the trial beside it.
    Fix: `data.scale: standard`.
    Source: LeCun et al. 1998, Efficient BackProp, confirmed by a trial.
    """
    dataset = require_dataset(facts)
    if dataset.tokens or dataset.scaling == "standard" or learns(facts):
        return None
    path = ("data", "scale")
    found = f"inputs reach the network as {dataset.inputs}"
    return Finding(found, "no learning rate fits all weights", path, "data", Fix.set(path, "standard"), confidence=0.2)


@rule("R05", "another-optimizer", "info", "probe", Cause.RATE, remedy=True)
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
    usual = traits.get_optimizer("adam").rates.usual
    if (plain and train.learning_rate in (None, usual)) or learns(facts):
        return None
    fix = Fix((Edit(("train", "optimizer"), "adam"), Edit(("train", "learning_rate"), usual)))
    rate = train.learning_rate if isinstance(train.learning_rate, float) else "its schedule"
    found = f"{train.optimizer.name} at {rate}"
    return Finding(found, "it gets nowhere within these steps", ("train", "optimizer"), "train", fix, confidence=0.2)


@rule("R07", "too-few-steps", "info", "probe", Cause.BUDGET, remedy=True)
def too_few_steps(facts: Facts) -> Finding | None:
    """A training that ends before it has begun.

    What: all the epochs of the spec are over and nothing is learned; with ten times as many, it is.
    Why: learning takes steps; few examples in large batches make few of them.
    Confirm: the trial beside it.
    Fix: more epochs, with `early_stopping` to end them; smaller batches.
    Source: UMLAUT, confirmed by a trial.
    """
    reference = require_probe(facts).reference
    if not reference.whole or reference.diverged or learns(facts):
        return None
    path, epochs = ("train", "epochs"), thresholds.LONGER * facts.spec.train.epochs
    found = f"{reference.steps:,} steps are the whole training"
    return Finding(found, "it ends before it has begun", path, "train", Fix.set(path, epochs), confidence=0.2)


@rule("R08", "batches-too-large", "info", "probe", Cause.BUDGET, remedy=True)
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
    fix = Fix.set(path, thresholds.USUAL_BATCH)
    return Finding(f"batches of {size}", "an epoch has few steps", path, "train", fix, confidence=0.2)

"""What is tried of settings when a network learns nothing: of inputs, optimizer, epochs and batches."""

from collections.abc import Iterator

from nnctl.diagnosis import rates, thresholds
from nnctl.diagnosis.budget import find_band, read_rate
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import holds_its_own, learns, rate_starved, stays_below
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component


@rule("R01", "inputs-not-standardised", "info", "probe", Cause.DATA, remedy=True)
def inputs_not_standardised(facts: Facts) -> Finding | None:
    """Inputs that learn better once they are standardised.

    What: the network learns nothing as it is, or stays below a linear model or neighbours, and does better with
        `data.scale: standard`.
    Why: features of mean 0 and deviation 1 give gradients that one learning rate fits (LeCun et al. 1998, 4.3).
    Confirm: the trial beside it.
    Fix: `data.scale: standard`.
    Source: LeCun et al. 1998, Efficient BackProp, confirmed by a trial.
    """
    dataset = require_dataset(facts)
    if dataset.tokens or dataset.scaling == "standard" or holds_its_own(facts):
        return None
    path = ("data", "scale")
    found = f"inputs reach the network as {dataset.inputs}"
    fix = Fix.set(path, "standard")
    return Finding(found, "no learning rate fits all weights", path, "data", fix, rate_starved(facts), confidence=0.2)


@rule("R05", "another-optimizer", "info", "probe", Cause.RATE, remedy=True)
def another_optimizer(facts: Facts) -> Finding | None:
    """An optimizer that gets nowhere where Adam with its defaults learns.

    What: the network learns nothing as it is, or stays below a linear model or neighbours, and does better with `adam` at 0.001.
    Why: Adam scales each weight's step by the size of its own gradients, so that it forgives an odd rate or odd scales.
    Confirm: the trial beside it.
    Fix: `optimizer: adam`, `learning_rate: 0.001`; or the rate that `nnctl debug --lr SPEC` suggests.
    Source: Kingma and Ba 2015, confirmed by a trial.
    """
    train = facts.spec.train
    plain = train.optimizer.name == "adam" and not train.optimizer.arguments
    usual = traits.get_optimizer("adam").rates.usual
    if (plain and train.learning_rate in (None, usual)) or holds_its_own(facts):
        return None
    fix = Fix((Edit(("train", "optimizer"), "adam"), Edit(("train", "learning_rate"), usual)))
    rate = train.learning_rate
    told = f"a {rate.name} from {read_rate(facts):g}" if isinstance(rate, Component) else f"{read_rate(facts):g}"
    found = f"{train.optimizer.name} at {told}"
    return Finding(
        found,
        "it makes almost no progress in these steps",
        ("train", "optimizer"),
        "train",
        fix,
        rate_starved(facts),
        confidence=0.2,
    )


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
    found = f"{reference.steps:,} updates are the whole training"
    return Finding(
        found, "training stops before anything is learned", path, "train", Fix.set(path, epochs), confidence=0.2
    )


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
    return Finding(f"batches of {size}", "each epoch has few updates", path, "train", fix, confidence=0.2)


@rule("R15", "steps-too-large", "warning", "probe", Cause.RATE, remedy=True)
def steps_too_large(facts: Facts) -> Finding | None:
    """A learning rate whose steps do not settle.

    What: the loss no longer falls, training examples are not all right, and with a tenth of the rate the trial ends better.
    Why: the last steps jump around the minimum, by as much as the rate is large; numbers to predict show it most.
    Confirm: the trial beside it; `nnctl debug --lr SPEC`.
    Fix: a tenth of the rate; or a schedule that lowers it, such as `cosine_decay`.
    Source: Bottou et al. 2018, Optimization Methods for Large-Scale Machine Learning, 4.2, on the gap that a fixed rate
        leaves, confirmed by a trial.
    """
    trial, path = require_probe(facts).reference, rates.find_path(facts.spec.train)
    if (trial.falling and not trial.diverged) or path[-1] == "values" or _is_learned(facts):
        return None
    rate = read_rate(facts)
    found = f"a learning rate of {rate:g}, in whose last steps the loss no longer falls"
    smaller = float(f"{rate / thresholds.LESS:.2g}")
    effect = "the last steps jump around the minimum"
    return Finding(found, effect, path, "train", Fix.set(path, smaller), confidence=0.3)


@rule("R16", "ended-too-soon", "warning", "probe", Cause.BUDGET, remedy=True)
def ended_too_soon(facts: Facts) -> Iterator[Finding]:
    """A training that ends while it is still learning.

    What: all the epochs are over, the loss still falls, the network stays below a linear model or neighbours, and with ten
        times the rate, or three times the epochs, the trial ends better.
    Why: steps are too small, or too few, to get where the network could be.
    Confirm: the trial beside it; `plots/curves.png`.
    Fix: a larger rate, or more epochs with `early_stopping` to end them.
    Source: Prechelt 1998, Early Stopping - But When?, confirmed by a trial.
    """
    trial, path, train = require_probe(facts).reference, rates.find_path(facts.spec.train), facts.spec.train
    if not (trial.whole and trial.falling) or not learns(facts) or not stays_below(facts):
        return
    larger = float(f"{thresholds.LESS * read_rate(facts):.2g}")
    found = f"{trial.steps:,} updates are the whole training, and the loss is still falling"
    if path[-1] != "values" and larger <= find_band(facts).most:
        fix = Fix.set(path, larger)
        yield Finding(
            found, f"steps at a rate of {read_rate(facts):g} are too small", path, "train", fix, confidence=0.3
        )
    epochs = ("train", "epochs")
    fix = Fix.set(epochs, thresholds.MORE_EPOCHS * train.epochs)
    yield Finding(found, "training stops while it is still improving", epochs, "train", fix, confidence=0.2)


def _is_learned(facts: Facts) -> bool:
    """Whether the training examples are told as well as can be asked."""
    return require_probe(facts).reference.train_score >= thresholds.TOLD_APART

"""What a network shows in short trainings: its losses, its answers, and the rates at which it learns."""

from nnctl.diagnosis import budget, thresholds
from nnctl.diagnosis.facts.facts import Facts, require_dataset, require_probe
from nnctl.diagnosis.finding import Edit, Finding, Fix
from nnctl.diagnosis.rates import RATE
from nnctl.diagnosis.rule import Cause, rule
from nnctl.diagnosis.success import (
    find_better,
    holds_its_own,
    is_far_behind,
    learns,
    memorises,
    rate_starved,
    stays_below,
)


@rule("P01", "initial-loss", "warning", "probe", Cause.SYMPTOM)
def initial_loss(facts: Facts) -> Finding | None:
    """A loss before the first step that knows less than nothing.

    What: the untrained network's cross-entropy is more than twice that of a network that gives each class the same chance.
    Why: an untrained network should be undecided. One that is sure of wrong answers spends its first epochs unlearning them.
    Confirm: the loss of the first batch.
    Fix: scale the inputs; a common initializer (`glorot_uniform`, `he_normal`); the activation that the loss expects.
    Source: Karpathy 2019, A Recipe for Training Neural Networks; TheDeepChecker's bound of 1.0 on the relative deviation.
    """
    probe = require_probe(facts)
    if probe.expected_loss is None or learns(facts):
        return None
    if probe.initial_loss <= (1 + thresholds.INITIAL_LOSS) * probe.expected_loss:
        return None
    found = f"the loss before the first step is {probe.initial_loss:.3g}, and guessing gives {probe.expected_loss:.3g}"
    return Finding(found, "the first epochs are spent on unlearning the initial outputs", ("train", "loss"), "train")


@rule("P02", "cannot-learn-one-batch", "error", "probe", Cause.SYMPTOM)
def cannot_learn_one_batch(facts: Facts) -> Finding | None:
    """A network that cannot overfit a single batch.

    What: two hundred steps on 32 examples, without dropout and penalties, and at other rates of Adam too, leave more than one
        in twenty wrong.
    Why: a network that can learn anything can learn 32 examples. What cannot has the wrong output, no path for the gradient,
        or labels that do not belong to its examples.
    Confirm: the ladder of attempts in `nnctl debug SPEC`.
    Fix: look at the head, the loss and the activations first.
    Source: Karpathy 2019, A Recipe for Training Neural Networks.
    """
    probe = require_probe(facts)
    if probe.overfit.possible or learns(facts):
        return None
    tried = ", ".join(f"{label}: {score:.2f}" for label, score, _ in probe.overfit.rungs)
    found = f"{probe.overfit.examples} examples cannot be overfitted ({tried})"
    return Finding(found, "a network that cannot overfit one batch cannot learn the whole data", ("model",), "model")


@rule("P03", "learning-rate-out-of-range", "info", "probe", Cause.RATE, remedy=True)
def learning_rate_out_of_range(facts: Facts) -> Finding | None:
    """A learning rate far from where this network learns.

    What: the range test learns best at a rate at least three times larger or smaller than the spec's.
    Why: above the range the loss jumps about or is lost; below it almost nothing is learned in the given epochs.
    Confirm: `nnctl debug --lr SPEC` draws the test.
    Fix: the rate at which the loss falls fastest, within the optimizer's band.
    Source: Smith 2017, Cyclical Learning Rates for Training Neural Networks, 3.3.
    """
    rates = require_probe(facts).rates
    if rates is None or rates.suggested is None or holds_its_own(facts):
        return None
    # Beyond it this net alone may learn.
    suggested = min(rates.suggested, max(budget.find_band(facts).most, rates.asked))
    ratio = rates.asked / suggested
    if 1 / thresholds.RATE_RATIO < ratio < thresholds.RATE_RATIO:
        return None
    lost = f", and training diverges from {rates.diverging:.0e} on" if rates.diverging else ""
    side = "above" if ratio > 1 else "below"
    found = f"the rate is {rates.asked:g}; the loss falls fastest near {rates.suggested:g}{lost}"
    effect = "steps overshoot" if side == "above" else "almost nothing is learned in the given epochs"
    return Finding(found, effect, RATE, "train", Fix.set(RATE, suggested), rate_starved(facts))


@rule("P07", "inputs-ignored", "warning", "probe", Cause.SYMPTOM)
def inputs_ignored(facts: Facts) -> Finding | None:
    """A network that does no better on its labels than on shuffled ones.

    What: trained as long, with the labels of train in random order, its loss falls as far.
    Why: it learns how often each label occurs and nothing else: the examples do not reach the output, or say nothing.
    Confirm: look at examples beside their labels: `nnctl data show SPEC`.
    Fix: whatever else is found first.
    Source: Karpathy 2019 (input-independent baseline); TheDeepChecker.
    """
    probe = require_probe(facts)
    if probe.shuffled is None or probe.shuffled.diverged or probe.reference.diverged or learns(facts):
        return None
    real, random = probe.reference.losses[-1], probe.shuffled.losses[-1]
    if real < (1 - thresholds.INPUT_GAIN) * random:
        return None
    found = f"the loss ends at {real:.3g}, and at {random:.3g} with the labels in random order"
    return Finding(found, "only the class frequencies are learned", ("model",), "model")


@rule("P08", "inference-gap", "warning", "probe", Cause.SYMPTOM)
def inference_gap(facts: Facts) -> Finding | None:
    """A network that answers otherwise when it is used than when it is trained.

    What: after some steps the loss in inference mode is more than one and a half times that in training mode, on the same
        examples.
    Why: batch normalisation uses averages when it is used; of few or small batches they say little.
    Confirm: validation loss far above the training loss from the first epoch on.
    Fix: a lower `momentum` of `batch_normalization`, larger batches.
    Source: Ioffe 2017, Batch Renormalization; TheDeepChecker.
    """
    probe = require_probe(facts)
    layers = [layer for layer in facts.network.layers if layer.known.batch_statistics]
    if not layers or probe.inference_gap <= thresholds.INFERENCE_GAP or learns(facts):
        return None
    edits = tuple(Edit((*layer.item, "momentum"), thresholds.QUICK_MOMENTUM) for layer in layers)
    found = f"the loss is {probe.inference_gap:.1f} times as high in inference mode as in training mode"
    effect = "the validated network behaves differently from the trained one"
    return Finding(found, effect, layers[0].item, layers[0].where, Fix(edits))


@rule("P11", "one-answer-in-a-trial", "warning", "probe", Cause.DATA, sure=True)
def one_answer(facts: Facts) -> Finding | None:
    """A network that gives nearly every example the commonest class, of classes that are not alike in number.

    What: after the trial at least 99 of 100 held-out examples get the commonest class, a class is at most a fifth as common,
        and the labels can be told from the examples.
    Why: always answering the commonest class is right most of the time, so the loss is small and accuracy looks well.
    Confirm: the rare classes' recall in `nnctl evaluate RUN`.
    Fix: `train.class_weight: balanced`, and watch `recall` or `f1_score` beside accuracy.
    Source: He and Garcia 2009, Learning from Imbalanced Data.
    """
    dataset, probe = require_dataset(facts), require_probe(facts)
    counts = dataset.class_counts
    if counts is None or not dataset.classes or facts.weighed or probe.reference.diverged:
        return None
    uneven = min(counts) <= thresholds.UNEVEN * max(counts)
    if not uneven or not probe.reference.whole or probe.reference.commonest < thresholds.NEARLY_ALL:
        return None
    common, rare = (dataset.name_class(counts.index(f(counts))) for f in (max, min))
    path = ("train", "class_weight")
    found = f"{probe.reference.commonest:.1%} of the answers are {common}; {min(counts):,} of {sum(counts):,} examples are {rare}"
    return Finding(found, f"{rare} is never predicted", path, "train", Fix.set(path, "balanced"))


@rule("P12", "test-unlike-train", "warning", "probe", Cause.DATA, sure=True)
def test_unlike_train(facts: Facts) -> Finding | None:
    """Test examples that are made in another way than those that are trained on.

    What: after the trial the score on test is far below that on examples held out of training. Where a statistic of the raw
        examples differs, it is told: indices that are shifted, light and dark or colours exchanged, a column's spread; or else
        what goes with the labels in another way: indices of a dictionary of its own, a column with the other sign.
    Why: what is held out of training is made like it, and the network is right there. Test was read, scaled or numbered in
        another way, and nothing that is done to the network mends that.
    Confirm: a training example beside a test example: `nnctl data show SPEC`.
    Fix: make both in the same way; where only test can be wrong, read it anew.
    Source: Rabanser et al. 2019, Failing Loudly: An Empirical Study of Methods for Detecting Dataset Shift.
    """
    dataset, probe = require_dataset(facts), require_probe(facts)
    if probe.test_score is None or probe.reference.diverged:
        return None
    held = probe.reference.score
    if not is_far_behind(probe.test_score, held, probe.held):
        return None
    scores = f"{dataset.baselines.metric} {held:.3f} on held-out examples of train, {probe.test_score:.3f} on test"
    differs = "; ".join(probe.drift) or "none of the statistics that are compared differs"
    return Finding(f"{scores}; {differs}", "the test split differs from what was learned", ("data",), "data")


@rule("P14", "memorised", "warning", "probe", Cause.SYMPTOM, sure=True)
def memorised(facts: Facts) -> Finding | None:
    """A network that knows its training examples, and does worse on others than what needs no network.

    What: the trial scores ten points and more better on training examples than on held-out ones, and stays below a linear
        model or neighbours on these.
    Why: it has found something that tells the training examples, and new ones do not have it: there are too few examples for
        so many weights, or what the layers let through is not what tells the classes.
    Confirm: the validation loss rises while the training loss falls.
    Fix: `early_stopping`, dropout, penalties, fewer units, more examples; a layer that looks at the examples as they are made.
    Source: Hastie et al. 2009, The Elements of Statistical Learning, 7.2.
    """
    trial = require_probe(facts).reference
    if not memorises(facts) or not stays_below(facts):
        return None
    better = find_better(require_dataset(facts).baselines, trial.score, require_probe(facts).held)
    name, score = next(iter(better.items()))
    found = (
        f"it scores {trial.train_score:.3f} on training examples and {trial.score:.3f} on others; {name} {score:.3f}"
    )
    return Finding(
        found, "the network memorised its examples; this does not carry over to new ones", ("model",), "model"
    )

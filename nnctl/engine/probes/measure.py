"""All probes of one spec, under one budget of time."""

import math
from collections.abc import Sequence
from dataclasses import replace

import keras
import numpy as np
import tensorflow as tf

from nnctl.data import Dataset, Split
from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import spread_labels
from nnctl.diagnosis.facts.classes import find_exchange, find_twins
from nnctl.diagnosis.facts.columns.tails import rank_columns
from nnctl.diagnosis.facts.dataset import sample
from nnctl.diagnosis.facts.drift import describe_drift, describe_relations
from nnctl.diagnosis.facts.facts import Facts, require_dataset
from nnctl.diagnosis.facts.probes import Exchange, Moved, ProbeFacts, Trial, Twins
from nnctl.diagnosis.rates import find_peak
from nnctl.diagnosis.success import find_better, is_far_behind, reaches_baselines
from nnctl.engine.loop.training import Training
from nnctl.engine.network.build import find_default_learning_rate
from nnctl.engine.probes.layers import Layers, SavedVariables
from nnctl.engine.probes.moved import try_moved
from nnctl.engine.probes.overfit import overfit
from nnctl.engine.probes.rates import measure_rate_range
from nnctl.engine.probes.separation import measure_separation
from nnctl.engine.probes.trial import Bout, prepare_data, take_sample
from nnctl.errors import NnctlError
from nnctl.spec.catalogue import traits
from nnctl.spec.edits import Edit, apply_to_spec
from nnctl.spec.network.reduction import sums_up
from nnctl.spec.sections import CLASS_TASKS, Spec

# Ten seconds are what all of it may take on two free cores, beyond TensorFlow's start.
_TRIAL_SECONDS, _REST, _BUILDING = 1.5, 6.0, 0.6  # of one trial's steps; for all trials of fixes; to build a network
# Seconds a step costs at least; operations a second: measured on two cores, with dense layers.
_STEP, _SPEED = 0.5e-3, 1e11
# A recurrent layer goes through a sequence place by place, forward and back: seconds that a place costs at least, and how
# long a trial may take for their sake. Fewer steps would show nothing, so there are fewer trials.
_PLACE, _RECURRENT_SECONDS = 0.15e-3, 5.0
_SHORTEST, _LONGEST = 20, 2_000  # steps of a trial
_FEWEST_TRIALS, _MOST_TRIALS = 3, 8


class Bench:
    """A spec on the bench: its data, its reference trial, and the trials of what might mend it.

    How much is tried is settled by the network's size and not by the clock, so that a verdict does not depend on what else
    the machine is doing.

    Args:
        spec: the spec.
        dataset: its data.
        facts: the facts of its network.
    """

    def __init__(self, spec: Spec, dataset: Dataset, facts: Facts) -> None:
        self.spec, self.data = spec, prepare_data(dataset)
        self.dataset = dataset
        batch = min(spec.train.batch_size, len(self.data.train.x))
        # A product forward, two backward, of two operations each.
        seconds = _STEP + 6 * batch * _count_products(facts) / _SPEED
        asked = spec.train.epochs * -(-len(self.data.train.x) // batch)
        most = round(_TRIAL_SECONDS / seconds)
        seconds += _PLACE * _count_recurrences(facts)
        self.steps = max(_SHORTEST, min(asked, _LONGEST, most, round(_RECURRENT_SECONDS / seconds)))
        self.steps = min(self.steps, asked)
        self.granted = max(_FEWEST_TRIALS, min(_MOST_TRIALS, round(_REST / (_BUILDING + self.steps * seconds))))
        self.trials = self.granted
        self.reference: Trial | None = None

    def allow_more(self) -> None:
        """Grants trials in which further edits are put beside a fix that is not enough: one, and half as many as all before."""
        self.trials = 1 + self.granted // 2

    def try_edits(self, edits: Sequence[Edit]) -> Trial | None:
        """The trial of some edits, over as many examples as the reference saw; None if they do not fit, or all are used up."""
        if not edits or not self.trials:
            return None
        self.trials -= 1
        try:
            keras.utils.clear_session()
            bout = Bout(apply_to_spec(self.spec, edits), self.data, "edited")
            return bout.run(self._count_steps(bout))
        except (NnctlError, ValueError, IndexError, KeyError):
            return None  # a fix that does not fit this spec is no fix

    def _count_steps(self, bout: Bout) -> int:
        """As many steps as show a changed spec what the reference was shown: of epochs, when it asks for more of them."""
        assert self.reference is not None
        mine, theirs = self.spec.train, bout.spec.train
        size = min(mine.batch_size, bout.training.steps.examples)
        examples = self.steps * size * max(1.0, theirs.epochs / mine.epochs)
        return max(1, min(2 * _LONGEST, round(examples / bout.training.steps.batch_size)))


def _count_products(facts: Facts) -> int:
    """Multiplications an example, about: each weight once for every place that it is used at."""
    count = 0
    for layer in facts.network.layers:
        shape = layer.output if layer.output is not None and len(layer.output) > 1 else layer.input
        places = shape[:-1] if shape is not None else ()
        count += layer.parameters * math.prod(size or 1 for size in places)
    return count


def _count_recurrences(facts: Facts) -> int:
    """How often a recurrent layer's step is taken for one batch, one after the other: the places of its sequence."""
    count = 0
    for layer in facts.network.layers:
        if traits.get_layer(layer.inner.name).states and layer.input:
            count += layer.input[0] or 1
    return count


def measure(bench: Bench, facts: Facts) -> ProbeFacts:
    """Runs the probes that every spec gets.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    spec = bench.spec
    keras.utils.clear_session()
    bout = Bout(spec, bench.data, "as it is")
    layers = Layers(bout.training, facts.network)
    start = _compute_loss(bout.training, layers, False)
    before = layers.probe(bout.run_once)
    bench.reference = bout.run(bench.steps)
    broken = bench.reference.diverged
    gap = (
        1.0
        if broken
        else _compute_loss(bout.training, layers, False) / max(_compute_loss(bout.training, layers, True), 1e-9)
    )
    held = 0 if bench.data.validation is None else len(bench.data.validation)
    short = not broken and find_better(require_dataset(facts).baselines, bench.reference.score, held)
    tested = None if broken or bench.dataset.test is None else take_sample(bench.dataset.test)
    test_score = None if tested is None else bout.score(tested)
    behind = test_score is not None and is_far_behind(test_score, bench.reference.score, held)
    return ProbeFacts(
        separation=measure_separation(bout.training, facts.network, bench.data) if short else (),
        initial_loss=start,
        expected_loss=expect_loss(spec, bout.training, layers),
        before=before,
        after=before if broken else layers.probe(bout.run_once),
        reference=bench.reference,
        overfit=overfit(spec, bench.data),
        shuffled=_try_shuffled(bench, facts),
        rates=measure_rate_range(spec, bench.data, find_asked_rate(spec))
        if spec.train.optimizer.name != "adadelta"
        else None,
        inference_gap=gap,
        test_score=test_score,
        drift=_describe_drift(bench, facts) if behind else (),
        held=held,
        ranked=_try_ranked(bench, facts) if short or broken else None,
        twins=() if broken else _find_twins(bout, tested),
        exchanged=() if broken else _find_exchanges(bout, tested),
        moved=None if broken else _try_moved(bench, facts),
    )


def _find_twins(bout: Bout, tested: Split | None) -> tuple[Twins, ...]:
    """The classes of many that the trial's answers do not tell from each other, on examples that it did not train on."""
    if bout.data.task != "multiclass":
        return ()
    answers = [bout.answer(split) for split in (bout.data.validation, tested) if split is not None]
    true, told = (np.concatenate(each) for each in zip(*answers, strict=True))
    return find_twins(true, told, bout.data.outputs)


def _find_exchanges(bout: Bout, tested: Split | None) -> tuple[Exchange, ...]:
    """The splits whose classes the trial's last weights answer in another order; validation may have chosen worse ones."""
    if bout.data.task not in CLASS_TASKS:
        return ()
    splits = {"validation": bout.data.validation, "test": tested}
    found = (
        find_exchange(name, *bout.answer(split, kept=False), bout.data.outputs)
        for name, split in splits.items()
        if split is not None
    )
    return tuple(one for one in found if one is not None)


def _describe_drift(bench: Bench, facts: Facts) -> tuple[str, ...]:
    """What sets test apart from train: looked for only where their scores differ, since wide examples take seconds."""
    dataset, seen = bench.dataset, require_dataset(facts)
    assert dataset.test is not None
    names = () if dataset.columns is None else dataset.columns.names
    (train, mine), (test, theirs) = (sample(split) for split in (dataset.train, dataset.test))
    found = describe_drift(train, test, seen.tokens, seen.image, names)
    if found or seen.image:
        return found
    told, asked = (spread_labels(y, dataset.task, dataset.outputs) for y in (mine, theirs))
    return describe_relations((train, told), (test, asked), seen.tokens, names)


def _try_ranked(bench: Bench, facts: Facts) -> Trial | None:
    """The trial with ranks in the place of the numbers of columns with far values; None without any."""
    assert bench.reference is not None
    assert bench.data.validation is not None
    tails, train, held = require_dataset(facts).columns.tails, bench.data.train, bench.data.validation
    if not tails:
        return None
    ranked, told = rank_columns(train.x, train.x, tails), rank_columns(held.x, train.x, tails)
    data = replace(bench.data, train=replace(train, x=ranked), validation=replace(held, x=told))
    return Bout(bench.spec, data, "ranks in the place of far values").run(bench.reference.steps)


def _try_moved(bench: Bench, facts: Facts) -> Moved | None:
    """The trial with the labels of neighbouring rows, where those of the examples say next to nothing, to no model."""
    assert bench.reference is not None
    dataset = require_dataset(facts)
    most, trivial = max(bench.reference.score, dataset.baselines.reachable), dataset.baselines.trivial
    if dataset.tokens or dataset.task == "multilabel" or dataset.shift is not None or dataset.one_class:
        return None
    if most - trivial > thresholds.NO_MORE * (1 - trivial) or not isinstance(bench.dataset.train.x, np.ndarray):
        return None
    reference = bench.reference
    return try_moved(bench.dataset, lambda data, label: Bout(bench.spec, data, label).run(reference.steps))


def _compute_loss(training: Training, layers: Layers, mode: bool) -> float:
    """The loss on the layers' examples without penalties; in training mode what is drawn is put back."""
    held = SavedVariables(training) if mode else None
    answer = training.model(layers.x, training=mode)
    found = float(tf.reduce_mean(layers.compare(answer)))
    if held is not None:
        held.restore()
    return found


def expect_loss(spec: Spec, training: Training, layers: Layers) -> float | None:
    """The loss of answers that know nothing: ln K of K classes, ln 2 of two; of a sum that of each example of a batch."""
    known = traits.get_loss(spec.train.loss.name)
    if not known.entropy:
        return None
    chance = math.log(2 if known.output == "probabilities" else training.targets.outputs)
    if sums_up(spec.train.loss):
        return float(layers.average([chance * (rows.stop - rows.start) for rows in layers.batches]))
    return chance


def find_asked_rate(spec: Spec) -> float:
    """The rate that a spec asks for: the largest of a schedule, and Keras's own where it names none."""
    peak = find_peak(spec.train)
    return find_default_learning_rate(spec.train.optimizer) if peak is None else peak


def _try_shuffled(bench: Bench, facts: Facts) -> Trial | None:
    """The trial with the labels of train in another order than their examples; only where the real ones teach nothing."""
    assert bench.reference is not None
    if reaches_baselines(bench.reference, require_dataset(facts).baselines) or bench.reference.diverged:
        return None
    train = bench.data.train
    order = np.random.Generator(np.random.Philox(2)).permutation(len(train.y))
    data = replace(bench.data, train=replace(train, y=train.y[order]))
    return Bout(bench.spec, data, "labels in random order").run(bench.reference.steps)

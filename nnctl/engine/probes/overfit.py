"""Overfitting one batch: what a sound network does in seconds, and a broken one never."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from nnctl.data import Dataset, Split
from nnctl.diagnosis.facts.probes import Overfit
from nnctl.engine.probes.trial import Bout
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import CLASS_TASKS, Component, Spec

EXAMPLES = 32
STEPS = 200
PASSES = 0.95  # of the examples right; of numbers 0.9 of the variance: as debugging by hand has it (Karpathy 2019)
PASSES_R2 = 0.9


def overfit(spec: Spec, data: Dataset) -> Overfit:
    """Trains on one batch: with the spec's own optimizer, and if that fails with Adam.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    batch, rungs = _pick_batch(data), []
    data = replace(data, train=batch, validation=batch)
    for label, attempt in _list_attempts(data.plan(strip(spec)).spec):
        found = Bout(attempt, data, label).run(STEPS)
        passed = found.train_score >= (PASSES_R2 if data.task == "regression" else PASSES)
        rungs.append((label, found.train_score, passed))
        if passed:
            break
    return Overfit(len(batch.x), tuple(rungs))


def strip(spec: Spec) -> Spec:
    """The spec without what keeps a network from memorising: dropout, noise, penalties, augmentation, weights, averages."""
    train = replace(spec.train, augment=(), class_weight=None, batch_size=EXAMPLES, epochs=STEPS, shuffle=False)
    arguments = {k: v for k, v in train.optimizer.arguments.items() if k != "use_ema"}
    train = replace(train, early_stopping=None, optimizer=replace(train.optimizer, arguments=arguments))
    return replace(spec, layers=tuple(_strip_layer(layer) for layer in spec.layers), train=train)


def _strip_layer(layer: Component) -> Component:
    arguments = {
        k: v for k, v in layer.arguments.items() if not k.endswith("_regularizer") and k != "recurrent_dropout"
    }
    known = traits.get_layer(layer.name)
    if known.drops:
        arguments["rate"] = 0.0
    if known.adds_noise:
        arguments["stddev"] = 0.0
    if "dropout" in arguments:
        arguments["dropout"] = 0.0
    return replace(layer, arguments=arguments)


def _list_attempts(spec: Spec) -> Iterator[tuple[str, Spec]]:
    rate = spec.train.learning_rate
    # A schedule that depends on the length of the training has nothing to say about two hundred steps of one batch.
    fixed = rate if isinstance(rate, float) else None
    yield f"{spec.train.optimizer.name} of the spec", replace(spec, train=replace(spec.train, learning_rate=fixed))
    adam = Component("optimizer", "adam", {})
    for tried in (0.001, 0.03):  # a narrow network needs large steps to get anywhere in two hundred
        yield f"adam at {tried}", replace(spec, train=replace(spec.train, optimizer=adam, learning_rate=tried))


def _pick_batch(data: Dataset) -> Split:
    """The first examples of each class in turn, so that there is something to tell apart."""
    y = data.decide(data.train)
    rows = np.arange(len(y))
    if data.task in CLASS_TASKS:
        turn = np.zeros(len(y), np.int64)
        for label in np.unique(y):
            turn[y == label] = np.arange(int((y == label).sum()))
        rows = np.lexsort((y, turn))
    rows = rows[:EXAMPLES]
    return Split(data.train.x[rows], data.train.y[rows], np.arange(len(rows)))

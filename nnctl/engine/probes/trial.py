"""A short training and its score: the yardstick by which a suspicion is confirmed or dropped."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
import tensorflow as tf

from nnctl.data import Dataset, Split
from nnctl.diagnosis.facts.dataset import choose_rows, sample
from nnctl.diagnosis.facts.network import count_gathered
from nnctl.diagnosis.facts.probes import Trial
from nnctl.engine.loop.monitor import use_averages
from nnctl.engine.loop.steps import make_order
from nnctl.engine.loop.training import VALIDATION_BATCH, Training
from nnctl.engine.probes.pace import ROUNDS, Pace, count_rounds, list_watchers, scale_watchers
from nnctl.engine.probes.separation import find_neighbours
from nnctl.engine.scoring import make_predictions
from nnctl.spec.network.watched import VALIDATION
from nnctl.spec.sections import Spec

MOST_EXAMPLES = 20_000  # to train on: no trial is long enough to see them all
HELD_OUT = 1_000  # examples to score, and as many of those that were trained on
_HELD_SHARE = 0.2  # of train, where there is no validation; test is never looked at
_GROWTH = 10.0  # a loss ten times what it began with does not come back


def prepare_data(dataset: Dataset) -> Dataset:
    """The data as trials use them: in memory, few enough, with examples held out for a score.

    Returns:
        The dataset with a `train` of at most 20,000 examples, a `validation` of at most 1,000, and no test.
    """
    (x, y), weight = sample(dataset.train, MOST_EXAMPLES), dataset.train.weight
    rows = choose_rows(dataset.train, MOST_EXAMPLES)
    weight = weight if weight is None or rows is None else weight[rows]
    if dataset.validation is not None:
        held, labels = sample(dataset.validation, HELD_OUT)
        return replace(dataset, train=_make_split(x, y, weight), validation=_make_split(held, labels), test=None)
    order = np.random.Generator(np.random.Philox(1)).permutation(len(x))
    count = max(1, min(HELD_OUT, round(_HELD_SHARE * len(x))))
    out, kept = order[:count], np.sort(order[count:])
    train = _make_split(x[kept], y[kept], None if weight is None else weight[kept])
    return replace(dataset, train=train, validation=_make_split(x[out], y[out]), test=None)


def take_sample(split: Split) -> Split:
    """At most 1,000 examples of a split, in memory."""
    return _make_split(*sample(split, HELD_OUT))


def strip_extras(spec: Spec) -> Spec:
    """The spec without what takes time and changes no step: XLA, metrics, summaries; its epochs are rounds (`scale_watchers`)."""
    train = replace(scale_watchers(spec.train)[0], xla=False, tensorboard=False, max_seconds=None, metrics=())
    return replace(spec, train=train)


class Bout:
    """One trial while it runs.

    Args:
        spec: the spec to train.
        data: what `prepare_data` made.
        label: what is changed, in words.

    Raises:
        SpecError: the network cannot be built or fed.
    """

    def __init__(self, spec: Spec, data: Dataset, label: str) -> None:
        self.started = time.perf_counter()
        self.spec, self.data, self.label = spec, data, label
        self.training = Training(data.plan(strip_extras(spec)), data)
        self.pace, self.watchers = Pace(self.training), list_watchers(self.training)
        self.losses: list[float] = []
        self.step = 0
        self._graph = tf.function(
            self._run_batches,
            autograph=False,
            input_signature=[tf.TensorSpec([None], "int32"), tf.TensorSpec([None], "int32")],
        )

    def run_once(self) -> None:
        """Runs the batches that make one update of the weights, the first examples in turn, outside of the count."""
        size, examples = self.training.steps.batch_size, self.training.steps.examples
        count = count_gathered(self.spec.train)
        self._advance([np.arange(index * size, (index + 1) * size) % examples for index in range(count)])

    def run(self, steps: int) -> Trial:
        """Trains for so many steps, or until the loss is beyond repair."""
        self.pace.set_length(self.asked, steps)
        self.training.begin()
        length = max(1, steps // (count_rounds(self.spec.train) if self.watchers else ROUNDS))
        while self.step < steps and not self.lost and not self.training.model.stop_training:
            self._run_stretch(min(length, steps - self.step))
        return self.make_result()

    @property
    def asked(self) -> int:
        """How many steps the spec asks for."""
        return self.spec.train.epochs * self.training.steps.per_epoch

    @property
    def lost(self) -> bool:
        """Whether the loss is beyond repair."""
        if not self.losses:
            return False
        last = self.losses[-1]
        return not math.isfinite(last) or last > max(1.0, _GROWTH * self.losses[0])

    def make_result(self) -> Trial:
        """What came of it so far."""
        diverged = self.lost or not self.training.steps.is_finite()
        whole, left = self.step >= self.asked or self.training.model.stop_training, scale_watchers(self.spec.train)[1]
        worst = self._find_worst()
        bad = Trial(self.label, self.step, whole, tuple(self.losses), *worst, True, 1.0, self._time(), left)
        if diverged:
            return bad
        with self._use_kept():
            held, commonest = self._score(self.data.validation)
            train, _ = self._score(_take_first(self.data.train, HELD_OUT))
        return replace(bad, score=held, train_score=train, diverged=False, commonest=commonest, seconds=self._time())

    def score(self, split: Split) -> float:
        """The score of the weights that the training would keep, in the metric of the baselines."""
        with self._use_kept():
            return self._score(split)[0]

    def answer(self, split: Split, kept: bool = True) -> tuple[np.ndarray, np.ndarray]:
        """The classes of a split's examples, and those that the weights that are kept, or the last ones, answer; by index."""
        with self._use_kept() if kept else nullcontext():
            outputs = self._compute_outputs(split.x)
        told, true = _read_classes(make_predictions(outputs, self.training.targets.meaning, self.data, split))
        return true, told

    def _run_stretch(self, length: int) -> None:
        """Runs steps, epoch after epoch, in the orders that a training has."""
        steps = self.training.steps
        steps.model.reset_metrics()
        self._advance(list(self._list_batches(self.step, self.step + length)))
        self.step += length
        self.losses.append(steps.read_results()["loss"])
        if self.watchers and math.isfinite(self.losses[-1]):
            self._end_round()

    def _end_round(self) -> None:
        """Tells what watches the epochs of the training what became of some of them, and keeps the best weights, as it does."""
        training, number = self.training, len(self.losses)
        assert training.validation is not None
        with use_averages(training.model):
            scores = training.validation.evaluate() or {}
            row = {"epoch": number, "loss": self.losses[-1], **{VALIDATION + name: v for name, v in scores.items()}}
            training.best.consider(row, training.model)
        for watcher in self.watchers:
            watcher.on_epoch_end(number - 1, row)

    @contextmanager
    def _use_kept(self) -> Iterator[None]:
        """The weights that the training would keep: those of the best round where it watches rounds, else their averages."""
        model = self.training.model
        if not self.watchers or self.training.best.weights is None:
            with use_averages(model):
                yield
            return
        weights = model.get_weights()
        self.training.restore_best()
        yield
        model.set_weights(weights)

    def _list_batches(self, start: int, stop: int) -> Iterator[np.ndarray]:
        """The rows of each step."""
        steps, seed, shuffle = self.training.steps, self.spec.seed, self.spec.train.shuffle
        epochs = range(start // steps.per_epoch, (stop - 1) // steps.per_epoch + 1)
        orders = {epoch: make_order(seed, epoch, steps.examples, shuffle) for epoch in epochs}
        for step in range(start, stop):
            epoch, index = divmod(step, steps.per_epoch)
            yield orders[epoch][index * steps.batch_size : (index + 1) * steps.batch_size]

    def _advance(self, batches: list[np.ndarray]) -> None:
        """Runs a step on each batch of rows, all in one call: where epochs are short, calls cost more than steps."""
        bounds = np.cumsum([0, *(len(rows) for rows in batches)])
        self._graph(np.concatenate(batches).astype(np.int32), bounds.astype(np.int32))

    def _run_batches(self, rows: Any, bounds: Any) -> None:
        steps = self.training.steps

        def step(i: Any) -> Any:
            steps.model.train_step(steps.make_batch(rows[bounds[i] : bounds[i + 1]]))
            return i + 1

        tf.while_loop(lambda i: i < tf.size(bounds) - 1, step, [tf.constant(0)], parallel_iterations=1)

    def _score(self, split: Split | None) -> tuple[float, float]:
        """The score of a split in the metric of the baselines, and the share of the commonest answer."""
        assert split is not None
        table = make_predictions(self._compute_outputs(split.x), self.training.targets.meaning, self.data, split)
        if self.data.task == "regression":
            errors = np.square(table.predicted.astype(np.float64) - table.target).sum(axis=0)
            spread = np.square(table.target - table.target.mean(axis=0, dtype=np.float64)).sum(axis=0)
            return float(np.mean(1 - errors / np.maximum(spread, 1e-12))), 0.0
        told, true = _read_classes(table)
        right = float(np.mean(told == true)) if len(true) else 0.0
        if self.data.task == "multilabel":
            return right, 0.0
        return right, float(np.bincount(told + 1).max() / len(told)) if len(told) else 0.0

    def _compute_outputs(self, x: np.ndarray) -> np.ndarray:
        """The network's outputs, float32; op by op, since a few batches take less time than compiling."""
        model, starts = self.training.model, range(0, len(x), VALIDATION_BATCH)
        return np.concatenate(
            [np.asarray(model(x[start : start + VALIDATION_BATCH], training=False), np.float32) for start in starts]
        )

    def _find_worst(self) -> tuple[float, float]:
        return (-1.0, -1.0) if self.data.task == "regression" else (0.0, 0.0)

    def _time(self) -> float:
        return time.perf_counter() - self.started


def _read_classes(table: Any) -> tuple[np.ndarray, np.ndarray]:
    """The answers and the labels; of an embedding the answer is the class of the nearest example."""
    if table.meaning.kind == "embedding":
        return find_neighbours(table.output, table.target)
    return table.predicted, table.target


def _make_split(x: np.ndarray, y: np.ndarray, weight: np.ndarray | None = None) -> Split:
    return Split(x, y, np.arange(len(x)), weight)


def _take_first(split: Split, count: int) -> Split:
    return _make_split(split.x[:count], split.y[:count])

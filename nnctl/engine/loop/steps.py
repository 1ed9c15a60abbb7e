"""The compiled part of training: many steps a call over data that stay on the device.

A call runs steps `start` to `stop` of an epoch; all that travels is the epoch's order, once, and these two numbers. The
loop runs inside one computation (`tf.while_loop` around Keras's own `train_step`), whose bounds are values and not
constants: with `tf.range` XLA compiles anew for every pair of bounds. Bits do not depend on how many steps a call runs.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnctl.data import Split
from nnctl.engine.loop.xla_random import use_threefry
from nnctl.engine.loop.xla_update import fuse_update
from nnctl.engine.network.augmentation import Augmentation
from nnctl.engine.network.labels import Targets
from nnctl.engine.network.watching import WholeMetric, scoring
from nnctl.spec.network.class_keys import match_keys
from nnctl.spec.network.compilation import Xla

# Signals are heeded and progress is shown between calls: a quarter of a second keeps both prompt.
CALL_SECONDS = 0.25


class Steps:
    """One training's compiled functions.

    Args:
        model: a compiled model whose optimizer is built.
        split: the training examples; if they say how much each counts, they do so alone, without `weights`.
        batch_size: examples a step; more than there are is one full batch.
        xla: True if whole batches run in one XLA computation; a last, smaller batch then runs as a graph, which costs a
            tenth of compiling it. `update` if all run as a graph in which the optimizer's update is such a computation.
        weights: float32 of shape (classes,), how much an example of each class counts, or None.
        augmentation: what is done to each batch of images in front of the network, or None; not with XLA.

    Attributes:
        refusal: what XLA says where it cannot compile the network, which then runs as a graph; else None.
    """

    def __init__(
        self,
        model: keras.Model,
        split: Split,
        batch_size: int,
        xla: Xla,
        weights: np.ndarray | None = None,
        augmentation: Augmentation | None = None,
    ) -> None:
        self.model, self.augmentation = model, augmentation
        self.examples = len(split.x)
        self.batch_size = min(batch_size, self.examples)
        self.per_epoch = -(-self.examples // self.batch_size)
        self.whole = self.examples // self.batch_size
        self._x, self._y = self._hold(split.x), tf.constant(split.y)
        self._weights = None if weights is None else tf.constant(weights)
        self._sample_weights = None if split.weight is None else tf.constant(split.weight)
        self._graph = tf.function(self._run_batches, autograph=False)
        self._xla: Any = (
            tf.function(self._run_whole_batches, jit_compile=True, autograph=False) if xla is True else None
        )
        self._step: Callable[..., Any] = self._run_fused_step if xla == "update" else model.train_step
        self._order = tf.zeros(self.examples, "int32")
        self._build()
        self.refusal = self._compile() if xla is True else None

    def begin(self, order: np.ndarray) -> None:
        """Takes the order of an epoch, int32 of shape (examples,), and clears the metrics."""
        self._order = tf.constant(order)
        self.model.reset_metrics()

    def find_rows(self, step: int) -> np.ndarray:
        """The examples of a step of the epoch, int32 of shape (batch,)."""
        begin = step * self.batch_size
        return np.asarray(self._order[begin : begin + self.batch_size])

    def run(self, start: int, stop: int) -> None:
        """Runs steps `start` up to but without `stop` of the epoch."""
        whole = min(stop, self.whole) if self._xla else start
        if self._xla and start < whole:
            self._xla(self._order, tf.constant(start), tf.constant(whole))
        if (start := max(start, whole)) < stop:
            self._graph(self._order, tf.constant(start), tf.constant(stop))

    def make_batch(self, rows: Any) -> tuple[Any, ...]:
        """What `train_step` takes of some rows, in a graph."""
        return self._add_labels(tf.gather(self._x, rows), rows)

    @property
    def compiled(self) -> int:
        """How many computations have been traced; more than two means that something retraces."""
        functions = [function for function in (self._graph, self._xla) if function is not None]
        return sum(function.experimental_get_tracing_count() for function in functions)

    def read_results(self) -> dict[str, float]:
        """The loss and metrics of the epoch so far."""
        return {name: float(value) for name, value in self.model.get_metrics_result().items()}

    def is_finite(self) -> bool:
        """Whether every weight of the model is finite."""
        return all(bool(tf.reduce_all(tf.math.is_finite(v.value))) for v in self.model.weights if "float" in v.dtype)

    def _build(self) -> None:
        """Lets Keras make the variables of its metrics, which inside the compiled function would cost a second trace."""
        self.model.test_step((self._x[:1], self._y[:1]))
        self.model.reset_metrics()

    def _compile(self) -> str | None:
        """Compiles the whole batches by running none of them, which changes nothing; what XLA says against it, if it does."""
        none = tf.constant(0)
        try:
            self._xla(self._order, none, none)
        except Exception as error:  # a network that is at fault itself is so as a graph, too, and is told of there
            self._xla = None
            return " ".join(str(error).split())[:200]
        return None

    def _hold(self, x: Any) -> Any:
        """The examples on the device."""
        return tf.constant(x)

    def _add_labels(self, x: Any, rows: Any) -> tuple[Any, ...]:
        """What `train_step` takes: the examples of some rows, augmented, their labels, and how much each counts."""
        y = tf.gather(self._y, rows)
        x, y = (x, y) if self.augmentation is None else self.augmentation(x, y)
        if self._sample_weights is not None:
            return x, y, tf.gather(self._sample_weights, rows)
        return (x, y) if self._weights is None else (x, y, weigh_examples(self._weights, y))

    def _run_batches(self, order: Any, start: Any, stop: Any) -> None:
        def step(i: Any) -> Any:
            begin = i * self.batch_size
            self._step(self.make_batch(order[begin : tf.minimum(begin + self.batch_size, self.examples)]))
            return i + 1

        tf.while_loop(lambda i: i < stop, step, [start], parallel_iterations=1)

    def _run_fused_step(self, batch: tuple[Any, ...]) -> None:
        """A step in a graph whose update is an XLA computation."""
        with fuse_update(self.model.optimizer):
            self.model.train_step(batch)

    def _run_whole_batches(self, order: Any, start: Any, stop: Any) -> None:
        def step(i: Any) -> Any:
            self.model.train_step(self.make_batch(tf.slice(order, [i * self.batch_size], [self.batch_size])))
            return i + 1

        with use_threefry():
            tf.while_loop(lambda i: i < stop, step, [start], parallel_iterations=1)


class Validation:
    """The compiled scoring of one split, in order, without training: at the end of an epoch, and when a model is evaluated.

    Args:
        model: a model with the loss and the metrics that it is compiled with.
        split: the examples.
        batch_size: examples a step.
        whole: metrics that are computed from all outputs, by name: their values take the place of the running ones.
        keep: whether the outputs are kept in any case.
    """

    def __init__(
        self,
        model: keras.Model,
        split: Split,
        batch_size: int,
        whole: Mapping[str, WholeMetric] | None = None,
        keep: bool = False,
    ) -> None:
        self.model, self.batch_size, self.examples = model, min(batch_size, len(split.x)), len(split.x)
        self._x, self._y, self._labels, self._whole = self._hold(split.x), tf.constant(split.y), split.y, whole or {}
        units = model.output_shape[-1] if keep or self._whole else 0
        # Numbers that float32 has no digits for come as float64; half precision is scored as float32.
        self._kept = "float64" if model.outputs[0].dtype == "float64" else "float32"
        self._outputs = tf.Variable(tf.zeros((len(split.x) if units else 0, units), self._kept), trainable=False)
        self._graph = tf.function(self._run_batches, autograph=False)

    @property
    def outputs(self) -> np.ndarray:
        """What the network gave when the split was scored last, of shape (n, units); kept if `whole` or `keep`."""
        return np.asarray(self._outputs.numpy())

    def evaluate(self, stop: Callable[[], bool] = lambda: False) -> dict[str, float] | None:
        """The loss and metrics over the whole split, or None if `stop`, asked between calls, put an end to it."""
        self.model.reset_metrics()
        self._begin()
        done, length = 0, 1
        while done < self.examples:
            if stop():
                return None
            begun, end = time.perf_counter(), min(done + length * self.batch_size, self.examples)
            self._run(done, end)
            length = choose_length(length, time.perf_counter() - begun, length)
            done = end
        found = {name: float(value) for name, value in self.model.get_metrics_result().items()}
        outputs = self.outputs
        return found | {name: compute(self._labels, outputs) for name, compute in self._whole.items()}

    def _begin(self) -> None:
        """Gets ready to go over the split."""

    def _run(self, start: int, stop: int) -> None:
        """Scores the examples from `start`, the begin of a batch, up to but without `stop`."""
        self._graph(tf.constant(start), tf.constant(stop), tf.constant(self.batch_size))

    def _hold(self, x: Any) -> Any:
        """The examples on the device."""
        return tf.constant(x)

    def _take_examples(self, rows: slice) -> Any:
        """The examples of some rows, in a graph."""
        return self._x[rows]

    def _run_batches(self, start: Any, stop: Any, size: Any) -> None:
        def step(i: Any) -> Any:
            rows = slice(i, tf.minimum(i + size, stop))
            with scoring(), _catch_outputs(self.model) as caught:
                self.model.test_step((self._take_examples(rows), self._y[rows]))
            if self._outputs.shape[1]:
                self._outputs[rows].assign(tf.cast(tf.reshape(caught[0], (-1, self._outputs.shape[1])), self._kept))
            return i + size

        tf.while_loop(lambda i: i < stop, step, [start], parallel_iterations=1)


@contextmanager
def _catch_outputs(model: keras.Model) -> Iterator[list[Any]]:
    """What the model gives in the block, as Keras hands it to its metrics."""
    caught: list[Any] = []
    compute = model.compute_metrics

    def catch(x: Any, y: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        caught.append(y_pred)
        return compute(x, y, y_pred, sample_weight)

    model.compute_metrics = catch
    try:
        yield caught
    finally:
        del model.compute_metrics


def choose_length(ran: int, seconds: float, before: int) -> int:
    """How many steps the next call runs: as many as take `CALL_SECONDS`, but at most four times as many as before.

    The first calls hold the compilation, so their time says little.
    """
    return max(1, min(round(ran * CALL_SECONDS / max(seconds, 1e-6)), 4 * before))


def make_order(seed: int, epoch: int, examples: int, shuffle: bool) -> np.ndarray:
    """The order in which an epoch visits the examples, int32 of shape (examples,): a function of (seed, epoch) alone.

    NumPy promises Philox's words for ever, but not `shuffle` (NEP 19): a run is resumed with the version of NumPy that
    it was begun with, or says that it was not, and a test holds the order of today.

    Args:
        seed: the spec's seed.
        epoch: the epoch, from 0.
        examples: how many there are.
        shuffle: False for the order in which they are stored.
    """
    order = np.arange(examples, dtype=np.int32)
    if shuffle:  # what `permutation` does, which makes 64 bits of each
        np.random.Generator(np.random.Philox(key=[seed, epoch])).shuffle(order)
    return order


def weigh_examples(weights: Any, labels: Any) -> Any:
    """How much each example counts: as its class does, or, if its label is shares of classes, as these do on average."""
    return tf.gather(weights, labels) if labels.dtype.is_integer else tf.linalg.matvec(labels, weights)


def compute_class_weights(targets: Targets, labels: np.ndarray, names: tuple[str, ...]) -> np.ndarray | None:
    """How much an example of each class counts, float32 of shape (classes,), or None if all count the same.

    `balanced` is n / (classes x count), as scikit-learn's `compute_class_weight`: King and Zeng 2001. Only classes that
    occur are counted, since one that never does would make all others count for less; its own weight is 1, and weighs nothing.
    Of labels that are shares, the count of a class is the sum of its shares.

    Args:
        targets: the forms of the labels.
        labels: the training labels, int32 of shape (n,), or float32 of shape (n, classes), the shares of the classes.
        names: the names of the classes, by which the spec may call them.
    """
    given = targets.spec.train.class_weight
    if given is None:
        return None
    if isinstance(given, str):
        return _balance_classes(_count_classes(labels, targets.outputs))
    weights = np.ones(targets.outputs, np.float32)
    matched = match_keys(given, names, targets.spec.data.older)
    assert not matched.faults  # `engine.loop.checks` refuses them
    for key, index in matched.indices.items():
        weights[index] = given[key]
    return weights


def _count_classes(labels: np.ndarray, classes: int) -> np.ndarray:
    """How many examples each class has: int64, or float64 for shares, of shape (classes,)."""
    return np.bincount(labels, minlength=classes) if labels.ndim == 1 else labels.sum(axis=0, dtype=np.float64)


def _balance_classes(counts: np.ndarray) -> np.ndarray:
    """The weights with which all classes that occur count alike, float32; 1 for a class that does not."""
    weights, there = np.ones(len(counts), np.float32), counts > 0
    weights[there] = counts.sum() / (there.sum() * counts[there])
    return weights

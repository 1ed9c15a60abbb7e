"""Training, validating and predicting on examples that stay on disk: read batch by batch, as they are needed.

Each compiled step fetches its batch. The pixels, the order of the epochs and the arithmetic are those of data that are held;
only where the examples come from differs.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import keras
import numpy as np
import tensorflow as tf

from nnctl.data import Split
from nnctl.data.memory.on_disk import OnDisk
from nnctl.engine.loop.steps import Steps, Validation
from nnctl.engine.network.augmentation import Augmentation
from nnctl.engine.network.watching import WholeMetric
from nnctl.errors import DataError
from nnctl.spec.network.compilation import Xla


class Stream:
    """The batches of some examples, handed into a graph one by one, while those behind them are being read.

    A call out of the graph (`tf.numpy_function`) costs half of what a `tf.data` dataset over a generator does: nothing is
    copied, no other thread is woken. Images come two batches ahead all the same, from the threads that decode them.

    Used as a context, it turns TensorFlow's complaint about an example that cannot be read into the DataError that it was.
    """

    def __init__(self, examples: OnDisk, batch_size: int) -> None:
        self._examples, self._size = examples, batch_size
        self._batches: Iterator[np.ndarray] = iter(())
        self._fault: DataError | None = None

    def begin(self, rows: np.ndarray) -> None:
        """Takes the rows that the next batches are of, of integers, of shape (n,)."""
        starts = range(0, len(rows), self._size)
        self._batches = self._examples.read_batches(rows[start : start + self._size] for start in starts)

    def read_batch(self) -> Any:
        """The next batch, in a graph: of shape (batch, ...), in the type that is stored."""
        batch = tf.numpy_function(self._read_next, [], self._examples.dtype.name)
        batch.set_shape((None, *self._examples.shape[1:]))
        return batch

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, tf.errors.OpError) and self._fault is not None:
            raise self._fault from None

    def _read_next(self) -> np.ndarray:
        try:
            return next(self._batches)
        except DataError as error:
            self._fault = error
            raise


class StreamedSteps(Steps):
    """The steps of a training on examples that stay on disk.

    With `xla`, each step is an XLA computation of its own: what hands over the batches cannot be part of one.
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
        super().__init__(model, split, batch_size, False if xla is True else xla, weights, augmentation)
        if xla is True:
            self._step = tf.function(model.train_step, jit_compile=True, autograph=False)
        self._stream = Stream(cast(Any, split.x), self.batch_size)
        self._next: int | None = None

    def begin(self, order: np.ndarray) -> None:
        """Takes the order of an epoch, int32 of shape (examples,), and clears the metrics."""
        super().begin(order)
        self._next = None

    def run(self, start: int, stop: int) -> None:
        """Runs steps `start` up to but without `stop` of the epoch; what lies before `start` is not decoded.

        Raises:
            DataError: an example can no longer be read.
        """
        if start != self._next:
            self._stream.begin(np.asarray(self._order)[start * self.batch_size :])
        with self._stream:
            super().run(start, stop)
        self._next = stop

    def make_batch(self, rows: Any) -> tuple[Any, ...]:
        """What `train_step` takes of some rows, which are those that come next, in a graph."""
        return self._add_labels(self._stream.read_batch(), rows)

    def _hold(self, x: Any) -> Any:
        return tf.constant(x[:1])


class StreamedValidation(Validation):
    """The validation on examples that stay on disk."""

    def _begin(self) -> None:
        self._stream.begin(np.arange(self.examples))

    def _run(self, start: int, stop: int) -> None:
        """Scores the next examples.

        Raises:
            DataError: an example can no longer be read.
        """
        with self._stream:
            super()._run(start, stop)

    def _hold(self, x: Any) -> Any:
        self._stream = Stream(x, self.batch_size)
        return tf.constant(x[:1])

    def _take_examples(self, rows: slice) -> Any:
        return self._stream.read_batch()


def make_validation(
    model: keras.Model, split: Split, batch_size: int, whole: Mapping[str, WholeMetric], keep: bool = False
) -> Validation:
    """The scoring of a split, held or streamed; the arguments are those of `Validation`."""
    kind = StreamedValidation if isinstance(split.x, OnDisk) else Validation
    return kind(model, split, batch_size, whole, keep)

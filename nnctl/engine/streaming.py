"""Training, scoring and predicting on images that stay on disk: decoded batch by batch, as they are needed.

`tf.data` hands the batches to the compiled steps, and knows how many there are. The pixels, the order of the epochs and the
arithmetic are those of data that are held; only where the examples come from differs.
"""

from collections.abc import Iterator
from typing import Any, cast

import keras
import numpy as np
import tensorflow as tf

from nnctl.data import Split
from nnctl.data.pictures import Pictures
from nnctl.engine.augmentation import Augmentation
from nnctl.engine.steps import Scoring, Steps
from nnctl.errors import DataError

_AHEAD = 1  # batches that TensorFlow holds besides those that are being decoded


def steps(
    model: keras.Model,
    split: Split,
    batch_size: int,
    xla: bool,
    weights: np.ndarray | None = None,
    augmentation: Augmentation | None = None,
) -> Steps:
    """The compiled steps of a training, whose arguments are those of `Steps`: on held or on streamed examples."""
    kind = StreamedSteps if isinstance(split.x, Pictures) else Steps
    return kind(model, split, batch_size, xla, weights, augmentation)


def scoring(model: keras.Model, split: Split, batch_size: int) -> Scoring:
    """The compiled evaluation of a split, held or streamed."""
    return (StreamedScoring if isinstance(split.x, Pictures) else Scoring)(model, split, batch_size)


def outputs(model: keras.Model, split: Split, batch_size: int) -> np.ndarray:
    """The model's outputs on a split, held or streamed, float32 of shape (n, units).

    Raises:
        DataError: an image can no longer be decoded.
    """
    x: Any = split.x
    if not isinstance(x, Pictures):
        return np.asarray(model.predict(x, batch_size=batch_size, verbose=0), dtype=np.float32)
    stream = Stream(x, np.arange(len(x)), batch_size)
    with stream:
        return np.asarray(model.predict(stream.dataset, verbose=0), dtype=np.float32)


class Stream:
    """The batches of some rows as a `tf.data.Dataset` of uint8, shape (batch, height, width, channels).

    Used as a context, it turns TensorFlow's complaint about an image that cannot be decoded into the DataError that it was.

    Attributes:
        dataset: the dataset, whose cardinality is known.
        rows: the rows that its next iterator goes over; replaced only by as many.
    """

    def __init__(self, pictures: Pictures, rows: np.ndarray, batch_size: int) -> None:
        self._pictures, self.rows, self._size = pictures, rows, batch_size
        self._fault: DataError | None = None
        signature = tf.TensorSpec((None, *pictures.shape[1:]), "uint8")
        dataset = tf.data.Dataset.from_generator(self._batches, output_signature=signature)
        counted = tf.data.experimental.assert_cardinality(-(-len(rows) // batch_size))
        options = tf.data.Options()
        # The generator waits for images; on the only thread that runs graphs, training would wait with it.
        options.threading.private_threadpool_size = 2
        # There is nothing to tune, and its thread sleeps for seconds while whoever drops an iterator waits for it.
        options.autotune.enabled = False
        self.dataset = dataset.apply(counted).prefetch(_AHEAD).with_options(options)

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, tf.errors.OpError) and self._fault is not None:
            raise self._fault from None

    def _batches(self) -> Iterator[np.ndarray]:
        rows = self.rows
        starts = range(0, len(rows), self._size)
        try:
            yield from self._pictures.batches(rows[start : start + self._size] for start in starts)
        except DataError as error:
            self._fault = error
            raise


class StreamedSteps(Steps):
    """The steps of a training on images that stay on disk.

    With `xla`, each step is an XLA computation of its own: what hands over the batches cannot be part of one.
    """

    def __init__(
        self,
        model: keras.Model,
        split: Split,
        batch_size: int,
        xla: bool,
        weights: np.ndarray | None = None,
        augmentation: Augmentation | None = None,
    ) -> None:
        super().__init__(model, split, batch_size, False, weights, augmentation)
        self._pictures = cast(Any, split.x)
        self._graph = tf.function(self._streamed, autograph=False)
        self._step = tf.function(model.train_step, jit_compile=True, autograph=False) if xla else model.train_step
        self._rows = np.arange(self.examples, dtype=np.int32)
        self._stream = Stream(self._pictures, self._rows, self.batch_size)
        self._batches: Any = None
        self._next = 0

    def begin(self, order: np.ndarray) -> None:
        """Takes the order of an epoch, int32 of shape (examples,), and clears the metrics."""
        super().begin(order)
        self._rows, self._batches = order, None

    def run(self, start: int, stop: int) -> None:
        """Runs steps `start` up to but without `stop` of the epoch; what lies before `start` is not decoded.

        Raises:
            DataError: an image can no longer be decoded.
        """
        if self._batches is None or start != self._next:
            self._begin(self._rows[start * self.batch_size :])
        with self._stream:
            self._graph(self._batches, self._order, tf.constant(start), tf.constant(stop))
        self._next = stop

    def _begin(self, rows: np.ndarray) -> None:
        """Makes an iterator over some rows, of the dataset that there is if it is for as many."""
        if len(rows) != len(self._stream.rows):
            self._stream = Stream(self._pictures, rows, self.batch_size)
        self._stream.rows = rows
        self._batches = iter(self._stream.dataset)

    def _held(self, x: Any) -> Any:
        return tf.constant(x[:1])

    def _streamed(self, batches: Any, order: Any, start: Any, stop: Any) -> None:
        def step(i: Any) -> Any:
            begin = i * self.batch_size
            rows = order[begin : tf.minimum(begin + self.batch_size, self.examples)]
            self._step(self._labelled(batches.get_next(), rows))
            return i + 1

        tf.while_loop(lambda i: i < stop, step, [start], parallel_iterations=1)


class StreamedScoring(Scoring):
    """The evaluation of a split of images that stay on disk."""

    def __init__(self, model: keras.Model, split: Split, batch_size: int) -> None:
        super().__init__(model, split, batch_size)
        self._stream = Stream(cast(Any, split.x), np.arange(len(split.x)), self.batch_size)
        self._graph = tf.function(self._loop_over, autograph=False)
        self._batches: Any = None

    def _begin(self) -> None:
        self._batches = iter(self._stream.dataset)

    def _run(self, start: int, stop: int) -> None:
        """Scores the next examples.

        Raises:
            DataError: an image can no longer be decoded.
        """
        with self._stream:
            self._graph(self._batches, tf.constant(start), tf.constant(stop))

    def _held(self, x: Any) -> Any:
        return tf.constant(x[:1])

    def _loop_over(self, batches: Any, start: Any, stop: Any) -> None:
        def step(i: Any) -> Any:
            self.model.test_step((batches.get_next(), self._y[i : tf.minimum(i + self.batch_size, stop)]))
            return i + self.batch_size

        tf.while_loop(lambda i: i < stop, step, [start], parallel_iterations=1)

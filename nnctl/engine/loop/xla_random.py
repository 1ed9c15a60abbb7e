"""Random numbers inside an XLA computation: ThreeFry, because XLA on the CPU computes Philox twenty to a hundred times slower."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import tensorflow as tf

# What Keras's layers draw with (keras/src/backend/tensorflow/random.py), and the argument that names the algorithm. Keras
# leaves it out, and TensorFlow then takes Philox: the masks of two dropouts behind 512 and 256 units, batch 128, take 25 ms a
# step; with ThreeFry, which JAX draws with everywhere, 0.2 ms. Both pass BigCrush: Salmon et al. 2011, Parallel random
# numbers: as easy as 1, 2, 3.
_DRAWING = (
    (tf.nn.experimental, "stateless_dropout", "rng_alg"),
    (tf.random, "stateless_uniform", "alg"),
    (tf.random, "stateless_normal", "alg"),
    (tf.random, "stateless_truncated_normal", "alg"),
)


@contextmanager
def use_threefry() -> Iterator[None]:
    """Makes Keras's layers draw by ThreeFry while a function is traced in the block; seeds and their states are as ever."""
    kept = [(module, name, getattr(module, name)) for module, name, _ in _DRAWING]
    for module, name, argument in _DRAWING:
        setattr(module, name, partial(getattr(module, name), **{argument: "threefry"}))
    try:
        yield
    finally:
        for module, name, function in kept:
            setattr(module, name, function)

"""The optimizer's update as one XLA computation, in steps that otherwise run as a graph.

Keras's optimizers read and write every weight once for each operation of their formula; XLA makes one pass of all of them.
What that saves, and where it saves nothing, stands in `nnctl.spec.network.compilation`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf


@contextmanager
def fuse_update(optimizer: keras.optimizers.Optimizer) -> Iterator[None]:
    """Makes the update one XLA computation where a step is traced in the block: the optimizer's own, down to the constraints.

    Args:
        optimizer: a built optimizer.
    """
    plain = optimizer.apply

    def apply(gradients: Iterable[Any], variables: Iterable[Any]) -> None:
        gradients, variables = list(gradients), list(variables)
        present = [i for i, gradient in enumerate(gradients) if gradient is not None]

        def update(*given: Any) -> None:
            found: list[Any] = [None] * len(gradients)
            for i, gradient in zip(present, given, strict=True):
                found[i] = gradient
            plain(found, variables)

        dense = [tf.convert_to_tensor(gradients[i]) for i in present]
        tf.function(update, jit_compile=True, autograph=False)(*dense)

    optimizer.apply = apply
    try:
        yield
    finally:
        del optimizer.apply

"""One example forward and back: what each layer is fed and gives, the loss, and the gradient at every place."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnctl.engine.tracing.chain import Chain


@dataclass(frozen=True, slots=True, eq=False)
class Passes:
    """The passes of one example, or of the mean over a batch.

    Attributes:
        fed: what the first layer gets, a tensor with the batch axis.
        outputs: what each layer of the chain gives, tensors with the batch axis.
        loss: the loss, without penalties.
        penalty: what regularizers add to it.
        slopes: the gradient of both by each output, without the batch axis; None where none arrives.
        gradients: the gradient of both by each trainable weight of each layer of the chain.
    """

    fed: Any
    outputs: list[Any]
    loss: float
    penalty: float
    slopes: list[np.ndarray | None]
    gradients: list[list[np.ndarray]]

    def get_input(self, place: int) -> Any:
        """What the layer at a place of the chain is fed, a tensor with the batch axis."""
        return self.fed if place == 0 else self.outputs[place - 1]

    def get_output(self, place: int) -> np.ndarray:
        """What the layer at a place of the chain gives the first example."""
        return np.asarray(self.outputs[place])[0]


def run_passes(chain: Chain, loss: keras.losses.Loss, x: Any, y: Any, weight: Any = None) -> Passes:
    """Sends examples through a network and the gradient of their loss back.

    Nothing changes: the network runs as it does when it is used.

    Args:
        chain: the network.
        loss: the loss, which converts labels itself.
        x: the examples as they are stored.
        y: their labels as they are loaded.
        weight: how much each example counts; None if all count alike.
    """
    with keep_draws(chain):
        fed = chain.feed(x)
        kernels = [[each.value for each in layer.trainable_weights] for layer in chain.layers]
        with tf.GradientTape(persistent=True) as tape:
            if fed.dtype.is_floating:
                tape.watch(fed)
            outputs = chain.run(fed)
            value, penalty = loss(y, outputs[-1], weight), sum_penalties(chain.layers)
            total = tf.cast(value, tf.float32) + penalty
        slopes = [_take(tape.gradient(total, output)) if output.dtype.is_floating else None for output in outputs]
        found = [tape.gradient(total, each) if each else [] for each in kernels]
    gradients = [
        [
            np.zeros(each.shape, np.float32) if g is None else np.asarray(tf.convert_to_tensor(g))
            for each, g in zip(*both, strict=True)
        ]
        for both in zip(kernels, found, strict=True)
    ]
    return Passes(fed, outputs, float(value), float(penalty), slopes, gradients)


def sum_penalties(layers: Any, dtype: str = "float32") -> Any:
    """What regularizers of the layers add to the loss, since these were run last."""
    return tf.add_n([tf.cast(each, dtype) for layer in layers for each in layer.losses] or [tf.zeros((), dtype)])


class keep_draws:  # noqa: N801
    """Puts the seeds of layers back at the end of the block: Keras's recurrent layers draw masks even where none is used."""

    def __init__(self, chain: Chain) -> None:
        self._layers = chain.layers

    def __enter__(self) -> None:
        variables = (each for layer in self._layers for each in layer.variables)
        self._kept = [(each, each.numpy()) for each in variables if "int" in each.dtype]

    def __exit__(self, *error: object) -> None:
        for variable, value in self._kept:
            variable.assign(value)


def _take(gradient: Any) -> np.ndarray | None:
    return None if gradient is None else np.asarray(tf.convert_to_tensor(gradient)).astype(np.float32)[0]

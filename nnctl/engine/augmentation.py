"""Random changes to the training images, in front of the network and no part of it: validation never sees them.

Most of Keras's augmentation layers do not compile under XLA, so a training with augmentation runs as a graph. The layers
work on what the source holds (0 to 255 for bytes), and their results are rounded back to the stored type: the network
gets images of the kind that it will get later. Their seeds are variables, and so part of a training's state.
"""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from nnctl.engine.build import built
from nnctl.errors import Problem, SpecError
from nnctl.spec.sections import Component


class Augmentation:
    """The augmentation layers of one training.

    Args:
        components: the layers, in order.
        shape: the shape of a stored image, (height, width) or (height, width, channels).
        dtype: the NumPy name of its stored type.

    Attributes:
        layers: the Keras layers; their seed generators' states are all that is random in them.

    Raises:
        SpecError: a layer cannot work on such images.
    """

    def __init__(self, components: Sequence[Component], shape: tuple[int, ...], dtype: str) -> None:
        self.dtype = tf.as_dtype(dtype)
        self.grey = len(shape) == 2
        self.layers = [built(component) for component in components]
        for component, layer in zip(components, self.layers, strict=True):
            _try(component, layer, (*shape, 1) if self.grey else shape)

    @property
    def variables(self) -> list[keras.Variable]:
        """The states of the seed generators, in the order of the layers."""
        return [variable for layer in self.layers for variable in layer.variables]

    def __call__(self, images: Any) -> Any:
        """A batch of stored images, changed at random, in the same shape and type."""
        x = tf.cast(images, tf.float32)
        x = x[..., None] if self.grey else x
        for layer in self.layers:
            x = layer(x, training=True)
        x = tf.cast(x, tf.float32)
        x = x[..., 0] if self.grey else x
        if self.dtype.is_integer:
            x = tf.clip_by_value(tf.round(x), float(self.dtype.min), float(self.dtype.max))
        return tf.cast(x, self.dtype)


def _try(component: Component, layer: keras.Layer, shape: tuple[int, ...]) -> None:
    """Feeds the layer two blank images, and puts its seed back to where it was."""
    try:
        result = layer(tf.zeros((2, *shape)), training=True)
    except Exception as error:  # whatever Keras raises, it is about this layer and these images
        line = " ".join(str(error).split())[:200]
        message = f"{component.name} cannot change images of shape {shape}: {line}"
        raise SpecError(Problem("bad-augmentation", message, component.place)) from error
    for variable in layer.variables:
        if "seed_generator_state" in variable.path:
            variable.assign(tf.stack([variable.value[0], tf.zeros_like(variable.value[1])]))
    if tuple(result.shape[1:]) != shape:
        message = (
            f"{component.name} makes images of shape {tuple(result.shape[1:])} of {shape}; it must keep their size"
        )
        raise SpecError(Problem("bad-augmentation", message, component.place))

"""Random changes to the training images, in front of the network and no part of it: validation never sees them.

Most of Keras's augmentation layers do not compile under XLA, so a training with augmentation runs as a graph. The layers
work on what the source holds (0 to 255 for bytes), and their results are rounded back to the stored type: the network
gets images of the kind that it will get later. Their seeds are variables, and so part of a training's state.

Layers that mix an example with another one of its batch mix their labels, too: class indices become float32 rows of shares, and
shares are mixed as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnctl.data import Dataset
from nnctl.data.preparing.divisors import find_value_range
from nnctl.data.sources import SOURCES
from nnctl.engine.network.build import build_component
from nnctl.errors import Problem, SpecError
from nnctl.spec import catalogue
from nnctl.spec.sections import Component, Spec

_FAR = 10.0  # times wider or narrower than the values of the data: they are changed beyond sight, or not at all


class Augmentation:
    """The augmentation layers of one training.

    Args:
        components: the layers, in order.
        shape: the shape of a stored image, (height, width) or (height, width, channels).
        dtype: the NumPy name of its stored type.
        classes: how many classes there are where the labels are class indices or shares of classes, else None.

    Attributes:
        layers: the Keras layers; their seed generators' states are all that is random in them.

    Raises:
        SpecError: a layer cannot work on such images.
    """

    def __init__(
        self, components: Sequence[Component], shape: tuple[int, ...], dtype: str, classes: int | None = None
    ) -> None:
        self.dtype, self.classes = tf.as_dtype(dtype), classes
        self.grey = len(shape) == 2
        self.layers = [build_component(component) for component in components]
        self.mixing = any(_mixes(layer) for layer in self.layers)
        _try(components, self.layers, (*shape, 1) if self.grey else shape)

    @property
    def variables(self) -> list[keras.Variable]:
        """The states of the seed generators, in the order of the layers."""
        return [variable for layer in self.layers for variable in layer.variables]

    def __call__(self, images: Any, labels: Any) -> tuple[Any, Any]:
        """A batch of stored images, changed at random, in the same shape and type; and its labels.

        Args:
            images: the images.
            labels: as they were loaded, of shape (n,) or (n, k).

        Returns:
            The images and their labels. Labels that are mixed are float32; class indices become shares of shape (n, classes).
        """
        x = tf.cast(images, tf.float32)
        x = x[..., None] if self.grey else x
        y = self._make_shares(labels) if self.mixing else labels
        for layer in self.layers:
            x, y = _apply(layer, x, y)
        x = tf.cast(x, tf.float32)
        x = x[..., 0] if self.grey else x
        if self.dtype.is_integer:
            x = tf.clip_by_value(tf.round(x), float(self.dtype.min), float(self.dtype.max))
        return tf.cast(x, self.dtype), tf.reshape(y, (-1, *labels.shape[1:])) if self._is_one_number(labels) else y

    def _make_shares(self, labels: Any) -> Any:
        """Labels that can be mixed: float32 of two axes."""
        if self.classes is not None and len(labels.shape) == 1:
            return tf.one_hot(labels, self.classes)
        return tf.cast(labels, tf.float32)[:, None] if self._is_one_number(labels) else tf.cast(labels, tf.float32)

    def _is_one_number(self, labels: Any) -> bool:
        """Whether each label is one number, which stands on an axis of its own only while it is mixed."""
        return self.mixing and self.classes is None and len(labels.shape) == 1


def preview(spec: Spec, dataset: Dataset) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """What a spec's augmentation makes of some stored images and their labels, drawn from the spec's seed.

    Raises:
        SpecError: a layer cannot work on such images.
    """
    keras.utils.set_random_seed(spec.seed)
    x = dataset.train.x
    layers = complete_ranges(spec.train.augment, dataset)
    augmentation = Augmentation(layers, x.shape[1:], x.dtype.name, dataset.classes)
    return lambda images, labels: np.asarray(augmentation(tf.constant(images), tf.constant(labels))[0])


def complete_ranges(components: Sequence[Component], dataset: Dataset) -> tuple[Component, ...]:
    """The layers with the range of the data's values where they take one and the spec gives none: Keras's own is 0 to 255.

    Args:
        components: the layers.
        dataset: the data.

    Raises:
        SpecError: the range that the spec gives is far from what the data hold.
    """
    if not any(_takes_range(component) for component in components):
        return tuple(components)
    low, high = find_value_range(dataset.train.x, SOURCES[dataset.source].largest)
    return tuple(_complete_range(each, low, high) if _takes_range(each) else each for each in components)


def _takes_range(component: Component) -> bool:
    return "value_range" in catalogue.get_entry("layer", component.name).arguments


def _complete_range(component: Component, low: float, high: float) -> Component:
    given: Any = component.arguments.get("value_range")
    usual: Any = catalogue.get_entry("layer", component.name).arguments["value_range"].default
    if given is None:
        same = list(usual) == [low, high]
        return component if same else replace(component, arguments={**component.arguments, "value_range": [low, high]})
    ratio = (given[1] - given[0]) / (high - low)
    if not 1 / _FAR <= ratio <= _FAR:
        message = (
            f"{component.name} has value_range [{given[0]:g}, {given[1]:g}], and the pictures hold {low:g} to {high:g}"
        )
        place = component.places.get("value_range", component.place)
        raise SpecError(Problem("bad-augmentation", message, place, "leave it out: it goes by the data"))
    return component


def _mixes(layer: keras.Layer) -> bool:
    return isinstance(layer, (keras.layers.MixUp, keras.layers.CutMix))


def _apply(layer: keras.Layer, images: Any, labels: Any) -> tuple[Any, Any]:
    if not _mixes(layer):
        return layer(images, training=True), labels
    mixed = layer({"images": images, "labels": labels}, training=True)
    return mixed["images"], mixed["labels"]


def _try(components: Sequence[Component], layers: Sequence[keras.Layer], shape: tuple[int, ...]) -> None:
    """Feeds the layers two blank images, and puts their seeds back to where they were."""
    images, labels = tf.zeros((2, *shape)), tf.zeros((2, 1))
    for component, layer in zip(components, layers, strict=True):
        before = tuple(images.shape[1:])
        try:
            images, labels = _apply(layer, images, labels)
        except Exception as error:  # whatever Keras raises, it is about this layer and these images
            line = " ".join(str(error).split())[:200]
            message = f"{component.name} cannot change images of shape {before}: {line}"
            raise SpecError(Problem("bad-augmentation", message, component.place)) from error
        for variable in layer.variables:
            if "seed_generator_state" in variable.path:
                variable.assign(tf.stack([variable.value[0], tf.zeros_like(variable.value[1])]))
    if tuple(images.shape[1:]) != shape:
        result = tuple(images.shape[1:])
        message = (
            f"{component.name} makes images of shape {result} of {shape}; in the end they must have kept their size"
        )
        raise SpecError(Problem("bad-augmentation", message, component.place))

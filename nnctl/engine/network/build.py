"""From a spec to a Keras model: components become Keras objects, layers become a Sequential."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from nnctl.data import Dataset, Scales, Scaling, find_data_reader
from nnctl.engine.network import embedding, schedules
from nnctl.engine.network.scaling import keep_digits, make_input_scaling, make_output_scaling, make_step_scaling
from nnctl.errors import Problem, SpecError
from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.spec.network import trace
from nnctl.spec.network.raw import RawReader
from nnctl.spec.sections import Component, Spec, Value


def build_network(spec: Spec, dataset: Dataset, scales: Scales) -> keras.Model:
    """The spec's network behind the scaling that takes the data as they are stored; weights drawn from the spec's seed.

    The model takes examples of the stored shape and type, so that whoever loads it feeds it what the source holds.

    Args:
        spec: the spec.
        dataset: the data; only the shape and type of their examples are used.
        scales: how the examples and the targets are scaled.

    Raises:
        SpecError: Keras refuses a layer; its complaint stands at the layer's line.
    """
    keras.utils.set_random_seed(spec.seed)
    with _use_precision(spec.train.precision):
        return _join_layers(spec, dataset, scales)


def _join_layers(spec: Spec, dataset: Dataset, scales: Scales) -> keras.Model:
    scaling = scales.inputs
    x, reader = dataset.train.x, find_data_reader(spec.data, dataset, spec.layers)
    entry = tensor = keras.Input(x.shape[1:], dtype=x.dtype.name, name="input")
    embedded = dataset.columns is not None and dataset.columns.embedded
    layers = [] if embedded else _make_preprocessing(spec, x, scaling, reader)
    if dataset.columns is not None and embedded:
        tensor = embedding.embed_columns(tensor, dataset.columns, make_input_scaling(x, scaling, reader))
    for layer in layers:
        tensor = layer(tensor)
    components = _end_in_float32(spec.layers, spec.train.precision)
    components = keep_digits(components, reader, scaling, spec.train.precision)
    for place, component in enumerate(_name_layers(components)):
        layer, tensor = _add(component, tensor)
        layers.append(layer)
        if reader is not None and reader.masks and place == reader.index:
            for layer in (scaled := make_step_scaling(scaling)):
                tensor = layer(tensor)
            layers += scaled
    for layer in (behind := make_output_scaling(scales.targets)):
        tensor = layer(tensor)
    name = _make_identifier(spec.name)
    return keras.Model(entry, tensor, name=name) if embedded else keras.Sequential([entry, *layers, *behind], name=name)


def build_optimizer(spec: Spec, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """The optimizer with its learning rate or schedule, whose lengths in epochs are turned into steps here.

    Raises:
        SpecError: Keras refuses an argument.
    """
    rate = schedules.build_learning_rate(spec.train, steps_per_epoch)
    optimizer = build_component(spec.train.optimizer, **({} if rate is None else {"learning_rate": rate}))
    # With one device there is nothing to sum, but TensorFlow's `all_reduce` registers a gradient of its own for every step
    # that is traced, and that holds the step for good: its graph, and with it the examples, one copy for each training.
    optimizer._all_reduce_sum_gradients = lambda gradients_and_variables: gradients_and_variables
    return optimizer


def find_default_learning_rate(optimizer: Component) -> float:
    """The learning rate that Keras gives an optimizer of which nothing else is said."""
    return traits.get_optimizer(optimizer.name).rates.default


def build_component(component: Component, **more: Any) -> Any:
    """The Keras object that a component describes, with further arguments that the spec does not hold.

    Raises:
        SpecError: Keras refuses an argument.
    """
    entry = catalogue.find_entry(component.family, component.name)
    assert entry is not None, component
    if component.family == "activation":
        if not component.arguments:
            return entry.class_name
        # A layer stands for an activation with arguments, which as a function alone could not be saved in plain Keras.
        entry = catalogue.get_entry("layer", component.name)
    maker = getattr(find_module(entry.module), str(entry.class_name))
    arguments = {name: _build_value(value) for name, value in component.arguments.items()}
    try:
        return maker(**arguments, **more)
    except Exception as error:  # whatever Keras raises, it is about these arguments
        raise SpecError(_describe_refusal(component, error)) from error


def _name_layers(layers: Sequence[Component]) -> Iterator[Component]:
    """The layers, each with a name: its own, or its kind's with the first number that no other layer has."""
    taken = {str(layer.arguments["name"]) for layer in layers if layer.arguments.get("name")}
    for layer in layers:
        if layer.arguments.get("name"):
            yield layer
            continue
        names = (f"{layer.name}_{count}" if count else layer.name for count in itertools.count())
        name = next(name for name in names if name not in taken)
        taken.add(name)
        yield replace(layer, arguments={**layer.arguments, "name": name})


def _add(component: Component, tensor: Any) -> tuple[keras.Layer, Any]:
    """The component's layer, and what it makes of the tensor."""
    layer = build_component(component)
    try:
        return layer, layer(tensor)
    except Exception as error:  # whatever Keras raises, it is about this layer and this shape
        raise SpecError(_describe_refusal(component, error)) from error


def _build_value(value: Value) -> Any:
    if isinstance(value, Component):
        return build_component(value)
    if isinstance(value, Mapping):
        return {key: _build_value(inner) for key, inner in value.items()}
    return tuple(_build_value(item) for item in value) if isinstance(value, list) else value


def find_module(path: str) -> Any:
    """The module of Keras that a path names: `keras.layers`."""
    found: Any = keras
    for name in path.split(".")[1:]:
        found = getattr(found, name)
    return found


def _describe_refusal(component: Component, error: Exception) -> Problem:
    """Keras's complaint in one line: its first sentence, which names the value; the rest is about Keras's own code."""
    text = str(error).strip() or type(error).__name__
    line = " ".join(text.split("\n\nArguments received")[0].split())
    line = line if len(line) <= 300 else f"{line[:297]}..."
    return Problem("keras-refuses", f"Keras refuses this {component.family}: {line}", component.place)


def _make_preprocessing(spec: Spec, x: np.ndarray, scaling: Scaling, reader: RawReader | None) -> list[keras.Layer]:
    """The layers in front of the user's: the scaling or cast, and the channel axis of images that lack one."""
    shape = trace.follow_spec(spec, tuple(x.shape[1:])).input
    channels = [keras.layers.Reshape(shape, name="input_channels", dtype="float32")] if shape != x.shape[1:] else []
    return [*make_input_scaling(x, scaling, reader), *channels]


@contextmanager
def _use_precision(policy: str) -> Iterator[None]:
    """Makes the layers that are built in the block compute in a type."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _end_in_float32(layers: Sequence[Component], precision: str) -> Sequence[Component]:
    """The layers, the last of which computes in float32 if the others do not: the loss needs its digits.

    As https://www.tensorflow.org/guide/mixed_precision advises; a `dtype` of the user's own stays.
    """
    last = layers[-1]
    if precision == "float32" or last.arguments.get("dtype") is not None:  # a resolved spec writes null
        return layers
    return [*layers[:-1], replace(last, arguments={**last.arguments, "dtype": "float32"})]


def _make_identifier(name: str) -> str:
    """A run's name as TensorFlow takes it for a scope: letters beyond ASCII by their numbers (U+4F01 is `u4f01`)."""
    plain = name.replace("-", "_").replace(".", "_")
    return "".join(each if each.isascii() else f"u{ord(each):04x}" for each in plain)

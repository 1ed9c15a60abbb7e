"""The layers of a network one behind the other, so that what each is fed and gives can be looked at; and the same in float64."""

from collections.abc import Sequence
from typing import Any

import keras

from nnctl.engine.probes.layers import find_users_layers

_FLOATS = ("float16", "bfloat16", "float32", "mixed_float16", "mixed_bfloat16")


class Chain:
    """The layers of a model from the first of the spec on, those behind them that scale the output included.

    Args:
        model: the model, a Sequential but for columns that are embedded in front of it.

    Attributes:
        layers: the layers, in order.
        places: of each layer of the spec, in order, its place among `layers`.
    """

    def __init__(self, model: keras.Model) -> None:
        users = find_users_layers(model)
        begin = model.layers.index(users[0])
        self.layers: Sequence[keras.Layer] = model.layers[begin:]
        self.places = [self.layers.index(layer) for layer in users]
        self._front = keras.Model(model.inputs[0], users[0].input)

    def feed(self, x: Any) -> Any:
        """What the first layer gets of examples as they are stored."""
        return self._front(x, training=False)

    def run(self, fed: Any) -> list[Any]:
        """What each layer gives, as it does when the network is used."""
        return run(self.layers, fed)


def run(layers: Sequence[keras.Layer], fed: Any) -> list[Any]:
    """What each of some layers gives, the first of which is fed."""
    outputs, value = [], fed
    for layer in layers:
        value = layer(value, training=False)
        outputs.append(value)
    return outputs


def widen(layers: Sequence[keras.Layer], fed: Any) -> list[keras.Layer]:
    """Copies of layers that compute in float64, with the same weights.

    Args:
        layers: the layers.
        fed: what the first gets, with which the copies are built.

    Raises:
        Exception: whatever Keras or TensorFlow raise of a layer that cannot compute in float64.
    """
    copies = [type(layer).from_config(_widen_types(layer.get_config())) for layer in layers]
    run(copies, fed)
    for copy, layer in zip(copies, layers, strict=True):
        copy.set_weights(layer.get_weights())
    return copies


def _widen_types(config: Any, key: str = "") -> Any:
    """A layer's configuration with float64 in the place of each narrower type; whole numbers stay."""
    if isinstance(config, dict):
        named = config.get("config") if key == "dtype" else None
        if isinstance(named, dict) and named.get("name") in _FLOATS:
            return "float64"
        return {name: _widen_types(value, name) for name, value in config.items()}
    if isinstance(config, (list, tuple)):
        return type(config)(_widen_types(value) for value in config)
    return "float64" if key == "dtype" and config in _FLOATS else config

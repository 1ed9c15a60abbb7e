"""A network as a rule sees it: each layer with its shapes, its weights and the activation that really follows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnctl.spec import catalogue, network
from nnctl.spec.sections import Component
from nnctl.spec.shapes import Shape

# Layers that are an activation and nothing else, by the activation they are.
_ACTIVATIONS = {
    "relu": "relu",
    "softmax": "softmax",
    "leaky_relu": "leaky_relu",
    "elu": "elu",
    "prelu": "prelu",
}
# Layers that pass values on unchanged when the network is used, so that an activation may stand behind them.
_TRANSPARENT = {
    "dropout",
    "spatial_dropout1d",
    "spatial_dropout2d",
    "spatial_dropout3d",
    "gaussian_dropout",
    "gaussian_noise",
    "alpha_dropout",
    "activity_regularization",
    "identity",
    "reshape",
    "flatten",
    "permute",
}
_NORMALISING = {"batch_normalization", "layer_normalization", "group_normalization", "rms_normalization"}


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One layer of the spec.

    Attributes:
        index: its place in `model.layers`, from 0.
        component: the layer.
        input: the shape of one example in front of it, or None where it is not known.
        output: the shape of one example behind it, or None.
        parameters: its number of weights.
        activation: what is applied to its outputs, by its own argument or by the activation layers behind it (dropout and
            normalisation in between are looked through); `linear` for nothing, None for layers without weights.
        activations: every activation on the way, in order; more than one is a fault's sign.
    """

    index: int
    component: Component
    input: Shape | None
    output: Shape | None
    parameters: int
    activation: str | None
    activations: tuple[str, ...]

    @property
    def where(self) -> str:
        """What messages call it."""
        return f"layers[{self.index}] {self.component.name}"

    @property
    def weighted(self) -> bool:
        """Whether it multiplies its input with a kernel."""
        return self.activation is not None


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """The layers in order."""

    layers: tuple[LayerFacts, ...]

    @property
    def weighted(self) -> tuple[LayerFacts, ...]:
        """The layers that multiply with a kernel."""
        return tuple(layer for layer in self.layers if layer.weighted)

    @property
    def head(self) -> LayerFacts:
        """The last layer that sets the output: the last weighted one, or the last of all."""
        return self.weighted[-1] if self.weighted else self.layers[-1]

    @property
    def hidden(self) -> tuple[LayerFacts, ...]:
        """The weighted layers in front of the head."""
        return self.weighted[:-1]

    @property
    def output(self) -> Shape | None:
        """The shape of the network's output, without the batch axis."""
        return self.layers[-1].output

    @property
    def parameters(self) -> int:
        """The number of weights."""
        return sum(layer.parameters for layer in self.layers)


def network_facts(layers: Sequence[Component], shape: Shape | None) -> NetworkFacts:
    """The facts of a network for examples of a shape, or of None if that is not known."""
    given = None if shape is None else network.input_shape(layers, shape)
    outputs = [None] * len(layers) if given is None else [output for _, output, _ in network.trace(layers, given)]
    counts = [0] * len(layers) if shape is None else network.weights(layers, shape)
    inputs = [given, *outputs[:-1]]
    return NetworkFacts(
        tuple(
            LayerFacts(i, layer, inputs[i], outputs[i], counts[i], *_activation(layers, i))
            for i, layer in enumerate(layers)
        )
    )


def _activation(layers: Sequence[Component], index: int) -> tuple[str | None, tuple[str, ...]]:
    """What is applied to the outputs of a layer: the last one, and all of them."""
    if not _has_kernel(layers[index]):
        return None, ()
    found = [own] if (own := _own(layers[index])) != "linear" else []
    for layer in layers[index + 1 :]:
        if layer.name == "activation" or layer.name in _ACTIVATIONS:
            found.append(_named(layer))
        elif layer.name not in _TRANSPARENT and layer.name not in _NORMALISING:
            break
    return (found[-1] if found else "linear"), tuple(found)


def _has_kernel(layer: Component) -> bool:
    entry = catalogue.entry("layer", layer.name)
    arguments = () if entry is None else entry.arguments
    return "kernel_initializer" in arguments or "depthwise_initializer" in arguments


def _own(layer: Component) -> str:
    """The activation that a layer's own argument names, or its default."""
    entry = catalogue.entry("layer", layer.name)
    default = entry.arguments["activation"].default if entry and "activation" in entry.arguments else None
    given = layer.arguments.get("activation", default)
    return given.name if isinstance(given, Component) else str(given or "linear")


def _named(layer: Component) -> str:
    """The activation that an activation layer is."""
    if layer.name != "activation":
        return _ACTIVATIONS[layer.name]
    given = layer.arguments.get("activation")
    return given.name if isinstance(given, Component) else str(given or "linear")

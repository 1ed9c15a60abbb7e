"""A network as a rule sees it: each layer with its shapes, its weights and the activation that really follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nnctl.diagnosis.finding import Path
from nnctl.spec import catalogue
from nnctl.spec.catalogue import traits
from nnctl.spec.network.meaning import unwrap
from nnctl.spec.outcomes import Shape
from nnctl.spec.sections import Component, Network, Train


@dataclass(frozen=True, slots=True)
class Applied:
    """An activation on the way.

    Attributes:
        name: its name.
        path: of what names it: the argument of a layer, or a layer that is nothing else.
        alone: whether a layer that is nothing else names it.
    """

    name: str
    path: Path
    alone: bool


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One layer of the spec.

    Attributes:
        index: its place in `model.layers`, from 0.
        component: the layer.
        input: the shape of one example in front of it, or None where it is not known.
        output: the shape of one example after it, or None.
        parameters: its number of weights.
        activation: what is applied to its outputs, by its own argument or by the activation layers after it (whatever
            has no kernel is looked through); `linear` for nothing, None for layers without a kernel.
        applied: every activation on the way, in order; more than one is a fault's sign.
    """

    index: int
    component: Component
    input: Shape | None
    output: Shape | None
    parameters: int
    activation: str | None
    applied: tuple[Applied, ...]

    @property
    def item(self) -> Path:
        """The path of the layer in the list."""
        return ("model", "layers", self.index)

    @property
    def path(self) -> Path:
        """The path of the layer that does the work: the one that a wrapper holds, else the layer in the list."""
        return (*self.item, "layer") if traits.is_wrapper(self.component.name) else self.item

    @property
    def inner(self) -> Component:
        """The layer that does the work: the one that a wrapper holds, else itself."""
        return unwrap(self.component)

    @property
    def known(self) -> traits.LayerTraits:
        """What the catalogue knows of the layer in the list."""
        return traits.get_layer(self.component.name)

    @property
    def gives(self) -> traits.ActivationTraits:
        """What the catalogue knows of its activation."""
        return traits.get_activation(self.activation)

    @property
    def activations(self) -> tuple[str, ...]:
        """The names of the activations on the way."""
        return tuple(each.name for each in self.applied)

    @property
    def where(self) -> str:
        """What messages call it."""
        return f"layers[{self.index}] {self.component.name}"

    @property
    def weighted(self) -> bool:
        """Whether it multiplies its input with a kernel."""
        return self.activation is not None

    @property
    def frozen(self) -> bool:
        """Whether the spec keeps its weights from training."""
        return read_argument(self.component, "trainable") is False

    @property
    def fan_in(self) -> float | None:
        """How many numbers a unit of a dense or convolutional layer adds up; None where that is not known."""
        units = self.inner.arguments.get("units", self.inner.arguments.get("filters"))
        if not isinstance(units, int) or not self.parameters:
            return None
        return self.parameters / units - (1 if read_argument(self.inner, "use_bias") else 0)


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
        """The weighted layers before the output layer."""
        return self.weighted[:-1]

    @property
    def output(self) -> Shape | None:
        """The shape of the network's output, without the batch axis."""
        return self.layers[-1].output

    @property
    def parameters(self) -> int:
        """The number of weights."""
        return sum(layer.parameters for layer in self.layers)


def collect_network_facts(network: Network) -> NetworkFacts:
    """The facts of a network that was followed."""
    inputs = [network.input, *(each.shape for each in network.outcomes[:-1])]
    layers = zip(network.layers, inputs, network.outcomes, strict=True)
    return NetworkFacts(
        tuple(
            LayerFacts(i, layer, given, made.shape, made.parameters or 0, *_find_activations(network.layers, i))
            for i, (layer, given, made) in enumerate(layers)
        )
    )


def count_gathered(train: Train) -> int:
    """The batches whose gradients make one update of the weights."""
    return int(read_argument(train.optimizer, "gradient_accumulation_steps") or 1)


def read_argument(component: Component, argument: str) -> Any:
    """An argument's value: what the user wrote, else the catalogue's default; None for one that it lacks."""
    if argument in component.arguments:
        return component.arguments[argument]
    entry = catalogue.find_entry(component.family, component.name)
    found = entry.arguments.get(argument) if entry else None
    return None if found is None else found.default


def _find_activations(layers: Sequence[Component], index: int) -> tuple[str | None, tuple[Applied, ...]]:
    """What is applied to the outputs of a layer: the last one, and all of them."""
    layer = unwrap(layers[index])
    if not _has_kernel(layer):
        return None, ()
    wraps = ("layer",) * (layer is not layers[index])
    found = [Applied(_read_activation(layer), ("model", "layers", index, *wraps, "activation"), alone=False)]
    for i, behind in enumerate(layers[index + 1 :], index + 1):
        if _has_kernel(unwrap(behind)):
            break
        if behind.name == "activation":
            found.append(Applied(_read_activation(behind), ("model", "layers", i, "activation"), alone=True))
        elif traits.get_layer(behind.name).activates:
            found.append(Applied(behind.name, ("model", "layers", i), alone=True))
    found = [each for each in found if each.name != "linear"]
    return (found[-1].name if found else "linear"), tuple(found)


def _has_kernel(layer: Component) -> bool:
    entry = catalogue.find_entry("layer", layer.name)
    arguments = () if entry is None else entry.arguments
    return "kernel_initializer" in arguments or "depthwise_initializer" in arguments


def _read_activation(layer: Component) -> str:
    """The activation that an argument names, or its default."""
    given = read_argument(layer, "activation")
    return given.name if isinstance(given, Component) else str(given or "linear")

"""The shapes through a network from its input to its output, and what does not fit on the way."""

from collections.abc import Sequence

from nnctl.errors import Problem
from nnctl.spec.catalogue import traits
from nnctl.spec.network import augmentation, fit, undefined
from nnctl.spec.network.meaning import find_head, find_meaning
from nnctl.spec.network.shapes import compute_outcome, find_input_rank
from nnctl.spec.outcomes import UNKNOWN, Outcome, Shape, ShapeError
from nnctl.spec.sections import Component, Data, DataFacts, Network, Spec, Train


def follow_spec(spec: Spec, shape: Shape | None) -> Network:
    """The network of a spec for examples of a shape: as the spec carries it, else followed now."""
    known = spec.network
    if known is not None and known.layers is spec.layers and known.shape == shape:
        return known
    return follow_network(spec.layers, shape)


def follow_network(layers: tuple[Component, ...], shape: Shape | None) -> Network:
    """Layers, followed for examples of a shape, without the batch axis; None for one that is not known."""
    given = None if shape is None else find_input_shape(layers, shape)
    found, fault, current = list[Outcome](), None, given
    for layer in layers:
        try:
            found.append(UNKNOWN if current is None else compute_outcome(layer, current))
        except ShapeError as error:
            found.append(UNKNOWN)
            fault = (layer, error)
        current = found[-1].shape
    return Network(layers, shape, given, tuple(found), fault)


def find_input_shape(layers: Sequence[Component], shape: Shape) -> Shape:
    """The shape that the first layer gets, without the batch axis.

    Images stored without a channel axis get one if the first layer that insists on a rank insists on one more than they
    have: (28, 28) stays as it is for `flatten` or `lstm`, and becomes (28, 28, 1) for `conv2d`.
    """
    wanted = next((rank for layer in layers if (rank := _find_rank(layer)) is not None), None)
    return (*shape, 1) if len(shape) == 2 and wanted == 3 else shape


def _find_rank(layer: Component) -> int | None:
    """The rank that a layer insists on; -1 for a layer behind which the rank is no longer the input's."""
    return -1 if traits.get_layer(layer.name).changes_rank else find_input_rank(layer)


def find_problems(
    network: Network, train: Train | None, data: Data, facts: DataFacts, trained: bool = False
) -> list[Problem]:
    """What keeps the network from being built on these data, or its output from being compared with the labels.

    Args:
        network: the network, followed.
        train: the `train` section, or None if it cannot be read.
        data: the `data` section.
        facts: what is known of the data.
        trained: whether it was trained so already: what has no meaning for its output is not held against it.
    """
    augmented = [] if train is None else augmentation.find_problems(train, data, facts)
    if augmented or facts.shape is None:
        return augmented
    if network.fault is not None:
        layer, error = network.fault
        return [Problem("bad-shape", error.message, layer.places.get(error.argument or "", layer.place), error.hint)]
    if train is None:
        return []
    problems = [] if trained else fit.find_target_scale_problems(train.loss, data, facts)
    if network.output is None:
        return problems
    problems += fit.find_problems(train.loss, data, facts, find_head(network.layers), network.output)
    if problems or trained or facts.task is None or network.width is None:
        return problems
    return undefined.find_problems(train, find_meaning(train.loss, network.layers, facts.task, network.width))

"""Which layer reads the data's own numbers: indices, which no scale may touch, or the value that masks a step.

It may stand behind layers that hand values on as they are: another shape, an order, zeros around them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from nnctl.spec.catalogue import traits
from nnctl.spec.network.meaning import unwrap
from nnctl.spec.network.trace import follow_network
from nnctl.spec.outcomes import Outcome, Shape
from nnctl.spec.sections import Component


@dataclass(frozen=True, slots=True)
class RawReader:
    """A layer that reads the data's own numbers.

    Attributes:
        layer: the layer, out of what it is wrapped in.
        index: its place among the network's layers, from 0.
        masks: whether it masks the steps that equal a value; else it reads indices.
        front: the layers in front of it, each with what it makes of the shape that it is fed.
    """

    layer: Component
    index: int
    masks: bool
    front: tuple[tuple[Component, Outcome], ...] = ()

    @property
    def mask_value(self) -> float:
        """The value that all features of a masked step have; 0 if nothing is said, as in Keras."""
        given = self.layer.arguments.get("mask_value")
        return float(given) if isinstance(given, int | float) else 0.0

    @property
    def count(self) -> int | None:
        """How many indices, from 0 on, it holds; None where any number will do."""
        counted_by = traits.get_layer(self.layer.name).counted_by
        given = None if counted_by is None else self.layer.arguments.get(counted_by)
        return given if isinstance(given, int) else None


def find_reader(layers: Sequence[Component], shape: Shape | None, older: bool = False) -> RawReader | None:
    """The layer that reads the data's own numbers, or None; one that reads indices comes before one that masks.

    Args:
        layers: the network's layers.
        shape: of an example as it is stored, without the batch axis; None if it is not known.
        older: whether only a first layer that reads indices counts, as it did in runs from before others were looked for.
    """
    if older:
        first = layers[0]
        return RawReader(first, 0, False) if traits.get_layer(first.name).reads_integers else None
    outcomes = follow_network(tuple(layers), shape).outcomes
    found = None
    for index, layer in enumerate(map(unwrap, layers)):
        known = traits.get_layer(layer.name)
        masks = known.mask == "makes" and not known.reads_integers
        if known.reads_integers or (masks and found is None):
            front = tuple(zip(layers[:index], outcomes[:index], strict=True))
            found = RawReader(layer, index, masks, front)
        if known.reads_integers:
            break
        if not (known.carries or known.rescales or known.drops):
            break
    return found

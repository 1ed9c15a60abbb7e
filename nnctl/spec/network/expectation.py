"""What the data and the layers that can be read let one expect of those that cannot, for the hints."""

from collections.abc import Iterable, Sequence

from nnctl.spec.catalogue import traits
from nnctl.spec.catalogue.advice import Expectation
from nnctl.spec.network.meaning import find_last_activation, unwrap
from nnctl.spec.outcomes import Shape
from nnctl.spec.sections import Component

_LEAST = 8  # pixels of the smallest side of an image: digits of scikit-learn


def list_sound(items: Iterable[object], front: bool = False) -> list[Component]:
    """The layers of a list that could be read; only those in front of the first that could not, if asked for these."""
    found: list[Component] = []
    for item in items:
        if isinstance(item, Component) and item.family == "layer":
            found.append(item)
        elif front:
            break
    return found


def choose_entropy(layers: Sequence[Component]) -> str:
    """The cross-entropy for the labels' usual form that fits the last layer: one yes or no, or shares of classes."""
    head = unwrap(layers[-1]) if layers else None
    if head is None:
        return Expectation().entropy
    single = head.arguments.get("units") == 1 or find_last_activation(layers) == "sigmoid"
    return traits.get_usual_loss("binary") if single else Expectation().entropy


def count_axes(shape: Shape | None) -> int:
    """How many axes examples of a shape have beside their channels; 2 where it is not known."""
    if shape is None:
        return Expectation().axes
    sides = [size or 0 for size in shape]
    if len(sides) == 2 and min(sides) >= _LEAST and max(sides) <= 4 * min(sides):  # images without a channel axis
        return 2
    return min(max(len(sides) - 1, 1), 3)

"""What a layer makes of the shape that it is fed: the shape that it gives, its weights, and what they cost."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Size = int | None
Shape = tuple[Size, ...]


class ShapeError(Exception):
    """A layer cannot take the shape it is fed.

    Attributes:
        message: what was found and what was expected, one sentence without a full stop.
        argument: the argument to blame, which the user may have left to its default, or None for the layer itself.
        hint: what to do, or None.
    """

    def __init__(self, message: str, argument: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.argument, self.hint = message, argument, hint


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a layer makes of a shape.

    Attributes:
        shape: of what it gives, without the batch axis; None where that is not known.
        weights: the shape of each of its weights, trained or not, in Keras's order; None where they are not known.
        fixed: the shapes of those weights that no gradient changes.
        products: multiplications of a value with a weight, each followed by an addition, for one example; None where that
            is not known. What a layer does element by element is not counted.
        inside: the values that it remembers of one example for its gradient, besides its output.
        view: whether its output is its input in another order, so that no memory is taken.
    """

    shape: Shape | None
    weights: tuple[Shape, ...] | None = ()
    fixed: tuple[Shape, ...] = ()
    products: Size = 0
    inside: Size = 0
    view: bool = False

    @property
    def parameters(self) -> int | None:
        """The number of values in all weights, or None where it is not known."""
        return None if self.weights is None else add_up(map(count, self.weights))

    @property
    def trained(self) -> tuple[Shape, ...] | None:
        """The shapes of the weights that gradients change, or None where they are not known."""
        if self.weights is None:
            return None
        left = list(self.weights)
        for shape in self.fixed:
            left.remove(shape)
        return tuple(left)

    @property
    def activations(self) -> Size:
        """The values that are kept of one example until its gradient is taken, or None where that is not known."""
        if self.shape is None:
            return None
        return add_up((self.inside, 0 if self.view else count(self.shape)))


def count(shape: Iterable[Size]) -> Size:
    """The number of values of a shape, or the product of several numbers; None where one of them is not known."""
    sizes = tuple(shape)
    return None if None in sizes else math.prod(size or 0 for size in sizes)


def add_up(numbers: Iterable[Size]) -> Size:
    """The sum, or None where one of the numbers is not known."""
    terms = tuple(numbers)
    return None if None in terms else sum(term or 0 for term in terms)


UNKNOWN = Outcome(None, None, products=None, inside=None)

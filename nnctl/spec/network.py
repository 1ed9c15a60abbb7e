"""The shapes through a network from its input to its output, and what does not fit on the way."""

from collections.abc import Iterator, Sequence

from nnctl.errors import Problem
from nnctl.spec import augmentation, fit
from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component, Data, Facts, Train
from nnctl.spec.shapes import UNKNOWN, Outcome, Shape, ShapeError, follow, input_rank, outcome


def input_shape(layers: Sequence[Component], shape: Shape) -> Shape:
    """The shape that the first layer gets, without the batch axis.

    Images stored without a channel axis get one if the first layer that insists on a rank insists on one more than they
    have: (28, 28) stays as it is for `flatten` or `lstm`, and becomes (28, 28, 1) for `conv2d`.
    """
    wanted = next((rank for layer in layers if (rank := _insists(layer)) is not None), None)
    return (*shape, 1) if len(shape) == 2 and wanted == 3 else shape


def _insists(layer: Component) -> int | None:
    """The rank that a layer insists on; -1 for a layer behind which the rank is no longer the input's."""
    return -1 if traits.layer(layer.name).changes_rank else input_rank(layer)


def trace(layers: Sequence[Component], shape: Shape) -> Iterator[tuple[Component, Shape | None, ShapeError | None]]:
    """Each layer with the shape of its output, or None once a shape is not known; ends behind the first error."""
    current: Shape | None = shape
    for layer in layers:
        try:
            current = None if current is None else follow(layer, current)
        except ShapeError as error:
            yield layer, None, error
            return
        yield layer, current, None


def outcomes(layers: Sequence[Component], shape: Shape) -> list[Outcome]:
    """What each layer makes of what the one before it gives, for examples of a shape.

    Behind a layer that cannot take its input, or whose output is not followed, nothing is known.
    """
    found: list[Outcome] = []
    current: Shape | None = input_shape(layers, shape)
    for layer in layers:
        try:
            found.append(UNKNOWN if current is None else outcome(layer, current))
        except ShapeError:
            found.append(UNKNOWN)
        current = found[-1].shape
    return found


def weights(layers: Sequence[Component], shape: Shape) -> list[int]:
    """The number of weights of each layer, 0 where it is not known, for examples of a shape."""
    return [each.parameters or 0 for each in outcomes(layers, shape)]


def problems(layers: Sequence[Component], train: Train | None, data: Data, facts: Facts) -> list[Problem]:
    """What keeps the network from being built on these data, or its output from being compared with the labels."""
    augmented = [] if train is None else augmentation.problems(train, data, facts)
    if augmented or facts.shape is None:
        return augmented
    last, output, error = list(trace(layers, input_shape(layers, facts.shape)))[-1]
    if error is not None:
        place = last.places.get(error.argument or "", last.place)
        return [Problem("bad-shape", error.message, place, error.hint)]
    if output is None or train is None:
        return []
    return fit.problems(train.loss, data, facts, head(layers), output)


def head(layers: Sequence[Component]) -> Component:
    """The last layer that sets the width of the output: a mistake in the width is shown there."""
    return next((layer for layer in reversed(layers) if not traits.layer(layer.name).keeps_width), layers[-1])

"""The shapes of layers that add to the spatial axes, cut from them or multiply them."""

from nnctl.spec.network.shapes.axes import SPATIAL, describe_size, join, split
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import Outcome, Shape, ShapeError


def pad(layer: Layer, shape: Shape) -> Outcome:
    """Zeros before and after each spatial axis."""
    sizes, channels = split(layer, shape)
    added = _add_ends(layer, "padding", len(sizes))
    grown = [None if size is None else size + more for size, more in zip(sizes, added, strict=True)]
    return Outcome(join(layer, grown, channels))


def crop(layer: Layer, shape: Shape) -> Outcome:
    """Less at both ends of each spatial axis."""
    sizes, channels = split(layer, shape)
    cut = _add_ends(layer, "cropping", len(sizes))
    for axis, size, less in zip(SPATIAL[len(sizes)], sizes, cut, strict=True):
        if size is not None and size <= less:
            message = f"{layer.name} cuts {less} from {describe_size(axis, size)} in {shape}"
            raise ShapeError(message, "cropping", f"cut less than {size}")
    left = [None if size is None else size - less for size, less in zip(sizes, cut, strict=True)]
    return Outcome(join(layer, left, channels))


def _add_ends(layer: Layer, argument: str, count: int) -> tuple[int, ...]:
    """What an argument says of the two ends of each axis, added up.

    One number is for every end; a list has a number for both ends of an axis or a pair for the two. In one dimension a
    pair stands on its own: `padding: [2, 0]`.
    """
    value = layer[argument]
    if isinstance(value, int):
        return (2 * value,) * count
    if count == 1:
        return (sum(value),)
    return tuple(2 * ends if isinstance(ends, int) else sum(ends) for ends in value)


def upsample(layer: Layer, shape: Shape) -> Outcome:
    """Each spatial axis `size` times as long."""
    sizes, channels = split(layer, shape)
    factors = layer.spread("size", len(sizes))
    grown = [None if size is None else size * factor for size, factor in zip(sizes, factors, strict=True)]
    return Outcome(join(layer, grown, channels))

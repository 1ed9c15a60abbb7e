"""The axes of an example: what they are called, and where the channels stand among them."""

from collections.abc import Sequence

from nnctl.spec.network.shapes.rule import Axes, Layer
from nnctl.spec.outcomes import Shape, ShapeError, Size

SPATIAL: dict[int, Axes] = {1: ("steps",), 2: ("height", "width"), 3: ("depth", "height", "width")}


def count_dimensions(layer: Layer) -> int:
    """The number of spatial axes that a layer works along, from its name: 2 for `conv2d_transpose`."""
    return next(count for count in SPATIAL if f"{count}d" in layer.name)


def name_spatial(layer: Layer) -> Axes:
    """The axes of a layer named after its dimensions: (height, width, channels) for `conv2d`."""
    return _add_channels(layer, SPATIAL[count_dimensions(layer)])


def name_image(layer: Layer) -> Axes:
    """The axes of a layer that works on images: (height, width, channels)."""
    return _add_channels(layer, SPATIAL[2])


def describe_size(axis: str, size: int) -> str:
    """A size in words: `a height of 3`, `3 steps`."""
    return f"{size} steps" if axis == "steps" else f"a {axis} of {size}"


def name_none(layer: Layer) -> Axes | None:
    """The axes of a layer that takes examples of any rank: None."""
    return None


def name_series(layer: Layer) -> Axes:
    """The axes of a layer that reads step by step: (steps, features)."""
    return ("steps", "features")


def name_film(layer: Layer) -> Axes:
    """The axes of a layer that reads image by image: (time, height, width, channels) for `conv_lstm2d`."""
    return ("time", *name_spatial(layer))


def name_row(layer: Layer) -> Axes:
    """The one axis of a layer that takes a row of values: (features,)."""
    return ("features",)


def name_permuted(layer: Layer) -> Axes:
    """As many axes as the layer's `dims` names."""
    return tuple(f"axis {number}" for number in sorted(layer["dims"]))


def name_inner(layer: Layer) -> Axes | None:
    """The axes of the layer inside."""
    return layer.get_inner("layer").axes


def name_stepwise(layer: Layer) -> Axes | None:
    """The axes of the layer inside, at each of several steps."""
    inside = name_inner(layer)
    return None if inside is None else ("steps", *inside)


def _add_channels(layer: Layer, axes: Axes) -> Axes:
    return ("channels", *axes) if has_channels_first(layer) else (*axes, "channels")


def has_channels_first(layer: Layer) -> bool:
    """Whether the layer finds the channels before the spatial axes; Keras's default, when nothing is said, is after."""
    return bool(layer["data_format"] == "channels_first")


def split(layer: Layer, shape: Shape) -> tuple[Shape, Size]:
    """The spatial sizes of an example and its number of channels."""
    return (shape[1:], shape[0]) if has_channels_first(layer) else (shape[:-1], shape[-1])


def join(layer: Layer, sizes: Sequence[Size], channels: Size) -> Shape:
    """The shape with these spatial sizes and channels, in the layer's order."""
    return (channels, *sizes) if has_channels_first(layer) else (*sizes, channels)


def find_position(layer: Layer, axis: int, shape: Shape) -> int:
    """The place of an axis in a whole batch, from 0, where -1 is the last axis and 0 the batch itself.

    Raises:
        ShapeError: there is no such axis.
    """
    rank = len(shape) + 1
    if not -rank <= axis < rank:
        message = f"{layer.name} has axis {axis}, but an example of shape {shape} has the axes 1 to {rank - 1}"
        raise ShapeError(message, "axis", "axis 0 is the batch, axis -1 is the last")
    return axis % rank


def find_sizes(layer: Layer, shape: Shape) -> Shape:
    """The sizes of the axes that the layer's `axis` names, in their order in the example.

    Raises:
        ShapeError: there is no such axis, or it is the batch.
    """
    axis = layer["axis"]
    chosen = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
    places = [find_position(layer, one, shape) for one in chosen]
    if 0 in places:
        message = f"{layer.name} cannot keep a weight for each example: axis {chosen[places.index(0)]} is the batch"
        raise ShapeError(message, "axis", "axis 1 is the first axis of an example, axis -1 is the last")
    return tuple(shape[place - 1] for place in sorted(places))

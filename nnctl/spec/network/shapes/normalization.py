"""The shapes of normalizations: what goes in comes out, and some axes have weights."""

from nnctl.spec.network.shapes.axes import find_position, find_sizes
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import Outcome, Shape, ShapeError


def normalize_batch(layer: Layer, shape: Shape) -> Outcome:
    """A mean and a variance for each place of the axis, and what is learned to scale and shift it."""
    size = find_sizes(layer, shape)
    learned = bool(layer["scale"]) + bool(layer["center"])
    averages = 5 if layer["renorm"] else 2
    return Outcome(shape, (size,) * (learned + averages), (size,) * averages)


def normalize_layer(layer: Layer, shape: Shape) -> Outcome:
    """A scale and a shift for each place of the axes."""
    learned = bool(layer["scale"]) + bool(layer["center"])
    return Outcome(shape, (find_sizes(layer, shape),) * learned) if learned else keep_along_axis(layer, shape)


def normalize_rms(layer: Layer, shape: Shape) -> Outcome:
    """A scale for each place of the axes, which must be the last ones: Keras lines it up with the end of the shape."""
    sizes, axis = find_sizes(layer, shape), layer["axis"]
    places = {find_position(layer, one, shape) for one in ((axis,) if isinstance(axis, int) else axis)}
    if places != set(range(len(shape) + 1 - len(places), len(shape) + 1)):
        message = f"rms_normalization works along the last axes only, got axis {axis} of {shape}"
        raise ShapeError(message, "axis", "`axis: -1`")
    return Outcome(shape, (sizes,))


def normalize_groups(layer: Layer, shape: Shape) -> Outcome:
    """The axis is cut into `groups`, -1 for one a channel; a scale and a shift for each place of it."""
    size = find_sizes(layer, shape)
    groups, channels = layer["groups"], size[0]
    if channels is not None and groups != -1 and channels % groups:
        fitting = max(count for count in range(1, min(groups, channels) + 1) if channels % count == 0)
        message = f"group_normalization cannot share the {channels} channels of {shape} among {groups} groups equally"
        raise ShapeError(message, "groups", f"`groups: {fitting}` divides them")
    return Outcome(shape, (size,) * (bool(layer["scale"]) + bool(layer["center"])))


def keep_along_axis(layer: Layer, shape: Shape) -> Outcome:
    """Each vector along the axis is divided by its length, or becomes shares of 1."""
    axis = layer["axis"]
    for one in (axis,) if isinstance(axis, int) else axis:
        find_position(layer, one, shape)
    return Outcome(shape)


def normalize(layer: Layer, shape: Shape) -> Outcome:
    """Shifted and scaled by a mean and a variance, given or to be learned from the data beforehand.

    Where they are learned, Keras keeps a counter beside them.
    """
    sizes, mean, variance = find_sizes(layer, shape), layer["mean"], layer["variance"]
    if (mean is None) != (variance is None):
        given, missing = ("variance", "mean") if mean is None else ("mean", "variance")
        raise ShapeError(f"normalization has a {given} but no {missing}", given, "give both, or neither")
    if mean is None:
        return Outcome(shape, (sizes, sizes, ()), (sizes, sizes, ()))
    _require_one_each(mean, variance, sizes, shape)
    return Outcome(shape)


def _require_one_each(mean: float | list[float], variance: float | list[float], sizes: Shape, shape: Shape) -> None:
    """Keras wants a mean and a variance of one shape, lines lists up with the last axis and stretches lists of one."""
    count = len(mean) if isinstance(mean, list) else None
    if count != (len(variance) if isinstance(variance, list) else None):
        raise ShapeError("normalization needs as many values of variance as of mean", "variance")
    if count is not None and not sizes:
        raise ShapeError("normalization has a list for no axis at all", "mean", "a number, or name the axis")
    last = sizes[-1] if sizes else None
    if count is not None and last is not None and count not in (1, last):
        message = f"normalization has {count} values for an axis of {last} in {shape}"
        raise ShapeError(message, "mean", f"a number, or a list of {last}")

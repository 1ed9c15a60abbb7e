"""The shapes of layers that change each value where it stands: activations, noise and what else keeps the shape."""

from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import UNKNOWN, Outcome, Shape, ShapeError


def keep(layer: Layer, shape: Shape) -> Outcome:
    """What goes in comes out, of any rank."""
    return Outcome(shape)


def leave_unknown(layer: Layer, shape: Shape) -> Outcome:
    """What the layer gives is not followed, and neither are its weights."""
    return UNKNOWN


def drop_channels(layer: Layer, shape: Shape) -> Outcome:
    """Whole channels are dropped."""
    return Outcome(shape)


def learn_slopes(layer: Layer, shape: Shape) -> Outcome:
    """A slope for each value of an example; along `shared_axes`, counted from 1, one for all."""
    shared = layer["shared_axes"] or ()
    slopes = list(shape)
    for axis in (shared,) if isinstance(shared, int) else shared:
        if not 1 <= axis <= len(shape):
            message = f"prelu cannot share axis {axis}: an example of shape {shape} has the axes 1 to {len(shape)}"
            raise ShapeError(message, "shared_axes", "axis 1 is the first")
        slopes[axis - 1] = 1
    return Outcome(shape, (tuple(slopes),))


def rescale(layer: Layer, shape: Shape) -> Outcome:
    """Multiplied with `scale`, plus `offset`; a list has a number for each place of the last axis."""
    for argument in ("scale", "offset"):
        value = layer[argument]
        last = shape[-1] if shape else 1
        if isinstance(value, list) and last is not None and len(value) not in (1, last):
            message = f"rescaling has {len(value)} values of {argument} for a last axis of {last} in {shape}"
            raise ShapeError(message, argument, f"a number, or a list of {last}")
    return Outcome(shape)


def encode(layer: Layer, shape: Shape) -> Outcome:
    """Each value becomes a whole number; what the other output modes give is not followed."""
    return Outcome(shape) if layer["output_mode"] == "int" else UNKNOWN

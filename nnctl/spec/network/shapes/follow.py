"""Following a shape through one layer."""

from dataclasses import replace

from nnctl.spec.network.shapes.ranks import wrong_rank
from nnctl.spec.network.shapes.rule import RULES, Axes, Layer
from nnctl.spec.outcomes import UNKNOWN, Outcome, Shape, ShapeError
from nnctl.spec.sections import Component


def follow(layer: Component, shape: Shape) -> Shape | None:
    """The shape of what a layer gives when it is fed examples of `shape`.

    Args:
        layer: a layer with its checked arguments.
        shape: of one example, without the batch axis; None stands for a size that is not known.

    Returns:
        The shape, without the batch axis, or None where no rule knows it.

    Raises:
        ShapeError: the layer cannot take the shape.
    """
    return outcome(layer, shape).shape


def parameters(layer: Component, shape: Shape) -> int | None:
    """The number of values in a layer's weights, trained or not, when it is fed examples of `shape`.

    Returns:
        The number, or None where it is not known or the layer cannot take the shape.
    """
    try:
        return outcome(layer, shape).parameters
    except ShapeError:
        return None


def input_rank(layer: Component) -> int | None:
    """The number of axes, without the batch, that a layer insists on: 3 for `conv2d`, None for `dense`."""
    axes = axes_of(layer)
    return None if axes is None else len(axes)


def axes_of(layer: Component) -> Axes | None:
    """The names of the axes, without the batch, that a layer insists on, or None."""
    rule = RULES.get(layer.name)
    return None if rule is None else rule.axes(Layer(layer))


def outcome(layer: Component, shape: Shape) -> Outcome:
    """What a layer makes of a shape; nothing is known of one that has no rule.

    Raises:
        ShapeError: the layer cannot take the shape.
    """
    rule = RULES.get(layer.name)
    if rule is None:
        return UNKNOWN
    axes = rule.axes(Layer(layer))
    if axes is not None and len(axes) != len(shape):
        raise wrong_rank(layer.name, axes, shape)
    made = rule.outcome(Layer(layer), shape)
    if made.shape is not None and any(size is not None and size < 1 for size in made.shape):
        raise ShapeError(f"{layer.name} leaves nothing of an example of shape {shape}: {made.shape}")
    if layer.arguments.get("trainable") is False and made.weights is not None:
        return replace(made, fixed=made.weights)
    return made

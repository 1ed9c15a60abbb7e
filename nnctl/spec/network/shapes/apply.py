"""Applying a layer's rule: what holds for every layer, whatever its rule."""

from dataclasses import replace

from nnctl.spec.network.shapes.ranks import explain_rank
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import Outcome, Shape, ShapeError


def apply(layer: Layer, shape: Shape) -> Outcome:
    """What a layer makes of a shape.

    Raises:
        ShapeError: the layer cannot take the shape.
    """
    axes = layer.axes
    if axes is not None and len(axes) != len(shape):
        raise explain_rank(layer.name, axes, shape)
    made = layer.rule.outcome(layer, shape)
    if made.shape is not None and any(size is not None and size < 1 for size in made.shape):
        raise ShapeError(f"{layer.name} leaves nothing of an example of shape {shape}: {made.shape}")
    if layer.component.arguments.get("trainable") is False and made.weights is not None:
        return replace(made, fixed=made.weights)
    return made

"""The shapes of layers that work on whole images: augmentation, cropping and resizing."""

from nnctl.spec.network.shapes.axes import join, split
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import Outcome, Shape, ShapeError


def augment(layer: Layer, shape: Shape) -> Outcome:
    """Another image of the same size."""
    return Outcome(shape)


def augment_grey_or_color(layer: Layer, shape: Shape) -> Outcome:
    """Another image of the same size, from one that is grey or in colour."""
    return _require_channels(layer, shape, (1, 3))


def augment_color(layer: Layer, shape: Shape) -> Outcome:
    """Another image of the same size, from one in colour; Keras finds out about a grey one when it trains."""
    return _require_channels(layer, shape, (3,))


def jitter_color(layer: Layer, shape: Shape) -> Outcome:
    """Another image of the same size, from one in colour where the hue or the saturation changes."""
    needs_color = layer["hue_factor"] is not None or layer["saturation_factor"] is not None
    return _require_channels(layer, shape, (3,)) if needs_color else Outcome(shape)


def _require_channels(layer: Layer, shape: Shape, allowed: tuple[int, ...]) -> Outcome:
    _, channels = split(layer, shape)
    if channels is not None and channels not in allowed:
        wanted = " or ".join(map(str, allowed))
        raise ShapeError(f"{layer.name} needs images with {wanted} channels, got {shape}", None, "remove it")
    return Outcome(shape)


def resize(layer: Layer, shape: Shape) -> Outcome:
    """An image of `height` x `width`."""
    _, channels = split(layer, shape)
    return Outcome(join(layer, (layer["height"], layer["width"]), channels))

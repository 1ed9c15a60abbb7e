"""The shapes of layers that work on whole images: augmentation, cropping and resizing."""

from nnctl.spec.network.shapes.axes import image, join, split
from nnctl.spec.network.shapes.rule import Layer, rule
from nnctl.spec.outcomes import Outcome, Shape, ShapeError


@rule(
    *("auto_contrast", "contrast_limited_adaptive_histogram_equalization", "equalization", "solarization"),
    *("random_brightness", "random_contrast", "random_elastic_transform", "random_erasing"),
    *("random_flip", "random_gaussian_blur", "random_invert", "random_perspective", "random_posterization"),
    *("random_rotation", "random_sharpness", "random_shear", "random_translation", "random_zoom", "mix_up", "cut_mix"),
    axes=image,
)
def augmentation(layer: Layer, shape: Shape) -> Outcome:
    """Another image of the same size."""
    return Outcome(shape)


@rule("aug_mix", "rand_augment", "random_grayscale", axes=image)
def grey_or_color(layer: Layer, shape: Shape) -> Outcome:
    """Another image of the same size, from one that is grey or in colour."""
    return _with_channels(layer, shape, (1, 3))


@rule("random_color_degeneration", "random_hue", "random_saturation", axes=image)
def color(layer: Layer, shape: Shape) -> Outcome:
    """Another image of the same size, from one in colour; Keras finds out about a grey one when it trains."""
    return _with_channels(layer, shape, (3,))


@rule("random_color_jitter", axes=image)
def color_jitter(layer: Layer, shape: Shape) -> Outcome:
    """Another image of the same size, from one in colour where the hue or the saturation changes."""
    needs_color = layer["hue_factor"] is not None or layer["saturation_factor"] is not None
    return _with_channels(layer, shape, (3,)) if needs_color else Outcome(shape)


def _with_channels(layer: Layer, shape: Shape, allowed: tuple[int, ...]) -> Outcome:
    _, channels = split(layer, shape)
    if channels is not None and channels not in allowed:
        wanted = " or ".join(map(str, allowed))
        raise ShapeError(f"{layer.name} needs images with {wanted} channels, got {shape}", None, "remove it")
    return Outcome(shape)


@rule("resizing", "center_crop", "random_crop", axes=image)
def resized(layer: Layer, shape: Shape) -> Outcome:
    """An image of `height` x `width`."""
    _, channels = split(layer, shape)
    return Outcome(join(layer, (layer["height"], layer["width"]), channels))

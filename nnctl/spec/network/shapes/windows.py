"""How many places a window has that slides along an axis: what convolutions and poolings share."""

from collections.abc import Sequence

from nnctl.spec.network.shapes.axes import SPATIAL, count_dimensions, describe_size
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import Shape, ShapeError, Size


def slide(layer: Layer, sizes: Shape, argument: str, windows: Sequence[int], strides: Sequence[int]) -> Shape:
    """The sizes that are left when a window slides along the spatial axes.

    ceil(size / stride) with padding `same` or `causal`, ceil((size - window + 1) / stride) with `valid`:
    https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2

    Args:
        layer: the layer, for its padding and its name.
        sizes: the spatial sizes of an example.
        argument: the argument that the window comes from.
        windows: what the window covers along each axis, dilation included.
        strides: the distance between two places along each axis.

    Raises:
        ShapeError: the window does not fit once.
    """
    if layer["padding"] != "valid":
        return tuple(_divide_up(size, stride) for size, stride in zip(sizes, strides, strict=True))
    for axis, size, window in zip(SPATIAL[len(sizes)], sizes, windows, strict=True):
        if size is not None and size < window:
            message = f"{layer.name} needs at least {describe_size(axis, window)} for its {argument}, got {size}"
            hint = f"a smaller {argument}, `padding: same`, or fewer layers above that shrink the {axis}"
            raise ShapeError(message, argument, hint)
    inner = [None if size is None else size - window + 1 for size, window in zip(sizes, windows, strict=True)]
    return tuple(_divide_up(size, stride) for size, stride in zip(inner, strides, strict=True))


def measure_kernel(layer: Layer) -> tuple[int, ...]:
    """What the layer's kernel covers along each axis: `dilation_rate` x (`kernel_size` - 1) + 1."""
    count = count_dimensions(layer)
    kernel, dilation = layer.spread("kernel_size", count), layer.spread("dilation_rate", count)
    return tuple(rate * (size - 1) + 1 for size, rate in zip(kernel, dilation, strict=True))


def refuse_strides_with_dilation(layer: Layer) -> None:
    """Keras builds no such layer.

    Raises:
        ShapeError: both `strides` and `dilation_rate` are above 1.
    """
    count = count_dimensions(layer)
    if max(layer.spread("strides", count)) > 1 and max(layer.spread("dilation_rate", count)) > 1:
        message = f"{layer.name} cannot have both strides and a dilation_rate above 1"
        raise ShapeError(message, "dilation_rate", "leave one of them at 1")


def _divide_up(size: Size, stride: int) -> Size:
    return None if size is None else -(-size // stride)

"""The shapes of poolings: with a window, over everything, and to a given size."""

from nnctl.spec.network.shapes.axes import join, spatial, split
from nnctl.spec.network.shapes.rule import Layer, rule
from nnctl.spec.network.shapes.windows import slid
from nnctl.spec.outcomes import Outcome, Shape


@rule(
    *("max_pooling1d", "max_pooling2d", "max_pooling3d"),
    *("average_pooling1d", "average_pooling2d", "average_pooling3d"),
    axes=spatial,
)
def pooling(layer: Layer, shape: Shape) -> Outcome:
    """A window of `pool_size` slides over each channel; windows lie side by side unless `strides` says otherwise."""
    sizes, channels = split(layer, shape)
    windows = layer.each("pool_size", len(sizes))
    strides = windows if layer["strides"] is None else layer.each("strides", len(sizes))
    return Outcome(join(layer, slid(layer, sizes, "pool_size", windows, strides), channels))


@rule(
    *("global_max_pooling1d", "global_max_pooling2d", "global_max_pooling3d"),
    *("global_average_pooling1d", "global_average_pooling2d", "global_average_pooling3d"),
    axes=spatial,
)
def global_pooling(layer: Layer, shape: Shape) -> Outcome:
    """One value is left of each channel; `keepdims` keeps the spatial axes, each of size 1."""
    sizes, channels = split(layer, shape)
    return Outcome(join(layer, (1,) * len(sizes), channels) if layer["keepdims"] else (channels,))


@rule(
    *("adaptive_max_pooling1d", "adaptive_max_pooling2d", "adaptive_max_pooling3d"),
    *("adaptive_average_pooling1d", "adaptive_average_pooling2d", "adaptive_average_pooling3d"),
    axes=spatial,
)
def adaptive_pooling(layer: Layer, shape: Shape) -> Outcome:
    """The windows are cut so that `output_size` is left, whatever the input's size."""
    sizes, channels = split(layer, shape)
    return Outcome(join(layer, layer.each("output_size", len(sizes)), channels))

"""The shapes of poolings: with a window, over everything, and to a given size."""

from nnctl.spec.network.shapes.axes import join, split
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.network.shapes.windows import slide
from nnctl.spec.outcomes import Outcome, Shape


def pool(layer: Layer, shape: Shape) -> Outcome:
    """A window of `pool_size` slides over each channel; windows lie side by side unless `strides` says otherwise."""
    sizes, channels = split(layer, shape)
    windows = layer.spread("pool_size", len(sizes))
    strides = windows if layer["strides"] is None else layer.spread("strides", len(sizes))
    return Outcome(join(layer, slide(layer, sizes, "pool_size", windows, strides), channels))


def pool_globally(layer: Layer, shape: Shape) -> Outcome:
    """One value is left of each channel; `keepdims` keeps the spatial axes, each of size 1."""
    sizes, channels = split(layer, shape)
    return Outcome(join(layer, (1,) * len(sizes), channels) if layer["keepdims"] else (channels,))


def pool_to_size(layer: Layer, shape: Shape) -> Outcome:
    """The windows are cut so that `output_size` is left, whatever the input's size."""
    sizes, channels = split(layer, shape)
    return Outcome(join(layer, layer.spread("output_size", len(sizes)), channels))

"""The rules by name, and following a shape through one layer by the rule that the catalogue names for it."""

from collections.abc import Callable

from nnctl.spec.network.shapes import axes
from nnctl.spec.network.shapes.apply import apply
from nnctl.spec.network.shapes.borders import crop, pad, upsample
from nnctl.spec.network.shapes.convolution import convolve, convolve_depthwise, convolve_separably, convolve_transposed
from nnctl.spec.network.shapes.dense import look_up, multiply
from nnctl.spec.network.shapes.elementwise import drop_channels, encode, keep, learn_slopes, leave_unknown, rescale
from nnctl.spec.network.shapes.images import augment, augment_color, augment_grey_or_color, jitter_color, resize
from nnctl.spec.network.shapes.normalization import (
    keep_along_axis,
    normalize,
    normalize_batch,
    normalize_groups,
    normalize_layer,
    normalize_rms,
)
from nnctl.spec.network.shapes.pooling import pool, pool_globally, pool_to_size
from nnctl.spec.network.shapes.recurrent import read_images, read_steps
from nnctl.spec.network.shapes.reshaping import flatten, permute, repeat, reshape
from nnctl.spec.network.shapes.rule import Axes, Layer, ShapeRule
from nnctl.spec.network.shapes.wrappers import distribute, normalize_spectrum, read_both_ways
from nnctl.spec.outcomes import Outcome, Shape
from nnctl.spec.sections import Component

_BY_AXES: dict[Callable[[Layer], Axes | None], tuple[Callable[[Layer, Shape], Outcome], ...]] = {
    axes.name_none: (
        *(multiply, look_up, flatten, reshape),
        *(keep, keep_along_axis, learn_slopes, rescale, encode, leave_unknown),
        *(normalize, normalize_batch, normalize_groups, normalize_layer, normalize_rms),
    ),
    axes.name_spatial: (
        *(convolve, convolve_depthwise, convolve_separably, convolve_transposed),
        *(pool, pool_globally, pool_to_size, pad, crop, upsample, drop_channels),
    ),
    axes.name_image: (augment, augment_color, augment_grey_or_color, jitter_color, resize),
    axes.name_series: (read_steps,),
    axes.name_film: (read_images,),
    axes.name_row: (repeat,),
    axes.name_permuted: (permute,),
    axes.name_inner: (normalize_spectrum, read_both_ways),
    axes.name_stepwise: (distribute,),
}
RULES = {rule.__name__: ShapeRule(rule, named) for named, rules in _BY_AXES.items() for rule in rules}
"""The rules, by the names that the rows of the reviewed table have for them: those of their functions."""


def compute_outcome(layer: Component, shape: Shape) -> Outcome:
    """What a layer makes of examples of `shape`: what it gives, and its weights.

    Args:
        layer: a layer with its checked arguments.
        shape: of one example, without the batch axis; None stands for a size that is not known.

    Raises:
        ShapeError: the layer cannot take the shape.
    """
    return apply(Layer(layer, RULES), shape)


def follow(layer: Component, shape: Shape) -> Shape | None:
    """The shape of what a layer gives, without the batch axis, or None where its rule leaves it unknown; as `compute_outcome`."""
    return compute_outcome(layer, shape).shape


def find_input_rank(layer: Component) -> int | None:
    """The number of axes, without the batch, that a layer insists on: 3 for `conv2d`, None for `dense`."""
    axes = Layer(layer, RULES).axes
    return None if axes is None else len(axes)

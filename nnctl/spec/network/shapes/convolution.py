"""The shapes of convolutions: plain, transposed, depthwise and separable."""

from nnctl.spec.network.shapes.axes import SPATIAL, count_dimensions, join, split
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.network.shapes.windows import measure_kernel, refuse_strides_with_dilation, slide
from nnctl.spec.outcomes import Outcome, Shape, ShapeError, Size, add_up, count


def convolve(layer: Layer, shape: Shape) -> Outcome:
    """A kernel of (*kernel_size, channels / groups, filters) slides over the example."""
    refuse_strides_with_dilation(layer)
    sizes, channels = split(layer, shape)
    filters, each = layer["filters"], _share_channels(layer, shape, channels)
    kernel = (*layer.spread("kernel_size", count_dimensions(layer)), each, filters)
    rank = layer["lora_rank"]
    # https://github.com/keras-team/keras: BaseConv.enable_lora keeps the kernel and adds two thinner ones
    lora: tuple[Shape, ...] = ((*kernel[:-1], rank), (rank, filters)) if rank else ()
    bias: tuple[Shape, ...] = ((filters,),) if layer["use_bias"] else ()
    places = _slide(layer, sizes)
    products = count((*places, *kernel))
    return Outcome(join(layer, places, filters), (kernel, *bias, *lora), (kernel,) if lora else (), products)


def _share_channels(layer: Layer, shape: Shape, channels: Size) -> Size:
    groups = layer["groups"] or 1
    if layer["filters"] % groups:
        message = f"{layer.name} cannot share {layer['filters']} filters among {groups} groups equally"
        raise ShapeError(message, "groups", "groups must divide both the filters and the channels")
    if channels is not None and channels % groups:
        message = f"{layer.name} cannot share the {channels} channels of {shape} among {groups} groups equally"
        raise ShapeError(message, "groups", "groups must divide both the filters and the channels")
    return None if channels is None else channels // groups


def _slide(layer: Layer, sizes: Shape) -> Shape:
    return slide(layer, sizes, "kernel_size", measure_kernel(layer), layer.spread("strides", len(sizes)))


def convolve_depthwise(layer: Layer, shape: Shape) -> Outcome:
    """Each channel has `depth_multiplier` kernels of its own."""
    sizes, channels = split(layer, shape)
    multiplier = layer["depth_multiplier"]
    filters = None if channels is None else channels * multiplier
    kernel = (*layer.spread("kernel_size", len(sizes)), channels, multiplier)
    bias: tuple[Shape, ...] = ((filters,),) if layer["use_bias"] else ()
    places = _slide(layer, sizes)
    return Outcome(join(layer, places, filters), (kernel, *bias), products=count((*places, *kernel)))


def convolve_separably(layer: Layer, shape: Shape) -> Outcome:
    """A depthwise convolution, then one of kernel size 1 that mixes the channels into `filters`."""
    sizes, channels = split(layer, shape)
    multiplier, filters = layer["depth_multiplier"], layer["filters"]
    depthwise_kernel = (*layer.spread("kernel_size", len(sizes)), channels, multiplier)
    mixed = None if channels is None else channels * multiplier
    pointwise_kernel = (*(1 for _ in sizes), mixed, filters)
    bias: tuple[Shape, ...] = ((filters,),) if layer["use_bias"] else ()
    places = _slide(layer, sizes)
    products = add_up(count((*places, *kernel)) for kernel in (depthwise_kernel, pointwise_kernel))
    inside = count((*places, mixed))
    weights = (depthwise_kernel, pointwise_kernel, *bias)
    return Outcome(join(layer, places, filters), weights, products=products, inside=inside)


def convolve_transposed(layer: Layer, shape: Shape) -> Outcome:
    """The gradient of a convolution: strides make the example larger, not smaller."""
    refuse_strides_with_dilation(layer)
    sizes, channels = split(layer, shape)
    strides = layer.spread("strides", len(sizes))
    padding = (None,) * len(sizes) if layer["output_padding"] is None else layer.spread("output_padding", len(sizes))
    pairs = zip(sizes, measure_kernel(layer), strides, padding, strict=True)
    grown = tuple(_grow(layer, axis, *pair) for axis, pair in enumerate(pairs))
    kernel = (*layer.spread("kernel_size", len(sizes)), layer["filters"], channels)
    bias: tuple[Shape, ...] = ((layer["filters"],),) if layer["use_bias"] else ()
    # Each value of the input is multiplied with the whole kernel.
    return Outcome(join(layer, grown, layer["filters"]), (kernel, *bias), products=count((*sizes, *kernel)))


def _grow(layer: Layer, axis: int, size: Size, window: int, stride: int, padding: int | None) -> Size:
    """The size after a transposed convolution, as Keras's `compute_conv_transpose_output_shape` has it.

    size x stride with padding `same`, (size - 1) x stride + max(window, stride) with `valid`. With `output_padding` it
    is (size - 1) x stride + output_padding, and 1 more for an odd window with `same`, the window more with `valid`.
    """
    if padding is not None and padding >= stride:
        message = f"{layer.name} needs an output_padding below its strides, got {padding} and {stride}"
        raise ShapeError(message, "output_padding", "leave it out, or make the strides larger")
    same = layer["padding"] == "same"
    if same and padding is not None and window % 2 + padding == 0:
        # TensorFlow refuses to run it: no input of this size gives back an output of that one.
        name = SPATIAL[count_dimensions(layer)][axis]
        message = f"{layer.name} with padding same and an even kernel needs an output_padding above 0 along the {name}"
        raise ShapeError(message, "output_padding", "leave it out, or make the kernel_size odd")
    if size is None:
        return None
    if padding is None:
        return size * stride if same else (size - 1) * stride + max(window, stride)
    return (size - 1) * stride + padding + (window % 2 if same else window)

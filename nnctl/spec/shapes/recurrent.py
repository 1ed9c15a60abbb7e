"""The shapes of layers that read an example step by step."""

from nnctl.spec.shapes.axes import dimensions, join, series, spatial, split
from nnctl.spec.shapes.rule import Axes, Layer, Outcome, Shape, ShapeError, added, count, rule
from nnctl.spec.shapes.windows import covered, refuse_strides_with_dilation, slid

# The matrices that stand side by side in a kernel: the input, forget, cell and output gates of an LSTM; the update and
# reset gates and the candidate of a GRU.
GATES = {"lstm": 4, "gru": 3, "simple_rnn": 1}
# What is handed from step to step, and kept at each for the gradient beside the gates.
STATES = {"lstm": 2, "gru": 1, "simple_rnn": 1}


@rule(*GATES, axes=series)
def recurrent(layer: Layer, shape: Shape) -> Outcome:
    """The state after the last step, or after each with `return_sequences`; `return_state` gives several tensors."""
    _refuse_stateful(layer)
    units, wide = layer["units"], layer["units"] * GATES[layer.name]
    steps, features = shape
    # Keras's GRU keeps one bias for the input and one for the state where the reset gate comes after the product.
    biases = (2, wide) if layer.name == "gru" and layer["reset_after"] else (wide,)
    bias: tuple[Shape, ...] = (biases,) if layer["use_bias"] else ()
    kernels = ((features, wide), (units, wide))
    products = added(count((steps, *kernel)) for kernel in kernels)
    inside = count((steps, wide + units * STATES[layer.name]))
    return Outcome(_state(layer, (steps,), (units,)), (*kernels, *bias), products=products, inside=inside)


def _conv_axes(layer: Layer) -> Axes:
    return ("time", *spatial(layer))


@rule("conv_lstm1d", "conv_lstm2d", "conv_lstm3d", axes=_conv_axes)
def convolutional(layer: Layer, shape: Shape) -> Outcome:
    """An LSTM whose products are convolutions: the state is an image."""
    _refuse_stateful(layer)
    refuse_strides_with_dilation(layer)
    rank, filters = dimensions(layer), layer["filters"]
    sizes, channels = split(layer, shape[1:])
    left = slid(layer, sizes, "kernel_size", covered(layer), layer.each("strides", rank))
    kernel = layer.each("kernel_size", rank)
    bias: tuple[Shape, ...] = ((4 * filters,),) if layer["use_bias"] else ()
    kernels = ((*kernel, channels, 4 * filters), (*kernel, filters, 4 * filters))
    products = added(count((*shape[:1], *left, *each)) for each in kernels)
    inside = count((*shape[:1], *left, (GATES["lstm"] + STATES["lstm"]) * filters))
    given = _state(layer, shape[:1], join(layer, left, filters))
    return Outcome(given, (*kernels, *bias), products=products, inside=inside)


def _state(layer: Layer, steps: Shape, state: Shape) -> Shape | None:
    if layer["return_state"]:
        return None
    return (*steps, *state) if layer["return_sequences"] else state


def _refuse_stateful(layer: Layer) -> None:
    if layer["stateful"]:
        message = f"{layer.name} cannot be stateful: that needs a fixed batch size, and the last batch may be smaller"
        raise ShapeError(message, "stateful", "leave it out: the state then starts anew with each batch")

"""The shapes of layers that read an example step by step."""

from nnctl.spec.catalogue import traits
from nnctl.spec.network.shapes.axes import count_dimensions, join, split
from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.network.shapes.windows import measure_kernel, refuse_strides_with_dilation, slide
from nnctl.spec.outcomes import Outcome, Shape, ShapeError, add_up, count


def read_steps(layer: Layer, shape: Shape) -> Outcome:
    """The state after the last step, or after each with `return_sequences`; `return_state` gives several tensors."""
    _refuse_stateful(layer)
    known, units = traits.get_layer(layer.name), layer["units"]
    wide = units * known.gates
    steps, features = shape
    # Keras's GRU keeps one bias for the input and one for the state where the reset gate comes after the product.
    biases = (2, wide) if layer.name == "gru" and layer["reset_after"] else (wide,)
    bias: tuple[Shape, ...] = (biases,) if layer["use_bias"] else ()
    kernels = ((features, wide), (units, wide))
    products = add_up(count((steps, *kernel)) for kernel in kernels)
    inside = count((steps, wide + units * known.states))
    return Outcome(_give_state(layer, (steps,), (units,)), (*kernels, *bias), products=products, inside=inside)


def read_images(layer: Layer, shape: Shape) -> Outcome:
    """An LSTM whose products are convolutions: the state is an image."""
    _refuse_stateful(layer)
    refuse_strides_with_dilation(layer)
    known, rank, filters = traits.get_layer(layer.name), count_dimensions(layer), layer["filters"]
    sizes, channels = split(layer, shape[1:])
    left = slide(layer, sizes, "kernel_size", measure_kernel(layer), layer.spread("strides", rank))
    kernel = layer.spread("kernel_size", rank)
    wide = known.gates * filters
    bias: tuple[Shape, ...] = ((wide,),) if layer["use_bias"] else ()
    kernels = ((*kernel, channels, wide), (*kernel, filters, wide))
    products = add_up(count((*shape[:1], *left, *each)) for each in kernels)
    inside = count((*shape[:1], *left, wide + known.states * filters))
    given = _give_state(layer, shape[:1], join(layer, left, filters))
    return Outcome(given, (*kernels, *bias), products=products, inside=inside)


def _give_state(layer: Layer, steps: Shape, state: Shape) -> Shape | None:
    if layer["return_state"]:
        return None
    return (*steps, *state) if layer["return_sequences"] else state


def _refuse_stateful(layer: Layer) -> None:
    if layer["stateful"]:
        message = f"{layer.name} cannot be stateful: that needs a fixed batch size, and the last batch may be smaller"
        raise ShapeError(message, "stateful", "leave it out: the state then starts anew with each batch")

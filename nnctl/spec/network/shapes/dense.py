"""The shapes of layers that multiply with a matrix or look up a row of one."""

from nnctl.spec.network.shapes.rule import Layer
from nnctl.spec.outcomes import Outcome, Shape, ShapeError, count


def multiply(layer: Layer, shape: Shape) -> Outcome:
    """A matrix of (last axis, units) is multiplied with the last axis; the axes before it stay."""
    if not shape:
        raise ShapeError("dense needs at least one axis, got single numbers", None, "insert `- reshape: [1]` before it")
    units, rank = layer["units"], layer["lora_rank"]
    bias: tuple[Shape, ...] = ((units,),) if layer["use_bias"] else ()
    lora: tuple[Shape, ...] = ((shape[-1], rank), (rank, units)) if rank else ()
    kernel = (shape[-1], units)
    products = count((*shape[:-1], *kernel))
    return Outcome((*shape[:-1], units), (kernel, *bias, *lora), (kernel,) if lora else (), products)


def look_up(layer: Layer, shape: Shape) -> Outcome:
    """Each whole number becomes a row of a table of (input_dim, output_dim): one axis more."""
    rows, columns, rank = layer["input_dim"], layer["output_dim"], layer["lora_rank"]
    lora: tuple[Shape, ...] = ((rows, rank), (rank, columns)) if rank else ()
    return Outcome((*shape, columns), ((rows, columns), *lora), ((rows, columns),) if lora else ())

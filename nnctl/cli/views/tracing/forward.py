"""The forward pass as text: the example, each layer, a unit written out, the answer and the loss."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from nnctl.cli.shell.terminal import Part, assemble
from nnctl.cli.views.tracing.marks import (
    MOST_BARS,
    draw_bars,
    draw_image,
    format_number,
    format_shape,
    format_signed,
)

if TYPE_CHECKING:
    import numpy as np

    from nnctl.api import Forward, Traced, TracedExample, TracedLayer, TracedUnit

_MOST_VALUES = 12  # of an example that is no image
_MOST_TERMS = 5  # of the sum of a unit that reads many
_FEW_TERMS = 8
_MOST_ANSWERS = 5
_FEW_OUTPUTS = 4  # whose numbers stand beside the bars


def show(traced: "Traced", console: Console) -> None:
    """Prints the way of the example to its loss."""
    room = min(console.width - 2, MOST_BARS)
    weights = "the best model of a run" if traced.trained else "weights as training begins with them"
    console.print(assemble((traced.subject, "name"), f", {weights}"))
    for line in (*_list_example(traced.forward.example, room), "", ("forward pass", "name")):
        console.print(assemble(line))
    for layer in traced.forward.layers:
        for each in _list_layer(layer, room):
            console.print(each)
    for unit in traced.forward.units:
        for text in _list_unit(traced.forward, unit):
            console.print(assemble(text))
    for text in (*_list_answers(traced.forward), *_list_loss(traced.forward)):
        console.print(assemble(text))


def _list_example(example: "TracedExample", room: int) -> Iterator[Part]:
    yield f"example {example.index} of the {example.count:,} in train (row {example.row} of the data): {example.label}"
    stored = example.stored
    if stored.ndim >= 2 and min(stored.shape[:2]) > 1 and (stored.ndim == 2 or stored.shape[-1] in (1, 3)):
        yield from (f"  {line}" for line in draw_image(stored, room))
        return
    values, fed = stored.reshape(-1), example.fed.reshape(-1)
    names = example.columns or tuple(f"x[{index}]" for index in range(len(values)))
    scaled = len(fed) == len(values) and (fed != values).any()
    for index in range(min(len(values), _MOST_VALUES)):
        behind = f"  scaled {format_number(float(fed[index]))}" if scaled else ""
        yield f"  {names[index]} = {format_number(float(values[index]))}{behind}"
    if len(values) > _MOST_VALUES:
        yield f"  and {len(values) - _MOST_VALUES:,} more", "quiet"


def _list_layer(layer: "TracedLayer", room: int) -> Iterator[Text]:
    weights = f", {layer.parameters:,} weights" if layer.parameters else ""
    yield assemble(
        (layer.where, "name"), f"  {format_shape(layer.input)} -> {format_shape(layer.output.shape)}{weights}"
    )
    if layer.formula is not None:
        yield assemble(f"  a = {layer.formula}")
    if layer.idle:
        yield assemble(("  here, as in use, it hands on what it gets", "quiet"))
    if layer.output.size > _FEW_OUTPUTS:
        yield assemble(f"  {draw_bars(_flatten(layer.output), room)}")
    yield assemble((f"  {_describe_values(layer)}", "quiet"))


def _flatten(output: "np.ndarray") -> "np.ndarray":
    """The outputs in one row; of those that stand at many places the farthest from 0 of each unit."""
    return output.reshape(-1) if output.ndim < 2 else abs(output.reshape(-1, output.shape[-1])).max(axis=0)


def _describe_values(layer: "TracedLayer") -> str:
    output = layer.output
    if output.size <= _FEW_OUTPUTS:
        return ", ".join(format_number(float(each)) for each in output.reshape(-1))
    least, most = format_number(float(output.min())), format_number(float(output.max()))
    places = "" if output.ndim < 2 else f"; a bar a unit, over {output.size // output.shape[-1]:,} places"
    return f"{layer.zeros:.0%} zeros, {least} to {most}{places}"


def _list_unit(forward: "Forward", unit: "TracedUnit") -> Iterator[Part]:
    layer = forward.layers[unit.layer]
    where = f" at {', '.join(map(str, unit.position))}" if unit.position else ""
    yield f"unit {unit.unit} of {layer.where}{where}", "name"
    if unit.weights is None or unit.inputs is None or unit.total is None:
        yield f"  {draw_bars(unit.outputs.reshape(-1), MOST_BARS)}"
        values = unit.outputs.reshape(-1)
        told = ", ".join(format_number(float(each)) for each in values[:_MOST_TERMS])
        yield f"  {told}{', ...' if len(values) > _MOST_TERMS else ''}", "quiet"
        return
    yield from _list_terms(unit)
    bias = "" if unit.bias is None else f" + b = sum + {format_signed(unit.bias)}"
    yield f"  z = sum{bias} = {format_number(unit.total)}"
    result = format_number(float(unit.outputs))
    name = "z" if unit.activation == "linear" else f"{unit.activation}(z)"
    yield f"  a = {name} = {result}"


def _list_terms(unit: "TracedUnit") -> Iterator[Part]:
    """The products of a unit, the largest first where they are many, and their sum."""
    assert unit.weights is not None
    assert unit.inputs is not None
    inputs, weights = unit.inputs.astype("float64"), unit.weights.astype("float64")
    products = (inputs * weights).reshape(-1)
    many = products.size > _FEW_TERMS
    order = abs(products).argsort(kind="stable")[::-1][:_MOST_TERMS].tolist() if many else list(range(products.size))
    for at in order:
        place = _locate(at, inputs.shape, unit.offset)
        x, w = float(inputs.reshape(-1)[at]), float(weights.reshape(-1)[at])
        yield f"  x[{place}] * w = {format_number(x)} * {format_signed(w)} = {format_number(x * w)}"
    if many:
        rest = float(products.sum() - products[order].sum())
        yield f"  {products.size - len(order):,} smaller ones = {format_number(rest)}"
    yield f"  sum = {format_number(float(products.sum()))}"


def _locate(at: int, shape: tuple[int, ...], offset: tuple[int, ...]) -> str:
    """Where a product reads in the layer's input: its indices, from the place of the patch on."""
    indices = list[int]()
    for size in reversed(shape):
        at, index = divmod(at, size)
        indices.insert(0, index)
    return ", ".join(str(index + begin) for index, begin in zip(indices, (*offset, *[0] * len(indices)), strict=False))


def _list_answers(forward: "Forward") -> Iterator[Part]:
    kind = "probabilities" if forward.probable else "output"
    yield kind, "name"
    ranked = (
        sorted(forward.answers.items(), key=lambda each: -each[1]) if forward.probable else [*forward.answers.items()]
    )
    wide = max(len(name) for name, _ in ranked[:_MOST_ANSWERS])
    for name, value in ranked[:_MOST_ANSWERS]:
        bar = f"  {'█' * round(20 * value)}".rstrip() if forward.probable else ""
        yield f"  {name:{wide}}  {format_number(value)}{bar}"
    if len(ranked) > _MOST_ANSWERS:
        yield f"  and {len(ranked) - _MOST_ANSWERS:,} more", "quiet"


def _list_loss(forward: "Forward") -> Iterator[Part]:
    loss = forward.loss
    yield f"loss: {loss.name}", "name"
    if loss.steps:
        yield f"  {' = '.join(loss.steps)}"
    else:
        formula = "" if loss.formula is None else f"{loss.formula} = "
        yield f"  {formula}{format_number(loss.value)}"
    if loss.penalty:
        numbers = (loss.value, loss.penalty, loss.total)
        value, penalty, total = map(format_number, numbers)
        yield f"  with the penalties of regularizers {value} + {penalty} = {total}"

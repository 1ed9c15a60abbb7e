"""The backward pass as text: the gradient at each layer, and of one weight of each by finite differences."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console

from nnctl.cli.shell.terminal import Part, assemble
from nnctl.cli.views.tracing.marks import format_number

if TYPE_CHECKING:
    from nnctl.api import Difference, Traced, TracedLayer, TracedSlope


def show(traced: "Traced", console: Console) -> None:
    """Prints the way of the gradient back, the last layer first."""
    console.print()
    console.print(assemble(("backward pass", "name"), ", the gradient of the loss L of the example"))
    for slope in traced.backward:
        for text in _list_layer(traced.forward.layers[slope.layer], slope):
            console.print(assemble(text))
    checked = [each.checked for each in traced.backward if each.checked is not None]
    for text in _list_verdict(checked):
        console.print(assemble(text))


def _list_layer(layer: "TracedLayer", slope: "TracedSlope") -> Iterator[Part]:
    yield layer.where, "name"
    if slope.rule is not None:
        yield f"  {slope.rule}"
    if slope.slope is None and layer.activation == "softmax":
        yield "  the loss takes softmax and logarithm together: dz = p - y", "quiet"
    sizes = [("dL/da", slope.slope), ("dL/dW", slope.gradient)]
    told = [f"{name} {format_number(size)}" for name, size in sizes if size is not None]
    if told:
        yield f"  root mean square: {', '.join(told)}"
    if slope.checked is None:
        return
    found = slope.checked
    name = f"{found.weight}[{', '.join(map(str, found.index))}]"
    yield f"  of {name} = {format_number(found.value)}: dL/dw = {format_number(found.gradient)}"
    style = "good" if found.agrees else "warn"
    yield f"  by finite differences: {format_number(found.difference)}", style
    if found.reason is not None:
        yield f"  they differ: {found.reason}", "warn"


def _list_verdict(checked: list["Difference"]) -> Iterator[Part]:
    """How the differences were taken, and whether all agree."""
    if not checked:
        yield "  no layer has weights to train", "quiet"
        return
    first, right = checked[0], sum(each.agrees for each in checked)
    yield f"differences: (L(w + h) - L(w - h)) / 2h in {first.type}, h = {first.step:.2g} for |w| < 1", "quiet"
    yield "(Press et al. 2007, Numerical Recipes, 5.7)", "quiet"
    yield f"{right} of {len(checked)} agree within {first.tolerance:.1%}", "good" if right == len(checked) else "warn"

"""What a training takes, on the terminal: the layers in a table, memory, arithmetic, time, and how it is compiled."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import Console

from nnctl.cli.shell.numbers import format_count
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.tables import Cell, print_folded, print_table
from nnctl.spec import Spec
from nnctl.spec.network.cost import ACTIVATION, Cost
from nnctl.spec.network.plan import Plan
from nnctl.spec.outcomes import Shape, Size

if TYPE_CHECKING:
    from nnctl.api import Timing

_WIDTH = len("products  ")  # of the names of what training takes


def show(plan: Plan, timing: "Timing | None", console: Console) -> None:
    """Prints the layers and the cost of training them, with measured times where there are any."""
    _print_layers(plan.spec, plan.cost, console)
    kept = f"memory: what is kept of a batch of {plan.cost.batch_size} for its gradient"
    print_folded("", f"{kept}; products: multiply-adds an example", console, "quiet")
    console.print()
    for name, (main, rest) in _format_lines(plan, timing):
        print_folded(assemble(f"{name:<{_WIDTH}}", (main, "name"), "  "), rest, console, "quiet")


def document(plan: Plan, timing: "Timing | None") -> dict[str, object]:
    """The same for JSON; bytes, seconds and counts as plain numbers, null where not known."""
    spec, cost = plan.spec, plan.cost
    layers = [
        {
            "layer": layer.name,
            "shape": each.shape,
            "parameters": each.parameters,
            "memory": _count_bytes(each.activations, spec, cost),
            "products": each.products,
        }
        for layer, each in zip(spec.layers, cost.layers, strict=bool(cost.layers))
    ]
    told = {key: value for key, value in asdict(cost).items() if key != "layers"}
    return {
        "layers": layers,
        "cost": {**told, "epochs": spec.train.epochs},
        "compilation": None if plan.compilation is None else asdict(plan.compilation),
        "precision": asdict(plan.precision),
        "timing": None if timing is None else asdict(timing),
    }


def _print_layers(spec: Spec, cost: Cost, console: Console) -> None:
    heads = ("layer", "output", "parameters", "memory", "products")
    rows: list[Sequence[Cell]] = [
        [assemble((text, "quiet")) for text in ("input", _format_shape(cost.input_shape), *[""] * 3)]
    ]
    for index, (layer, each) in enumerate(zip(spec.layers, cost.layers, strict=bool(cost.layers))):
        memory = _format_size(_count_bytes(each.activations, spec, cost))
        numbers = (_format_count(each.parameters), memory, _format_count(each.products))
        rows.append((f"layers[{index}] {layer.name}", _format_shape(each.shape), *numbers))
    totals = (_format_count(cost.parameters), _format_size(cost.memory["activations"]), _format_count(cost.products))
    rows.append([assemble((text, "name")) for text in ("all", "", *totals)])
    print_table(heads, rows, console, right=(2, 3, 4), order=(0, 2, 1, 3, 4))


def _format_lines(plan: Plan, timing: "Timing | None") -> Iterator[tuple[str, tuple[str, str]]]:
    """What training takes: a name, the number that counts, and what there is to say of it."""
    spec, cost, mode, products = plan.spec, plan.cost, plan.compilation, plan.precision
    parts = [f"{name} {_format_size(size)}" for name, size in cost.memory.items() if size != 0]
    known = [size for size in cost.memory.values() if size is not None]
    total = _format_size(sum(known)) if len(known) == len(cost.memory) else f"{_format_size(sum(known))} and more"
    yield "memory", (total, ", ".join(parts))
    steps = "unknown" if cost.steps is None else f"{cost.steps:,} steps of {cost.batch_size}"
    yield "epoch", (_format_operations(cost.operations), f"{steps}; {format_count(spec.train.epochs, 'epoch')}")
    if cost.trained is not None and cost.parameters is not None and cost.trained < cost.parameters:
        yield "trained", (f"{cost.trained:,}", f"of {cost.parameters:,} parameters")
    if mode is None:
        yield "mode", ("XLA or graph", "by what is not known before the data are read")
    else:
        yield "mode", (mode.name, mode.reason)
    if products.telling:
        yield "products", (products.policy, products.reason)
    if timing is not None:
        whole = _format_duration(timing.first + spec.train.epochs * timing.epoch)
        each = f"{timing.step * 1e3:.3g} ms a step, validation {timing.validation:.3g} s"
        rest = f"first step {timing.first:.3g} s; about {whole} in all"
        yield "time", (f"{timing.epoch:.3g} s an epoch", f"{each}, {rest}")


def _format_shape(shape: Shape | None) -> str:
    return "?" if shape is None else " x ".join("?" if size is None else str(size) for size in shape) or "1"


def _format_count(number: Size) -> str:
    return "?" if number is None else f"{number:,}" if number else "·"


def _count_bytes(values: Size, spec: Spec, cost: Cost) -> Size:
    return None if values is None else values * cost.batch_size * ACTIVATION[spec.train.precision]


def _format_size(count: Size) -> str:
    """Bytes in the largest unit that they fill."""
    if not count:
        return "?" if count is None else "·"
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} B"


def _format_operations(count: Size) -> str:
    if count is None:
        return "? operations"
    for unit, size in (("TFLOP", 1e12), ("GFLOP", 1e9), ("MFLOP", 1e6)):
        if count >= size:
            return f"{count / size:,.3g} {unit}"
    return f"{count:,} FLOP"


def _format_duration(seconds: float) -> str:
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"

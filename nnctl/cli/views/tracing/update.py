"""The update as text: a weight before and after a step, the loss before and after, and the way of many steps."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console

from nnctl.cli.shell.terminal import Part, assemble
from nnctl.cli.views.tracing.marks import format_number

if TYPE_CHECKING:
    from nnctl.api import Traced, TracedUpdate


def show(traced: "Traced", console: Console) -> None:
    """Prints what each optimizer does to the weight that is followed; nothing where no weight is trained."""
    if traced.followed is None:
        return
    console.print()
    checked = next(each.checked for each in traced.backward if each.layer == traced.followed)
    assert checked is not None
    name = f"{checked.weight}[{', '.join(map(str, checked.index))}]"
    examples = f"the {traced.count} examples" if traced.count > 1 else "the example"
    where = traced.forward.layers[traced.followed].where
    console.print(assemble(("update", "name"), f" of {name} in {where}, by the mean loss of {examples} of its batch"))
    for update in traced.updates:
        for text in _list_update(update):
            console.print(assemble(text))


def _list_update(update: "TracedUpdate") -> Iterator[Part]:
    yield update.optimizer, "name"
    if update.formula is not None:
        yield f"  {update.formula}"
    numbers = (update.old, update.gradient, update.rate)
    yield "  w = {}, g = {}, rate = {}".format(*map(format_number, numbers))
    for name, (before, after) in update.kept.items():
        yield f"  keeps {name[0]} ({name}): {format_number(before)} -> {format_number(after)}"
    yield f"  new w = {format_number(update.new)}"
    for name, (before, after) in (("example", update.example), ("batch", update.batch)):
        yield f"  loss of the {name}: {format_number(before)} -> {format_number(after)}"
    if len(update.course) > 2:
        yield "  step   loss of the batch   w", "quiet"
        for step, loss, weight in update.course:
            yield f"  {step:<5,}  {format_number(loss):17}   {format_number(weight)}"

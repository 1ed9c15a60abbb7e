"""Edits that several rules propose; a function that makes some is named by what they do."""

from collections.abc import Iterable

from nnctl.diagnosis.facts.network import Applied, LayerFacts
from nnctl.diagnosis.finding import Edit, Finding, Path
from nnctl.spec import catalogue
from nnctl.spec.sections import Component

LOSS = ("train", "loss")
_MOST = 10**9  # more than any list has items


def set_activation(layer: LayerFacts, activation: str) -> tuple[Edit, ...]:
    """The edits that leave one activation after a layer, where the first one stands now."""
    if not layer.applied:
        return (Edit((*layer.path, "activation"), activation),)
    first, *others = layer.applied
    # A layer that is an activation by its own name (`relu`) makes room for the general one.
    value = activation if first.path[-1] == "activation" else {"activation": activation}
    return (Edit(first.path, value), *(_remove(each) for each in reversed(others)))


def keep_last_activation(layer: LayerFacts) -> tuple[Edit, ...]:
    """The edits that leave the last activation alone after a layer."""
    return tuple(_remove(each) for each in reversed(layer.applied[:-1]))


def _remove(applied: Applied) -> Edit:
    return Edit(applied.path[:3], kind="remove") if applied.alone else Edit(applied.path, "linear")


def has_argument(component: Component, argument: str) -> bool:
    """Whether a component has an argument."""
    entry = catalogue.find_entry(component.family, component.name)
    return entry is not None and argument in entry.arguments


def combine_edits(findings: Iterable[Finding]) -> tuple[Edit, ...]:
    """The edits of several findings' fixes at once; where two change the same, the first one does."""
    edits: dict[Path, Edit] = {}
    for fix in (one.fix for one in findings if one.fix):
        for edit in fix.edits:
            edits.setdefault(edit.path, edit)
    return tuple(sorted(edits.values(), key=_compute_edit_order))


def _compute_edit_order(edit: Edit) -> tuple[bool, tuple[str, ...]]:
    """Edits that take items away or put some in come last and from the end, so that no path is moved by another edit."""
    return edit.kind != "set", tuple(f"{_MOST - part:09d}" if isinstance(part, int) else part for part in edit.path)

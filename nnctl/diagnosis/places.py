"""Where a path of the spec stands in its file."""

from collections.abc import Iterator
from typing import Any

from nnctl.diagnosis.finding import Path
from nnctl.errors import Place
from nnctl.spec.sections import Component, Spec


def place(spec: Spec, path: Path) -> Place | None:
    """Where the value of a path stands, or as much of the path as the user wrote; None where that is nothing."""
    found = list(places(spec, path))
    return found[-1] if found else None


def places(spec: Spec, path: Path) -> Iterator[Place]:
    """Where each part of a path stands that the user wrote, from the outside in."""
    if path[:2] == ("model", "layers"):
        yield from _inside(list(spec.layers), path[2:])
    elif len(path) > 1 and path[0] in ("data", "train"):
        section: Any = spec.data if path[0] == "data" else spec.train
        key = str(path[1])
        if key in section.places:
            yield section.places[key]
        yield from _inside(getattr(section, key, None), path[2:])


def _inside(value: Any, path: Path) -> Iterator[Place]:
    """The places on a path through components and lists of them."""
    if isinstance(value, Component):
        if value.place is not None:
            yield value.place
        if path and path[0] in value.places:
            yield value.places[str(path[0])]
            yield from _inside(value.arguments[str(path[0])], path[1:])
    elif path and isinstance(value, (list, tuple)) and isinstance(path[0], int) and path[0] < len(value):
        yield from _inside(value[path[0]], path[1:])

"""A spec with some edits made, as a spec: what a trial of a fix trains."""

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from nnctl.diagnosis.finding import Edit
from nnctl.errors import Source
from nnctl.spec import dump, load
from nnctl.spec.sections import Spec

_COMPONENTS = ("loss", "optimizer", "learning_rate")


def variant(spec: Spec, edits: Sequence[Edit], peek: load.Peek | None = None) -> Spec:
    """The spec after the edits. Nothing is read from the spec's file, so overrides and bases are part of it.

    Raises:
        SpecError: the edits do not give a spec that can be built and fed.
    """
    document = deepcopy(dump.resolved(spec))
    for edit in edits:
        _apply(document, edit)
    text = dump.text(document)
    return load.load_text(Source(spec.source.name, text), Path(spec.source.name), peek=peek)


def _apply(document: dict[str, Any], edit: Edit) -> None:
    way, last = edit.path[:-1], edit.path[-1]
    holder: Any = document
    key: Any
    for depth, key in enumerate(way):
        if _is_component(edit.path[: depth + 1]):
            holder[key] = _opened(holder.get(key) if isinstance(holder, dict) else holder[key])
            holder = holder[key]
            holder = holder[next(iter(holder))]
        else:
            holder = holder[key] if isinstance(holder, list) or key in holder else holder.setdefault(key, {})
    if edit.kind == "insert":
        holder.insert(last, edit.value)
    elif edit.kind == "remove":
        holder.pop(last, None) if isinstance(holder, dict) else holder.pop(last)
    else:
        holder[last] = edit.value


def _is_component(path: Sequence[str | int]) -> bool:
    """Whether a path names a component, which may be written as a bare name."""
    return (path[:2] == ("model", "layers") and len(path) == 3) or (
        path[0] == "train" and len(path) == 2 and path[1] in _COMPONENTS
    )


def _opened(value: Any) -> dict[str, Any]:
    """A component as a map of its name to a map of its arguments."""
    if isinstance(value, dict):
        (name, arguments), *_ = value.items()
        return {name: dict(arguments or {})}
    return {value: {}}

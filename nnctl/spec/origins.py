"""Where each value of a spec comes from, a line of a file, `--set`, or a default of nnctl or of Keras; where a path stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from nnctl.errors import Place
from nnctl.spec import catalogue, dump
from nnctl.spec.catalogue.slots import find_slot
from nnctl.spec.sections import Component, Places, Spec
from nnctl.spec.text.path import Path, format_path


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a spec.

    Attributes:
        path: its keys, from the top, as people read them: in front of an argument's name stands its component's.
        value: the value as plain maps, lists and scalars; of a component its name alone.
        origin: `file`, `flag`, or whose default it is, `nnctl`'s or `keras`'s.
        place: where it stands, or None for a default.
        component: whether it is a component, whose arguments follow.
        argument: whether it is an argument of a component.
    """

    path: Path
    value: Any
    origin: Literal["file", "flag", "nnctl", "keras"]
    place: Place | None
    component: bool = False
    argument: bool = False


def list_settings(spec: Spec) -> Iterator[Setting]:
    """Every value of a spec, in the order of `resolved.yaml`."""
    whole = dump.resolve_spec(spec)
    for key in ("name", "seed"):
        yield _trace_setting((key,), whole[key], spec.places.get(key))
    for key, value in whole["data"].items():
        yield _trace_setting(("data", key), value, spec.data.places.get(key))
    for number, layer in enumerate(spec.layers):
        yield from _trace_component(("model", "layers", number), layer)
    for key, value in whole["train"].items():
        yield from _trace_train(key, getattr(spec.train, key, None), value, spec.train.places)


def _trace_train(key: str, value: Any, plain: Any, places: Places) -> Iterator[Setting]:
    path, place = ("train", key), places.get(key) or places.get(f"early_stopping.{key}")
    if isinstance(value, Component):
        yield from _trace_component(path, value)
    elif isinstance(value, tuple) and value:
        for number, component in enumerate(value):
            yield from _trace_component((*path, number), component)
    elif isinstance(plain, dict) and any(f"{key}.{inner}" not in places for inner in plain):
        yield from _trace_map(path, plain, places)
    elif key == "learning_rate" and plain is None:
        yield Setting(path, None, "keras", None)
    else:
        yield _trace_setting(path, plain, place)


def _trace_map(path: Path, plain: Mapping[str, Any], places: Places) -> Iterator[Setting]:
    """The keys of a map that defaults were added to; of `early_stopping: 3` one was given."""
    given = any(f"{path[-1]}.{inner}" in places for inner in plain)
    for inner, value in plain.items():
        alone = inner == find_slot(path).first and not given
        yield _trace_setting((*path, inner), value, places.get(str(path[-1]) if alone else f"{path[-1]}.{inner}"))


def _trace_component(path: Path, component: Component, argument: bool = False) -> Iterator[Setting]:
    """A component, then each of its arguments."""
    entry = catalogue.find_entry(component.family, component.name)
    yield replace(_trace_setting(path, component.name, component.place, argument), component=True)
    for name, known in ({} if entry is None else entry.arguments).items():
        inner = (*path, component.name, name)
        if name in component.arguments:
            yield from _trace_argument(inner, component.arguments[name], component.places.get(name))
        elif not known.required:
            default: Literal["nnctl", "keras"] = "keras" if entry and entry.class_name else "nnctl"
            yield Setting(inner, known.default, default, None, argument=True)


def _trace_argument(path: Path, value: Any, place: Place | None) -> Iterator[Setting]:
    if isinstance(value, Component) and (value.arguments or value.family == "layer"):
        yield from _trace_component(path, value, argument=True)
    else:
        value = value.name if isinstance(value, Component) else dump.simplify(value)
        yield _trace_setting(path, value, place, argument=True)


def _trace_setting(path: Path, value: Any, place: Place | None, argument: bool = False) -> Setting:
    if place is None:
        return Setting(path, value, "nnctl", None, argument=argument)
    return Setting(path, value, "flag" if place.source.name.startswith("--") else "file", place, argument=argument)


def document_setting(setting: Setting) -> Mapping[str, Any]:
    """A setting for JSON: its path with dots, its value, its origin, and where it stands."""
    place = None if setting.place is None else setting.place.document()
    return {"key": format_path(setting.path), "value": setting.value, "origin": setting.origin, "place": place}


def find_place(spec: Spec, path: Path) -> Place | None:
    """Where the value of a path stands, or as much of the path as the user wrote; None where that is nothing."""
    return next(reversed([*find_places(spec, path)]), None)


def find_places(spec: Spec, path: Path) -> Iterator[Place]:
    """Where each part of a path stands that the user wrote, from the outside in."""
    if path[:2] == ("model", "layers"):
        yield from _find_inside(spec.layers, path[2:])
    elif len(path) > 1 and path[0] in ("data", "train"):
        section: Any = spec.data if path[0] == "data" else spec.train
        key = str(path[1])
        if key in section.places:
            yield section.places[key]
        yield from _find_inside(getattr(section, key, None), path[2:])


def _find_inside(value: Any, path: Path) -> Iterator[Place]:
    """The places on a path through components and lists of them."""
    if isinstance(value, Component):
        if value.place is not None:
            yield value.place
        if path and path[0] in value.places:
            yield value.places[str(path[0])]
            yield from _find_inside(value.arguments[str(path[0])], path[1:])
    elif path and isinstance(value, (list, tuple)) and isinstance(path[0], int) and path[0] < len(value):
        yield from _find_inside(value[path[0]], path[1:])

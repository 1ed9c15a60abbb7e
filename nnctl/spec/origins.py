"""Where each value of a spec comes from: a line of a file, `--set`, or a default of nnctl or of Keras."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from nnctl.errors import Place
from nnctl.spec import catalogue, dump
from nnctl.spec.sections import Component, Places, Spec

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a spec.

    Attributes:
        path: its keys, from the top; of an argument the last is its name, behind that of its component.
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


def settings(spec: Spec) -> Iterator[Setting]:
    """Every value of a spec, in the order of `resolved.yaml`."""
    whole = dump.resolved(spec)
    for key in ("name", "seed"):
        yield _setting((key,), whole[key], spec.places.get(key))
    for key, value in whole["data"].items():
        yield _setting(("data", key), value, spec.data.places.get(key))
    for number, layer in enumerate(spec.layers):
        yield from _component(("model", "layers", number), layer)
    for key, value in whole["train"].items():
        yield from _trained(key, getattr(spec.train, key, None), value, spec.train.places)


def _trained(key: str, value: Any, plain: Any, places: Places) -> Iterator[Setting]:
    path, place = ("train", key), places.get(key) or places.get(f"early_stopping.{key}")
    if isinstance(value, Component):
        yield from _component(path, value)
    elif isinstance(value, tuple) and value:
        for number, component in enumerate(value):
            yield from _component((*path, number), component)
    elif isinstance(plain, dict) and any(f"{key}.{inner}" not in places for inner in plain):
        yield from _filled(path, plain, places)
    elif key == "learning_rate" and plain is None:
        yield Setting(path, None, "keras", None)
    else:
        yield _setting(path, plain, place)


def _filled(path: Path, plain: Mapping[str, Any], places: Places) -> Iterator[Setting]:
    """The keys of a map that defaults were added to; of `early_stopping: 3` the first is the one that was given."""
    given = [f"{path[-1]}.{inner}" for inner in plain if f"{path[-1]}.{inner}" in places]
    for number, (inner, value) in enumerate(plain.items()):
        place = places.get(f"{path[-1]}.{inner}" if given or number else str(path[-1]))
        yield _setting((*path, inner), value, place)


def _component(path: Path, component: Component, argument: bool = False) -> Iterator[Setting]:
    """A component, then each of its arguments."""
    entry = catalogue.entry(component.family, component.name)
    yield replace(_setting(path, component.name, component.place, argument), component=True)
    for name, known in ({} if entry is None else entry.arguments).items():
        inner = (*path, component.name, name)
        if name in component.arguments:
            yield from _argument(inner, component.arguments[name], component.places.get(name))
        elif not known.required:
            default: Literal["nnctl", "keras"] = "keras" if entry and entry.class_name else "nnctl"
            yield Setting(inner, known.default, default, None, argument=True)


def _argument(path: Path, value: Any, place: Place | None) -> Iterator[Setting]:
    if isinstance(value, Component) and (value.arguments or value.family == "layer"):
        yield from _component(path, value, argument=True)
    else:
        yield _setting(path, value.name if isinstance(value, Component) else dump.plain(value), place, argument=True)


def _setting(path: Path, value: Any, place: Place | None, argument: bool = False) -> Setting:
    if place is None:
        return Setting(path, value, "nnctl", None, argument=argument)
    return Setting(path, value, "flag" if place.source.name.startswith("--") else "file", place, argument=argument)


def document(setting: Setting) -> Mapping[str, Any]:
    """A setting for JSON: its path with dots, its value, its origin, and where it stands."""
    told = {"key": ".".join(map(str, setting.path)), "value": setting.value, "origin": setting.origin}
    place = setting.place
    if place is None:
        return told
    flag = {"flag": f"{place.source.name} {place.source.text}"}
    return {**told, **(place.document() if setting.origin == "file" else flag)}

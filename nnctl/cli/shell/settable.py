"""Behind TAB: the keys that `--set` takes and the values that they take, as the tables and the spec at hand have them."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from nnctl.errors import SpecError
from nnctl.spec import catalogue, composition
from nnctl.spec.catalogue import Argument, Entry, tables
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.kinds import Alternative, Choice, Family, Number, Plain, parse_kind
from nnctl.spec.catalogue.slots import Slot, find_slot
from nnctl.spec.text.document import Node
from nnctl.spec.text.path import Path, follow, format_path, parse_path, read_head, read_name

Proposals = list[tuple[str, str]]

SECTIONS = ("base", "vars", "data", "model", "train", "model.layers")
_LAYERS: Path = ("model", "layers")
_LAYER = find_slot(_LAYERS).follow(0)


def list_settable(incomplete: str, path: FilePath | None) -> Proposals:
    """What may follow a begun `--set`: keys up to their `=` or `.`, behind it values.

    What can go on in one way only goes on: a shell puts a space behind a proposal that stands alone, and no value may
    follow that.

    Args:
        incomplete: what is typed.
        path: the spec that is set in, or None if it is not known.
    """
    root = None if path is None else read_document(path)
    while True:
        key, sign, _ = incomplete.partition("=")
        found = list(_list_values(key, root) if sign else _list_keys(key, root))
        found = [each for each in found if each[0].startswith(incomplete)]
        if len(found) != 1 or found[0][0] == incomplete or found[0][0][-1] not in ".=":
            return found or ([] if incomplete[-1:] not in ".=" else [(incomplete, "")])
        incomplete = found[0][0]


def _list_keys(typed: str, root: Node | None) -> Iterator[tuple[str, str]]:
    """The keys that stand where one is typed, each with the sign that follows."""
    parent = parse_path(typed)[:-1]
    component, front = find_component(parent, root), format_path(parent)
    if component is not None:
        yield from ((f"{front}.{a.name}=", a.doc.partition(". ")[0]) for a in component.arguments.values())
    elif parent == _LAYERS:
        yield from _list_layers(root)
    elif parent == ("vars",):
        held = follow(root, parent)
        yield from ((f"vars.{name}=", "a variable of the spec") for name in (held and held.entries) or ())
    elif families := find_slot(parent).families:
        own = _read_component(find_slot(parent), follow(root, parent))
        names = catalogue.list_names(families[0]) if own is None else (own.name,)
        yield from ((f"{front}.{name}.", catalogue.get_entry(families[0], name).doc) for name in names)
    else:
        yield from ((f"{path}=", key.doc) for path, key in _map_keys().items() if path not in SECTIONS)
        yield from ((f"{path}.", "of the spec") for path in ("model.layers", "vars") if follow(root, parse_path(path)))


def _list_values(path: str, root: Node | None) -> Iterator[tuple[str, str]]:
    """What a key may be set to: components, choices, and of numbers the default and an example."""
    key = _map_keys().get(path)
    if path == "data.source":
        from nnctl.api import SOURCES

        yield from ((f"{path}={source.name}", source.summary) for source in SOURCES.values())
    elif key is not None:
        yield from _list_taken(path, key.kind, [tables.find_default(path), tables.make_example(path)])
    elif (argument := _find_argument(path, root)) is not None:
        yield from _list_taken(path, argument.kind, [argument.default, tables.make_value(argument.kind)])


def _list_taken(path: str, text: str, usual: list[Any]) -> Iterator[tuple[str, str]]:
    alternatives = parse_kind(text) if text else ()
    for each in alternatives:
        yield from ((f"{path}={value}", doc) for value, doc in _list_alternatives(each))
    if any(isinstance(each, Number) for each in alternatives):
        # With a space or a bracket in it, a value would have to be quoted.
        plain = dict.fromkeys(str(value) for value in usual if isinstance(value, int | float | str))
        yield from ((f"{path}={value}", "") for value in plain if value.replace(".", "").replace("-", "").isalnum())


def _list_alternatives(each: Alternative) -> Iterator[tuple[str, str]]:
    if isinstance(each, Family):
        yield from ((name, catalogue.get_entry(each.name, name).doc) for name in catalogue.list_names(each.name))
    elif isinstance(each, Choice):
        yield each.text, ""
    elif each == Plain("bool"):
        yield from (("true", ""), ("false", ""))
    elif each == Plain("null"):
        yield "null", ""


def _list_layers(root: Node | None) -> Iterator[tuple[str, str]]:
    """The layers of the spec by number, and by name where they have one."""
    node = follow(root, _LAYERS)
    for number, item in enumerate((node.items if node is not None else None) or ()):
        entry = _read_component(_LAYER, item)
        said = "a layer" if entry is None else entry.name
        yield f"model.layers.{number}.", said
        if (name := read_name(item)) is not None:
            yield f"model.layers.{name}.", said


def _find_argument(path: str, root: Node | None) -> Argument | None:
    *parent, name = parse_path(path)
    component = find_component(tuple(parent), root)
    return None if component is None else component.arguments.get(str(name))


def find_component(path: Path, root: Node | None) -> Entry | None:
    """The component whose arguments stand behind a path: `train.optimizer.sgd`, `model.layers.0`."""
    if path[:-1] == _LAYERS:
        return _read_component(_LAYER, follow(root, path))
    return find_slot(path[:-1]).find_component(path[-1]) if path else None


def _read_component(slot: Slot, node: Node | None) -> Entry | None:
    """The component that a node of the spec writes."""
    return None if node is None else slot.find_component(read_head(node))


@cache
def _map_keys() -> Mapping[str, Key]:
    return dict(tables.walk_keys())


def read_document(path: FilePath) -> Node | None:
    """The document of a spec, or None of one that cannot be read."""
    try:
        return composition.merge(composition.read(path))
    except SpecError:
        return None

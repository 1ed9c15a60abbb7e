"""Behind TAB: the keys that `--set` takes and the values that they take, as the tables and the spec at hand have them."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nnctl.errors import SpecError
from nnctl.spec import catalogue, composition
from nnctl.spec.catalogue import Argument, Entry, tables
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.kinds import Alternative, Choice, Family, Number, Plain, kind
from nnctl.spec.text.document import Node
from nnctl.spec.text.overrides import name_of

Proposals = list[tuple[str, str]]

_SECTIONS = ("base", "vars", "data", "model", "train", "model.layers")
_LAYERS = ["model", "layers"]


def settable(incomplete: str, path: Path | None) -> Proposals:
    """What may follow a begun `--set`: keys up to their `=` or `.`, behind it values.

    What can go on in one way only goes on: a shell puts a space behind a proposal that stands alone, and no value may
    follow that.

    Args:
        incomplete: what is typed.
        path: the spec that is set in, or None if it is not known.
    """
    root = None if path is None else _document(path)
    while True:
        key, sign, _ = incomplete.partition("=")
        found = list(_values(key, root) if sign else _keys(key, root))
        found = [each for each in found if each[0].startswith(incomplete)]
        if len(found) != 1 or found[0][0] == incomplete or found[0][0][-1] not in ".=":
            return found or ([] if incomplete[-1:] not in ".=" else [(incomplete, "")])
        incomplete = found[0][0]


def _keys(typed: str, root: Node | None) -> Iterator[tuple[str, str]]:
    """The keys that stand where one is typed, each with the sign that follows."""
    parent = typed.split(".")[:-1]
    component = _component(parent, root)
    if component is not None:
        yield from ((f"{'.'.join(parent)}.{a.name}=", _first(a.doc)) for a in component.arguments.values())
    elif parent == _LAYERS:
        yield from _layers(root)
    elif parent == ["vars"]:
        yield from ((f"vars.{name}=", "a variable of the spec") for name in _entries(_at(root, parent)))
    elif family := _family(".".join(parent)):
        own = _entry(family, _at(root, parent))
        names = catalogue.names(family) if own is None else (own.name,)
        yield from ((f"{'.'.join(parent)}.{name}.", catalogue.named(family, name).doc) for name in names)
    else:
        yield from ((f"{path}=", key.doc) for path, key in _known().items() if path not in _SECTIONS)
        yield from ((f"{path}.", "of the spec") for path in ("model.layers", "vars") if _at(root, path.split(".")))


def _values(path: str, root: Node | None) -> Iterator[tuple[str, str]]:
    """What a key may be set to: components, choices, and of numbers the default and an example."""
    key = _known().get(path)
    if path == "data.source":
        from nnctl.data.sources import SOURCES

        yield from ((f"{path}={source.name}", source.summary) for source in SOURCES.values())
    elif key is not None:
        usual = [tables.default(path), tables.example(path)]
        yield from _taken(path, key.kind, usual)
    elif (argument := _argument(path, root)) is not None:
        yield from _taken(path, argument.kind, [argument.default, tables.made(argument.kind)])


def _taken(path: str, text: str, usual: list[Any]) -> Iterator[tuple[str, str]]:
    alternatives = kind(text) if text else ()
    for each in alternatives:
        yield from ((f"{path}={value}", doc) for value, doc in _alternatives(each))
    if any(isinstance(each, Number) for each in alternatives):
        # With a space or a bracket in it, a value would have to be quoted.
        plain = dict.fromkeys(str(value) for value in usual if isinstance(value, int | float | str))
        yield from ((f"{path}={value}", "") for value in plain if value.replace(".", "").replace("-", "").isalnum())


def _alternatives(each: Alternative) -> Iterator[tuple[str, str]]:
    if isinstance(each, Family):
        yield from ((name, catalogue.named(each.name, name).doc) for name in catalogue.names(each.name))
    elif isinstance(each, Choice):
        yield each.text, ""
    elif each == Plain("bool"):
        yield from (("true", ""), ("false", ""))
    elif each == Plain("null"):
        yield "null", ""


def _layers(root: Node | None) -> Iterator[tuple[str, str]]:
    """The layers of the spec by number, and by name where they have one."""
    node = _at(root, _LAYERS)
    for number, item in enumerate((node.items if node is not None else None) or ()):
        entry = _entry("layer", item)
        said = "a layer" if entry is None else entry.name
        yield f"model.layers.{number}.", said
        if (name := name_of(item)) is not None:
            yield f"model.layers.{name}.", said


def _argument(path: str, root: Node | None) -> Argument | None:
    parent, _, name = path.rpartition(".")
    component = _component(parent.split("."), root)
    return None if component is None else component.arguments.get(name)


def _component(path: list[str], root: Node | None) -> Entry | None:
    """The component whose arguments stand behind a path: `train.optimizer.sgd`, `model.layers.0`."""
    if path[:2] == _LAYERS and len(path) == 3:
        node = _at(root, path)
        return None if node is None else _entry("layer", node)
    family = _family(".".join(path[:-1]))
    return None if family is None else catalogue.entry(family, path[-1])


def _entry(family: str, node: Node | None) -> Entry | None:
    """The component that a node of the spec writes."""
    if node is None:
        return None
    name = next(iter(_entries(node)), None) if node.entries is not None else node.value
    return catalogue.entry(family, name) if isinstance(name, str) else None


def _family(path: str) -> str | None:
    key = _known().get(path)
    alternatives = kind(key.kind) if key is not None and key.kind else ()
    return next((each.name for each in alternatives if isinstance(each, Family)), None)


@cache
def _known() -> Mapping[str, Key]:
    return dict(tables.every())


def _at(node: Node | None, path: list[str]) -> Node | None:
    """What the spec holds at a path; items of a list go by number or name."""
    for word in path:
        if node is None:
            return None
        if node.items is not None:
            node = next((n for i, n in enumerate(node.items) if word in (str(i), name_of(n))), None)
        else:
            entry = _entries(node).get(word)
            node = None if entry is None else entry.node
    return node


def _entries(node: Node | None) -> Mapping[Any, Any]:
    return (node.entries if node is not None else None) or {}


def _document(path: Path) -> Node | None:
    try:
        return composition.merged(composition.read(path))
    except SpecError:
        return None


def _first(doc: str) -> str:
    return doc.partition(". ")[0]

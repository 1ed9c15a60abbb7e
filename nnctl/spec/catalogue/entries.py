"""The catalogue: every layer, optimizer, loss, metric, schedule and so on that a spec may name, with its arguments.

`catalogue.json` is written by `make catalogue` from Keras and a reviewed table, so that looking something up needs no
TensorFlow. It is read once, and an entry is made when it is first asked for: `check` asks for a dozen of 250.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("catalogue.json")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a component.

    Attributes:
        name: its name.
        kind: what it may be, in the language of `nnctl.spec.catalogue.kinds`.
        required: whether it must be given.
        default: what it is if it is not given, as YAML has it (a tuple is a list); None where it is required.
        doc: one or two sentences.
    """

    name: str
    kind: str
    required: bool
    default: Any
    doc: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One component.

    Attributes:
        family: what it is (`layer`).
        name: its name in YAML (`conv2d`).
        class_name: its name in Keras (`Conv2D`), that of a function for an activation; None for one of nnctl's own.
        module: where Keras exports it (`keras.layers`).
        doc: one sentence.
        first: the argument that `name: value` sets, or None if there is none.
        arguments: what it takes, by name, in the order of Keras's signature.
        withheld: what Keras's takes as well and a spec may not say, with the reason, which completes "is not offered: ...".
    """

    family: str
    name: str
    class_name: str | None
    module: str
    doc: str
    first: str | None
    arguments: Mapping[str, Argument]
    withheld: Mapping[str, str]


def find_entry(family: str, name: str) -> Entry | None:
    """The component of a family that a name means, in any accepted spelling (`conv2d`, `Conv2D`), or None."""
    known = _map_spellings(family).get(name)
    return None if known is None else _make_entry(family, known)


def list_names(family: str) -> tuple[str, ...]:
    """The names of a family's components, sorted."""
    return tuple(_read_family(family))


def list_spellings(family: str) -> tuple[str, ...]:
    """Every spelling that a family's components may be written in, the names first."""
    return tuple(_map_spellings(family))


def get_entry(family: str, name: str) -> Entry:
    """The component of a family that is there; an unknown name raises KeyError."""
    return _make_entry(family, _map_spellings(family)[name])


def spell_entry(entry: Entry) -> tuple[str, ...]:
    """Every spelling that a component may be written in, its name first."""
    return (entry.name, *_read_family(entry.family)[entry.name]["aliases"])


def explain_exclusion(family: str, name: str) -> str | None:
    """Why a component of Keras is not offered, in any spelling; the reason completes "it ...". None if there is no such."""
    return _map_exclusions(family).get(_fold(name))


def read_traits(family: str, name: str) -> dict[str, Any]:
    """What the reviewed table's row says of a component, by the fields of `nnctl.spec.catalogue.traits`; lists are tuples.

    Raises:
        KeyError: there is no such component.
    """
    found = _read_family(family)[_map_spellings(family)[name]]["traits"]
    return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}


def read_version() -> str:
    """The version of Keras that the catalogue was made from."""
    return str(_read_catalogue()["keras"])


@cache
def _read_catalogue() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PATH.read_bytes())
    return found


def _read_family(family: str) -> dict[str, Any]:
    found: dict[str, Any] = _read_catalogue()["families"][family]
    return found


@cache
def _map_spellings(family: str) -> dict[str, str]:
    """The name for each spelling."""
    found = _read_family(family)
    return {**{name: name for name in found}, **{alias: name for name in found for alias in found[name]["aliases"]}}


@cache
def _map_exclusions(family: str) -> dict[str, str]:
    return {_fold(name): reason for name, reason in _read_catalogue()["excluded"][family].items()}


def _fold(name: str) -> str:
    """A name without what tells `MultiHeadAttention` from `multi_head_attention`."""
    return name.replace("_", "").lower()


@cache
def _make_entry(family: str, name: str) -> Entry:
    found = _read_family(family)[name]
    arguments = {key: _make_argument(key, argument) for key, argument in found["arguments"].items()}
    about = (found["class"], found["module"], found["doc"], found["first"])
    return Entry(family, name, *about, arguments=arguments, withheld=found["withheld"])


def _make_argument(name: str, found: Mapping[str, Any]) -> Argument:
    return Argument(name, found["kind"], "default" not in found, _read_default(found), found["doc"])


def _read_default(found: Mapping[str, Any]) -> Any:
    """The default; of a component its name, where Keras's signature has another spelling (`uniform`)."""
    default = found.get("default")
    families = [each for each in found["kind"].split("|") if each in _read_catalogue()["families"]]
    if not isinstance(default, str):
        return default
    return next((_map_spellings(each)[default] for each in families if default in _map_spellings(each)), default)

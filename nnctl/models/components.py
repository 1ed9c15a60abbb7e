"""Keras's serialized objects as components of the catalogue, checked by the reader that checks specs."""

import math
from collections.abc import Mapping
from typing import Any

from nnctl.errors import Place, Source
from nnctl.models.graph import refusal
from nnctl.spec import catalogue
from nnctl.spec.catalogue.kinds import Choice, Items, Kind, Plain, list_families, parse_kind
from nnctl.spec.reader import Reader
from nnctl.spec.sections import Component
from nnctl.spec.text.document import Keyed, Node

# What Keras writes beside `config`; all but the first four are ignored: nnctl builds from the configuration alone.
_KEYS = {"module", "class_name", "config", "registered_name"}
_IGNORED = {"build_config", "name", "inbound_nodes", "shared_object_id", "compile_config"}
# What a layer that serves as an activation writes of itself that an activation has not.
_OF_LAYERS = {"name", "trainable", "dtype"}
# Arguments that a spec may not give and Keras writes all the same, with the only values that are let through.
_FIXED: dict[tuple[str, str], Any] = {("Discretization", "epsilon"): 0.01}
# What a layer writes and does not read: it follows from its other arguments.
_DERIVED = {("IntegerLookup", key) for key in ("dtype", "trainable", "vocabulary_size")}
# The image layers that take no such argument write it nevertheless, from Keras's own setting.
_FORMAT = ("data_format", "channels_last")
# The layers inside `bidirectional`, which itself tells them what to put out where the input is masked.
_READERS = {"layer", "backward_layer"}
_STATISTICS = {"mean", "variance"}  # of Normalization: an array of any rank, one number for each value of an example
LONGEST_TEXT = 200  # characters: a name, an equation

_NOWHERE = Place(Source("", ""), 1, 1)


def read_layer(found: Any) -> Component:
    """The layer that a serialized object describes.

    Raises:
        RunError: it is not one that a spec can name, or an argument is not what the catalogue allows.
    """
    node = _read_object(found, ["layer"])
    reader = Reader()
    component = reader.read_component("layer", node)
    if not isinstance(component, Component):
        raise refusal(f"has a layer that no spec can have: {reader.problems[0].message}")
    arrays = {name: found["config"][name] for name in _STATISTICS if component.name == "normalization"}
    return Component("layer", component.name, {**component.arguments, **arrays})


def split_object(found: Any) -> tuple[str, Mapping[str, Any]]:
    """The `module.Class` of a serialized object and its configuration.

    Raises:
        RunError: it is not of the form that Keras writes, or a class is registered under another name than its own.
    """
    if not isinstance(found, dict) or not found.keys() - _IGNORED <= _KEYS:
        raise refusal(f"has {_quote(found)} where Keras writes a layer")
    module, name, config = found.get("module"), found.get("class_name"), found.get("config")
    if not isinstance(module, str) or not isinstance(name, str) or not isinstance(config, dict):
        raise refusal(f"names {_quote(name)} of {_quote(module)}, which is no layer of Keras's")
    if found.get("registered_name") not in (None, name):
        raise refusal(f"has a class registered as {_quote(found['registered_name'])}")
    return f"{module}.{name}", config


def _read_object(found: Any, named: list[str]) -> Node:
    """A serialized object as a spec would write it: its name over a map of its arguments."""
    path, config = split_object(found)
    entry = next((known for family in named if (known := _find_entry(family, path))), None)
    if entry is None:
        raise refusal(f"names {_quote(path)}, which nnctl does not build")
    arguments: dict[Any, Keyed] = {}
    for key, value in config.items():
        if key in _READERS and entry.name == "bidirectional" and isinstance(value, dict):
            value = {**value, "config": _drop_masks(value.get("config"))}
        if key not in entry.arguments:
            _require_inert(entry, key, value)
        elif entry.name == "normalization" and key in _STATISTICS:
            _require_numbers(value)
            arguments[key] = Keyed(_NOWHERE, Node(1.0, _NOWHERE))
        else:
            arguments[key] = Keyed(_NOWHERE, _read_value(value, parse_kind(entry.arguments[key].kind)))
    return Node({entry.name: Keyed(_NOWHERE, Node(arguments, _NOWHERE))}, _NOWHERE)


def _find_entry(family: str, path: str) -> catalogue.Entry | None:
    """The component of a family that Keras keeps under a path, `keras.layers.Dense`."""
    name = path.rpartition(".")[2]
    # An activation with arguments is kept as the layer that stands for it, which has its name.
    entry = catalogue.find_entry("layer" if family == "activation" else family, name)
    if entry is None or f"{entry.module}.{entry.class_name}" != path:
        return None
    return catalogue.find_entry(family, entry.name) if family == "activation" else entry


def _require_inert(entry: catalogue.Entry, key: str, value: Any) -> None:
    """Refuses an argument that nnctl does not know, unless it says nothing."""
    if (entry.class_name, key) in _DERIVED:
        return
    fixed = _FIXED.get((str(entry.class_name), key))
    if value is None or value is False or value == fixed is not None or (key, value) == _FORMAT:
        return
    if entry.family == "activation" and key in _OF_LAYERS:
        return
    raise refusal(f"gives {entry.name} the argument {_quote(key)}, which no spec can give")


def _drop_masks(config: Any) -> Any:
    """A reader's configuration without what `bidirectional` sets anew."""
    if not isinstance(config, dict) or not isinstance(config.get("zero_output_for_mask"), bool):
        return config
    return {key: value for key, value in config.items() if key != "zero_output_for_mask"}


def _read_value(value: Any, wanted: Kind) -> Node:
    if isinstance(value, dict):
        if value.get("class_name") == "DTypePolicy":
            path, config = split_object(value)
            if path != "keras.DTypePolicy" or config.keys() != {"name"}:
                raise refusal("has a dtype policy of its own")
            return _read_value(config["name"], wanted)
        return _read_object(value, list_families(wanted))
    if isinstance(value, list):
        if (single := _undo_range(value)) is not None and not _takes(wanted, value) and _takes(wanted, single):
            return Node(single, _NOWHERE)
        inner = next((each.item for each in wanted if isinstance(each, Items)), wanted)
        return Node([_read_value(item, inner) for item in value], _NOWHERE)
    if isinstance(value, str):
        _require_plain_text(value, wanted)
    return Node(value, _NOWHERE)


def _undo_range(value: list[Any]) -> Any:
    """The number that Keras makes a range of: 0.2 of [-0.2, 0.2], 4 of [1, 4]; None of anything else."""
    if len(value) != 2 or any(type(item) not in (int, float) for item in value):
        return None
    return value[1] if value[0] in (1, -value[1]) else None


def _takes(wanted: Kind, value: Any) -> bool:
    items = [Node(item, _NOWHERE) for item in value] if isinstance(value, list) else value
    return isinstance(Reader().read_value(wanted, Node(items, _NOWHERE), ""), (int, float, list))


def _require_plain_text(value: str, wanted: Kind) -> None:
    """Refuses a text that names what it should not: the reader says of the rest whether it is a choice or a component."""
    free = any(isinstance(each, Plain) and each.name == "str" for each in wanted)
    chosen = any(isinstance(each, Choice) and each.text == value for each in wanted)
    plain = len(value) <= LONGEST_TEXT and value.isprintable() and "/" not in value
    if not (chosen or list_families(wanted) or (free and plain)):
        raise refusal(f"gives an argument the text {_quote(value)}")


def _require_numbers(value: Any) -> None:
    if isinstance(value, list):
        for item in value:
            _require_numbers(item)
    elif isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise refusal(f"has {_quote(value)} among its numbers")


def _quote(value: Any) -> str:
    text = repr(value) if not isinstance(value, (dict, list)) else f"a {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:77]}..."

"""`config.json` as a graph: a Sequential, or a Functional model with one input and one output, of layers of the catalogue."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nnctl.models import components
from nnctl.models.graph import Graph, Index, Step, damage, refusal
from nnctl.spec.catalogue.kinds import DTYPES
from nnctl.spec.sections import Component
from nnctl.spec.text.document import LONGEST_INTEGER

MOST_LAYERS = 2_000
MOST_BRACKETS = 500_000  # of JSON, before it is parsed: each becomes an object of 64 bytes or more
_SEQUENTIAL = ("keras.Sequential", "keras.src.models.sequential.Sequential")
_FUNCTIONAL = ("keras.src.models.functional.Functional", "keras.Model", "keras.src.models.model.Model")
_INPUT, _JOIN, _SLICE = "keras.layers.InputLayer", "keras.layers.Concatenate", "keras.src.ops.numpy.GetItem"
# What tells a layer how to run and not what it is; only these values of them are let through.
_CALLED = {"mask": (None,), "training": (None, False)}


def read_graph(content: bytes) -> Graph:
    """The network that a `config.json` describes.

    Raises:
        RunError: it is not JSON as Keras writes it, or holds anything but layers that nnctl builds.
    """
    try:
        path, config = components.split_object(_parse(content))
        if path in _SEQUENTIAL:
            return _read_sequential(config)
        if path in _FUNCTIONAL:
            return _read_functional(config)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise damage(f"its config.json is not of Keras's form ({error!r})") from None
    raise refusal(f"is a {path[:80]!r}, not a Sequential or Functional model")


def _parse(content: bytes) -> Any:
    if content.count(b"{") + content.count(b"[") > MOST_BRACKETS:
        raise refusal(f"has a config.json of more than {MOST_BRACKETS:,} lists and maps")
    try:
        text = content.decode("utf-8")
        return json.loads(text, object_pairs_hook=_make_map, parse_constant=_refuse_constant, parse_int=_parse_integer)
    except (ValueError, RecursionError) as error:
        raise damage(f"its config.json is not JSON ({error})") from None


def _make_map(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _parse_integer(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise ValueError(f"a whole number of {len(text):,} digits")
    return int(text)


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _read_sequential(config: Mapping[str, Any]) -> Graph:
    first, *others = _list_layers(config)
    name, shape, dtype = _read_input(first)
    steps: list[Step] = []
    for each in others:
        component = components.read_layer(each)
        source = steps[-1].name if steps else name
        steps.append(Step(_require_name(component.arguments.get("name")), component, (source,)))
    return _make_graph(config, "Sequential", (name, shape, dtype), steps, steps[-1].name if steps else name)


def _read_functional(config: Mapping[str, Any]) -> Graph:
    named = {_require_name(each.get("name")): each for each in _list_layers(config)}
    inputs, outputs = _find_end(config["input_layers"]), _find_end(config["output_layers"])
    entry = _read_input(named.pop(inputs))
    if entry[0] != inputs:
        raise refusal("has an input of two names")
    steps = _sort([_read_step(name, found) for name, found in named.items()], inputs)
    return _make_graph(config, "Functional", entry, steps, outputs)


def _make_graph(
    config: Mapping[str, Any], kind: str, entry: tuple[Any, Any, Any], steps: list[Step], output: str
) -> Graph:
    names = [entry[0], *(step.name for step in steps)]
    if len(set(names)) != len(names) or not steps or output not in names[1:]:
        raise refusal("has two layers of one name, no layer, or no output")
    return Graph(_require_name(config["name"]), kind, *entry, tuple(steps), output)


def _list_layers(config: Mapping[str, Any]) -> list[Any]:
    layers = config["layers"]
    if not isinstance(layers, list) or not 0 < len(layers) <= MOST_LAYERS:
        raise refusal(f"has no list of at most {MOST_LAYERS:,} layers")
    return layers


def _read_input(found: Any) -> tuple[str, tuple[int | None, ...], str]:
    """The name of the input, the shape of one example, and its type."""
    path, config = components.split_object(found)
    if path != _INPUT:
        raise refusal("does not begin with an input: it says nothing of the shape that it takes")
    batch, *shape = config["batch_shape"]
    whole = all(size is None or (type(size) is int and 0 < size < 2**31) for size in shape)
    if batch is not None or not whole or len(shape) > 8:
        raise refusal("has an input that takes no examples of a plain shape")
    if config["dtype"] not in DTYPES or any(config.get(key) for key in ("sparse", "ragged", "optional")):
        raise refusal("has an input that takes no plain arrays")
    return _require_name(config["name"]), tuple(shape), config["dtype"]


def _require_name(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= components.LONGEST_TEXT or "/" in value:
        raise refusal("has a layer without a name that can be one")
    if not value.isprintable():
        raise refusal("has a layer whose name holds control characters")
    return value


def _find_end(found: Any) -> str:
    """The one layer that `input_layers` or `output_layers` names: [name, 0, 0], in a list of its own or not."""
    inner = found[0] if len(found) == 1 else found
    if len(inner) != 3 or list(inner[1:]) != [0, 0] or not isinstance(inner[0], str):
        raise refusal("has several inputs or outputs")
    return inner[0]


def _read_step(name: str, found: Any) -> Step:
    """One node of a Functional model."""
    nodes = found["inbound_nodes"]
    if not isinstance(nodes, list) or len(nodes) != 1:
        raise refusal("uses a layer twice, or not at all")
    read, *others = nodes[0]["args"]
    if any(value not in _CALLED.get(key, ()) for key, value in nodes[0]["kwargs"].items()):
        raise refusal("calls a layer with arguments of its own")
    path, config = components.split_object(found)
    if path == _SLICE:
        return Step(name, None, (_find_source(read),), _read_index(others[0]))
    if others:
        raise refusal("calls a layer with several arguments")
    if path == _JOIN:
        joined = Component("layer", "concatenate", {"name": name, "axis": _read_axis(config)})
        return Step(name, joined, tuple(_find_source(each) for each in read))
    component = components.read_layer(found)
    if component.arguments.get("name") != name:
        raise refusal("has a layer of two names")
    return Step(name, component, (_find_source(read),))


def _read_axis(config: Mapping[str, Any]) -> int:
    axis = config["axis"]
    if type(axis) is not int or axis == 0 or not -8 <= axis <= 8:
        raise refusal("joins along no axis of an example")
    return axis


def _find_source(found: Any) -> str:
    """The name of the step that a symbolic tensor comes from."""
    if found["class_name"] != "__keras_tensor__":
        raise refusal("calls a layer with something that is no tensor")
    name, node, tensor = found["config"]["keras_history"]
    if (node, tensor) != (0, 0):
        raise refusal("uses a layer twice, or one of several outputs")
    return str(name)


def _read_index(found: Any) -> Index:
    """What a slice takes; the batch axis must be whole."""
    items = tuple(_read_bounds(item) for item in (found if isinstance(found, list) else [found]))
    if not 0 < len(items) <= 8 or items[0] != (None, None, None):
        raise refusal("slices the batch")
    return items


def _read_bounds(item: Any) -> int | tuple[int | None, int | None, int | None]:
    if type(item) is int:
        return item
    if item["class_name"] != "__slice__":
        raise refusal("slices by something that is no slice")
    start, stop, step = (item["config"][key] for key in ("start", "stop", "step"))
    if any(value is not None and type(value) is not int for value in (start, stop, step)) or step == 0:
        raise refusal("slices by something that is no whole number")
    return start, stop, step


def _sort(steps: Sequence[Step], first: str) -> list[Step]:
    """The steps, each behind those that it reads."""
    done, ordered, waiting = {first}, list[Step](), list(steps)
    while waiting:
        ready = [step for step in waiting if done.issuperset(step.sources)]
        if not ready:
            raise refusal(f"has a layer that reads what is not there: {_find_missing(waiting, done)!r}")
        ordered += ready
        done.update(step.name for step in ready)
        waiting = [step for step in waiting if step.name not in done]
    return ordered


def _find_missing(waiting: Iterable[Step], done: set[str]) -> str:
    return next(name for step in waiting for name in step.sources if name not in done)[:80]

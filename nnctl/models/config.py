"""`config.json` as a plan: a Sequential, or a Functional model with one input and one output, of layers of the catalogue."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nnctl.models import objects
from nnctl.models.plan import Index, Plan, Step, damage, refusal
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


def plan(content: bytes) -> Plan:
    """The network that a `config.json` describes.

    Raises:
        RunError: it is not JSON as Keras writes it, or holds anything but layers that nnctl builds.
    """
    try:
        path, config = objects.parts(_parsed(content))
        if path in _SEQUENTIAL:
            return _sequential(config)
        if path in _FUNCTIONAL:
            return _functional(config)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise damage(f"its config.json is not of Keras's form ({error!r})") from None
    raise refusal(f"is a {path[:80]!r}, not a Sequential or Functional model")


def _parsed(content: bytes) -> Any:
    if content.count(b"{") + content.count(b"[") > MOST_BRACKETS:
        raise refusal(f"has a config.json of more than {MOST_BRACKETS:,} lists and maps")
    try:
        text = content.decode("utf-8")
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_constant, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise damage(f"its config.json is not JSON ({error})") from None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _integer(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise ValueError(f"a whole number of {len(text):,} digits")
    return int(text)


def _constant(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _sequential(config: Mapping[str, Any]) -> Plan:
    first, *others = _layers(config)
    name, shape, dtype = _input(first)
    steps: list[Step] = []
    for each in others:
        component = objects.layer(each)
        source = steps[-1].name if steps else name
        steps.append(Step(_name(component.arguments.get("name")), component, (source,)))
    return _plan(config, "Sequential", (name, shape, dtype), steps, steps[-1].name if steps else name)


def _functional(config: Mapping[str, Any]) -> Plan:
    named = {_name(each.get("name")): each for each in _layers(config)}
    inputs, outputs = _ends(config["input_layers"]), _ends(config["output_layers"])
    entry = _input(named.pop(inputs))
    if entry[0] != inputs:
        raise refusal("has an input of two names")
    steps = _ordered([_step(name, found) for name, found in named.items()], inputs)
    return _plan(config, "Functional", entry, steps, outputs)


def _plan(config: Mapping[str, Any], kind: str, entry: tuple[Any, Any, Any], steps: list[Step], output: str) -> Plan:
    names = [entry[0], *(step.name for step in steps)]
    if len(set(names)) != len(names) or not steps or output not in names[1:]:
        raise refusal("has two layers of one name, no layer, or no output")
    return Plan(_name(config["name"]), kind, *entry, tuple(steps), output)


def _layers(config: Mapping[str, Any]) -> list[Any]:
    layers = config["layers"]
    if not isinstance(layers, list) or not 0 < len(layers) <= MOST_LAYERS:
        raise refusal(f"has no list of at most {MOST_LAYERS:,} layers")
    return layers


def _input(found: Any) -> tuple[str, tuple[int | None, ...], str]:
    """The name of the input, the shape of one example, and its type."""
    path, config = objects.parts(found)
    if path != _INPUT:
        raise refusal("does not begin with an input: it says nothing of the shape that it takes")
    batch, *shape = config["batch_shape"]
    whole = all(size is None or (type(size) is int and 0 < size < 2**31) for size in shape)
    if batch is not None or not whole or len(shape) > 8:
        raise refusal("has an input that takes no examples of a plain shape")
    if config["dtype"] not in DTYPES or any(config.get(key) for key in ("sparse", "ragged", "optional")):
        raise refusal("has an input that takes no plain arrays")
    return _name(config["name"]), tuple(shape), config["dtype"]


def _name(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= objects.LONGEST_TEXT or "/" in value:
        raise refusal("has a layer without a name that can be one")
    if not value.isprintable():
        raise refusal("has a layer whose name holds control characters")
    return value


def _ends(found: Any) -> str:
    """The one layer that `input_layers` or `output_layers` names: [name, 0, 0], in a list of its own or not."""
    inner = found[0] if len(found) == 1 else found
    if len(inner) != 3 or list(inner[1:]) != [0, 0] or not isinstance(inner[0], str):
        raise refusal("has several inputs or outputs")
    return inner[0]


def _step(name: str, found: Any) -> Step:
    """One node of a Functional model."""
    nodes = found["inbound_nodes"]
    if not isinstance(nodes, list) or len(nodes) != 1:
        raise refusal("uses a layer twice, or not at all")
    read, *others = nodes[0]["args"]
    if any(value not in _CALLED.get(key, ()) for key, value in nodes[0]["kwargs"].items()):
        raise refusal("calls a layer with arguments of its own")
    path, config = objects.parts(found)
    if path == _SLICE:
        return Step(name, None, (_source(read),), _index(others[0]))
    if others:
        raise refusal("calls a layer with several arguments")
    if path == _JOIN:
        joined = Component("layer", "concatenate", {"name": name, "axis": _axis(config)})
        return Step(name, joined, tuple(_source(each) for each in read))
    component = objects.layer(found)
    if component.arguments.get("name") != name:
        raise refusal("has a layer of two names")
    return Step(name, component, (_source(read),))


def _axis(config: Mapping[str, Any]) -> int:
    axis = config["axis"]
    if type(axis) is not int or axis == 0 or not -8 <= axis <= 8:
        raise refusal("joins along no axis of an example")
    return axis


def _source(found: Any) -> str:
    """The name of the step that a symbolic tensor comes from."""
    if found["class_name"] != "__keras_tensor__":
        raise refusal("calls a layer with something that is no tensor")
    name, node, tensor = found["config"]["keras_history"]
    if (node, tensor) != (0, 0):
        raise refusal("uses a layer twice, or one of several outputs")
    return str(name)


def _index(found: Any) -> Index:
    """What a slice takes; the batch axis must be whole."""
    items = tuple(_bounds(item) for item in (found if isinstance(found, list) else [found]))
    if not 0 < len(items) <= 8 or items[0] != (None, None, None):
        raise refusal("slices the batch")
    return items


def _bounds(item: Any) -> int | tuple[int | None, int | None, int | None]:
    if type(item) is int:
        return item
    if item["class_name"] != "__slice__":
        raise refusal("slices by something that is no slice")
    start, stop, step = (item["config"][key] for key in ("start", "stop", "step"))
    if any(value is not None and type(value) is not int for value in (start, stop, step)) or step == 0:
        raise refusal("slices by something that is no whole number")
    return start, stop, step


def _ordered(steps: Sequence[Step], first: str) -> list[Step]:
    """The steps, each behind those that it reads."""
    done, ordered, waiting = {first}, list[Step](), list(steps)
    while waiting:
        ready = [step for step in waiting if done.issuperset(step.sources)]
        if not ready:
            raise refusal(f"has a layer that reads what is not there: {_missing(waiting, done)!r}")
        ordered += ready
        done.update(step.name for step in ready)
        waiting = [step for step in waiting if step.name not in done]
    return ordered


def _missing(waiting: Iterable[Step], done: set[str]) -> str:
    return next(name for step in waiting for name in step.sources if name not in done)[:80]

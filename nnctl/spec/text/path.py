"""Paths through a spec, whatever form it is written in, and the steps of one through a document."""

from collections.abc import Iterable, Sequence

from nnctl.spec.text.document import Node

Step = str | int
"""A key, the number of an item, from 0, or what the item is called by its `name`."""

Path = tuple[Step, ...]
"""A way through the spec: `("model", "layers", 5, "units")`, `("train", "optimizer", "momentum")`.

The name of a component says what stands there and is no step on the way, so that a path means the same after it was exchanged.
Where people read or type a path, a name may stand in it: `train.optimizer.sgd.momentum`.
"""


def parse_path(text: str) -> Path:
    """A path as it is typed, with dots: `model.layers.1.units`. Its steps are texts, a number in digits among them."""
    return tuple(text.split("."))


def format_path(path: Iterable[Step]) -> str:
    """A path as people read it: `model.layers.1.units`."""
    return ".".join(map(str, path))


def find_item(items: Sequence[Node], step: Step) -> int | None:
    """The number of the item that a step leads to, or None. A number counts, whatever is called so."""
    if isinstance(step, str) and not step.isdecimal():
        return next((number for number, item in enumerate(items) if read_name(item) == step), None)
    return int(step) if int(step) < len(items) else None


def follow(node: Node | None, path: Iterable[Step]) -> Node | None:
    """What a document holds at a path that names each component on its way, or None."""
    for step in path:
        if node is None:
            return None
        if node.items is not None:
            number = find_item(node.items, step)
            node = None if number is None else node.items[number]
        else:
            pair = (node.entries or {}).get(step)
            node = None if pair is None else pair.node
    return node


def read_head(node: Node) -> str | None:
    """The name of the component that a node writes, as a bare name or as a map of it alone; None for anything else."""
    name = next(iter(node.entries)) if node.entries and len(node.entries) == 1 else node.value
    return name if isinstance(name, str) else None


def read_name(item: Node) -> str | None:
    """What a component is called by its `name`."""
    arguments = [pair.node.entries or {} for pair in (item.entries or {}).values()]
    name = arguments[0].get("name") if len(arguments) == 1 else None
    return name.node.value if name is not None and isinstance(name.node.value, str) else None

"""Plants a fault: applies declared edits to a healthy parent, as plain data.

An edit is a path and a value: `train.loss` sets, `+layers.2` inserts before the layer that stands there, `-layers.0` takes
the layer away. `layers` stands for `model.layers`. Edits apply in their order.
"""

import copy
from collections.abc import Iterable
from typing import Any

import yaml

Edit = tuple[str, Any]
Tree = dict[str, Any]


def planted(parent: Tree, edits: Iterable[Edit]) -> Tree:
    """The parent's spec with the edits in it; the parent is left as it is."""
    tree = copy.deepcopy(parent)
    for path, value in edits:
        _apply(tree, path, copy.deepcopy(value))
    return tree


def written(name: str, tree: Tree, seed: int = 1) -> str:
    """A spec's YAML text, a layer a line."""
    spec = {"name": name, "seed": seed, "data": tree["data"]}
    if isinstance(tree["data"]["source"], str):
        head = yaml.safe_dump(spec, sort_keys=False, default_flow_style=False)
    else:
        head = yaml.safe_dump(spec, sort_keys=False, default_flow_style=None)
    layers = "".join(f"    - {_flow(layer)}\n" for layer in tree["layers"])
    train = "".join(f"  {key}: {_flow(value)}\n" for key, value in tree["train"].items())
    return f"{head}model:\n  layers:\n{layers}train:\n{train}"


def _flow(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000).removesuffix("...\n").strip()


def _apply(tree: Tree, path: str, value: Any) -> None:
    kind, steps = path[0] if path[0] in "+-" else "", path.lstrip("+-").split(".")
    node: Any = tree
    for step in steps[:-1]:
        node = node[int(step)] if isinstance(node, list) else node[step]
    last: Any = int(steps[-1]) if isinstance(node, list) else steps[-1]
    if kind == "+":
        node.insert(last, value)
    elif kind == "-":
        del node[last]
    else:
        node[last] = value

"""`--set train.epochs=3`: values that replace those of the file before variables are put in and anything is checked.

An item of a list is addressed by its number from 0, or by its `name`: `model.layers.1.units=64`, `model.layers.fc1.units=64`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nnctl.errors import Place, Problem, Source, SpecError
from nnctl.spec.text import document
from nnctl.spec.text.document import Keyed, Node, Scalar, describe
from nnctl.spec.text.path import Step, find_item, parse_path, read_head, read_name
from nnctl.spelling import find_nearest

Override = tuple[str, str]
"""The flag it came from (`--set`) and its text (`train.epochs=3`)."""


def apply(root: Node, overrides: Iterable[Override]) -> Node:
    """The document with each override's value in its place; maps that are not there yet are made.

    A bare name on the way opens up: `train.optimizer.sgd.momentum=0.9` turns `optimizer: sgd` into a map.

    Raises:
        SpecError: an override is not `key=value`, its value is not YAML, or its path leads into a value.
    """
    for flag, text in overrides:
        key, sign, value = text.partition("=")
        source, path = Source(flag, text), parse_path(key)
        place = Place(source, 1, 1, max(1, len(key)))
        if not sign or "" in path:
            message = f"{text!r} is not of the form key=value"
            raise SpecError(Problem("bad-override", message, place, "for example `--set train.epochs=3`"))
        root = _put(root, path, _parse_value(source, value, len(key) + 1), place)
    return root


def _parse_value(source: Source, text: str, start: int) -> Node:
    """The value's node, its places moved to where the value stands in the whole override."""
    if not text.strip():
        return Node(None, Place(source, 1, start + 1))
    try:
        return _move(document.parse(Source(source.name, text)), source, start)
    except SpecError as error:
        raise SpecError(*(_move_problem(problem, source, start) for problem in error.problems)) from None


def _move(node: Node, source: Source, start: int) -> Node:
    def here(place: Place) -> Place:
        return _move_place(place, source, start)

    if node.entries is not None:
        moved = {key: Keyed(here(e.key), _move(e.node, source, start)) for key, e in node.entries.items()}
        return Node(moved, here(node.place))
    if node.items is not None:
        return Node([_move(item, source, start) for item in node.items], here(node.place))
    return Node(node.value, here(node.place))


def _move_problem(problem: Problem, source: Source, start: int) -> Problem:
    return problem if problem.place is None else replace(problem, place=_move_place(problem.place, source, start))


def _move_place(place: Place, source: Source, start: int) -> Place:
    """A place in the value as one in the whole override."""
    return Place(source, place.line, place.column + (start if place.line == 1 else 0), place.width)


def _put(node: Node, path: Sequence[Step], value: Node, place: Place) -> Node:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if node.items is not None:
        return _put_item(node, key, rest, value, place)
    entries: dict[Scalar, Keyed] = dict(node.entries or {})
    if node.entries is None and node.value is not None:
        if node.value != key:
            hint = f"to replace it, set {key!r} and what follows as one value"
            raise SpecError(Problem("bad-override", f"{describe(node)} has no key {key!r}", place, hint))
        entries[key] = Keyed(node.place, Node(None, node.place))
    old = entries.get(key)
    inner = _put(old.node if old else Node(None, place), rest, value, place)
    entries[key] = Keyed(old.key if old else place, inner)
    return Node(entries, node.place)


def _put_item(node: Node, key: Step, rest: Sequence[Step], value: Node, place: Place) -> Node:
    items = list(node.items or ())
    number = find_item(items, key)
    if number is None:
        named = dict.fromkeys(name for item in reversed(items) if (name := read_name(item)) is not None)
        guess = find_nearest(str(key), named)
        count = f"items count from 0 to {len(items) - 1}" + (f", named are {', '.join(named)}" if named else "")
        message = f"{key!r} is no item of a list of {len(items)}"
        raise SpecError(Problem("bad-override", message, place, f"did you mean {guess!r}?" if guess else count))
    items[number] = _put(items[number], _complete_path(items[number], rest), value, place)
    return Node(items, node.place)


def _complete_path(item: Node, path: Sequence[Step]) -> Sequence[Step]:
    """The path below an item of a list, with the name of a component in front where it was left out."""
    name = read_head(item)
    return path if not path or name in (None, path[0]) else [name, *path]

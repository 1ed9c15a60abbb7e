"""`--set train.epochs=3`: values that replace those of the file before anything is checked."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nnctl.errors import Place, Problem, Source, SpecError
from nnctl.spec.document import Entry, Node, Scalar, describe, parse

Override = tuple[str, str]
"""The flag it came from (`--set`) and its text (`train.epochs=3`)."""


def apply(root: Node, overrides: Iterable[Override]) -> Node:
    """The document with each override's value in its place; maps that are not there yet are made.

    A bare name on the way opens up: `train.optimizer.sgd.momentum=0.9` turns `optimizer: sgd` into a map.

    Raises:
        SpecError: an override is not `key=value`, its value is not YAML, or its path leads into a value.
    """
    for flag, text in overrides:
        path, sign, value = text.partition("=")
        source = Source(flag, text)
        place = Place(source, 1, 1, max(1, len(path)))
        if not sign or not all(path.split(".")):
            message = f"{text!r} is not of the form key=value"
            raise SpecError(Problem("bad-override", message, place, "for example `--set train.epochs=3`"))
        root = _put(root, path.split("."), _value(source, value, len(path) + 1), place)
    return root


def _value(source: Source, text: str, start: int) -> Node:
    """The value's node, its places moved to where the value stands in the whole override."""
    if not text.strip():
        return Node(None, Place(source, 1, start + 1))
    try:
        return _moved(parse(Source(source.name, text)), source, start)
    except SpecError as error:
        raise SpecError(*(_shifted(problem, source, start) for problem in error.problems)) from None


def _moved(node: Node, source: Source, start: int) -> Node:
    def here(place: Place) -> Place:
        return _here(place, source, start)

    if node.entries is not None:
        moved = {key: Entry(here(e.key), _moved(e.node, source, start)) for key, e in node.entries.items()}
        return Node(moved, here(node.place))
    if node.items is not None:
        return Node([_moved(item, source, start) for item in node.items], here(node.place))
    return Node(node.value, here(node.place))


def _shifted(problem: Problem, source: Source, start: int) -> Problem:
    return problem if problem.place is None else replace(problem, place=_here(problem.place, source, start))


def _here(place: Place, source: Source, start: int) -> Place:
    """A place in the value as one in the whole override."""
    return Place(source, place.line, place.column + (start if place.line == 1 else 0), place.width)


def _put(node: Node, path: Sequence[str], value: Node, place: Place) -> Node:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if node.items is not None:
        return _put_item(node, key, rest, value, place)
    entries: dict[Scalar, Entry] = dict(node.entries or {})
    if node.entries is None and node.value is not None:
        if node.value != key:
            hint = f"to replace it, set {key!r} and what follows as one value"
            raise SpecError(Problem("bad-override", f"{describe(node)} has no key {key!r}", place, hint))
        entries[key] = Entry(node.place, Node(None, node.place))
    old = entries.get(key)
    inner = _put(old.node if old else Node(None, place), rest, value, place)
    entries[key] = Entry(old.key if old else place, inner)
    return Node(entries, node.place)


def _put_item(node: Node, key: str, rest: Sequence[str], value: Node, place: Place) -> Node:
    items = list(node.items or ())
    if not key.isdecimal() or int(key) >= len(items):
        message = f"{key!r} is no item of a list of {len(items)}"
        raise SpecError(Problem("bad-override", message, place, f"items count from 0 to {len(items) - 1}"))
    items[int(key)] = _put(items[int(key)], rest, value, place)
    return Node(items, node.place)

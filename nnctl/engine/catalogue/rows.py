"""The rows of the reviewed table: the traits of a component, checked against the fields that hold them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from nnctl.spec.catalogue.traits import FAMILIES

Row = Sequence[str | dict[str, Any]]
"""Words for what is true of a component, and maps of one key for what has a value: `[drops, gates: 4]`."""


def make_traits(family: str, name: str, row: Row | None) -> dict[str, Any]:
    """What a row says, by field; nothing for a family whose components have no traits.

    Args:
        family: the family.
        name: the component, for messages.
        row: its row, or None if it has none.

    Raises:
        LookupError: there is no row, or it says something that no field holds.
    """
    if family not in FAMILIES:
        return {}
    if row is None:
        raise LookupError(f"the reviewed table has no row of traits for {family} {name}")
    hints = get_type_hints(FAMILIES[family])
    pairs = [pair for word in row for pair in _read_word(word)]
    found = dict(pairs)
    vain = [key for key, value in pairs if key not in hints or not _fits(value, hints[key])]
    twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
    lacking = [field.name for field in fields(FAMILIES[family]) if _is_required(field) and field.name not in found]
    if vain or twice or lacking:
        told = [
            f"{key!r} {fault}"
            for keys, fault in ((vain, "in vain"), (twice, "twice"), (lacking, "nowhere"))
            for key in keys
        ]
        raise LookupError(f"the reviewed table's row of {family} {name} says {', '.join(told)}")
    return found


def _read_word(word: str | dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from word.items() if isinstance(word, dict) else ((word, True),)


def _is_required(field: Any) -> bool:
    return field.default is field.default_factory  # both are dataclasses.MISSING


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value, as YAML has it, is one that a field of this type holds: a list stands for a tuple or a record."""
    origin, parts = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        origin, parts = tuple, tuple(get_type_hints(hint).values())
    if origin is tuple:
        each = parts[:1] * len(value) if isinstance(value, list) and parts[-1] is ... else parts
        return isinstance(value, list) and len(value) == len(each) and all(map(_fits, value, each))
    if origin is Literal:
        return value in parts
    if parts:  # of a union
        return any(_fits(value, part) for part in parts)
    return type(value) is hint or (hint is float and type(value) is int)

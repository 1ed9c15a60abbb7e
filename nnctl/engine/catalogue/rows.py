"""The rows of the reviewed table: the traits of a component, checked against the fields that hold them."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from nnctl.spec.catalogue.traits import FAMILIES

Row = Sequence[str | dict[str, Any]]
"""Words for what is true of a component, and maps of one key for what has a value: `[drops, gates: 4]`."""


def traits(family: str, name: str, row: Row | None) -> dict[str, Any]:
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
    found = dict(pair for word in row for pair in _pairs(word))
    vain = [key for key, value in found.items() if key not in hints or not _fits(value, hints[key])]
    lacking = [field.name for field in fields(FAMILIES[family]) if _required(field) and field.name not in found]
    if vain or lacking:
        told = [*(f"{key!r} in vain" for key in vain), *(f"no {key!r}" for key in lacking)]
        raise LookupError(f"the reviewed table's row of {family} {name} says {', '.join(told)}")
    return found


def _pairs(word: str | dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from word.items() if isinstance(word, dict) else ((word, True),)


def _required(field: Any) -> bool:
    return field.default is field.default_factory  # both are dataclasses.MISSING


def _fits(value: Any, hint: Any) -> bool:
    """Whether a value is what a field holds, as far as YAML tells: a list stands for a tuple or a record."""
    if isinstance(value, list):
        return hint not in (bool, int, str) and get_origin(hint) is not Literal
    choices = [each for part in (hint, *get_args(hint)) if get_origin(part) is Literal for each in get_args(part)]
    if choices:
        return value in choices
    return type(value) in (hint, *get_args(hint))

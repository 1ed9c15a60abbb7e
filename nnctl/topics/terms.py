"""The words of the field: what a unit, an epoch or a logit is, what goes wrong, and the libraries around nnctl."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from nnctl.topics.prose import read_prose, unfold
from nnctl.topics.topic import Shelf, Topic


def make_shelves() -> Iterator[Shelf]:
    """The shelf of terms."""
    yield Shelf(
        "terms",
        "term",
        "the words of the field, in English and Chinese, what goes wrong, and other libraries",
        names=lambda: tuple(_read_terms()),
        topic=_find_topic,
        spellings=lambda: tuple(_map_spellings()),
        group=lambda name: _read_terms()[name][0],
        others=lambda name: tuple(_read_terms()[name][1]["also"]),
    )


@cache
def _read_terms() -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """The group and the prose of each term."""
    return {name: (group, told) for group, terms in read_prose("term").items() for name, told in terms.items()}


@cache
def _map_spellings() -> Mapping[str, str]:
    """The term for each of its names."""
    terms = _read_terms()
    return {**{name: name for name in terms}, **{each: name for name in terms for each in terms[name][1]["also"]}}


def _find_topic(text: str) -> Topic | None:
    name = _map_spellings().get(text)
    return None if name is None else _make_topic(name, _read_terms()[name][1])


def _make_topic(name: str, told: Mapping[str, Any]) -> Topic:
    return Topic(
        "term",
        name,
        unfold(told["what"]),
        (("In nnctl", told["here"].strip()), ("中文", told["zh"])),
        example=told.get("example", ""),
        commands=tuple(told.get("try", ())),
        source=told["source"],
        see=tuple(told["see"]),
    )

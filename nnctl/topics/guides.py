"""Topics that are larger than one key or component: the questions of a first course, and how nnctl works."""

from collections.abc import Iterator

from nnctl.topics.prose import paragraph, prose
from nnctl.topics.topic import Shelf, Topic


def shelves() -> Iterator[Shelf]:
    """The shelf of guides."""
    yield Shelf("guides", "guide", "the questions of a first course", names=_names, topic=_topic, spellings=_spellings)


def _names() -> tuple[str, ...]:
    return tuple(prose("guide"))


def _spellings() -> tuple[str, ...]:
    return (*_names(), *(also for each in prose("guide").values() for also in each.get("also", ())))


def _topic(text: str) -> Topic | None:
    found = prose("guide")
    name = text if text in found else next((n for n, each in found.items() if text in each.get("also", ())), None)
    if name is None:
        return None
    told = found[name]
    sections = tuple((heading, paragraph(body)) for heading, body in told["text"].items())
    see, source = tuple(told.get("see", ())), paragraph(told.get("source", ""))
    return Topic("guide", name, paragraph(told["what"]), sections, commands=tuple(told["try"]), source=source, see=see)

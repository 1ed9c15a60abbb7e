"""Topics that are larger than one key or component: the questions of a first course, and how nnctl works."""

from collections.abc import Iterator

from nnctl.topics.prose import read_prose, unfold
from nnctl.topics.topic import Shelf, Topic


def make_shelves() -> Iterator[Shelf]:
    """The shelf of guides."""
    what = "the questions of a first course"
    yield Shelf("guides", "guide", what, names=_list_names, topic=_find_topic, spellings=_list_spellings)


def _list_names() -> tuple[str, ...]:
    return tuple(read_prose("guide"))


def _list_spellings() -> tuple[str, ...]:
    return (*_list_names(), *(also for each in read_prose("guide").values() for also in each.get("also", ())))


def _find_topic(text: str) -> Topic | None:
    found = read_prose("guide")
    name = text if text in found else next((n for n, each in found.items() if text in each.get("also", ())), None)
    if name is None:
        return None
    told = found[name]
    sections = tuple((heading, unfold(body)) for heading, body in told["text"].items())
    see, source = tuple(told.get("see", ())), unfold(told.get("source", ""))
    return Topic("guide", name, unfold(told["what"]), sections, commands=tuple(told["try"]), source=source, see=see)

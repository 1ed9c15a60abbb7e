"""The codes of what can go wrong: each stands in front of its message, and in `--json`."""

from collections.abc import Iterator

from nnctl.spec.catalogue.kinds import FAMILIES
from nnctl.topics.prose import read_prose, unfold
from nnctl.topics.topic import Shelf, Topic


def make_shelves() -> Iterator[Shelf]:
    """The shelf of error codes."""
    what = "what nnctl refuses, by the code in front"
    yield Shelf("errors", "error", what, names=list_codes, topic=_find_topic, spellings=list_codes)


def list_codes() -> tuple[str, ...]:
    """Every code, sorted."""
    return tuple(sorted([*(f"unknown-{family}" for family in FAMILIES), *read_prose("error")]))


def _find_topic(text: str) -> Topic | None:
    if text not in list_codes():
        return None
    family = text.removeprefix("unknown-")
    if text not in read_prose("error"):
        plural = "losses" if family == "loss" else f"{family}s"
        what = f"No {family} has this name."
        return Topic("error", text, what, (("What to do", f"`nnctl list {plural}` shows them all."),))
    what, fix = read_prose("error")[text]
    return Topic("error", text, unfold(what), (("What to do", unfold(fix)),))

"""The codes of what can go wrong: each stands in front of its message, and in `--json`."""

from collections.abc import Iterator

from nnctl.spec.catalogue.kinds import FAMILIES
from nnctl.topics.prose import paragraph, prose
from nnctl.topics.topic import Shelf, Topic


def shelves() -> Iterator[Shelf]:
    """The shelf of error codes."""
    yield Shelf(
        "errors", "error", "what nnctl refuses, by the code in front", names=codes, topic=_topic, spellings=codes
    )


def codes() -> tuple[str, ...]:
    """Every code, sorted."""
    return tuple(sorted([*(f"unknown-{family}" for family in FAMILIES), *prose("error")]))


def _topic(text: str) -> Topic | None:
    if text not in codes():
        return None
    family = text.removeprefix("unknown-")
    if text not in prose("error"):
        plural = "losses" if family == "loss" else f"{family}s"
        what = f"No {family} has this name."
        return Topic("error", text, what, (("What to do", f"`nnctl list {plural}` shows them all."),))
    what, fix = prose("error")[text]
    return Topic("error", text, paragraph(what), (("What to do", paragraph(fix)),))

import io

import pytest
from rich.console import Console

from nnctl.cli.shell.terminal import make_console
from nnctl.cli.views.page import show, show_shelf, show_shelves
from nnctl.topics import Row, Shelf, Topic

TOPIC = Topic(
    "layer", "dense", "Every [bracket] is joined to every other.", sections=(("When", "word " * 60),),
    rows=(Row("units", "a whole number", None, "How many."), Row("use_bias", "true or false", "true", "")),
    example="- dense: {units: 3}", commands=("nnctl check SPEC",), see=("flatten",),
)  # fmt: skip


@pytest.fixture
def console() -> Console:
    return make_console(io.StringIO(), width=60)


def told(console: Console) -> list[str]:
    return console.file.getvalue().splitlines()  # type: ignore[attr-defined]


def test_a_topic_is_shown_from_what_it_is_to_what_to_see(console: Console) -> None:
    show(TOPIC, console)
    lines = told(console)
    assert lines[:2] == ["dense  layer", "Every [bracket] is joined to every other."]
    headings = [line for line in lines if line in ("When", "Example", "Arguments", "Try")]
    assert headings == ["When", "Example", "Arguments", "Try"]
    assert "  units  a whole number; must be given" in lines
    assert "  use_bias  true or false; default true" in lines
    assert "  - dense: {units: 3}" in lines
    assert lines[-1] == "see also   flatten"


def test_prose_is_folded_and_never_cut(console: Console) -> None:
    show(TOPIC, console)
    prose = [line for line in told(console) if line.startswith("  word")]
    assert len(prose) > 1
    assert max(map(len, prose)) <= 100
    assert " ".join(prose).split().count("word") == 60


def shelf(**more: object) -> Shelf:
    topics = {name: Topic("thing", name, f"What {name} is.") for name in ("ant", "bee", "elephant")}
    reading = {"names": lambda: tuple(topics), "topic": topics.get, "spellings": lambda: tuple(topics)}
    return Shelf("things", "thing", "what there is", **reading, **more)  # type: ignore[arg-type]


def test_a_shelf_is_a_line_a_topic_under_its_groups(console: Console) -> None:
    show_shelf(shelf(group=lambda name: "large" if name == "elephant" else "small"), console)
    assert [line for line in told(console) if line] == [
        "small", "ant  What ant is.", "bee  What bee is.", "large", "elephant  What elephant is.",
    ]  # fmt: skip


def test_shelves_are_counted(console: Console) -> None:
    show_shelves([shelf()], console)
    assert told(console) == ["things          3  what there is"]

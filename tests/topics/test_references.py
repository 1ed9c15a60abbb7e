"""Whatever a topic gives as its source can be found by who reads it."""

import re
from pathlib import Path

import pytest

from nnctl.cli.shell import terminal
from nnctl.cli.views import page
from nnctl.topics import find_shelf, list_shelves
from nnctl.topics.prose import read_prose
from nnctl.topics.references import LOCATOR, find_references

ROOT = Path(__file__).parents[2]
SOURCES = {
    f"{each.noun} {name}": topic.source
    for each in list_shelves()
    for name in each.names()
    if (topic := each.topic(name)) is not None and topic.source
}
GUIDE = re.compile(r"`nnctl explain ([a-z-]+)`")


def known(part: str) -> bool:
    """Whether a part of a source is an address, a known work, a name in Keras, a guide or a file; or nnctl itself."""
    guide = GUIDE.search(part)
    if guide is not None:
        return guide[1] in find_shelf("guides").names()
    named = re.fullmatch(r"keras(\.\w+)+\b.*|nnctl's own", part.strip(" .")) is not None
    return bool(LOCATOR.search(part)) or named or any(find_references(part)) or (ROOT / part.strip()).is_file()


@pytest.mark.parametrize("topic", SOURCES)
def test_every_part_of_a_source_can_be_found(topic: str) -> None:
    assert [part for part in SOURCES[topic].split(";") if not known(part)] == []


@pytest.mark.parametrize(
    "part", ["the debugging record, D06", "StackOverflow cases", "`nnctl explain nothing`", "gone.md"]
)
def test_what_nobody_can_find_is_not_known(part: str) -> None:
    assert not known(part)


def test_every_work_has_an_address_and_is_named_somewhere() -> None:
    works = read_prose("reference")
    assert [name for name, text in works.items() if not LOCATOR.search(text)] == []
    named = {text.split(", ")[-1] for source in SOURCES.values() for text in find_references(source)}
    assert [name for name, text in works.items() if text.split(", ")[-1] not in named] == []


def test_works_are_found_by_the_words_of_their_names() -> None:
    (adam,) = find_references("Kingma and Ba 2015 (Adam), section 2.1")
    assert adam.endswith("arXiv:1412.6980")
    assert list(find_references("Glorot and Bengio, AISTATS 2010; Glorot et al. 2011")) == [
        read_prose("reference")["Glorot Bengio 2010"],
        read_prose("reference")["Glorot 2011"],
    ]
    title = "Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting"
    assert list(find_references(f"keras.layers.Dropout; {title}")) == ["https://jmlr.org/papers/v15/srivastava14a.html"]
    assert list(find_references("Kingma and Ba 2015, arXiv:1412.6980; keras.layers.Dense")) == []
    questions = ["https://stackoverflow.com/q/31880720", "https://stackoverflow.com/q/44164749"]
    assert list(find_references("StackOverflow 31880720 (one), 44164749 (2,000).")) == questions


def test_explain_shows_them_below_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    page.show(find_shelf("findings").topic("P01"), terminal.results())  # type: ignore[arg-type]
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 100
    for address in ("https://karpathy.github.io/2019/04/25/recipe/", "doi:10.1145/3529318"):
        assert address in shown.split()


def test_the_guides_numbers_are_the_benchs() -> None:
    results = (ROOT / "tests" / "bench" / "debugging" / "results.md").read_text()
    (topic,) = [find_shelf("guides").topic("debugging")]
    assert topic is not None
    parts = [text for heading, text in topic.sections if heading.startswith("What was") or "others" in heading]
    told = " ".join(" ".join(parts).split())
    numbers = re.findall(r"\d+ of \d+|\d[\d.]* ?%", told)
    assert len(numbers) > 20
    assert [number for number in numbers if number not in results] == []

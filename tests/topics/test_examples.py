from collections.abc import Callable

import pytest

from nnctl.data import SOURCES
from nnctl.starters import TEMPLATES
from nnctl.topics import find_shelf
from nnctl.topics.prose import read_prose


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_source_has_a_topic_whose_example_passes(name: str, refused: Callable[[str], set[str]]) -> None:
    topic = find_shelf("sources").topic(name)
    assert topic.what.startswith(SOURCES[name].summary)
    assert [row.name for row in topic.rows] == list(SOURCES[name].options)
    # The network around it fits MNIST, and files of one's own are not there.
    fits = {"outputs", "output-shape", "unreadable-data", "loss-and-labels", "bad-shape"}
    assert {said.split(":")[0] for said in refused(topic.example)} <= fits


def test_no_prose_outlives_its_source() -> None:
    assert [name for name in read_prose("source") if name not in SOURCES] == []


@pytest.mark.parametrize("name", list(SOURCES))
def test_every_option_is_described_by_its_function(name: str) -> None:
    rows = find_shelf("sources").topic(name).rows
    assert [row.name for row in rows if not row.doc or row.default is None] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_has_a_topic(name: str) -> None:
    topic = find_shelf("templates").topic(name)
    assert (topic.what, topic.commands[0]) == (TEMPLATES[name].summary, f"nnctl init --template {name}")


def test_an_option_is_a_topic() -> None:
    assert find_shelf("sources").topic("cifar100.classes").sections == (
        ("Takes", "'fine' or 'coarse'"),
        ("Default", "fine"),
    )
    assert find_shelf("sources").topic("cifar100.colour") is None

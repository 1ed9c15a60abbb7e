from collections.abc import Callable

import pytest

from nnctl.spec.catalogue import keys, tables
from nnctl.spec.catalogue.keys import Key
from nnctl.topics import find_shelf, find_topics
from nnctl.topics.prose import read_prose

PATHS = [path for path, _ in tables.walk_keys()]


@pytest.mark.parametrize("path", PATHS)
def test_every_key_has_a_topic_whose_example_passes(path: str, refused: Callable[[str], set[str]]) -> None:
    topic = find_shelf("keys").topic(path)
    assert topic is not None
    assert topic.name == path
    # An example may name a file or a column that is not there, or a fallback that another source wants.
    assert {said.split(":")[0] for said in refused(topic.example)} <= {
        "unreadable-data",
        "unreadable-file",
        "no-column",
    }


def test_no_prose_outlives_its_key() -> None:
    assert [path for path in read_prose("key") if path not in PATHS] == []


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("patience", "train.early_stopping.patience"),
        ("epochs", "train.epochs"),
        ("monitor", "train.monitor"),
        ("learning_rate", "train.learning_rate"),
        ("early_stopping", "train.early_stopping"),
    ],
)
def test_the_last_word_of_a_key_will_do(words: str, path: str) -> None:
    assert [topic.name for topic in find_topics(words.split())] == [path]


def test_a_section_shows_its_keys() -> None:
    topic = find_shelf("keys").topic("train.early_stopping")
    assert [row.name for row in topic.rows] == list(keys.EARLY_STOPPING)
    assert topic.rows[0].default == "5"
    assert dict(topic.sections)["Takes"] == "a whole number of at least 1 or null; or a map of the keys below"


def test_a_new_key_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(keys.TRAIN, "pauses", Key("null|int>=1", "How often to rest."))
    monkeypatch.setattr(keys, "PAUSES", {"seconds": Key("float>0", "How long.")}, raising=False)
    topic = find_shelf("keys").topic("train.pauses")
    assert (topic.what, topic.example) == ("How often to rest.", "train:\n  pauses: 1")
    assert find_shelf("keys").topic("train.pauses.seconds").what == "How long."
    assert "train.pauses" in find_shelf("keys").names()

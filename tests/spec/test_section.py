from pathlib import Path

import pytest

from nnctl.errors import Place, Source
from nnctl.spec.catalogue.keys import TRAIN
from nnctl.spec.section import SectionReader, collect_places, find_folder
from nnctl.spec.sections import Component
from nnctl.spec.text.document import parse


def node(text: str) -> object:
    return parse(Source("specs/spec.yaml", text))


@pytest.fixture
def reader() -> SectionReader:
    return SectionReader()


def codes(reader: SectionReader) -> list[str]:
    return [problem.code for problem in reader.problems]


def test_a_needed_key_is_missed_unless_it_is_misspelt(reader: SectionReader) -> None:
    reader.read_section(node("{epochs: 3}"), TRAIN, "train", needed=("loss",))
    assert codes(reader) == ["missing-key"]
    reader.problems.clear()
    reader.read_section(node("{epochs: 3, los: mse}"), TRAIN, "train", needed=("loss",))
    assert codes(reader) == ["unknown-key"]


def test_values_that_fit_are_given_and_others_are_mistakes(reader: SectionReader) -> None:
    entries = reader.read_section(node("{epochs: 3, batch_size: many}"), TRAIN, "train")
    assert reader.collect(entries, TRAIN, ("epochs", "batch_size", "seed")) == {"epochs": 3}
    assert reader.read_plain(entries, TRAIN, "batch_size", 32) == 32
    assert reader.read_plain(entries, TRAIN, "shuffle", True) is True
    assert set(codes(reader)) == {"bad-value"}


def test_a_path_lies_beside_the_file_that_it_is_written_in(reader: SectionReader) -> None:
    here, flag = Place(Source("specs/spec.yaml", "path: own.csv"), 1, 7), Place(Source("--set", "own.csv"), 1, 1)
    assert reader.resolve_path("own.csv", here) == Path("specs/own.csv")
    assert reader.resolve_path("own.csv", flag) == Path("own.csv")
    assert reader.resolve_path("/data/own.csv", here) == Path("/data/own.csv")
    assert (reader.resolve_path("none", here), reader.resolve_path(0.2, here)) == (None, 0.2)
    assert reader.resolve_path("~no-such-user-here/own.csv", here) is None
    assert reader.resolve_path("a\0b.csv", here) is None
    assert codes(reader) == ["bad-value", "bad-value"]
    assert reader.resolve_path("./~no-such-user-here/own.csv", flag) == Path("~no-such-user-here/own.csv")
    assert (find_folder(here), find_folder(flag)) == (Path("specs"), Path())


@pytest.mark.parametrize("home", ["~", "$HOME", "${HOME}"])
def test_a_path_may_begin_with_the_home_folder(
    home: str, reader: SectionReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    place = Place(Source("specs/spec.yaml", f"path: {home}/own.csv"), 1, 7)
    assert reader.resolve_path(f"{home}/own.csv", place) == Path("/home/somebody/own.csv")
    assert reader.resolve_path(home, place) == Path("/home/somebody")
    assert reader.resolve_path(f"./{home}/own.csv", place) == Path("specs", home, "own.csv")
    assert reader.resolve_path(f"{home}2/own.csv", place) in (Path("specs", f"{home}2", "own.csv"), None)


@pytest.mark.parametrize(
    ("names", "what", "told"),
    [
        (["a", "b"], "layers", []),
        (["a", "a"], "layers", ["duplicate-name"]),
        (["input_x"], "layers", ["reserved-name"]),
        (["loss"], "metrics", ["reserved-name"]),
        (["val_x", "val_x"], "metrics", ["reserved-name", "reserved-name", "duplicate-name"]),
        ([None, None], "layers", []),  # Keras numbers them
        ([None, None], "metrics", ["duplicate-name"]),
    ],
)
def test_a_name_stands_once_and_is_none_of_nnctls(
    names: list[str | None], what: str, told: list[str], reader: SectionReader
) -> None:
    arguments = [{} if name is None else {"name": name} for name in names]
    reader.check_distinct([Component("layer", "dense", each) for each in arguments], what)
    assert codes(reader) == told


def test_places_are_those_of_keys_and_of_keys_below_them() -> None:
    entries = node("loss: mse\nearly_stopping:\n  patience: 3\n").entries
    found = collect_places(entries)
    assert {key: (place.line, place.column) for key, place in found.items()} == {
        "loss": (1, 7),
        "early_stopping": (3, 3),
        "early_stopping.patience": (3, 13),
    }

from pathlib import Path

import pytest

from nnctl.engine.catalogue import reviewed
from nnctl.engine.catalogue.reviewed import find_own, read_reviews
from nnctl.errors import SpecError


def test_names_of_kinds_are_replaced_by_what_they_stand_for() -> None:
    layer = read_reviews()["layer"]
    assert layer.own_kinds["RandomPerspective"]["scale"] == "float>=0,<=1"
    assert "$" not in str(read_reviews())


def test_what_a_class_has_of_its_own_is_gathered_from_every_key_that_names_it() -> None:
    section = {"A B": {"x": 1}, "B": {"y": 2}, "AB": {"z": 3}}
    assert find_own(section, "B") == {"x": 1, "y": 2}
    assert find_own(section, "C") == {}


def test_a_class_that_stands_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "reviewed.yaml"
    table.write_text("kinds: {}\nfamilies: {loss: {module: keras.losses, own_kinds: {A: {x: int}, A: {y: int}}}}\n")
    monkeypatch.setattr(reviewed, "TABLE", table)
    with pytest.raises(SpecError, match="twice"):
        read_reviews()

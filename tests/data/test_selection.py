from pathlib import Path

import pytest

from nnctl.data.selection import check_paths, replace_path, select_source
from nnctl.errors import DataError
from nnctl.spec.sections import Data


def test_the_source_that_is_named(section):
    assert select_source(section("mnist", offline="mnist_5k")).name == "mnist"


def test_options_may_be_lists():
    data = Data("csv", {"label": ["a", 2], "missing": [-1, 0.5, "x"]}, path=Path("a"))
    assert select_source(data).options["label"].startswith("null|str")


def test_an_unknown_source_is_told_with_the_nearest(section, refused):
    problem = refused("unknown-source", select_source, section("mnits"))
    assert (problem.hint, problem.place.line) == ("did you mean 'mnist'?", 1)
    assert "digits" in refused("unknown-source", select_source, section("qqqq")).hint


@pytest.mark.parametrize(
    ("source", "values", "code", "key"),
    [
        ("npz", {}, "missing-path", "source"),
        ("digits", {"path": Path("a")}, "unused-path", "path"),
        ("mnist_5k", {"validation": Path("a")}, "unused-path", "validation"),
        ("mnist_5k", {"test": Path("a")}, "unused-path", "test"),
        ("mnist", {"offline": "mnist5k"}, "unknown-source", "offline"),
        ("mnist", {"offline": "fashion_mnist"}, "bad-offline", "offline"),
        ("mnist", {"offline": "digits"}, "bad-offline", "offline"),
        ("mnist_5k", {"offline": "mnist_5k"}, "bad-offline", "offline"),
        ("npz", {"path": Path("a"), "offline": "mnist_5k"}, "bad-offline", "offline"),
        ("npz", {"path": Path("a"), "options": {"z": "b"}}, "unknown-option", "source"),
        ("npz", {"path": Path("a"), "options": {"x": 3}}, "bad-value", "source"),
        ("npz", {"path": Path("a"), "options": {"x": ["b"]}}, "bad-value", "source"),
        ("mnist", {"options": {"x": "b"}}, "unknown-option", "source"),
        ("csv", {"path": Path("a"), "options": {"label": []}}, "bad-value", "source"),
        ("csv", {"path": Path("a"), "options": {"label": [True]}}, "bad-value", "source"),
        ("csv", {"path": Path("a"), "options": {"label": {"a": 1}}}, "bad-value", "source"),
    ],
)
def test_sections_that_contradict_themselves(section, refused, source, values, code, key):
    assert refused(code, select_source, section(source, **values)).place == section(source).places[key]


def test_every_mistake_is_told_at_once(section):
    with pytest.raises(DataError) as caught:
        select_source(section("npz", options={"z": "b", "x": 3}, offline="mnist_5k"))
    assert [each.code for each in caught.value.problems] == [
        "unknown-option",
        "bad-value",
        "missing-path",
        "bad-offline",
    ]


def test_paths_that_are_not_there(section, tmp_path):
    missing = {key: tmp_path / key for key in ("path", "validation", "test")}
    with pytest.raises(DataError) as caught:
        check_paths(section("npz", **missing))
    assert [each.place.line for each in caught.value.problems] == [2, 4, 5]
    (tmp_path / "path").touch()
    check_paths(section("npz", path=tmp_path / "path", validation=0.1))


def test_devices_are_no_data(section, refused):
    assert "neither" in refused("unreadable-data", check_paths, section("npz", path=Path("/dev/zero"))).message
    refused("unreadable-data", check_paths, section("npz", path=Path("nul\0byte")))


def test_another_path_is_shown_where_it_was_written(section):
    data = section("npz", path=Path("a"), test=Path("b"))
    moved = replace_path(data, "test", Path("b"))
    assert (moved.path, moved.places["path"]) == (Path("b"), data.places["test"])


def test_what_a_source_never_lacks_is_not_left_out(section, refused):
    select_source(section("images", path=Path("a"), skip={"unlabelled": True, "unreadable": True}))
    select_source(section("digits", skip={"unlabelled": False}))
    found = refused("unused-skip", select_source, section("digits", skip={"unlabelled": True}))
    assert found.hint == "remove it; it is for csv, idx, images, npz"
    refused("unused-skip", select_source, section("npz", path=Path("a"), skip={"unreadable": True}))

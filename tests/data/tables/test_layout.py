import pytest

from nnctl.data.tables import layout
from nnctl.data.tables.layout import Layout, Options, read_layout


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a,b,c\n1,x,0.5\n2,,y\n")
    return path


@pytest.mark.parametrize(
    ("options", "layout"),
    [
        ({"label": "a"}, Layout(("a",), ("b", "c"), ())),
        ({"label": 3}, Layout(("c",), ("a", "b"), ())),
        ({"label": ["a", 1, "b"]}, Layout(("a", "b"), ("c",), ())),
        ({"label": "a", "features": ["c", "b"]}, Layout(("a",), ("c", "b"), ())),
        ({"label": "a", "ignore": [2], "categories": ["c"]}, Layout(("a",), ("c",), ("c",))),
        ({"label": "1", "header": False}, Layout(("1",), ("2", "3"), ())),
    ],
)
def test_which_column_is_what(section, own, options, layout):
    assert read_layout(section("csv", path=own), Options(**options))[1] == layout


def test_mistakes_in_the_options_are_shown_where_the_source_stands(section, own, refused):
    data = section("csv", path=own)
    problem = refused("missing-column", read_layout, data, Options(label="d"))
    assert (problem.place.line, problem.hint) == (1, "its columns are 'a', 'b', 'c'")
    assert "label: c" in refused("missing-label", read_layout, data, Options()).hint
    refused("bad-value", read_layout, data, Options(label="a", quote=","))


class Watched(str):
    """A name that counts how often it is compared with another."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Watched.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize(("given", "used"), [({}, 999), ({"features": ["c5", 7], "ignore": ["c9"]}, 2)])
def test_each_of_many_names_is_looked_up_and_not_compared_with_all(section, own, monkeypatch, given, used):
    names = tuple(Watched(f"c{at}") for at in range(1000))
    monkeypatch.setattr(layout, "read_names", lambda *_: names)
    Watched.compared = 0
    found = read_layout(section("csv", path=own), Options(label="c0", **given))[1]
    assert len(found.features) == used
    assert Watched.compared <= 10 * len(names)

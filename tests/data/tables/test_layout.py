import pytest

from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.layout import Layout, Options, format_names, parse_number, read_layout, read_names


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a,b,c\n1,x,0.5\n2,,y\n")
    return path


def test_names(own, refused):
    assert read_names(own, Dialect(), None) == ("a", "b", "c")
    assert read_names(own, Dialect(header=False), None) == ("1", "2", "3")
    own.write_text("a\tb\n1\t2\n")
    assert refused("bad-header", read_names, own, Dialect(), None).hint == '`delimiter: "\\t"`'


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


def test_what_is_a_number():
    assert [parse_number(text) for text in ("1", "1e3", "x", "", "1_0")] == [1, 1000, None, None, None]


def test_long_lists_are_cut():
    assert format_names(["a", "b"]) == "'a', 'b'"
    assert format_names([str(index) for index in range(2000)], 2) == "'0', '1' and 1,998 more"

"""Changes of a text, each held against the text that a person would have written."""

import math
from collections.abc import Callable

import pytest

from nnctl.errors import Source
from nnctl.spec.text import marks
from nnctl.spec.text.document import parse, strip_places
from nnctl.spec.text.marks import Mark
from nnctl.spec.text.patch import Text, format_flow

Change = Callable[[Text, Mark], str]


def read(text: str) -> Mark:
    return marks.parse_marks(Source("spec.yaml", text))


def value(root: Mark, key: str) -> tuple[Mark, Mark]:
    """A key and its value."""
    return next(entry for entry in root.entries or () if entry[0].text == key)


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ("a: 1  # one\nb: 2\n", lambda text, root: text.rewrite(value(root, "a")[1], "3"), "a: 3  # one\nb: 2\n"),
        (
            "a:  # one\n  b: 2\nc: 3\n",
            lambda text, root: text.rewrite(value(root, "a")[1], "x", value(root, "a")[0]),
            "a: x  # one\nc: 3\n",
        ),
        ("a: 1\n", lambda text, root: text.add(root, "b", [2]), "a: 1\nb: [2]\n"),
        ("a: 1", lambda text, root: text.add(root, "b", 2), "a: 1\nb: 2"),
        ("a: 1\r\n", lambda text, root: text.add(root, "b", 2), "a: 1\r\nb: 2\r\n"),
        ("a: {b: 1}  # c\n", lambda text, root: text.add(value(root, "a")[1], "d", 2), "a: {b: 1, d: 2}  # c\n"),
        ("a: {b: }\n", lambda text, root: text.add(value(root, "a")[1], "c", 2), "a: {b: , c: 2 }\n"),
        (
            "a:  # nothing\nb: 2\n",
            lambda text, root: text.add(value(root, "a")[1], "c", 3, value(root, "a")[0]),
            "a: {c: 3}  # nothing\nb: 2\n",
        ),
        (
            "a:\n  - x  # first\n  - y\n",
            lambda text, root: text.insert(value(root, "a")[1], 0, {"dense": 3}),
            "a:\n  - dense: 3\n  - x  # first\n  - y\n",
        ),
        (
            "a:\n  - x  # first\n  - y\n",
            lambda text, root: text.insert(value(root, "a")[1], 1, "z"),
            "a:\n  - x  # first\n  - z\n  - y\n",
        ),
        ("a: [x, y]\n", lambda text, root: text.insert(value(root, "a")[1], 1, "z"), "a: [x, z, y]\n"),
        ("a: [x, y]\n", lambda text, root: text.insert(value(root, "a")[1], 2, "z"), "a: [x, y, z]\n"),
        ("a: []\n", lambda text, root: text.insert(value(root, "a")[1], 0, "z"), "a: [z]\n"),
        ("a: 1\nb: 2  # two\nc: 3\n", lambda text, root: text.drop_entry(root, 1, None), "a: 1\nc: 3\n"),
        ("a: {b: 1, c: 2}\n", lambda text, root: text.drop_entry(value(root, "a")[1], 1, None), "a: {b: 1}\n"),
        ("a: {b: 1, c: 2}\n", lambda text, root: text.drop_entry(value(root, "a")[1], 0, None), "a: {c: 2}\n"),
        (
            "a:\n  b: 1\nc: 2\n",
            lambda text, root: text.drop_entry(value(root, "a")[1], 0, value(root, "a")[0]),
            "a: {}\nc: 2\n",
        ),
        (
            "a:\n- x\n- y: 1\n  z: 2\n- w\n",
            lambda text, root: text.drop_item(value(root, "a")[1], 1, None),
            "a:\n- x\n- w\n",
        ),
        ("a: [x, y]\n", lambda text, root: text.drop_item(value(root, "a")[1], 1, None), "a: [x]\n"),
    ],
)
def test_all_but_what_is_changed_stays_where_it_is(before: str, change: Change, after: str) -> None:
    assert change(Text(before), read(before)) == after


def test_an_item_is_another_one() -> None:
    text = "a:\n  - x  # first\n  - y\n"
    items = value(read(text), "a")[1].items
    assert items is not None
    assert Text(text).set_item(items[1], {"dense": {"units": 3}}) == "a:\n  - x  # first\n  - dense: {units: 3}\n"


@pytest.mark.parametrize(
    "value",
    ["relu", "a b", "true", "1e-3", "", "a: b", "#", 'say "so"', "ü", 3, -0.5, 1e-7, 1e22, True, False, None, [1, "x"]],
)
def test_a_value_on_one_line_is_read_back(value: object) -> None:
    text = format_flow({"key": value, "list": [value, {"inner": value}]})
    assert "\n" not in text
    assert strip_places(parse(Source("spec.yaml", text))) == {"key": value, "list": [value, {"inner": value}]}


def test_numbers_beyond_all_numbers_are_yamls() -> None:
    assert format_flow([math.inf, -math.inf]) == "[.inf, -.inf]"
    assert format_flow(math.nan) == ".nan"


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ('dense: {units: 12, activation: "relu"}   # wide', '{dense: {units: 12, activation: "relu"}}'),
        ("dense:\n  units: 7\n\n  # why tanh\n  activation: &it tanh", "{dense: {units: 7, activation: &it tanh}}"),
        ("[1, 2.5,\n three]", "[1, 2.5, three]"),
        ("nothing:", "{nothing: null}"),
        ("folded:\n  a text,\n  on two lines", '{folded: "a text, on two lines"}'),
    ],
)
def test_what_is_written_on_several_lines_goes_on_one(written: str, line: str) -> None:
    assert Text(written).flow(read(written)) == line

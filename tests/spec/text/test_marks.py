import math

import pytest
import yaml

from nnctl.spec.text.marks import Mark, flow, flowed, read

TEXT = """\
# at the top
data:   # the data
  source: {blobs: {noise: 0.5}}   # with options
  validation: 0.2
layers:
  - flatten
  - dense: {units: 12, activation: "relu"}   # wide
  - dense:
      units: 7

      # why tanh
      activation: &it tanh
  - [1, 2.5,
     three]
again: *it
nothing:
"""


@pytest.fixture
def root() -> Mark:
    return read(TEXT)


def entry(mark: Mark, key: str) -> Mark:
    return next(value for name, value in mark.entries or () if name.text == key)


def test_a_value_takes_the_characters_that_say_it_and_no_comment_behind_it(root: Mark) -> None:
    parsed = yaml.safe_load(TEXT)
    for key in ("data", "layers"):
        mark = entry(root, key)
        written = " " * mark.column + TEXT[mark.start : mark.end].replace("&it ", "")
        assert yaml.safe_load(written) == parsed[key]
        assert written == written.rstrip()
    assert TEXT[entry(entry(root, "data"), "validation").start :].startswith("0.2")
    assert not any(TEXT[each.start : each.end].endswith(("wide", "options")) for each in root.walk())


def test_what_stands_between_brackets_is_told_from_a_block(root: Mark) -> None:
    data, layers = entry(root, "data"), entry(root, "layers")
    assert not root.flow
    assert not data.flow
    assert entry(data, "source").flow
    assert layers.items is not None
    assert [each.flow for each in layers.items] == [True, False, False, True]


def test_an_alias_is_what_its_anchor_names(root: Mark) -> None:
    alias = entry(root, "again").alias
    assert alias is not None
    assert (alias.anchor, alias.text) == ("it", "tanh")


def test_a_value_that_is_not_there_takes_no_character(root: Mark) -> None:
    nothing = entry(root, "nothing")
    assert nothing.start == nothing.end
    assert nothing.text == ""


@pytest.mark.parametrize(
    "value",
    ["relu", "a b", "true", "1e-3", "", "a: b", "#", 'say "so"', "ü", 3, -0.5, 1e-7, 1e22, True, False, None, [1, "x"]],
)
def test_a_value_on_one_line_is_read_back(value: object) -> None:
    text = flow({"key": value, "list": [value, {"inner": value}]})
    assert "\n" not in text
    from nnctl.errors import Source
    from nnctl.spec.text.document import bare, parse

    assert bare(parse(Source("spec.yaml", text))) == {"key": value, "list": [value, {"inner": value}]}


def test_numbers_beyond_all_numbers_are_yamls() -> None:
    assert flow([math.inf, -math.inf]) == "[.inf, -.inf]"
    assert flow(math.nan) == ".nan"


def test_what_is_written_on_several_lines_goes_on_one(root: Mark) -> None:
    layers = entry(root, "layers")
    assert layers.items is not None
    assert flowed(layers.items[2], TEXT) == "{dense: {units: 7, activation: &it tanh}}"
    assert flowed(layers.items[1], TEXT) == '{dense: {units: 12, activation: "relu"}}'
    assert flowed(layers.items[3], TEXT) == "[1, 2.5, three]"
    assert flowed(entry(root, "nothing"), TEXT) == "null"

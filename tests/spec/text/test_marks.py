import pytest
import yaml

from nnctl.errors import Source
from nnctl.spec.text.document import Node, parse
from nnctl.spec.text.marks import Mark, parse_marks

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
    return parse_marks(Source("spec.yaml", TEXT))


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
    "text",
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        'é: ü  # ñ\n😀: [😀, "😀", {a: , b:  # nothing\n }]\nc: |\n  x\n\n  y\n\nd: >-\n  z\n',
        "\ufeffa: 1\nb: [1, &x {c: }]\n",
    ],
)
def test_offsets_are_those_of_a_scanner_that_counts_characters(text: str) -> None:
    """PyYAML's own, which is slower; libyaml's parser, which may be the one that nnctl asks, reads bytes."""
    scanned = [
        token.start_mark.index
        for token in yaml.scan(text, Loader=yaml.SafeLoader)
        if isinstance(token, (yaml.ScalarToken, yaml.AliasToken))
    ]
    marks = [mark for mark in parse_marks(Source("spec.yaml", text)).walk() if mark.text or mark.alias]
    anchored = [mark.start + (len(f"&{mark.anchor} ") if mark.anchor else 0) for mark in marks]
    assert anchored == scanned
    empty = [mark for mark in parse_marks(Source("spec.yaml", text)).walk() if mark.text == ""]
    assert all(text[mark.start - 1] == ":" and mark.start == mark.end for mark in empty)


def test_what_is_written_and_what_it_says_are_one_reading(root: Mark) -> None:
    node = parse(Source("spec.yaml", TEXT))

    def compare(node: Node, mark: Mark) -> None:
        assert node.place == mark.place
        written = mark.alias or mark
        assert len(node.items or node.entries or ()) == len(written.items or written.entries or ())
        for inner, item in zip(node.items or (), written.items or (), strict=True):
            compare(inner, item)
        for pair, (key, value) in zip((node.entries or {}).values(), written.entries or (), strict=True):
            assert pair.key == key.place
            compare(pair.node, value)

    compare(node, root)

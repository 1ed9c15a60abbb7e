import contextlib
import math
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl import bounds
from nnctl.errors import Source, SpecError
from nnctl.spec.text.document import Node, describe, parse, read


def value_of(text: str) -> object:
    node = parse(Source("t.yaml", f"k: {text}"))
    assert node.entries is not None
    return node.entries["k"].node.value


def codes(text: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        parse(Source("t.yaml", text))
    return [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001), ("1E5", 1e5), (".5", 0.5), ("5.", 5.0), ("+3", 3), ("-7", -7), ("0", 0), ("0.10", 0.1), ("0o10", 8),
        ("0x1F", 31), ("1:30", "1:30"), ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("true", True),
        ("False", False), ("~", None), ("null", None), ("", None), ("'1'", "1"), ('"true"', "true"), ("1_000", "1_000"),
        ("2020-13-45", "2020-13-45"), (".inf", math.inf), ("-.inf", -math.inf), ("=", "="), ("relu", "relu"),
    ],
)  # fmt: skip
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


@pytest.mark.parametrize("text", ["010", "-007", "00", "+08"])
def test_a_whole_number_with_a_leading_zero_is_two_numbers(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(Source("t.yaml", f"k: {text}"))
    (problem,) = caught.value.problems
    assert problem.code == "leading-zero"
    assert f"write {int(text) if int(text) else 0}".replace("-", "") in str(problem.hint).replace("-", "")
    assert value_of(f"'{text}'") == text


def test_what_ends_too_early_is_shown_at_its_end() -> None:
    with pytest.raises(SpecError) as caught:
        parse(Source("t.yaml", "a: {b: 1\n"))
    place = caught.value.problems[0].place
    assert place is not None
    assert (place.line, place.column) == (1, 9)


def test_nan_is_a_number_here_and_refused_where_it_means_nothing() -> None:
    assert math.isnan(value_of(".nan"))  # type: ignore[arg-type]


def test_every_node_knows_where_it_stands() -> None:
    root = parse(Source("t.yaml", "a:\n  - {b: relu}\n"))
    assert root.entries is not None
    items = root.entries["a"].node.items
    assert items is not None
    assert items[0].entries is not None
    entry = items[0].entries["b"]
    assert (entry.key.line, entry.key.column) == (2, 6)
    assert (entry.node.place.line, entry.node.place.column, entry.node.place.width) == (2, 9, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["empty-spec"]),
        ("# only a comment\n", ["empty-spec"]),
        ("a: 1\n---\nb: 2\n", ["two-documents"]),
        ("a: [1, 2\n", ["bad-yaml"]),
        ("a:\n\t- b\n", ["bad-yaml"]),
        ("a: \x00", ["bad-yaml"]),
        ("a: &x [*x]", ["recursive-alias"]),
        ("a: *x", ["bad-yaml"]),
        ("a: 1\na: 2\nb: 1\nb: 2\n", ["duplicate-key", "duplicate-key"]),
        ("a: !!python/object/apply:os.system [ls]", ["yaml-tag"]),
        ("a: !!str 5", ["yaml-tag"]),
        ("? [1]\n: 2", ["bad-key"]),
        ("a: " + "9" * 5000, ["number-too-long"]),
        ("[" * 500 + "]" * 500, ["too-deep"]),
        ("[" * 200_000, ["too-deep"]),
    ],
)
def test_what_is_no_spec_is_refused(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "said", "column"),
    [
        ("a:\n  b: 1\n  epochs:\u00a01\n", "no-break space (U+00A0) is no space to YAML", 10),
        ("m:\n  a:\n  – flatten\n  – dense: 3\n", "en dash (U+2013) is no '-' to YAML", 3),
    ],
)
def test_what_only_looks_like_yaml_is_named(text: str, said: str, column: int) -> None:
    with pytest.raises(SpecError) as caught:
        parse(Source("t.yaml", text))
    problem = caught.value.problems[0]
    assert said in problem.message
    assert problem.place is not None
    assert problem.place.column == column


def test_an_alias_bomb_is_refused_before_it_goes_off() -> None:
    lines = ["a: &a [1,2,3,4,5,6,7,8,9]"]
    lines += [f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    assert codes("\n".join(lines)) == ["too-many-values"]


def test_an_alias_stands_for_its_value_at_its_own_place() -> None:
    root = parse(Source("t.yaml", "a: &x {u: 1}\nb: *x\n"))
    assert root.entries is not None
    b = root.entries["b"].node
    assert b.place.line == 2
    assert b.entries is not None
    assert b.entries["u"].node.value == 1


def test_a_flat_list_of_a_megabyte_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("- 1\n" * (bounds.SPEC // 4 + 1))
    with pytest.raises(SpecError, match="bytes, more than"):
        read(path)


@pytest.mark.parametrize("content", [b"a: \xff\xfe", "a: 1".encode("utf-16")])
def test_what_is_not_utf_8_is_said_to_be_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        read(path)
    assert caught.value.problems[0].code == "not-utf8"


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1")
    root = read(path)
    assert root.entries is not None
    assert "a" in root.entries
    assert root.place.source.written.encode() == path.read_bytes()


def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo", Path("/dev/zero"), tmp_path / "missing", Path("nul\0byte")):
        with pytest.raises(SpecError) as caught:
            read(path)
        assert caught.value.problems[0].code == "unreadable-file"


def test_values_are_described_as_people_write_them() -> None:
    described = [describe(Node(value, None)) for value in ("relu", 3, 0.5, True, None, [], {})]  # type: ignore[arg-type]
    assert described == ["'relu'", "3", "0.5", "true", "nothing", "a list", "a map"]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_is_read_or_refused_with_a_message(text: str) -> None:
    with contextlib.suppress(SpecError):  # anything else that is raised fails the test
        parse(Source("t.yaml", text))

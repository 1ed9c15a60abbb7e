import pytest

from nnctl.spec.catalogue.kinds import (
    Entries,
    Family,
    Items,
    Number,
    describe_kind,
    list_choices,
    list_families,
    parse_kind,
)


@pytest.mark.parametrize(
    ("text", "fitting", "misfits"),
    [
        ("bool", [True, False], [1, 0, "true", None]),
        ("str", ["", "a"], [1, None, True]),
        ("null", [None], ["", "null", 0, False]),
        ("int>=1", [1, 10**9], [0, -1, 1.0, True, "1", None]),
        ("int!=0", [-1, 1], [0, 0.5]),
        ("float>=0,<1", [0, 0.0, 0.999], [1, -0.1, float("nan"), float("inf"), "0.5", True]),
        ("float>0", [1e-12, 3], [0, 0.0, -1, float("inf")]),
        ("'valid'|'same'", ["valid", "same"], ["Valid", "full", None]),
        ("null|int>=2", [None, 2], [1, "2"]),
    ],
)
def test_a_kind_takes_what_it_says_and_nothing_else(text: str, fitting: list[object], misfits: list[object]) -> None:
    def fits(value: object) -> bool:
        return any(alternative.fits(value) for alternative in parse_kind(text))  # type: ignore[union-attr, arg-type]

    assert [value for value in fitting if not fits(value)] == []
    assert [value for value in misfits if fits(value)] == []


def test_lists_say_how_many_items_of_what() -> None:
    assert parse_kind("list(int>=1;2)") == (Items((Number(True, ((">=", 1.0),)),), 2, 2),)
    assert parse_kind("list(float;1..3)") == (Items((Number(False, ()),), 1, 3),)
    assert parse_kind("list(metric)") == (Items((Family("metric"),), 0, None),)


def test_a_map_says_what_its_values_are() -> None:
    (found,) = parse_kind("map(null|int>=1)")
    assert found == Entries(parse_kind("null|int>=1"))
    assert str(found) == "a map, each value a whole number of at least 1 or null"


def test_a_bar_inside_a_list_belongs_to_the_list() -> None:
    (outer,) = parse_kind("list(null|int;2)")
    assert isinstance(outer, Items)
    assert len(outer.item) == 2


def test_what_a_kind_expects_reads_as_a_phrase() -> None:
    assert describe_kind(parse_kind("null|float>0,<1")) == "a number above 0 and below 1 or null"
    assert describe_kind(parse_kind("'valid'|'same'")) == "'valid' or 'same'"
    assert describe_kind(parse_kind("activation")) == "an activation"


def test_choices_and_families_are_found() -> None:
    assert list_choices(parse_kind("'a'|int|'b'")) == ["a", "b"]
    assert list_families(parse_kind("null|layer|loss")) == ["layer", "loss"]
    assert "float32" in list_choices(parse_kind("dtype"))


@pytest.mark.parametrize("text", ["integer", "int>", "list(int", "'open"])
def test_a_text_that_is_no_kind_is_a_bug(text: str) -> None:
    with pytest.raises(ValueError, match="is no kind"):
        parse_kind(text)

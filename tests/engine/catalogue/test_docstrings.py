import pytest

from nnctl.engine.catalogue.docstrings import LONGEST, parse_arguments, parse_first_sentence

DOC = """Does a thing, e.g. This one.  It does
more. And more.

Note: nothing.

Args:
    rate: Float. The share
        to drop:
        - `a`: one
        - `b`: another
     odd: indented by one more.
    see: words, then
        Note: this is no argument
    plain (optional): text

    last: after a blank line,

        cut here
    **kwargs: More.

Call arguments:
    inputs: A tensor.
"""
NAMES = {"rate", "odd", "see", "plain", "last", "inputs", "missing"}


def test_the_first_sentence_is_one_line() -> None:
    assert parse_first_sentence(DOC) == "Does a thing, e.g. This one."
    assert parse_first_sentence("One\ntwo. Three") == "One two."
    assert parse_first_sentence("") == ""


def test_an_argument_has_its_prose_without_lists() -> None:
    found = parse_arguments(DOC, NAMES)
    assert found["rate"] == "The share to drop."
    assert found["odd"] == "Indented by one more."
    assert found["see"] == "Words, then Note: this is no argument."
    assert found["plain"] == "Text."
    assert found["last"] == "After a blank line."


def test_what_is_not_in_the_section_is_not_found() -> None:
    assert set(parse_arguments(DOC, NAMES)) == {"rate", "odd", "see", "plain", "last"}
    assert parse_arguments("No arguments.", NAMES) == {}


def test_a_second_sentence_stays_while_there_is_room() -> None:
    short, long = "A word.", f"B{'x' * LONGEST}."
    assert parse_arguments(f"Args:\n  rate: {short} {short} {long}\n", NAMES)["rate"] == f"{short} {short}"
    assert parse_arguments(f"Args:\n  rate: {long} {short}\n", NAMES)["rate"] == long


@pytest.mark.parametrize(
    ("prose", "left"),
    [
        ("Float. The rate.", "The rate."),
        ("A Python float. The rate. Defaults to `0.5`.", "The rate."),
        ("float, defaults to -0.8. The decay rate.", "The decay rate."),
        ("(Optional) Defaults to 200. The number.", "The number."),
        ("A float value or a tensor, or a callable that takes no arguments and returns it. The rate.", "The rate."),
        ("The weight. None by default.", "The weight."),
        ("Int or `None`.", "Int or `None`."),
        ("A string (ie. `a`), e.g. `B`. More.", "A string (ie. `a`), e.g. `B`. More."),
    ],
)
def test_what_only_tells_the_type_or_the_default_is_dropped_if_there_is_more(prose: str, left: str) -> None:
    assert parse_arguments(f"Args:\n  rate: {prose}\n", NAMES)["rate"] == left

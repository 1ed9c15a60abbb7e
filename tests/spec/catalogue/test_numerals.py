import pytest

from nnctl.spec.catalogue.kinds import parse_kind
from nnctl.spec.catalogue.numerals import parse_number, suggest_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10%", 0.1),
        ("7.5 %", 0.075),
        ("0.1", 0.1),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("-3", -3.0),
        ("0,001", 0.001),
        ("1,5", 1.5),
        ("7,5 %", 0.075),
        ("1_000", 1000.0),
        ("1,000", 1000.0),
        ("1 000", 1000.0),
    ],
)
def test_numbers_in_quotes_and_in_per_cent(text: str, value: float) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "%", "ten", "10%%", "1,5,5", "0.1/x.csv", "1e999", "1_0", "nan", "12_34"])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("value", "wanted", "hint"),
    [
        (1000.0, "int>=1", "write 1000"),
        ("20", "int>=1", "write 20 without quotes"),
        ("1e3", "int>=1", "write 1000 without quotes"),
        ("0.1", "null|float>0", "write 0.1 without quotes"),
        ("10%", "null|float>0,<1", "write 0.1"),
        (1000.5, "int>=1", None),
        (0.0, "int>=1", None),
        ("110%", "float>0,<1", None),
        ("0,001", "null|float>0", "write 0.001"),
        ("1_000", "int>=1", "write 1000"),
        ("１", "int>=1", "write 1"),
        ("0.1", "int>=1", None),
        (True, "int>=2", None),
        (None, "int>=1", None),
        (float("inf"), "int>=1", None),
    ],
)
def test_hints_are_what_would_be_taken(value: object, wanted: str, hint: str | None) -> None:
    assert suggest_number(value, parse_kind(wanted)) == hint

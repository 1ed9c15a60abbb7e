import pytest

from nnctl.cli.shell.numbers import format_count, format_number


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.0000"), (0.12345, "0.1235"), (-12.5, "-12.5000"), (3249.29501, "3249.3"), (99999.5, "99999.5"),
     (999999.9, "1e+06"), (2.41e21, "2.41e+21"), (0.0000123, "1.23e-05"), (None, "undefined"), (1234, "1,234")],
)  # fmt: skip
def test_a_number_is_as_long_as_it_is_readable(value: float | None, text: str) -> None:
    assert format_number(value) == text
    assert len(text) <= 9


def test_one_thing_is_in_the_singular() -> None:
    assert [format_count(number, "epoch") for number in (0, 1, 1200)] == ["0 epochs", "1 epoch", "1,200 epochs"]

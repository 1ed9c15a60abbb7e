from collections.abc import Callable, Iterator

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.finding import Finding
from nnctl.diagnosis.rule import Cause, Rule, rule, spell_code


def ruled(find: Callable[[Facts], object], level: str = "warning") -> Rule:
    return rule("Z01", "a-name", level, "static", Cause.RATE, remedy=True)(find)  # type: ignore[arg-type]


def nothing(facts: Facts) -> None:
    """What: nothing."""


def several(facts: Facts) -> Iterator[Finding]:
    yield Finding("f", "e")
    yield Finding("g", "e", level="error")


@pytest.mark.parametrize(
    ("find", "told"),
    [
        (nothing, []),
        (lambda facts: Finding("f", "e"), [("f", "warning")]),
        (several, [("f", "warning"), ("g", "error")]),
    ],
)
def test_what_is_found_bears_the_rules_code_stage_and_level_unless_it_says_another(
    find: Callable[[Facts], object], told: list[tuple[str, str]], facts: Callable[..., Facts]
) -> None:
    found = list(ruled(find).apply(facts()))
    assert [(one.found, one.level) for one in found] == told
    assert {(one.code, one.stage) for one in found} <= {("Z01", "static")}


def test_its_text_is_the_functions_docstring() -> None:
    assert ruled(nothing).text == "What: nothing."


def test_the_decorator_makes_the_rule_that_its_arguments_tell() -> None:
    assert ruled(nothing) == Rule("Z01", "a-name", "warning", "static", Cause.RATE, False, True, nothing)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *(("P1", "P01"), ("p1", "P01"), ("P01", "P01"), ("r8", "R08"), ("h2", "H02")),
        *(("P10", "P10"), ("p11", "P11"), ("p", "P"), ("A0", "A00"), ("ho1", "HO1"), ("P001", "P001"), ("", "")),
    ],
)
def test_a_code_is_spelt_with_two_digits(typed: str, code: str) -> None:
    assert spell_code(typed) == code

"""Rules over what was recorded of the layers while they were trained."""

from typing import Any

import pytest

from ..conftest import FLAT, LOW, Course, looks, rows, told, told_of_success

BAD: dict[str, dict[str, Any]] = {
    "D07": {"history": rows(FLAT, LOW), "checks": looks((1e-8, 0.1))},
    "D08": {"history": rows(FLAT, LOW), "checks": looks(dead=(0.1, 0.6, 0.8))},
    "D09": {"history": rows(FLAT, LOW), "checks": looks(saturated=0.9)},
}


@pytest.mark.parametrize("code", BAD)
def test_a_rule_speaks_on_its_course(code: str, course: Course) -> None:
    assert code in told(course(**BAD[code]))


@pytest.mark.parametrize("code", BAD)
def test_a_symptom_of_a_model_that_reaches_the_baselines_is_none(code: str, course: Course) -> None:
    assert told_of_success(course, BAD[code]) == set()

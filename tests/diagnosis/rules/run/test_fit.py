"""Rules over how far a run fits its training examples, and others."""

from typing import Any

import pytest

from nnctl.diagnosis import apply_rules

from ..conftest import FLAT, LOW, RIGHT, WELL, Course, rows, told, told_of_success

BAD: dict[str, dict[str, Any]] = {
    "D10": {"history": rows(WELL, RIGHT, [*[1.0 - 0.1 * i for i in range(5)], *[0.7 + 0.1 * i for i in range(15)]])},
    "D11": {"history": rows(FLAT, LOW), "scores": {"accuracy": 0.11}},
    "D19": {"history": rows(WELL, RIGHT), "scores": {"accuracy": 0.7}, "held": 400},
}


@pytest.mark.parametrize("code", BAD)
def test_a_rule_speaks_on_its_course(code: str, course: Course) -> None:
    assert code in told(course(**BAD[code]))


@pytest.mark.parametrize("code", ["D11", "D19"])
def test_a_symptom_of_a_model_that_reaches_the_baselines_is_none(code: str, course: Course) -> None:
    assert told_of_success(course, BAD[code]) == set()


def test_far_better_on_train_is_information_where_nothing_simpler_does_better(course: Course) -> None:
    found = {one.code: one for one in apply_rules(course(rows(WELL, [1.0] * 20), scores={"accuracy": 0.86}, held=400))}
    assert found["D19"].level == "info"
    assert found["D19"].found == "it scores 1.000 on training examples and 0.860 on others"


def test_overfit_is_information_where_the_best_epoch_was_kept(course: Course) -> None:
    facts = course(**BAD["D10"] | {"best_epoch": 5, "scores": {"accuracy": 0.2}})
    history = [{**row, "accuracy": 0.95} for row in BAD["D10"]["history"]]
    assert "D10" not in told(course(history, best_epoch=5, scores={"accuracy": 0.9}))
    assert "D10" in {one.code for one in apply_rules(course(history, best_epoch=5, scores={"accuracy": 0.9}))}
    assert "D10" in told(facts)  # the kept model is far from the baselines


def test_one_bad_epoch_at_the_end_is_no_overfit(course: Course) -> None:
    held = [*[value + 0.1 for value in WELL[:-1]], 9.0]
    assert "D10" not in told(course(rows(WELL, RIGHT, held)))

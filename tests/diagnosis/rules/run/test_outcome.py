"""Rules over what a run has come to."""

from dataclasses import replace
from typing import Any

import pytest

from ..conftest import FLAT, LOW, RIGHT, WELL, Course, looks, rows, told, told_of_success

BAD: dict[str, dict[str, Any]] = {
    "D12": {"history": rows(FLAT, LOW), "commonest": 0.99, "majority": 0.12, "held": 100},
    "D17": {"history": rows(FLAT, LOW), "scores": {"accuracy": 0.1}},
    "D18": {"history": rows(WELL, RIGHT, WELL), "scores": {"accuracy": 0.5}, "held": 400},
}


@pytest.mark.parametrize("code", BAD)
def test_a_rule_speaks_on_its_course(code: str, course: Course) -> None:
    assert code in told(course(**BAD[code]))


@pytest.mark.parametrize("code", BAD)
def test_a_symptom_of_a_model_that_reaches_the_baselines_is_none(code: str, course: Course) -> None:
    assert told_of_success(course, BAD[code]) == set()


def test_penalties_dominate_where_the_last_look_says_so(course: Course) -> None:
    settings = "model.layers=[flatten, {dense: {units: 8, kernel_regularizer: {l2: 0.5}}}, {dense: 10}]"
    checks = [replace(check, penalties=5.1, loss=1.0) for check in looks()]
    assert "D16" in told(course(rows(FLAT, LOW), settings, checks=checks))
    checks = [replace(check, penalties=4.9, loss=1.0) for check in looks()]
    assert "D16" not in told(course(rows(FLAT, LOW), settings, checks=checks))


def test_validation_above_training_counts_only_with_examples_in_common(course: Course) -> None:
    history = [{**row, "val_accuracy": row["accuracy"] + 0.06} for row in rows(WELL, RIGHT, WELL)]
    facts = course(history, scores={"accuracy": 0.95})
    assert "D14" not in told(facts)
    assert facts.dataset is not None
    leaked = replace(facts.dataset, overlap=replace(facts.dataset.overlap, validation=0.3))
    assert "D14" in told(replace(facts, dataset=leaked))


@pytest.mark.parametrize("layer", ["alpha_dropout", "dropout", "gaussian_noise"])
def test_validation_above_training_is_no_wonder_behind_what_is_gone_in_validation(layer: str, course: Course) -> None:
    history = [{**row, "val_accuracy": row["accuracy"] + 0.06} for row in rows(WELL, RIGHT, WELL)]
    settings = f"model.layers=[flatten, {{dense: 8}}, {{{layer}: 0.5}}, {{dense: 10}}]"
    facts = course(history, settings, scores={"accuracy": 0.95})
    assert facts.dataset is not None
    leaked = replace(facts.dataset, overlap=replace(facts.dataset.overlap, validation=0.3))
    assert "D14" not in told(replace(facts, dataset=leaked))


@pytest.mark.parametrize(("score", "held"), [(0.75, 400), (0.5, 5)])
def test_a_test_score_that_is_lower_by_a_little_or_by_chance_is_passed_over(
    score: float, held: int, course: Course
) -> None:
    assert "D18" not in told(course(rows(WELL, RIGHT, WELL), scores={"accuracy": score}, held=held))

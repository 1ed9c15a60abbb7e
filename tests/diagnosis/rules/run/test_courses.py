"""Rules over the course of a training: each on its own course, and none on one that goes well."""

import math
from dataclasses import replace
from typing import Any

import pytest

from nnctl.diagnosis.rules.index import RULES
from nnctl.runs.manifest import GROWN

from ..conftest import FLAT, LOW, RIGHT, WELL, Course, looks, rows, told, told_of_success

SWINGS = [0.1 + 0.1 * (i % 2) for i in range(20)]
BAD: dict[str, dict[str, Any]] = {
    "D01": {"history": rows([2.3, 2.2], [0.1, 0.1]), "status": "diverged"},
    "D02": {"history": rows([2.3, 1.0, *[3.0 * 2**i for i in range(7)]], [0.1] * 9)},
    "D03": {"history": rows(FLAT, LOW)},
    "D04": {"history": rows([2.3 * 0.995**i for i in range(20)], LOW)},
    "D05": {"history": rows([2.0 + 0.2 * (i % 2) for i in range(20)], SWINGS)},
    "D06": {"history": rows([*WELL[:5], *[0.9] * 15], LOW)},
    "D15": {"history": rows(FLAT, [0.1 + 0.01 * ((7 * i) % 5) for i in range(20)])},
}


@pytest.mark.parametrize("code", BAD)
def test_a_rule_speaks_on_its_course(code: str, course: Course) -> None:
    assert code in told(course(**BAD[code]))


@pytest.mark.parametrize("code", [code for code in BAD if code not in ("D01", "D02")])
def test_a_symptom_of_a_model_that_reaches_the_baselines_is_none(code: str, course: Course) -> None:
    assert told_of_success(course, BAD[code]) == set()


def test_a_training_that_goes_well_is_told_nothing(course: Course) -> None:
    held = [value + 0.1 for value in WELL]
    assert (
        told(course(rows(WELL, RIGHT, held), scores={"accuracy": 0.93}, checks=looks(dead=(0.2, 0.9, 0.95)))) == set()
    )


@pytest.mark.parametrize(
    ("message", "effect"),
    [
        ("the output of dense is the first that is not finite", "every later output is NaN"),
        (f"{GROWN}: 3e+09 in epoch 2, and 2.3 at the first step", "each step increases the loss"),
    ],
)
def test_a_training_that_diverged_is_told_by_what_its_loss_is(message: str, effect: str, course: Course) -> None:
    facts = course(rows([2.3, 2.2], [0.1, 0.1]), status="diverged")
    assert facts.run is not None
    found = RULES["D01"].function(replace(facts, run=replace(facts.run, message=message)))
    assert (found.found, found.effect) == (message, effect)


def test_a_loss_below_0_that_falls_is_not_taken_for_one_that_grows(course: Course) -> None:
    below = [-14.0 - 6 * (1 - 0.8**i) for i in range(20)]
    assert "D02" not in told(course(rows(below, RIGHT)))
    assert "D02" in told(course(rows([-14.0, -20.0, *[3.0 * 2**i for i in range(7)]], [0.1] * 9)))


def test_a_run_without_its_data_is_measured_by_the_commonest_class(course: Course) -> None:
    bad = course(rows(FLAT, LOW), scores={"accuracy": 0.2}, majority=0.5, held=400)
    assert "D03" in told(replace(bad, dataset=None))
    fine = course(rows(FLAT, LOW), scores={"accuracy": 0.6}, majority=0.5, held=400)
    assert "D03" in told(replace(fine, dataset=None))  # the score on training examples is below it as well
    fine = course(rows(FLAT, [0.6] * 20), scores={"accuracy": 0.6}, majority=0.5, held=400)
    assert told(replace(fine, dataset=None)) == set()


@pytest.mark.parametrize("history", [[], rows([math.nan], [0.1]), rows([0.0, 0.0], [0.1, 0.1]), [{"epoch": 1.0}]])
def test_histories_that_say_little_are_read_all_the_same(history: list[dict[str, float]], course: Course) -> None:
    facts = course(rows(FLAT, LOW))
    assert facts.run is not None
    told(replace(facts, run=replace(facts.run, history=history, best_epoch=None)))

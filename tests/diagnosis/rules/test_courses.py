"""The rules of runs: each on the course that it is about, and none on the course of a training that goes well."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnctl.diagnosis import Facts, find
from nnctl.diagnosis.facts.baselines import Baselines
from nnctl.diagnosis.facts.run import RunFacts
from nnctl.diagnosis.rule import rules
from nnctl.runs.diagnostics import Check, LayerCheck
from tests.diagnosis.conftest import made

Course = Callable[..., Facts]
GOOD = [2.0 * 0.7**i + 0.05 for i in range(20)]
RIGHT = [0.95 - 0.8 * 0.7**i for i in range(20)]


def rows(losses: list[float], accuracies: list[float], held: list[float] | None = None) -> list[dict[str, float]]:
    found = []
    for i, (loss, accuracy) in enumerate(zip(losses, accuracies, strict=True)):
        row = {"epoch": i + 1, "step": 100 * (i + 1), "loss": loss, "accuracy": accuracy}
        found.append(row | ({} if held is None else {"val_loss": held[i], "val_accuracy": accuracy}))
    return found


def looks(gradients: tuple[float, float] = (0.1, 0.1), dead: Any = (0, 0, 0), saturated: float = 0) -> list[Check]:
    return [
        Check(
            i + 1,
            100 * (i + 1),
            0.1,
            0.0,
            {},
            (
                LayerCheck(1, "dense", gradients[0], 1e-3, share, saturated),
                LayerCheck(2, "dense", gradients[1], 1e-3, 0, 0),
            ),
        )
        for i, share in enumerate(dead)
    ]


@pytest.fixture
def course(facts: Callable[..., Facts]) -> Course:
    """The facts of a run of the usual spec, whose baselines are 0.1 and 0.9."""

    def course(history: list[dict[str, float]], *settings: str, **of: Any) -> Facts:
        x = np.random.default_rng(0).normal(size=(300, 8, 8)).astype(np.float32)
        found = facts(f"train.epochs={len(history)}", *settings, data=made(x, np.arange(300) % 10))
        assert found.dataset is not None
        dataset = replace(found.dataset, baselines=Baselines("accuracy", 0.1, 0.9, 0.9))
        run = RunFacts(**{"status": "done", "history": history, "best_epoch": len(history), "validation": 400, **of})
        return replace(found, dataset=dataset, run=run)

    return course


def told(facts: Facts) -> set[str]:
    """The loud findings of the stage of runs."""
    return {one.code for one in find(facts) if one.loud and rules[one.code].stage == "run"}


FLAT, LOW = [2.3 - 1e-4 * i for i in range(20)], [0.1 + 1e-3 * i for i in range(20)]
SWINGS = [0.1 + 0.1 * (i % 2) for i in range(20)]
BAD: dict[str, dict[str, Any]] = {
    "D01": {"history": rows([2.3, 2.2], [0.1, 0.1]), "status": "diverged"},
    "D02": {"history": rows([2.3, 1.0, *[3.0 * 2**i for i in range(7)]], [0.1] * 9)},
    "D03": {"history": rows(FLAT, LOW)},
    "D04": {"history": rows([2.3 * 0.995**i for i in range(20)], LOW)},
    "D05": {"history": rows([2.0 + 0.2 * (i % 2) for i in range(20)], SWINGS)},
    "D06": {"history": rows([*GOOD[:5], *[0.9] * 15], LOW)},
    "D07": {"history": rows(FLAT, LOW), "checks": looks((1e-8, 0.1))},
    "D08": {"history": rows(FLAT, LOW), "checks": looks(dead=(0.1, 0.6, 0.8))},
    "D09": {"history": rows(FLAT, LOW), "checks": looks(saturated=0.9)},
    "D10": {"history": rows(GOOD, RIGHT, [*[1.0 - 0.1 * i for i in range(5)], *[0.7 + 0.1 * i for i in range(15)]])},
    "D11": {"history": rows(FLAT, LOW), "scores": {"accuracy": 0.11}},
    "D12": {"history": rows(FLAT, LOW), "commonest": 0.99, "majority": 0.12, "held": 100},
    "D15": {"history": rows(FLAT, [0.1 + 0.01 * ((7 * i) % 5) for i in range(20)])},
    "D17": {"history": rows(FLAT, LOW), "scores": {"accuracy": 0.1}},
    "D18": {"history": rows(GOOD, RIGHT, GOOD), "scores": {"accuracy": 0.5}, "held": 400},
    "C13": {"history": rows([2.3 * 0.9**i for i in range(20)], LOW)},
}


@pytest.mark.parametrize("code", BAD)
def test_a_rule_speaks_on_its_course(code: str, course: Course) -> None:
    assert code in told(course(**BAD[code]))


@pytest.mark.parametrize("code", [code for code in BAD if code not in ("D01", "D02", "D10")])
def test_a_symptom_of_a_model_that_reaches_the_baselines_is_none(code: str, course: Course) -> None:
    history = [{**row, "accuracy": 0.95} for row in BAD[code]["history"]]
    scores = {"accuracy": 0.94}
    assert told(course(**{**BAD[code], "history": history, "scores": scores})) == set()


def test_a_training_that_goes_well_is_told_nothing(course: Course) -> None:
    held = [value + 0.1 for value in GOOD]
    assert (
        told(course(rows(GOOD, RIGHT, held), scores={"accuracy": 0.93}, checks=looks(dead=(0.2, 0.9, 0.95)))) == set()
    )


def test_a_loss_below_0_that_falls_is_not_taken_for_one_that_grows(course: Course) -> None:
    below = [-14.0 - 6 * (1 - 0.8**i) for i in range(20)]
    assert "D02" not in told(course(rows(below, RIGHT)))
    assert "D02" in told(course(rows([-14.0, -20.0, *[3.0 * 2**i for i in range(7)]], [0.1] * 9)))


def test_overfit_is_information_where_the_best_epoch_was_kept(course: Course) -> None:
    facts = course(**BAD["D10"] | {"best_epoch": 5, "scores": {"accuracy": 0.2}})
    history = [{**row, "accuracy": 0.95} for row in BAD["D10"]["history"]]
    assert "D10" not in told(course(history, best_epoch=5, scores={"accuracy": 0.9}))
    assert "D10" in {one.code for one in find(course(history, best_epoch=5, scores={"accuracy": 0.9}))}
    assert "D10" in told(facts)  # the kept model is far from the baselines


def test_one_bad_epoch_at_the_end_is_no_overfit(course: Course) -> None:
    held = [*[value + 0.1 for value in GOOD[:-1]], 9.0]
    assert "D10" not in told(course(rows(GOOD, RIGHT, held)))


def test_penalties_dominate_where_the_last_look_says_so(course: Course) -> None:
    settings = "model.layers=[flatten, {dense: {units: 8, kernel_regularizer: {l2: 0.5}}}, {dense: 10}]"
    checks = [replace(check, penalties=5.1, loss=1.0) for check in looks()]
    assert "D16" in told(course(rows(FLAT, LOW), settings, checks=checks))
    checks = [replace(check, penalties=4.9, loss=1.0) for check in looks()]
    assert "D16" not in told(course(rows(FLAT, LOW), settings, checks=checks))


def test_validation_above_training_counts_only_with_examples_in_common(course: Course) -> None:
    history = [{**row, "val_accuracy": row["accuracy"] + 0.06} for row in rows(GOOD, RIGHT, GOOD)]
    facts = course(history, scores={"accuracy": 0.95})
    assert "D14" not in told(facts)
    assert facts.dataset is not None
    leaked = replace(facts.dataset, overlap=replace(facts.dataset.overlap, validation=0.3))
    assert "D14" in told(replace(facts, dataset=leaked))


@pytest.mark.parametrize("layer", ["alpha_dropout", "dropout", "gaussian_noise"])
def test_validation_above_training_is_no_wonder_behind_what_is_gone_in_validation(layer: str, course: Course) -> None:
    history = [{**row, "val_accuracy": row["accuracy"] + 0.06} for row in rows(GOOD, RIGHT, GOOD)]
    settings = f"model.layers=[flatten, {{dense: 8}}, {{{layer}: 0.5}}, {{dense: 10}}]"
    facts = course(history, settings, scores={"accuracy": 0.95})
    assert facts.dataset is not None
    leaked = replace(facts.dataset, overlap=replace(facts.dataset.overlap, validation=0.3))
    assert "D14" not in told(replace(facts, dataset=leaked))


@pytest.mark.parametrize(("score", "held"), [(0.75, 400), (0.5, 5)])
def test_a_test_score_that_is_lower_by_a_little_or_by_chance_is_passed_over(
    score: float, held: int, course: Course
) -> None:
    assert "D18" not in told(course(rows(GOOD, RIGHT, GOOD), scores={"accuracy": score}, held=held))


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

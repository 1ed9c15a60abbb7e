"""Rules over what a network shows in short trainings."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.facts.drift import describe_drift
from nnctl.diagnosis.facts.probes import RateRange
from nnctl.diagnosis.rules.index import RULES

from ...conftest import made
from ..conftest import BAD, CLASSES, FAILED, GOOD, PLAIN, PROBE, X

RANGE = RateRange((1e-3, 1e-1), (2.3, 1.0), 0.01, None, 0.01)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, set()),
        ({"initial_loss": 9.0}, {"P01"}),
        ({"overfit": FAILED}, {"P02"}),
        ({"rates": RANGE}, set()),
        ({"rates": replace(RANGE, asked=1.0)}, {"P03"}),
        ({"rates": replace(RANGE, asked=1e-5)}, {"P03"}),
        ({"shuffled": BAD}, {"P07"}),
        ({"shuffled": replace(BAD, losses=(9.0, 9.0))}, set()),
    ],
)
def test_each_symptom_by_itself(heard: Callable[..., set[str]], seen: dict[str, object], expected: set[str]) -> None:
    assert heard(**seen) == expected


def test_batch_normalisation_that_is_another_in_use(found: Callable[..., set[str]]) -> None:
    normalised = (*PLAIN, "model.layers.1=batch_normalization")
    assert "P08" in found(*normalised, inference_gap=3.0)
    assert "P08" not in found(*normalised, inference_gap=1.2)
    assert "P08" not in found(*PLAIN, inference_gap=3.0)


@pytest.mark.parametrize(("suggested", "proposed"), [(0.01, 0.01), (0.6, 0.05), (0.002, None)])
def test_a_rate_outside_of_the_optimizers_band_is_not_proposed(
    facts: Callable[..., Facts], suggested: float, proposed: float | None
) -> None:
    seen = replace(PROBE, rates=replace(RANGE, asked=0.001, steepest=suggested))
    known = replace(facts(*PLAIN, data=made(X, CLASSES)), probe=seen)
    assert [one.fix.edits[0].value for one in RULES["P03"].apply(known)] == ([] if proposed is None else [proposed])


def test_one_answer_for_classes_that_differ_in_number(facts: Callable[..., Facts]) -> None:
    rare = np.repeat([0, 1], [360, 40])
    layers = "model.layers=[{dense: {units: 8, activation: relu}}, {dense: {units: 1, activation: sigmoid}}]"

    def told(commonest: float, labels: np.ndarray, *settings: str) -> list[str]:
        known = facts(layers, "train.loss=binary_crossentropy", *settings, data=made(X, labels))
        seen = replace(PROBE, reference=replace(BAD, commonest=commonest, score=0.9))
        return [one.code for one in RULES["P11"].apply(replace(known, probe=seen))]

    assert told(1.0, rare) == ["P11"]
    assert told(0.93, rare) == []
    assert told(1.0, rare, "train.class_weight=balanced") == []
    assert told(1.0, np.arange(400) % 2) == []


def test_a_test_of_another_making_is_named_with_what_differs(facts: Callable[..., Facts]) -> None:
    moved = X[:100] + np.array([0, 3, 0, 0, 0], np.float32)
    known = facts(*PLAIN, data=made(X, CLASSES, test=(moved, CLASSES[:100])))

    def find(score: float | None) -> list[str]:
        seen = replace(PROBE, reference=GOOD, test_score=score, held=100, drift=describe_drift(X, moved, False, False))
        return [one.found for one in RULES["P12"].apply(replace(known, probe=seen))]

    (told,) = find(0.4)
    assert told.startswith("accuracy 0.950 on held-out examples of train, 0.400 on test; feature 1 is spread unlike")
    assert find(0.8) == find(None) == []
    alike = describe_drift(X, X[:100] + 0.01, False, False)
    seen = replace(PROBE, reference=GOOD, test_score=0.4, held=100, drift=alike)
    (plain,) = RULES["P12"].apply(replace(known, probe=seen))
    assert plain.found.endswith("none of the statistics that are compared differs")


@pytest.mark.parametrize(("score", "heard"), [(0.5, True), (0.89, False)])
def test_what_is_learned_by_heart_is_worse_than_a_line_on_others(
    facts: Callable[..., Facts], score: float, heard: bool
) -> None:
    line = (X[:, 0] > 0).astype(int)
    known = facts(*PLAIN, data=made(X, line))
    seen = replace(PROBE, reference=replace(GOOD, train_score=1.0, score=score), held=80)
    assert [one.code for one in RULES["P14"].apply(replace(known, probe=seen))] == (["P14"] if heard else [])

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from nnctl.diagnosis.facts.baselines import Baselines
from nnctl.diagnosis.facts.facts import Facts
from nnctl.diagnosis.facts.probes import Trial
from nnctl.diagnosis.success import compute_gain, find_shortfall, is_better, reaches_baselines

TRIAL = Trial("as it is", 100, True, (2.0, 1.0), 0.5, 0.5, False, 0.1, 1.0)
BASE = Baselines("accuracy", 0.1, 0.9, 0.8)


def scored(score: float, diverged: bool = False) -> Trial:
    return replace(TRIAL, score=score, diverged=diverged)


@pytest.mark.parametrize(("score", "fine"), [(0.49, False), (0.51, True), (0.95, True)])
def test_halfway_to_the_best_baseline_is_enough(score: float, fine: bool) -> None:
    assert reaches_baselines(scored(score), BASE) == fine
    assert not reaches_baselines(scored(score, diverged=True), BASE)


def test_five_points_and_two_standard_errors_are_better() -> None:
    assert is_better(scored(0.5), scored(0.6), "accuracy", 10_000)
    assert not is_better(scored(0.5), scored(0.54), "accuracy", 10_000)
    assert not is_better(scored(0.5), scored(0.6), "accuracy", 30)
    assert not is_better(scored(0.5), scored(0.9, diverged=True), "accuracy", 10_000)


def test_of_numbers_a_third_less_is_unexplained() -> None:
    assert is_better(scored(0.1), scored(0.5), "r2", 100)
    assert not is_better(scored(0.4), scored(0.5), "r2", 100)
    assert not is_better(scored(-50.0), scored(-2.0), "r2", 100)


def test_what_is_worse_than_the_mean_counts_as_the_mean() -> None:
    assert compute_gain(scored(-80.0), scored(0.5)) == 1.5
    assert compute_gain(scored(0.2), scored(0.5, diverged=True)) == -1


def standing(metric: str, score: float, linear: float, neighbour: float, held: int, run: bool = False) -> Any:
    """Facts of which only the score is looked at: of a trial, or of a run's kept model."""
    base = Baselines(metric, 0.0 if metric == "r2" else 0.5, linear, neighbour)
    dataset = SimpleNamespace(baselines=base, targets=SimpleNamespace(deviation=1.0))
    probe = SimpleNamespace(reference=scored(score), held=held)
    if not run:
        return SimpleNamespace(dataset=dataset, run=None, probe=probe)
    kept = SimpleNamespace(
        held=held, find_train_score=lambda metric, variance: 1.0, find_held_score=lambda metric, variance: score
    )
    known = SimpleNamespace(task="regression" if metric == "r2" else "binary")
    return SimpleNamespace(dataset=dataset, run=kept, probe=None, known=known)


@pytest.mark.parametrize("run", [False, True], ids=["trial", "run"])
@pytest.mark.parametrize(
    ("metric", "score", "linear", "neighbour", "held", "better"),
    [
        ("accuracy", 0.683, 0.787, 0.820, 300, ["nearest neighbours", "linear"]),
        ("accuracy", 0.75, 0.787, 0.820, 1000, ["nearest neighbours"]),
        ("accuracy", 0.78, 0.787, 0.820, 1000, []),
        ("accuracy", 0.683, 0.787, 0.5, 60, []),  # which is chance
        ("accuracy", 0.95, 0.787, 0.820, 1000, []),
        ("r2", 0.3, 0.6, 0.31, 100, ["linear"]),
    ],
)
def test_what_stays_well_below_a_baseline_falls_short(
    metric: str, score: float, linear: float, neighbour: float, held: int, better: list[str], run: bool
) -> None:
    found = find_shortfall(standing(metric, score, linear, neighbour, held, run))
    assert (list(found.better) if found else []) == better
    assert found is None or (found.score, found.steps) == (score, None if run else 100)


def test_without_data_or_a_score_nothing_is_said(facts: Callable[..., Facts]) -> None:
    assert find_shortfall(facts()) is None

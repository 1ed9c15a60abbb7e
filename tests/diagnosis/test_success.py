from dataclasses import replace

import pytest

from nnctl.diagnosis.facts.baselines import Baselines
from nnctl.diagnosis.facts.probes import Trial
from nnctl.diagnosis.success import compute_gain, is_better, reaches_baselines

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

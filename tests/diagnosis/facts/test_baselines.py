import numpy as np
import pytest

from nnctl.diagnosis.facts.baselines import compute_baselines

RNG = np.random.default_rng(0)
X = RNG.normal(size=(600, 4)).astype(np.float32)


def test_what_a_line_tells():
    y = (X[:, 0] + X[:, 1] > 0).astype(np.int32)
    found = compute_baselines(X, y, "binary", 2)
    assert found.trivial == pytest.approx(max(y.mean(), 1 - y.mean()))
    assert found.linear > 0.95
    assert found.reachable == max(found.linear, found.neighbour)


def test_what_no_line_tells_a_neighbour_does():
    y = ((X[:, 0] > 0) ^ (X[:, 1] > 0)).astype(np.int32)
    found = compute_baselines(X[:, :2], y, "binary", 2)
    assert found.linear < 0.6 < 0.9 < found.neighbour


def test_numbers_are_scored_by_r2():
    found = compute_baselines(X, 3 * X[:, 2] + 100, "regression", 1)
    assert found.metric == "r2"
    assert found.trivial == 0
    assert found.linear > 0.99


def test_noise_is_not_learnable():
    y = RNG.integers(0, 3, 600).astype(np.int32)
    found = compute_baselines(X, y, "multiclass", 3)
    assert abs(found.linear - 1 / 3) < 0.08


def test_several_labels_are_scored_by_the_share_of_right_ones():
    y = (X[:, :3] > 0).astype(np.uint8)
    found = compute_baselines(X, y, "multilabel", 3)
    assert 0.49 < found.trivial < 0.56
    assert found.linear > 0.9


def test_of_token_sequences_the_counts_are_looked_at():
    tokens = RNG.integers(0, 50, (600, 20))
    y = ((tokens == 7).sum(axis=1) > 0).astype(np.int32)
    assert (
        compute_baselines(tokens, y, "binary", 2, tokens=True).linear
        > compute_baselines(tokens, y, "binary", 2).linear + 0.1
    )


def test_a_handful_of_rows_has_no_baseline_but_the_trivial_one():
    found = compute_baselines(X[:5], np.array([0, 0, 0, 1, 1], np.int32), "binary", 2)
    assert found.linear == found.neighbour == found.trivial == pytest.approx(0.6)

import numpy as np
import pytest
from scipy import stats

from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.columns.tails import find_tails, rank_columns, score_ranked

RNG = np.random.default_rng(6)


def test_far_values_are_found_and_normal_ones_are_not() -> None:
    x = RNG.normal(size=(500, 3))
    x[3, 1] = -400
    (found,) = find_tails(x, ["a", "b", "c"])
    column = x[:, 1]
    assert (found.index, found.feature, found.value) == (1, "'b'", -400)
    assert found.deviations == pytest.approx(abs(stats.zscore(column)).max())
    assert found.half == tuple(np.quantile(column, (0.25, 0.75)))


def test_ranks_are_those_of_scipy_with_mean_0_and_deviation_1() -> None:
    x = RNG.normal(size=(400, 2)).astype(np.float32)
    x[:40, 0], x[0, 0] = 1.0, 1e5  # ties, and what is far
    ranked = rank_columns(x, x, find_tails(x))
    ranks = stats.rankdata(x[:, 0])
    assert np.allclose(ranked[:, 0], ((ranks - 0.5) / 400 - 0.5) * np.sqrt(12), atol=1e-6)
    assert np.array_equal(ranked[:, 1], x[:, 1])
    assert ranked[:, 0].mean() == pytest.approx(0, abs=1e-6)
    assert ranked[:, 0].std() == pytest.approx(1, abs=0.01)


def test_what_is_far_from_all_known_values_gets_the_last_rank() -> None:
    known = np.arange(200.0)[:, None]
    known[-1] = 1e6
    ranked = rank_columns(np.array([[-5.0], [1e9]]), known, find_tails(known))
    assert ranked[:, 0] == pytest.approx([-np.sqrt(3), np.sqrt(3)], abs=1e-6)


def test_ranks_bring_back_what_far_values_hide() -> None:
    x = RNG.normal(size=(600, 2))
    y = (x[:, 0] > 0).astype(np.int32)
    x[:3, 0] = 1e5
    yardstick = Yardstick(y, "binary", 2)
    told = score_ranked(x, find_tails(x), yardstick)
    assert told is not None
    assert told > 0.95 > yardstick.score_linear(x) + 0.2
    assert score_ranked(x, (), yardstick) is None

import numpy as np
import pytest
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import cross_val_score

from nnctl.diagnosis.facts.columns.targets import find_far_targets

RNG = np.random.default_rng(8)
X = RNG.normal(size=(600, 4)).astype(np.float32)
Y = (X @ [3.0, -2.0, 1.0, 0.0] + 0.3 * RNG.normal(size=600)).astype(np.float32)


def test_a_few_targets_in_another_unit_are_found_with_what_they_hide() -> None:
    far = np.array([5, 17, 300])
    y = Y.copy()
    y[far] = [4e3, -9e3, 6e3]
    found = find_far_targets(X, y, 0.01)
    assert found is not None
    assert (found.count, found.share, found.value) == (3, 3 / 600, -9000)
    assert found.half == pytest.approx(tuple(np.quantile(y, (0.25, 0.75))))
    kept = np.delete(np.arange(600), far)
    expected = cross_val_score(RidgeCV(), X[kept], y[kept], scoring="r2").mean()
    assert found.without == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_long_tails_by_nature_are_not(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert find_far_targets(X, np.exp(Y / 2), 0.3) is None  # lognormal
    assert find_far_targets(X, Y + rng.standard_t(3, 600), 0.6) is None
    assert find_far_targets(X, Y, 0.98) is None


def test_many_of_them_are_a_second_quantity_and_no_slips() -> None:
    y = np.where(RNG.random(600) < 0.1, 1e4, Y)
    assert find_far_targets(X, y, 0.0) is None
    mostly = np.where(RNG.random(600) < 0.8, 0, Y)  # the middle half is 0 wide
    assert find_far_targets(X, mostly, 0.0) is None

import numpy as np
import pytest
from sklearn import metrics as sk

from nnctl.metrics import ranking

ROUND = {"abs": 1e-12, "rel": 1e-12}


@pytest.mark.parametrize("levels", [2, 5, 10**6], ids=["two-values", "tied", "distinct"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_against_scikit_learn(levels, share):
    random = np.random.default_rng(levels)
    positive = random.random(500) < share
    output = (random.integers(0, levels, 500) / levels + 0.2 * positive).astype(np.float32)
    assert ranking.compute_roc_auc(output, positive) == pytest.approx(sk.roc_auc_score(positive, output), **ROUND)
    known = sk.average_precision_score(positive, output)
    assert ranking.compute_average_precision(output, positive) == pytest.approx(known, **ROUND)


def test_no_order_is_a_half():
    positive = np.array([True, False, False])
    assert ranking.compute_roc_auc(np.zeros(3), positive) == 0.5
    assert ranking.compute_average_precision(np.zeros(3), positive) == pytest.approx(1 / 3)


def test_undefined_with_one_class():
    output = np.array([0.1, 0.9])
    assert ranking.compute_roc_auc(output, np.array([True, True])) is None
    assert ranking.compute_roc_auc(output, np.array([False, False])) is None
    assert ranking.compute_average_precision(output, np.array([False, False])) is None
    assert ranking.compute_average_precision(output, np.array([True, True])) == 1.0

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


@pytest.mark.parametrize("levels", [2, 5, 10**6], ids=["two-values", "tied", "distinct"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_curves_against_scikit_learn(levels, share):
    random = np.random.default_rng(levels + 1)
    positive = random.random(300) < share
    output = (random.integers(0, levels, 300) / levels + 0.2 * positive).astype(np.float32)
    negatives, positives, _ = sk.roc_curve(positive, output, drop_intermediate=False)
    found = ranking.compute_roc_curve(output, positive)
    np.testing.assert_allclose(found, (negatives, positives), atol=1e-12)
    precision, recall, _ = sk.precision_recall_curve(positive, output)
    # scikit-learn lets thresholds rise and adds an end at recall 0, where there is no precision.
    found = ranking.compute_precision_curve(output, positive)
    np.testing.assert_allclose(found, (recall[-2::-1], precision[-2::-1]), atol=1e-12)


def test_the_areas_below_the_curves_are_what_is_told_of_them():
    random = np.random.default_rng(3)
    positive, output = random.random(400) < 0.3, random.integers(0, 40, 400) / 40
    assert np.trapezoid(*ranking.compute_roc_curve(output, positive)[::-1]) == pytest.approx(
        ranking.compute_roc_auc(output, positive)
    )
    recall, precision = ranking.compute_precision_curve(output, positive)
    assert np.diff(recall, prepend=0) @ precision == pytest.approx(ranking.compute_average_precision(output, positive))


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

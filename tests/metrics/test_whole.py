"""The formulas beside scikit-learn and NumPy; `tests/engine/network/test_watching.py` draws whole situations."""

import numpy as np
import pytest
from sklearn import metrics as sk

from nnctl.metrics.whole import (
    compute_area,
    compute_best_at,
    compute_concordance,
    compute_determination,
    compute_pearson,
    find_axes,
    find_formula,
)
from nnctl.spec.sections import Component
from tests.metrics.reference import compute
from tests.metrics.situations import Situation

ROUND = {"abs": 1e-9}
RANDOM = np.random.default_rng(5)
TRUTH = RANDOM.integers(0, 2, (120, 3)).astype(np.float64)
VALUES = np.round(RANDOM.random((120, 3)) + TRUTH / 3, 2)  # with ties
LABELS = Situation(
    "multilabel", 3, "binary_crossentropy", False, "sigmoid", TRUTH.astype(np.uint8), VALUES.astype(np.float32)
)


def metric(name: str, **arguments: object) -> Component:
    return Component("metric", name, arguments)


@pytest.mark.parametrize("curve", ["ROC", "PR", "PRGAIN"])
@pytest.mark.parametrize("method", ["interpolation", "minoring", "majoring"])
@pytest.mark.parametrize(
    "more", [{}, {"multi_label": True}, {"label_weights": [1.0, 3.0, 0.5]}], ids=["one", "many", "weighed"]
)
def test_areas(curve: str, method: str, more: dict[str, object]) -> None:
    arguments = {"curve": curve, "summation_method": method, **more}
    values = VALUES.astype(np.float32).astype(np.float64)
    assert compute_area(TRUTH, values, metric("auc", **arguments)) == pytest.approx(
        compute("auc", arguments, LABELS), **ROUND
    )


def test_the_area_under_roc_is_scikit_learns() -> None:
    both = metric("auc", multi_label=True, label_weights=[1.0, 2.0, 3.0])
    known = np.average(sk.roc_auc_score(TRUTH, VALUES, average=None), weights=[1, 2, 3])
    assert compute_area(TRUTH, VALUES, both) == pytest.approx(known, **ROUND)


def test_an_area_needs_both_kinds_of_example() -> None:
    assert np.isnan(compute_area(np.ones((4, 1)), VALUES[:4, :1], metric("auc")))
    weights = [0.0, 0.0, 1.0]
    assert np.isnan(compute_area(np.array([[0.0, 1, 1]] * 4), VALUES[:4], metric("auc", label_weights=weights)))


def test_interpolated_precision_lies_between_its_bounds() -> None:
    low, mid, high = (
        compute_area(TRUTH, VALUES, metric("auc", curve="PR", summation_method=method))
        for method in ("minoring", "interpolation", "majoring")
    )
    assert low < mid < high


@pytest.mark.parametrize("least", [0.1, 0.5, 0.9, 1.0])
def test_the_best_of_one_rate_at_another(least: float) -> None:
    truth, values = TRUTH[:, :1], VALUES[:, :1]
    alarms, hits, _ = sk.roc_curve(truth, values, drop_intermediate=False)
    assert compute_best_at(truth, values, metric("specificity_at_sensitivity", sensitivity=least)) == pytest.approx(
        (1 - alarms)[hits >= least].max(), **ROUND
    )
    precision, recall, _ = sk.precision_recall_curve(truth, values)
    precision = np.where(recall == 0, 0, precision)  # 1 by scikit-learn's convention, where nothing is found
    picked = compute_best_at(TRUTH, VALUES, metric("precision_at_recall", recall=least, class_id=0))
    assert picked == pytest.approx(precision[recall >= least].max(), **ROUND)
    assert compute_best_at(truth, values * 0, metric("recall_at_precision", precision=1.0)) == 0


def test_determination() -> None:
    for aggregation, known in (
        ("uniform_average", sk.r2_score(TRUTH, VALUES)),
        ("variance_weighted_average", sk.r2_score(TRUTH, VALUES, multioutput="variance_weighted")),
    ):
        given = {"class_aggregation": aggregation}
        assert compute_determination(TRUTH, VALUES, metric("r2_score", **given)) == pytest.approx(known, **ROUND)
        adjusted = 1 - (1 - known) * 119 / (119 - 4)
        given["num_regressors"] = 4
        assert compute_determination(TRUTH, VALUES, metric("r2_score", **given)) == pytest.approx(adjusted, **ROUND)


def test_a_target_that_never_varies_has_no_determination_and_no_weight() -> None:
    truth = np.column_stack([TRUTH[:, 0], np.ones(120)])
    values = VALUES[:, :2]
    assert np.isnan(compute_determination(truth, values, metric("r2_score")))
    weighted = metric("r2_score", class_aggregation="variance_weighted_average")
    known = sk.r2_score(truth, values, multioutput="variance_weighted")
    assert compute_determination(truth, values, weighted) == pytest.approx(known, **ROUND)


def test_correlations_over_the_examples() -> None:
    pairs = list(zip(TRUTH.T, VALUES.T, strict=True))
    known = np.mean([np.corrcoef(a, b)[0, 1] for a, b in pairs])
    assert compute_pearson(TRUTH, VALUES, metric("pearson_correlation", axis=0)) == pytest.approx(known, **ROUND)
    assert compute_pearson(TRUTH, VALUES, metric("pearson_correlation", axis=[0, 1])) == pytest.approx(
        np.corrcoef(TRUTH.ravel(), VALUES.ravel())[0, 1], **ROUND
    )
    assert np.isnan(compute_pearson(TRUTH, VALUES * 0, metric("pearson_correlation", axis=0)))
    lin = np.mean(
        [2 * np.cov(a, b, bias=True)[0, 1] / (a.var() + b.var() + (a.mean() - b.mean()) ** 2) for a, b in pairs]
    )
    assert compute_concordance(TRUTH, VALUES, metric("concordance_correlation", axis=-2)) == pytest.approx(
        lin, abs=1e-6
    )


def test_what_keras_computes_exactly_is_left_to_it() -> None:
    assert find_formula(metric("mean_squared_error"), 3) is None
    assert find_formula(metric("auc", thresholds=[0.5]), 1) is None
    assert find_formula(metric("pearson_correlation"), 3) is None
    assert find_formula(metric("pearson_correlation"), 1) is compute_pearson
    assert find_formula(metric("concordance_correlation", axis=-2), 3) is compute_concordance
    assert [find_axes(metric("pearson_correlation", axis=axis), 2) for axis in (-1, [0, -1], [-2])] == [
        {1},
        {0, 1},
        {0},
    ]

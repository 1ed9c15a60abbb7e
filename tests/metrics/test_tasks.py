import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn import metrics as sk

from nnctl.errors import DataError
from nnctl.metrics import score

ROUND = {"abs": 1e-12, "rel": 1e-12}


@pytest.mark.filterwarnings("ignore:The y_prob values do not sum to one")
def test_multiclass(draw):
    drawn = draw(k=10, n=500)
    found = score(drawn).overall
    truth, said, output = drawn.target, drawn.predicted, drawn.probabilities
    assert list(found) == [
        *("n", "accuracy", "accuracy_interval", "balanced_accuracy"),
        *("precision_macro", "precision_micro", "precision_weighted", "recall_macro", "recall_micro"),
        *("recall_weighted", "f1_macro", "f1_micro", "f1_weighted"),
        *("top_2_accuracy", "top_3_accuracy", "top_5_accuracy", "log_loss", "mse", "brier", "ece", "mcc", "kappa"),
    ]
    assert found["n"] == 500
    assert found["accuracy"] == pytest.approx(sk.accuracy_score(truth, said), **ROUND)
    assert found["f1_macro"] == pytest.approx(sk.f1_score(truth, said, average="macro"), **ROUND)
    assert found["top_3_accuracy"] == pytest.approx(sk.top_k_accuracy_score(truth, output, k=3), **ROUND)
    assert found["log_loss"] == pytest.approx(sk.log_loss(truth, output), **ROUND)
    assert found["mse"] == pytest.approx(sk.mean_squared_error(np.eye(10)[truth], output), **ROUND)
    assert found["brier"] == pytest.approx(10 * found["mse"], **ROUND)
    assert found["mcc"] == pytest.approx(sk.matthews_corrcoef(truth, said), **ROUND)
    low, high = found["accuracy_interval"]
    assert 0 < low < found["accuracy"] < high < 1


@pytest.mark.parametrize("levels", [0, 1], ids=["distinct", "tied"])
def test_binary(draw, levels):
    drawn = draw(k=2, n=300, levels=levels)
    found = score(drawn).overall
    truth, said, output = drawn.target, drawn.predicted, drawn.output[:, 0].astype(np.float64)
    for name in ("precision", "recall", "f1"):
        assert found[name] == pytest.approx(getattr(sk, f"{name}_score")(truth, said), **ROUND)
    assert found["specificity"] == pytest.approx(sk.recall_score(truth, said, pos_label=0), **ROUND)
    assert found["roc_auc"] == pytest.approx(sk.roc_auc_score(truth, output), **ROUND)
    assert found["average_precision"] == pytest.approx(sk.average_precision_score(truth, output), **ROUND)
    assert found["log_loss"] == pytest.approx(sk.log_loss(truth, output), **ROUND)
    assert found["brier"] == pytest.approx(sk.brier_score_loss(truth, output), **ROUND)
    assert found["mse"] == pytest.approx(sk.mean_squared_error(truth, output), **ROUND)
    assert not any(name.startswith("top_") for name in found)


def test_two_classes_in_one_column_or_two_score_alike(draw, table):
    one = draw(k=2, n=300)
    found = score(table("multiclass", one.target, one.probabilities)).overall
    for name, value in found.items():
        assert score(one).overall[name] == pytest.approx(value, abs=1e-6)


def test_a_binary_table_of_one_class(table):
    found = score(table("binary", [1, 1], [[0.9], [0.4]])).overall
    assert found["roc_auc"] is None
    assert found["average_precision"] == 1.0
    assert found["specificity"] == 0.0
    assert found["recall"] == 0.5


@pytest.mark.parametrize("output", [[[2.0, -1.0], [0.5, 3.0]], [[0.9, 0.8], [0.1, 0.2]]])
def test_outputs_that_are_no_probabilities_have_no_scores_of_probabilities(output, table):
    found = score(table("multiclass", [0, 1], output))
    assert [found.overall[name] for name in ("log_loss", "brier", "ece")] == [None, None, None]
    assert found.overall["accuracy"] == 1.0
    json.dumps(found.document(), allow_nan=False)


@pytest.mark.parametrize("task", ["binary", "multilabel", "regression"])
def test_nan_is_null(task, table):
    target = [0, 1] if task == "binary" else [[0], [1]]
    found = score(table(task, target, [[np.nan], [0.5]]))
    assert found.overall["mse"] is None
    json.dumps(found.document(), allow_nan=False)


@pytest.mark.parametrize("empty", [-1, 2], ids=["all", "no-such-label"])
def test_multilabel(empty, table):
    random = np.random.default_rng(3)
    target = random.integers(0, 2, (200, 5))
    target[:, empty] *= empty < 0
    drawn = table("multilabel", target, np.clip(target * 0.3 + random.random((200, 5)) * 0.7, 0, 1))
    scores = score(drawn)
    truth, said = drawn.target, drawn.predicted
    assert scores.overall["subset_accuracy"] == pytest.approx(sk.accuracy_score(truth, said), **ROUND)
    assert scores.overall["hamming_loss"] == pytest.approx(sk.hamming_loss(truth, said), **ROUND)
    known = sk.mean_squared_error(truth, drawn.output.astype(np.float64))
    assert scores.overall["mse"] == pytest.approx(known, **ROUND)
    for name in ("precision", "recall", "f1"):
        measure = getattr(sk, f"{name}_score")
        known = measure(truth, said, average=None, zero_division=0)
        assert [row[name] for row in scores.per_class] == pytest.approx(known, **ROUND)
        for average in ("macro", "micro", "weighted"):
            known = measure(truth, said, average=average, zero_division=0)
            assert scores.overall[f"{name}_{average}"] == pytest.approx(known, **ROUND)
    assert [row["support"] for row in scores.per_class] == target.sum(axis=0).tolist()
    assert scores.confusion is None


@pytest.mark.parametrize("k", [1, 3])
def test_regression(k, table):
    random = np.random.default_rng(k)
    target = random.normal(size=(150, k)) * 10 + 200
    drawn = table("regression", target, target + random.normal(size=(150, k)))
    scores = score(drawn)
    truth, said = drawn.target.astype(np.float64), drawn.output.astype(np.float64)
    known = {
        "mse": sk.mean_squared_error(truth, said),
        "rmse": np.sqrt(sk.mean_squared_error(truth, said)),
        "mae": sk.mean_absolute_error(truth, said),
        "r2": sk.r2_score(truth, said),
        "max_error": sk.max_error(truth.ravel(), said.ravel()),
    }
    assert scores.overall == pytest.approx({"n": 150, **known}, **ROUND)
    for j, row in enumerate(scores.per_class):
        assert row["r2"] == pytest.approx(sk.r2_score(truth[:, j], said[:, j]), **ROUND)
        assert row["rmse"] == pytest.approx(sk.root_mean_squared_error(truth[:, j], said[:, j]), **ROUND)
        assert row["max_error"] == pytest.approx(sk.max_error(truth[:, j], said[:, j]), **ROUND)


@pytest.mark.parametrize("n", [1, 7, 1001])
def test_r2_of_a_target_that_never_varies_is_undefined(n, table):
    found = score(table("regression", np.full((n, 1), 0.1), np.full((n, 1), 0.2))).overall
    assert found["r2"] is None
    assert found["mae"] == pytest.approx(0.1)


def test_precision_cannot_disagree_with_the_confusion_matrix(draw):
    scores = score(draw(k=5))
    for j, row in enumerate(scores.per_class):
        assert row["precision"] == scores.confusion[j, j] / scores.confusion[:, j].sum()
        assert row["support"] == scores.confusion[j].sum()


@pytest.mark.parametrize("task", ["binary", "multiclass", "multilabel", "regression"])
def test_no_predictions_are_an_error(task, table):
    target = np.zeros(0) if task in ("binary", "multiclass") else np.zeros((0, 1))
    with pytest.raises(DataError, match="no predictions"):
        score(table(task, target, np.zeros((0, 1))))


def test_scoring_loads_no_scikit_learn():
    code = "import sys, nnctl.metrics; sys.exit(any(m in sys.modules for m in ('sklearn', 'scipy', 'matplotlib')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_output_that_is_not_finite_is_wrong_and_told_and_takes_what_needs_all_with_it(table):
    output = [[np.nan], [0.9], [0.8], [0.2], [0.7], [np.inf]]
    found = score(table("binary", [0, 1, 1, 0, 0, 1], output))
    assert found.overall["not_finite"] == 2
    assert found.overall["accuracy"] == 3 / 6
    assert found.overall["recall"] == pytest.approx(2 / 3)  # the positive without an answer is not found
    assert found.overall["precision"] == pytest.approx(2 / 3)
    assert found.overall["specificity"] == pytest.approx(1 / 3)
    assert found.confusion.tolist() == [[1, 1], [0, 2]]
    assert [found.overall[name] for name in ("log_loss", "roc_auc", "mse", "brier", "ece")] == [None] * 5
    assert found.remarks[0].startswith("2 of 6 examples got an output that is not finite (row 0, 5)")


def test_an_embedding_has_no_answers(table):
    watched = {"loss": 2.5, "accuracy": 0.3}  # which a run of an earlier version may have
    found = score(table("multiclass", [0, 1, 2], [[0.1, 0.2, 0.3]] * 3, "embedding"), watched)
    assert found.overall == {"n": 3, "loss": 2.5}
    assert [row["support"] for row in found.per_class] == [1, 1, 1]


def test_a_watched_metric_is_shown_and_takes_the_place_of_a_score_that_is_another(table):
    made = table("binary", [0, 1, 1], [[0.6], [0.9], [0.4]])
    found = score(made, {"loss": 0.5, "accuracy": np.float32(1 / 3).item(), "precision": 1.0})
    assert found.overall["loss"] == 0.5
    assert found.overall["accuracy"] == 1 / 3  # the same number, with all its digits
    assert found.overall["precision"] == 1.0
    assert found.renamed == {"precision": 1.0}
    assert found.own["precision"] == sk.precision_score([0, 1, 1], [1, 1, 0])
    assert any("precision is what the spec's metric of that name shows" in remark for remark in found.remarks)


def test_probabilities_of_zero_are_told_to_be_clipped(table):
    found = score(table("multiclass", [0, 1], [[0.0, 1.0], [0.2, 0.8]]))
    assert found.overall["log_loss"] == pytest.approx(sk.log_loss([0, 1], np.float32([[0, 1], [0.2, 0.8]])))
    assert "1 probabilities below 1.2e-07" in found.remarks[0]

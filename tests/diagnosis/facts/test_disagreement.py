import numpy as np
import pytest
from sklearn import datasets, linear_model, neighbors

from nnctl.diagnosis.facts.baselines import compute_baselines
from nnctl.diagnosis.facts.disagreement import measure_disagreement

RANDOM = np.random.default_rng(0)


def shuffle(labels: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The labels, those of some rows in another order among each other."""
    changed = labels.copy()
    changed[rows] = np.random.default_rng(1).permutation(changed[rows])
    return changed


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_the_share_of_shuffled_labels_is_estimated(share: float) -> None:
    x, y = datasets.load_digits(return_X_y=True)
    order = RANDOM.permutation(len(y))[:1500]
    x, y = x[order], y[order]
    noisy = shuffle(y, np.arange(len(y))[np.random.default_rng(2).random(len(y)) < share])
    found = compute_baselines(x, noisy, "multiclass", 10).disagreement
    assert found is not None
    assert found.kappa > 0.6
    assert found.surest == pytest.approx(float((noisy != y).mean()), abs=0.07)  # those that are wrong
    assert found.surest > 0.6 * found.doubtful
    assert found.stretch is None


def test_a_stretch_of_the_file_is_found() -> None:
    x, y = datasets.load_digits(return_X_y=True)
    order = RANDOM.permutation(len(y))
    x, y = x[order], y[order]
    found = compute_baselines(x, shuffle(y, np.arange(720, 1080)), "multiclass", 10).disagreement
    assert found is not None
    assert found.stretch is not None
    assert found.stretch[:2] == (0.4, 0.6)
    assert found.stretch[2] > 0.7


@pytest.mark.parametrize("spread", [0.6, 1.0])
def test_classes_that_overlap_are_no_wrong_labels(spread: float) -> None:
    y = np.repeat([0, 1], 700)
    x = np.random.default_rng(3).normal(size=(1400, 5)) + spread * y[:, None]
    order = np.random.default_rng(4).permutation(1400)
    found = compute_baselines(x[order], y[order], "binary", 2).disagreement
    assert found is None or found.surest < 0.6 * found.doubtful
    assert found is None or found.stretch is None


def test_a_sorted_file_has_no_stretch_of_wrong_labels() -> None:
    x, y = datasets.load_iris(return_X_y=True)
    found = compute_baselines(x, y, "multiclass", 3).disagreement
    assert found is None or found.stretch is None


def test_kappa_is_that_of_cohen() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    x, y = datasets.make_blobs(400, centers=3, cluster_std=3, random_state=0)
    wanted = np.eye(3)[y]
    one, other = (model.fit(x, wanted).predict(x) for model in (linear_model.Ridge(), neighbors.KNeighborsRegressor(5)))
    found = measure_disagreement(one, other, y, np.arange(400) / 400)
    assert found is not None
    assert found.kappa == pytest.approx(metrics.cohen_kappa_score(one.argmax(axis=1), other.argmax(axis=1)))


def test_of_few_examples_nothing_is_said() -> None:
    assert measure_disagreement(np.eye(3), np.eye(3), np.arange(3), np.arange(3) / 3) is None

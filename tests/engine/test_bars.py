"""What needs no network, beside scikit-learn's DummyClassifier, DummyRegressor and RidgeCV."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes, load_digits
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.linear_model import RidgeCV
from sklearn.metrics import accuracy_score, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nnctl.data import Dataset, Split
from nnctl.diagnosis.facts.baselines import PENALTIES
from nnctl.engine import bars
from nnctl.engine.bars import MOST_FEATURES, find_unbeaten, fit_ridge
from nnctl.metrics import Predictions, score
from nnctl.spec.network.meaning import Kind, Meaning

TARGETS: Any = SimpleNamespace(spec=SimpleNamespace(data=None, layers=()))
KINDS: dict[str, Kind] = {"regression": "numbers", "multilabel": "probabilities", "multiclass": "shares"}


def split_of(x: NDArray[Any], y: NDArray[Any]) -> Split:
    return Split(x, y, np.arange(len(x)))


def find(task: str, train: Split, test: Split, output: NDArray[Any], targets: Any = TARGETS) -> dict[str, float]:
    units = output.shape[1]
    names = tuple(map(str, range(units)))
    dataset = Dataset("npz", "npz", "t", "o", None, train, None, test, task, units, names, "")
    target = test.y.reshape(output.shape) if task == "regression" else test.y
    predictions = Predictions(test.rows, target, output.astype(np.float32), Meaning(task, units, KINDS[task]), names)
    found = list(find_unbeaten(targets, dataset, test, predictions, score(predictions)))
    name = {"regression": "r2", "multilabel": "subset_accuracy"}.get(task, "accuracy")
    assert {bar.own for bar in found} <= {score(predictions).own[name]}
    return {bar.name: bar.score for bar in found}


@pytest.fixture(scope="module")
def digits() -> tuple[Split, Split]:
    x, y = load_digits(return_X_y=True)
    y = y.astype(np.int32)
    return split_of(x[:1400].astype(np.uint8), y[:1400]), split_of(x[1400:].astype(np.uint8), y[1400:])


def ridge() -> Any:
    return make_pipeline(StandardScaler(), RidgeCV(PENALTIES))


def test_what_is_not_better_than_the_commonest_class_and_a_linear_model_is_told(digits: tuple[Split, Split]) -> None:
    train, test = digits
    dummy = DummyClassifier(strategy="most_frequent").fit(train.x, train.y)
    linear = ridge().fit(train.x.astype(np.float64), np.eye(10)[train.y])
    told = find("multiclass", train, test, np.eye(10)[(test.y + 1) % 10])
    assert told["the commonest class"] == accuracy_score(test.y, dummy.predict(test.x))
    answers = linear.predict(test.x.astype(np.float64)).argmax(axis=1)
    assert told["a linear model"] == pytest.approx(accuracy_score(test.y, answers), abs=1e-12)
    assert find("multiclass", train, test, np.eye(10)[test.y]) == {}


def test_a_linear_model_that_is_above_by_chance_is_not_told(digits: tuple[Split, Split]) -> None:
    """One that errs in the same examples but two is no better; in the same but twenty it is."""
    train, test = digits
    linear = ridge().fit(train.x.astype(np.float64), np.eye(10)[train.y])
    answers = linear.predict(test.x.astype(np.float64)).argmax(axis=1)
    right = np.flatnonzero(answers == test.y)
    for count, told in ((2, []), (20, ["a linear model"])):
        worse = answers.copy()
        worse[right[:count]] = (worse[right[:count]] + 1) % 10
        assert list(find("multiclass", train, test, np.eye(10)[worse])) == told


def test_numbers_are_compared_by_what_r2_makes_of_the_mean_and_of_a_linear_model() -> None:
    x, y = load_diabetes(return_X_y=True)
    y = np.stack([y, 3 - y], axis=1).astype(np.float32)
    train, test = split_of(x[:300], y[:300]), split_of(x[300:], y[300:])
    mean = DummyRegressor().fit(x[300:], y[300:]).predict(x[300:])
    told = find("regression", train, test, mean + 5)
    assert told["the mean"] == pytest.approx(r2_score(test.y, mean), abs=1e-6)
    linear = ridge().fit(train.x, train.y).predict(test.x)
    assert told["a linear model"] == pytest.approx(r2_score(test.y, linear), rel=1e-5)
    assert find("regression", train, test, test.y) == {}


def test_of_several_labels_the_commonest_row_is_what_must_be_beaten() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 3))
    y = (x[:, :2] + 1 > 0).astype(np.uint8)
    train, test = split_of(x[:100], y[:100]), split_of(x[100:], y[100:])
    assert np.unique(train.y, axis=0, return_counts=True)[1].argmax() == 3  # both are yes
    told = find("multilabel", train, test, np.zeros((100, 2)))
    assert told["the commonest labels"] == (test.y == 1).all(axis=1).mean()
    linear = ridge().fit(train.x, train.y).predict(test.x) > 0.5
    assert told["a linear model"] == pytest.approx((linear == test.y).all(axis=1).mean(), abs=1e-12)


@pytest.mark.parametrize("shape", [(40, 7), (12, 30), (300, 4)])
def test_the_ridge_is_scikit_learns(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(3, 2, shape)
    x[:, 0] = 5  # which never varies
    y = x[:, 1:3] @ [[1.0, 2.0], [0.5, -1.0]] + rng.normal(size=(len(x), 2)) + 100
    weights, added = fit_ridge(x, y)
    other = ridge().fit(x, y)
    assert x @ weights + added == pytest.approx(other.predict(x), rel=1e-6)


def test_wide_examples_are_thinned_and_those_on_disk_or_of_indices_are_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = np.repeat(np.resize([1.0, -1.0], (60, 1)), 3 * MOST_FEATURES, axis=1).reshape(60, 3, -1)
    y = (x[:, 0, 0] > 0).astype(np.int32)
    train, test = split_of(x[:40], y[:40]), split_of(x[40:], y[40:])
    wrong = np.eye(2)[1 - test.y]
    seen: list[tuple[int, ...]] = []
    monkeypatch.setattr(bars, "fit_ridge", lambda x, y: seen.append(x.shape) or fit_ridge(x, y))
    assert find("multiclass", train, test, wrong)["a linear model"] == 1
    assert seen == [(40, MOST_FEATURES)]
    disk: Any = SimpleNamespace(shape=x.shape)
    assert "a linear model" not in find("multiclass", Split(disk, train.y, train.rows), test, wrong)
    monkeypatch.setattr(bars, "find_data_reader", lambda *_: SimpleNamespace(masks=False))
    assert "a linear model" not in find("multiclass", train, test, wrong)


def test_what_cannot_be_compared_is_passed_over() -> None:
    x = np.zeros((40, 2))
    x[3] = np.nan
    y = np.arange(40, dtype=np.float32)[:, None]
    train = split_of(x, y)
    assert list(find("regression", train, split_of(x[:9], y[:9]), np.zeros((9, 1)))) == ["the mean"]
    assert find("regression", train, split_of(x[:9], y[:9] * 0), np.zeros((9, 1))) == {}  # R² is undefined
    assert find("regression", train, split_of(x[:9], y[:9]), np.full((9, 1), np.nan)) == {}

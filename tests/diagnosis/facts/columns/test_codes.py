import numpy as np
import pytest
from sklearn import linear_model, model_selection

from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.columns.codes import find_codes

RNG = np.random.default_rng(5)
CODES, X = RNG.integers(1, 13, 900), RNG.normal(size=900)
EFFECT = RNG.permutation(np.repeat([-2.0, 2.0], 7))


def test_codes_tell_more_as_categories() -> None:
    y = (X + EFFECT[CODES] > 0).astype(np.int32)
    found = find_codes(np.c_[X, CODES], Yardstick(y, "binary", 2), ["size", "shop"])
    assert found is not None
    assert (found.features, found.counts) == (("'shop'",), (12,))
    table = np.c_[X, CODES[:, None] == np.arange(1, 13)]
    # Another linear model, in other folds, finds about the same.
    assert found.score == pytest.approx(
        model_selection.cross_val_score(linear_model.LogisticRegression(), table, y).mean(), abs=0.03
    )
    assert found.linear < found.score - 0.2


@pytest.mark.parametrize("column", [CODES, CODES + 0.5, RNG.integers(0, 400, 900), np.repeat([0, 1], 450)])
def test_true_numbers_are_none(column: np.ndarray) -> None:
    y = (X + column / column.max() > 0.5).astype(np.int32)
    assert find_codes(np.c_[X, column], Yardstick(y, "binary", 2)) is None


def test_numbers_to_predict_too() -> None:
    y = (EFFECT[CODES] + 0.1 * X).astype(np.float32)
    found = find_codes(np.c_[X, CODES], Yardstick(y, "regression", 1))
    assert found is not None
    assert found.score > 0.95

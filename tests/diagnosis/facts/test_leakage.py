import numpy as np
import pytest

from nnctl.diagnosis.facts.leakage import find_telling_feature

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 4)).astype(np.float32)
CLASSES = np.digitize(X[:, 2], [-0.5, 0.5])
TEST = X[:100].copy()
TEST[:, 2] = RNG.permutation(TEST[:, 2])


def test_the_feature_that_tells_less_in_test_is_found():
    told = find_telling_feature((X, CLASSES), (TEST, CLASSES[:100]), classes=True, names=["a", "b", "c", "d"])
    assert told.feature == "'c'"
    assert told.train > 0.7
    assert told.test < 0.1


def test_of_numbers_it_is_the_squared_correlation():
    y = 3 * X[:, 1] + RNG.normal(size=300)
    told = find_telling_feature((X, y), (X[:100], -y[:100]), classes=False)
    differences = [np.corrcoef(X[:, i], y)[0, 1] ** 2 - np.corrcoef(X[:100, i], y[:100])[0, 1] ** 2 for i in range(4)]
    worst = int(np.argmax(differences))
    assert told.feature == f"feature {worst}"
    assert told.train == pytest.approx(np.corrcoef(X[:, worst], y)[0, 1] ** 2, rel=1e-5)
    assert told.test == pytest.approx(np.corrcoef(X[:100, worst], y[:100])[0, 1] ** 2, rel=1e-5)


def test_of_classes_it_is_the_correlation_ratio():
    x = np.array([[0.0], [2], [4], [6]] * 10)
    told = find_telling_feature((x, np.array([0, 0, 1, 1] * 10)), (x, np.array([0, 1, 0, 1] * 10)), classes=True)
    assert (told.train, told.test) == (pytest.approx(0.8), pytest.approx(0.2))  # 16 / 20 and 4 / 20 of the variance


def test_constant_features_tell_nothing():
    ones = np.ones((40, 2))
    told = find_telling_feature((ones, np.arange(40) % 2), (ones, np.arange(40) % 2), classes=True)
    assert (told.train, told.test) == (0, 0)


@pytest.mark.parametrize(
    ("x", "y", "rows"),
    [(X, CLASSES, 20), (X.reshape(300, 2, 2), CLASSES, 100), (X, np.stack([CLASSES, CLASSES], 1), 100)],
    ids=["few rows", "no table", "several labels"],
)
def test_where_it_is_not_asked(x, y, rows):
    assert find_telling_feature((x, y), (x[:rows], y[:rows]), classes=True) is None
    assert find_telling_feature((x, y), None, classes=True) is None

import numpy as np
import pytest

from ...conftest import made
from .conftest import CLASSES, X


@pytest.mark.parametrize(("rare", "level"), [(20, None), (2, "info"), (1, "warning")])
def test_rare_classes(found, facts, rare, level):
    labels = np.repeat([0, 1], [100 - rare, rare])
    one = found(facts(data=made(X[:100], labels))).get("X06")
    assert (one and one.level) == level
    if one is not None:
        assert f"class 1 has {rare} examples, 0 has {100 - rare}" in one.found
        weighed = facts("train.class_weight=balanced", data=made(X[:100], labels))
        assert "X06" not in found(weighed)


def test_other_shares_in_test(found, facts):
    rare, even = np.repeat([0, 1], [360, 40]), np.repeat([0, 1], [50, 50])
    moved = X[:100] + 1
    one = found(facts(data=made(X, rare, test=(moved, even))))["X18"]
    assert "class 0 is 90.0% of train and 50.0% of test" in one.found
    assert one.fix is not None
    other = found(facts(data=made(X[:100], even, test=(X + 1, rare))))["X18"]
    assert other.fix is None
    assert "X18" not in found(facts("train.class_weight=balanced", data=made(X, rare, test=(moved, even))))
    assert "X18" not in found(facts(data=made(X, rare, test=(moved[:20], even[40:60]))))
    assert "X18" not in found(facts(data=made(X, rare, test=(moved, np.repeat([0, 1], [85, 15])))))


def test_labels_in_another_order_than_their_examples(found, facts):
    assert "X09" in found(facts(data=made(X, np.random.default_rng(1).permutation(CLASSES))))

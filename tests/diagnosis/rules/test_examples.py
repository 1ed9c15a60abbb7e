from dataclasses import replace

import numpy as np
import pytest

from nnctl.diagnosis.rules import examples
from nnctl.diagnosis.rules.index import RULES

from ..conftest import TRIAL, made

RNG = np.random.default_rng(0)
X = RNG.normal(size=(400, 5)).astype(np.float32)
CLASSES = np.digitize(X[:, 0], np.quantile(X[:, 0], np.arange(1, 10) / 10))
CODES = [code for code, rule in RULES.items() if rule.find.__module__ == examples.__name__]


def found(facts):
    return {one.code: one for code in CODES for one in RULES[code].findings(facts)}


def test_healthy_data_are_passed_over(facts):
    assert found(facts(data=made(X, CLASSES, test=(X[:100] + 1, CLASSES[:100])))) == {}


def test_one_class(facts):
    assert set(found(facts(data=made(X, np.full(400, 3))))) >= {"H14"}
    assert "H14" in found(facts("train.loss=mse", "model.layers=[{dense: 1}]", data=made(X, np.full(400, 2.5))))


@pytest.mark.parametrize(("rare", "level"), [(20, None), (2, "info"), (1, "warning")])
def test_rare_classes(facts, rare, level):
    labels = np.repeat([0, 1], [100 - rare, rare])
    one = found(facts(data=made(X[:100], labels))).get("X06")
    assert (one and one.level) == level
    if one is not None:
        assert f"class 1 has {rare} examples, 0 has {100 - rare}" in one.found
        weighed = facts("train.class_weight=balanced", data=made(X[:100], labels))
        assert "X06" not in found(weighed)


def test_other_shares_in_test(facts):
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


def test_rows_that_stand_twice(facts):
    twice = made(np.concatenate([X, X[:50]]), np.concatenate([CLASSES, CLASSES[:50]]))
    assert set(found(facts(data=twice))) == {"X07"}
    other = made(np.concatenate([X, X[:50]]), np.concatenate([CLASSES, (CLASSES[:50] + 1) % 10]))
    assert set(found(facts(data=other))) == {"X07", "X16"}


@pytest.mark.parametrize(("shared", "level"), [(4, None), (20, "warning"), (100, "error")])
def test_test_rows_that_stand_in_train(facts, shared, level):
    test = np.concatenate([X[:shared], X[shared:100] + 1]), CLASSES[:100]
    one = found(facts(data=made(X, CLASSES, test=test))).get("X08")
    assert (one and one.level) == level


def test_labels_in_another_order_than_their_examples(facts):
    assert "X09" in found(facts(data=made(X, RNG.permutation(CLASSES))))


@pytest.mark.parametrize("numbers", [False, True])
def test_a_feature_that_tells_the_labels_in_train_only(facts, numbers):
    labels = X[:, 0] * 2 if numbers else CLASSES
    leak = np.column_stack([X, labels + 0.1 * RNG.normal(size=400)]).astype(np.float32)
    blind = leak[:100].copy()
    blind[:, 5] = RNG.permutation(blind[:, 5])
    loss = ("train.loss=mse", "model.layers=[{dense: 1}]") if numbers else ()
    one = found(facts(*loss, data=made(leak, labels, test=(blind, labels[:100]))))["X17"]
    assert "feature 5 in train" in one.found
    assert "X17" not in found(facts(*loss, data=made(leak, labels, test=(leak[:100] + 1, labels[:100]))))
    assert "X17" not in found(facts(*loss, data=made(leak, labels, test=(blind[:20], labels[:20]))))


def test_few(facts):
    assert set(found(facts(data=made(X[:40], np.arange(40) % 2)))) == {"X11"}


def probed(facts, score):
    """The facts with the outcome of a trial."""
    return replace(facts, probe=type("Probe", (), {"reference": replace(TRIAL, score=score)}))


@pytest.mark.parametrize(
    ("count", "score", "level"), [(60, 0.1, "warning"), (60, 1.0, None), (200, 0.1, None), (15, 0.1, "info")]
)
def test_a_handful_of_each_class_is_too_few_where_nothing_is_learned(facts, count, score, level):
    one = found(probed(facts("data.subset=500", data=made(X[:count], CLASSES[:count])), score)).get("X11")
    assert (one and one.level) == level
    if level == "warning":
        assert "60 training examples, about 6 of a class" in one.found
        assert one.fix.edits[0].path == ("data", "subset")


def test_sorted_and_not_shuffled(facts):
    order = np.argsort(CLASSES, kind="stable")
    data = made(X[order], CLASSES[order])
    assert "C04" not in found(facts(data=data))
    assert "C04" in found(facts("train.shuffle=false", "train.batch_size=10", data=data))
    assert "C04" not in found(facts("train.shuffle=false", "train.batch_size=10", data=made(X, CLASSES)))

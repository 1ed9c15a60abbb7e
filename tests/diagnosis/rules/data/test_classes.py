from dataclasses import replace

import numpy as np
import pytest

from nnctl.diagnosis.facts.probes import Exchange, Twins

from ...conftest import made
from ..conftest import PROBE
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


def test_one_class_under_two_names(found, facts):
    seen = facts(data=made(X, CLASSES))
    assert "X28" not in found(replace(seen, probe=PROBE))
    one = found(replace(seen, probe=replace(PROBE, twins=(Twins((2, 5), 40, 21, 20.2),))))["X28"]
    assert one.found == "the classes 2, 5: 21 of 40 examples got the right one among these, no more than by chance (20)"


@pytest.mark.parametrize(("factor", "told"), [(0.0, True), (1e-4, True), (0.1, False)])
def test_a_class_that_the_weights_in_the_data_leave_out(found, facts, factor, told):
    data = made(X, CLASSES)
    weight = np.where(np.isin(CLASSES, (2, 5)), factor, 2).astype(np.float32)
    one = found(facts(data=replace(data, train=replace(data.train, weight=weight)))).get("X29")
    assert (one is not None) is told
    if one is not None:
        assert (
            one.found == f"the training examples of the classes 2, 5 weigh {factor:.2g} each, those of others up to 2"
        )


def test_a_split_whose_classes_are_numbered_anew(found, facts):
    seen = facts(data=made(X, CLASSES))
    assert "X30" not in found(replace(seen, probe=PROBE))
    exchange = Exchange("test", 0.2, 0.9, (1, 0, *range(2, 10)))
    one = found(replace(seen, probe=replace(PROBE, exchanged=(exchange,))))["X30"]
    assert one.found == "the trial has accuracy 0.200 on test, and 0.900 with its classes renumbered (0 for 1, 1 for 0)"

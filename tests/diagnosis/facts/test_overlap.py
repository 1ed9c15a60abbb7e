import numpy as np
import pytest

from nnctl.diagnosis.facts.overlap import measure_overlap

X = np.random.default_rng(0).normal(size=(100, 3))
Y = np.arange(100) % 2


def test_rows_that_stand_twice_are_counted_once_each():
    x = np.concatenate([X, X[:20]])
    found = measure_overlap((x, np.concatenate([Y, Y[:20]])), X[:10], np.concatenate([X[:3], X[:7] + 1]))
    assert found.repeated == pytest.approx(20 / 120)
    assert found.conflicting == 0
    assert (found.validation, found.test, found.test_rows) == (1.0, pytest.approx(0.3), 3)
    assert not found.expected


def test_equal_rows_with_other_labels_conflict():
    found = measure_overlap((np.concatenate([X, X[:5]]), np.concatenate([Y, 1 - Y[:5]])), None, None)
    assert found.conflicting == pytest.approx(10 / 105)
    assert found.validation is found.test is None


def test_a_truth_table_repeats_itself_by_nature():
    x = np.random.default_rng(0).integers(0, 2, (200, 3))
    assert measure_overlap((x, x[:, 0]), None, None).expected

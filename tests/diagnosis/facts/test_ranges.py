import numpy as np
import pytest

from nnctl.diagnosis.facts.ranges import find_commonest, find_few_values, measure_features, measure_range


def test_the_range_of_bytes_is_taken_in_float64():
    found = measure_range(np.array([[0, 255], [255, 0]], np.uint8))
    assert (found.low, found.high, found.mean, found.deviation, found.largest) == (0, 255, 127.5, 127.5, 255)


def test_constant_features_are_counted_and_left_out():
    rows = np.array([[1, 7, 100], [2, 7, 300], [3, 7, 500]], np.float32)
    found = measure_features(rows)
    assert (found.constant, found.count) == (1, 3)
    assert found.ratio == pytest.approx(200)
    assert found.offset == pytest.approx(2 / np.std([1, 2, 3]))
    assert measure_features(np.full((3, 2), 0.1, np.float32)).ratio == 1


def test_the_number_that_most_targets_are() -> None:
    assert find_commonest(np.array([0, 0, 3.5, 0], np.float32)) == (0.0, 0.75)
    assert find_commonest(np.array([[1, 0], [2, 7], [3, 7], [4, 7]], np.float32)) == (7.0, 0.75)


def test_few_whole_numbers_are_told_from_any_others() -> None:
    x = np.random.default_rng(0).integers(-1, 2, (300, 5, 2))
    assert find_few_values(x.astype(np.int8)) == (-1, 0, 1)
    assert find_few_values(x.astype(np.float32)) == (-1, 0, 1)
    assert find_few_values(x / 2) is None
    assert find_few_values(np.where(x == 1, np.nan, x)) is None
    assert find_few_values(np.arange(600).reshape(300, 2)) is None

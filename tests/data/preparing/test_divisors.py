import numpy as np
import pytest

from nnctl.data.preparing.divisors import find_divisor, find_old_divisor
from nnctl.spec.network.raw import RawReader
from nnctl.spec.sections import Component


@pytest.mark.parametrize(
    ("values", "dtype", "divisor"),
    [
        ([0, 1], "u1", 1),
        ([0, 9], "u1", 15),
        ([0, 16], "u1", 16),
        ([3, 17], "u1", 255),
        ([0, 254], "u1", 255),
        ([0, 1000], "u2", 1023),
        ([0, 3900], "u2", 4095),
        ([0, 4096], "u2", 65535),
        ([0, 3900], "i4", 4095),
        ([0, 70_000], "i8", 70_000),
        ([-1, 1], "i1", 1),
        ([-128, 90], "i1", 127),
        ([-100, 2], "i2", 127),
        ([-32768, 32767], "i2", 32767),
        ([-700, 900], "i2", 2047),
        ([0.0, 254.0], "f4", 255),
        ([0.0, 0.5], "f8", 0.5),
        ([0.0, 254.5], "f4", 254.5),
        ([0, 0], "u1", 1),
    ],
)
def test_whole_numbers_are_divided_by_the_level_that_holds_them(values, dtype, divisor):
    assert find_divisor(np.array([values], dtype), None) == divisor


def test_a_subset_has_the_divisor_of_all():
    x = np.random.default_rng(0).integers(0, 4096, (500, 4, 4)).astype(np.uint16)
    assert find_divisor(x[:3], None) == find_divisor(x, None) == 4095


def test_what_is_masked_does_not_count():
    x = np.array([[[3, 5], [999, 999]], [[7, 999], [999, 999]]], np.int16)
    reader = RawReader(Component("layer", "masking", {"mask_value": 999.0}), 0, True)
    assert find_divisor(x[:1], reader) == 15
    assert find_divisor(x, reader) == 1023


def test_an_older_run_goes_by_the_type():
    assert find_old_divisor(np.array([[0, 1]], np.uint8)) == 255
    assert find_old_divisor(np.array([[0, 1]], np.uint16)) == 65535
    assert find_old_divisor(np.array([[-3, 1]], np.int32)) == 3

import numpy as np
import pytest

from nnctl.data.preparing import checks
from nnctl.data.source import Pair


def pair(x, y=None):
    x = np.asarray(x)
    return Pair(x, np.zeros(len(x), np.int32) if y is None else np.asarray(y), "x_train", "y_train")


def test_good_examples_pass_in_their_stored_type():
    for dtype in ("bool", "u1", "i8", "f2", "f4", "f8"):
        x = np.ones((3, 2), dtype)
        found = checks.check_examples(pair(x), None)
        assert found.x.dtype == x.dtype
        assert found.x is x or np.shares_memory(found.x, x)


def test_foreign_byte_order_and_fortran_order_are_made_native():
    x = np.asfortranarray(np.arange(6, dtype=">f4").reshape(2, 3))
    found = checks.check_examples(pair(x), None).x
    assert found.dtype == np.float32
    assert found.dtype.isnative
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, x)


def test_examples_of_one_number_get_an_axis():
    assert checks.check_examples(pair([1.0, 2.0, 3.0]), None).x.shape == (3, 1)


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [
        (np.zeros((3, 2)), np.zeros(2), "lengths-differ"),
        (np.zeros((0, 2)), np.zeros(0), "no-examples"),
        (np.zeros((3, 0)), np.zeros(3), "bad-array"),
        (np.zeros((3, 2)), np.zeros((3, 0)), "bad-array"),
        (np.array(["a", "b"]), np.zeros(2), "bad-dtype"),
        (np.zeros(2, complex), np.zeros(2), "bad-dtype"),
        (np.array([None, 1]), np.zeros(2), "object-array"),
        (np.zeros((2, 2)), np.array([None, 1]), "object-array"),
    ],
)
def test_what_cannot_be_trained_on(refused, x, y, code):
    refused(code, checks.check_examples, Pair(x, y), None)


def test_single_values_are_no_rows(refused):
    refused("bad-array", checks.check_examples, Pair(np.array(3.0), np.zeros(2)), None)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_the_first_value_that_is_not_finite_is_named_and_all_are_counted(refused, value, dtype):
    x = np.zeros((20, 3, 4), dtype)
    x[17, 1, 2] = x[18, 0, 0] = x[19, 2, 3] = value
    message = refused("not-finite", checks.check_examples, pair(x), None).message
    assert f"x_train is {value} at row 17, index (1, 2)" in message
    assert "3 of 240 values" in message


def test_float64_beyond_float32_is_refused_and_its_edge_is_not(refused):
    assert "too large for float32" in refused("not-finite", checks.check_examples, pair([0.0, 1e39]), None).message
    checks.check_examples(pair([0.0, float(np.finfo(np.float32).max)]), None)
    checks.check_examples(pair(np.array([0, 65504], np.float16)), None)


def test_finite_counts_across_blocks(refused, monkeypatch):
    monkeypatch.setattr(checks, "_BLOCK", 7)
    x = np.zeros((10, 5))
    x[3, 4] = x[9, 4] = np.nan
    message = refused("not-finite", checks.check_finite, "x", x, None).message
    assert "row 3, index (4)" in message
    assert "2 of 50" in message


def test_splits_must_be_alike(refused):
    train = pair(np.zeros((3, 2), np.uint8))
    checks.check_alike(train, pair(np.ones((1, 2), np.uint8)), None)
    refused("splits-differ", checks.check_alike, train, pair(np.zeros((3, 4), np.uint8)), None)
    refused("splits-differ", checks.check_alike, train, pair(np.zeros((3, 2))), None)


def weighed(weight, count=4):
    return Pair(np.zeros((count, 2)), np.zeros(count), weight=np.asarray(weight), weight_name="w")


def test_weights_become_one_float_an_example():
    for weight in ([1, 0, 2, 3], [[1.0], [0], [2], [3]], np.array([1, 0, 2, 3], ">f8")):
        found = checks.check_weights(weighed(weight), None).weight
        assert (found.dtype, found.tolist()) == (np.float32, [1, 0, 2, 3])
    assert checks.check_weights(pair(np.zeros((3, 2))), None).weight is None


@pytest.mark.parametrize(
    ("weight", "code", "said"),
    [
        ([1, 2, 3], "bad-weights", "(3,), expected a number for each of 4"),
        (np.ones((4, 2)), "bad-weights", "(4, 2)"),
        (2.0, "bad-weights", "(1,)"),
        (["a"] * 4, "bad-weights", "<U1"),
        ([1, 2, np.nan, 3], "not-finite", "row 2"),
        ([1, 2, 1e39, 3], "not-finite", "too large for float32"),
        ([1, -2, 0, 3], "bad-weights", "w is -2 at row 1"),
        ([0, 0, 0, 0], "bad-weights", "0 for all"),
    ],
)
def test_weights_that_are_none(refused, weight, code, said):
    assert said in refused(code, checks.check_weights, weighed(weight), None).message

import numpy as np
import pytest

from nnctl.data.arrays.dtypes import find_dtype_problem


@pytest.mark.parametrize("dtype", ["?", "u1", "<i8", ">f4", "f8", "U7", "S3"])
def test_numbers_and_texts_pass(dtype):
    assert find_dtype_problem("x", np.dtype(dtype), None) is None


@pytest.mark.parametrize(
    ("dtype", "code"),
    [("O", "object-array"), ("c8", "bad-dtype"), ("M8[s]", "bad-dtype"), ([("a", "i4")], "bad-dtype")],
)
def test_what_else_an_array_may_hold_is_told(dtype, code):
    problem = find_dtype_problem("x", np.dtype(dtype), None)
    assert problem.code == code
    assert "x " in problem.message


def test_a_hint_for_objects_works_for_texts_and_numbers():
    names, numbers = np.array(["cat", "dog"], object), np.array([1, 2.5], object)
    hint = find_dtype_problem("y", names.dtype, None).hint
    assert "y.astype(str)" in hint
    assert "y.astype('float32')" in hint
    for stored in (names.astype(str), numbers.astype("float32")):
        assert find_dtype_problem("y", stored.dtype, None) is None


def test_wide_floats_are_told():
    if np.dtype(np.longdouble).itemsize > 8:
        assert find_dtype_problem("x", np.dtype(np.longdouble), None).code == "bad-dtype"

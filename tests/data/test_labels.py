import numpy as np
import pytest

from nnctl.data import encode

THREE = np.array([0, 2, 1, 2], np.int32)
TWO = np.array([0, 1, 1], np.int32)
SEVERAL = np.array([[0, 1, 1], [0, 0, 0]], np.uint8)


@pytest.mark.parametrize(
    ("y", "form", "outputs", "expected", "dtype"),
    [
        (THREE, "integer", 3, [0, 2, 1, 2], np.int32),
        (THREE, "one_hot", 3, [[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]], np.float32),
        (THREE, "one_hot", 4, [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 1, 0]], np.float32),
        (TWO, "binary", 2, [[0], [1], [1]], np.float32),
        (TWO, "signed", 2, [[-1], [1], [1]], np.float32),
        (THREE, "signed", 3, [[1, -1, -1], [-1, -1, 1], [-1, 1, -1], [-1, -1, 1]], np.float32),
        (SEVERAL, "signed", 3, [[-1, 1, 1], [-1, -1, -1]], np.float32),
        (SEVERAL, "binary", 3, [[0, 1, 1], [0, 0, 0]], np.float32),
        (SEVERAL, "number", 3, [[0, 1, 1], [0, 0, 0]], np.float32),
        (THREE, "number", 3, [0, 2, 1, 2], np.float32),
        (np.array([0.5, -3], np.float32), "number", 1, [0.5, -3], np.float32),
    ],
)
def test_forms(y, form, outputs, expected, dtype):
    found = encode(y, form, outputs)
    np.testing.assert_array_equal(found, np.array(expected, dtype), strict=True)


@pytest.mark.parametrize(
    ("y", "form"),
    [
        (THREE, "onehot"),
        (SEVERAL, "integer"),
        (SEVERAL, "one_hot"),
        (np.zeros(3, np.float32), "integer"),
        (np.zeros(3, np.float32), "one_hot"),
        (np.zeros(3, np.float32), "binary"),
        (np.zeros(3, np.float32), "signed"),
    ],
)
def test_forms_that_labels_do_not_have(y, form):
    with pytest.raises(ValueError, match=form):
        encode(y, form, 3)


def test_one_hot_refuses_a_class_beyond_the_outputs():
    with pytest.raises(IndexError):
        encode(THREE, "one_hot", 2)

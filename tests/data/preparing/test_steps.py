import numpy as np

from nnctl.data.preparing.steps import arrange_steps, find_row_shape, read_rows, sample_rows
from nnctl.spec.network.raw import find_reader
from nnctl.spec.sections import Component


def reader_behind(*front, shape, value=0.0):
    return find_reader([*front, Component("layer", "masking", {"mask_value": value})], shape)


X = np.array([[[1, 2], [0, 3], [0, 0]], [[5, 0], [0, 0], [0, 0]]], np.float32)
KEPT = [[1, 2], [0, 3], [5, 0]]


def test_steps_all_of_whose_features_are_the_value_are_masked():
    reader = reader_behind(shape=(3, 2))
    assert arrange_steps(X, reader)[1].tolist() == [[False, False, True], [False, True, True]]
    assert np.concatenate(list(read_rows(X, reader))).tolist() == KEPT
    assert sample_rows(X, reader).tolist() == KEPT
    assert find_row_shape(X, reader) == (2,)


def test_steps_are_those_of_the_shape_that_the_mask_sees():
    flat = reader_behind(Component("layer", "reshape", {"target_shape": [3, 2]}), shape=(6,))
    assert np.concatenate(list(read_rows(X.reshape(2, 6), flat))).tolist() == KEPT
    turned = reader_behind(Component("layer", "permute", {"dims": [2, 1]}), shape=(2, 3))
    assert np.concatenate(list(read_rows(X.transpose(0, 2, 1), turned))).tolist() == KEPT
    padded = reader_behind(Component("layer", "zero_padding1d", {"padding": 2}), shape=(3, 2))
    assert np.concatenate(list(read_rows(X, padded))).tolist() == KEPT


def test_without_a_mask_all_examples_are_read():
    np.testing.assert_array_equal(np.concatenate(list(read_rows(X, None))), X)
    assert find_row_shape(X, None) == (3, 2)


def test_nothing_is_read_where_all_is_masked():
    assert list(read_rows(np.zeros_like(X), reader_behind(shape=(3, 2)))) == []

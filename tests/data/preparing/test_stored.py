import numpy as np
import pytest

from nnctl.data.preparing.stored import StoredLabels, make_classes, make_numbers
from nnctl.data.source import Pair


def stored(y, name="y", **more):
    return StoredLabels.take(Pair(np.zeros((len(y), 1)), np.asarray(y), "x", name, **more), None)


def test_a_single_column_is_taken_for_a_list():
    assert stored([[1], [2]]).y.tolist() == [1, 2]
    assert stored([[1, 2], [2, 3]]).y.shape == (2, 2)


def test_a_row_is_told_by_its_number_or_its_line():
    assert stored([1, 2]).locate(1) == "at row 1"
    assert stored([1, 2], lines=np.array([2, 9])).locate(1) == "on line 9"


def test_classes_have_been_seen_in_training_however_they_are_written(refused):
    train, test = stored([0, 1]), stored([1, 2], "test")
    indices = [np.array([0, 1, 1], np.int32), np.array([1, 2], np.int32)]
    shares = [np.array([[0.9, 0.1, 0]], np.float32), np.array([[0, 1, 0], [0.2, 0.2, 0.6]], np.float32)]
    for values in (indices, shares):
        message = refused("unseen-class", make_classes, [train, test], values, 3).message
        assert message == "test is 2 at row 1, a class that no training example has"
    assert make_classes([train], shares[:1], 3).task == "multiclass"


@pytest.mark.parametrize("values", [np.zeros(3, np.int32), np.array([[1, 0], [1, 0]], np.float32)])
def test_one_class_is_nothing_to_tell_apart(refused, values):
    assert "(cat)" in refused("one-class", make_classes, [stored([0, 0])], [values], 2, ("cat", "dog")).message


def test_numbers_are_float32(refused):
    found = make_numbers([stored([[1, 2], [3, 4]])])
    assert (found.task, found.outputs, found.values[0].dtype) == ("regression", 2, np.float32)
    refused("splits-differ", make_numbers, [stored([[1, 2]]), stored([1])])


def test_numbers_that_float32_cannot_tell_apart_are_float64():
    assert make_numbers([stored(1_700_000_000 + np.arange(50))]).values[0].dtype == np.float64
    assert make_numbers([stored(np.linspace(0, 1, 50))]).values[0].dtype == np.float32

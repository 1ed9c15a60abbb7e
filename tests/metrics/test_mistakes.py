import numpy as np
import pytest

from nnctl.metrics import Predictions, find_mistakes
from nnctl.spec.network.meaning import Meaning


def test_the_most_confident_first_and_ties_by_row():
    output = np.array([[0.1, 0.9], [0.3, 0.7], [0.9, 0.1], [0.1, 0.9], [0.2, 0.8]], np.float32)
    table = Predictions(
        np.array([8, 7, 6, 5, 4]), np.zeros(5, np.int32), output, Meaning("multiclass", 2, "shares"), ("a", "b")
    )
    assert find_mistakes(table, 25).tolist() == [3, 0, 4, 1]
    assert find_mistakes(table, 2).tolist() == [3, 0]
    assert find_mistakes(table, 0).tolist() == []


def test_binary(table):
    assert find_mistakes(table("binary", [1, 1, 0, 0], [[0.4], [0.9], [0.9], [0.1]]), 25).tolist() == [2, 0]


def test_what_got_no_answer_is_no_mistake_to_look_at(table):
    drawn = table("multiclass", [0, 0, 0], [[0.5, np.nan], [0.4, 0.6], [0.1, 0.9]])
    assert find_mistakes(drawn, 25).tolist() == [2, 1]


def test_no_mistakes(table):
    found = find_mistakes(table("multiclass", [0, 1], [[1, 0], [0, 1]]), 25)
    assert found.shape == (0,)
    assert found.dtype == np.int64


@pytest.mark.parametrize("task", ["multilabel", "regression"])
def test_other_tasks_have_none(task, table):
    with pytest.raises(ValueError, match=task):
        find_mistakes(table(task, [[0, 1]], [[1, 0]]), 25)

import numpy as np
import pytest

from nnctl.data.arrays.unlabelled import describe_left_out, find_unlabelled, leave_out_unlabelled
from nnctl.data.memory.unread import Unread
from nnctl.data.source import Pair
from nnctl.errors import DataError


@pytest.mark.parametrize(
    ("y", "absent"),
    [
        ([0.0, np.nan, np.inf], [False, True, False]),
        ([[0.0, 1.0], [np.nan, 1.0], [1.0, 1.0]], [False, True, False]),
        (["a", "", "b"], [False, True, False]),
        ([b"a", b"", b"b"], [False, True, False]),
        ([0, -1, 2], [False, False, False]),
        ([True, False, True], [False, False, False]),
    ],
)
def test_nan_and_no_text_are_no_label(y: list[object], absent: list[bool]) -> None:
    assert find_unlabelled(np.array(y)).tolist() == absent


def test_the_rows_of_all_arrays_are_left_out_together() -> None:
    y = np.array([0, np.nan, 1, np.nan, 0], np.float32)
    pair = Pair(np.arange(10).reshape(5, 2), y, "a", "b", weight=np.arange(5.0))
    found = leave_out_unlabelled(pair, None)
    assert (found.x.tolist(), found.y.tolist()) == ([[0, 1], [4, 5], [8, 9]], [0, 1, 0])
    assert found.weight is not None
    assert found.kept is not None
    assert (found.weight.tolist(), found.kept.tolist()) == ([0, 2, 4], [0, 2, 4])
    assert found.said == ("2 rows without a label are left out: rows 1, 3 of b, from 0",)
    unread = leave_out_unlabelled(Pair(Unread((5, 2), np.uint8), y), None)  # type: ignore[arg-type]
    assert unread.x.shape == (3, 2)


def test_what_has_all_its_labels_stays_itself_and_no_label_at_all_is_refused() -> None:
    pair = Pair(np.zeros((3, 2)), np.zeros(3))
    assert leave_out_unlabelled(pair, None) is pair
    with pytest.raises(DataError, match="none of 3 rows has a label"):
        leave_out_unlabelled(Pair(np.zeros((3, 2)), np.full(3, np.nan)), None)


def test_few_are_named_and_many_are_counted() -> None:
    assert describe_left_out([7], "line", "t.csv") == "1 row without a label is left out: line 7 of t.csv"
    told = describe_left_out(list(range(1200)), "line", "t.csv")
    assert told == "1,200 rows without a label are left out: lines 0, 1, 2, 3, 4 and 1,195 more of t.csv"

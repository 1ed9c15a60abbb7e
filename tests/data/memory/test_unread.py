import numpy as np

from nnctl.data.memory.unread import Unread


def test_examples_have_a_shape_and_a_type_and_no_values() -> None:
    unread = Unread((5, 2, 3), "float32", list("abcde"))
    assert (len(unread), unread.shape, unread.dtype, list(unread.read_blocks())) == (5, (5, 2, 3), np.float32, [])
    some = unread.take(np.array([3, 1]))
    assert (some.shape, some.files) == ((2, 2, 3), ["d", "b"])


def test_single_values_become_a_column_and_none_are_the_same() -> None:
    unread = Unread((4,), "uint8")
    assert unread.shape == (4, 1)
    assert not unread.is_same(unread)

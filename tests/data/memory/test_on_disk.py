import tracemalloc

import numpy as np
import pytest

from nnctl.data.memory.on_disk import OnDisk, read_blocks


class Kept(OnDisk):
    """An array that pretends to be on disk, and remembers how many rows were asked for at once."""

    def __init__(self, array):
        self.array, self.dtype, self.asked = array, array.dtype, []

    @property
    def shape(self):
        return self.array.shape

    def take(self, rows):
        return Kept(self.array[rows])

    def read_batches(self, batches):
        for rows in batches:
            self.asked.append(len(rows))
            yield self.array[rows]

    def is_same(self, other):
        return self is other


@pytest.fixture
def array():
    return np.random.default_rng(0).normal(size=(50, 3, 2)).astype(np.float32)


def test_it_is_indexed_as_an_array(array):
    found = Kept(array)
    assert (len(found), found.ndim, found.size, found.nbytes) == (50, 3, 300, array.nbytes)
    for key in (
        3,
        -1,
        slice(10, 30),
        slice(None, None, 7),
        slice(-5, None),
        slice(40, 99),
        slice(9, 3, -2),
        np.array([49, 0, -50, 17]),
        np.array([], int),
    ):
        assert np.array_equal(found[key], array[key])
    assert (found.min(), found.max()) == (array.min(), array.max())
    assert np.array_equal(found[array[:, 0, 0] > 0], array[array[:, 0, 0] > 0])
    for outside in (50, -51, np.array([0, 50])):
        with pytest.raises(IndexError):
            found[outside]
    assert np.array_equal(found[np.array([7, 49], np.uint8)], array[[7, 49]])
    with pytest.raises(TypeError):
        found[np.array([1.5])]


def test_a_few_examples_of_millions_cost_little():
    many = Kept(np.broadcast_to(np.uint8(1), (2**30, 4)))
    tracemalloc.start()
    assert many[:3].shape == (3, 4)
    assert many[np.array([0, 2**29])].shape == (2, 4)
    assert tracemalloc.get_traced_memory()[1] < 10**5
    tracemalloc.stop()


@pytest.mark.parametrize("values", [1, 12, 100, 10**6])
def test_blocks_of_both_are_the_same(array, values):
    held, kept = list(read_blocks(array, values)), list(read_blocks(Kept(array), values))
    assert len(held) == len(kept) == -(-50 // max(1, min(50, values // 6)))
    assert all(np.array_equal(one, other) for one, other in zip(held, kept, strict=True))
    assert np.array_equal(np.concatenate(held), array)

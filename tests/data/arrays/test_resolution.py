import numpy as np
import pytest

from nnctl.data.arrays.resolution import count_different, find_lost, is_exact, narrow

RANDOM = np.random.default_rng(0)
TIMES = 1_700_000_000 + 60 * np.arange(384)


@pytest.mark.parametrize(
    ("column", "lost"),
    [
        (TIMES, True),
        (TIMES.astype(np.float64), True),
        (TIMES.astype(np.int32), True),
        (20240101 + np.arange(31), True),
        (1.7e9 + RANDOM.normal(0, 4, 300), True),
        (np.append(TIMES, 0), True),
        (RANDOM.normal(0, 1, 300), False),
        (RANDOM.uniform(0, 1, 100_000), False),
        (np.arange(0.0, 2.0**24), False),
        (2.0**30 + 128 * np.arange(50), False),
        (np.full(9, 0.1), False),
        (TIMES.astype(np.float32), False),
    ],
)
def test_what_float32_loses(column, lost):
    assert find_lost(column[:, None]).tolist() == [lost]


def test_each_number_of_an_example_is_looked_at_by_itself():
    x = np.zeros((384, 2, 2))
    x[:, 1, 0], x[:, 0, 1] = TIMES, RANDOM.normal(size=384)
    assert find_lost(x).tolist() == [[False, False], [True, False]]
    assert find_lost(x[:0]).shape == (2, 2)


def test_different_values_are_counted_before_and_after():
    assert count_different(TIMES) == (384, len(set(np.float32(TIMES).tolist())))
    assert [is_exact(np.dtype(name)) for name in ("u1", "i2", "f2", "f4", "?", "i4", "f8")] == [True] * 5 + [False] * 2


def test_a_column_is_narrowed_where_nothing_is_lost():
    assert narrow(RANDOM.normal(0, 1, 100)).dtype == np.float32
    assert narrow(np.array([np.nan, np.nan])).dtype == np.float32
    kept = narrow(np.append(TIMES, np.nan))
    assert kept.dtype == np.float64
    np.testing.assert_array_equal(kept[:-1], TIMES)

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.data.preparing import keyed
from nnctl.data.preparing.keyed import choose_groups, choose_last

CODES = st.lists(st.integers(0, 6), min_size=2, max_size=30).filter(lambda codes: len(set(codes)) > 1)


@given(CODES, st.data())
def test_the_last_times_are_taken_whole(codes, drawn):
    codes = np.array(codes, np.int64)
    wanted = drawn.draw(st.integers(1, len(codes) - 1))
    chosen = choose_last(codes, wanted)
    assert codes[chosen].min() > codes[~chosen].max()
    sums = [int((codes >= time).sum()) for time in np.unique(codes)[1:]]
    best = min(sums, key=lambda rows: (abs(rows - wanted), rows))
    assert chosen.sum() == best


@given(CODES, st.integers(0, 5), st.data())
def test_groups_are_whole_and_as_near_as_any_of_their_sums(codes, seed, drawn):
    codes = np.array(codes, np.int64)
    wanted = drawn.draw(st.integers(1, len(codes) - 1))
    chosen = choose_groups(codes, wanted, seed, 1)
    assert not set(codes[chosen]) & set(codes[~chosen])
    sizes = np.unique(codes, return_counts=True)[1].tolist()
    sums = {sum(some) for count in range(1, len(sizes)) for some in combinations(sizes, count)}
    assert chosen.sum() == min(sums, key=lambda rows: (abs(rows - wanted), rows))


def test_which_groups_is_the_seeds_and_each_is_as_likely():
    codes = np.repeat(np.arange(10), 4)
    taken = [tuple(np.unique(codes[choose_groups(codes, 8, seed, 1)])) for seed in range(600)]
    assert taken[3] == tuple(np.unique(codes[choose_groups(codes, 8, 3, 1)]))
    assert taken[3] != tuple(np.unique(codes[choose_groups(codes, 8, 3, 3)])) or taken[4] != taken[3]
    # 120 of 600 for each group, and six standard deviations of sqrt(600 * 0.2 * 0.8) on either side
    counts = np.bincount(np.array(taken).ravel(), minlength=10)
    assert (np.abs(counts - 120) < 6 * 9.8).all()


def test_groups_are_the_ones_they_have_always_been():
    codes = np.repeat(np.arange(8), [5, 3, 9, 1, 4, 4, 2, 7])
    assert np.unique(codes[choose_groups(codes, 10, 5, 1)]).tolist() == [1, 7]


@pytest.mark.parametrize("giant", [False, True])
def test_many_groups_take_no_more_memory_than_there_is_for_sums(monkeypatch, giant):
    monkeypatch.setattr(keyed, "_BITS", 1 << 14)
    sizes = np.random.default_rng(0).integers(1, 9, 2_000)
    if giant:
        sizes[::50] = 2_000
    codes = np.repeat(np.arange(len(sizes)), sizes)
    wanted = len(codes) // 5
    chosen = choose_groups(codes, wanted, 0, 1)
    assert abs(int(chosen.sum()) - wanted) <= 1
    assert not set(codes[chosen]) & set(codes[~chosen])

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.data.preparing import splits
from nnctl.spec.sections import Data


def data(**values):
    return Data("npz", {}, **values)


def labels(*counts):
    return np.random.default_rng(0).permutation(np.repeat(np.arange(len(counts)), counts)).astype(np.int32)


def test_every_row_is_in_one_split_and_the_order_is_kept():
    found = splits.split_rows(labels(50, 30, 20), data(validation=0.25), 0.2)
    parts = (found.train, found.validation, found.test)
    assert [len(part) for part in parts] == [60, 20, 20]
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(100))
    for part in parts:
        assert part.dtype == np.int64
        assert (np.diff(part) > 0).all()


def test_classes_keep_their_proportions():
    y = labels(500, 300, 200)
    found = splits.split_rows(y, data(validation=0.1), 0.2)
    assert np.bincount(y[found.test]).tolist() == [100, 60, 40]
    assert np.bincount(y[found.validation]).tolist() == [40, 24, 16]


def test_nothing_is_cut_unless_asked_for():
    found = splits.split_rows(labels(5, 5), data(), None)
    assert (found.train.tolist(), found.validation, found.test) == (list(range(10)), None, None)


def test_the_same_seed_cuts_the_same_and_another_does_not():
    y = labels(50, 50)
    first, again, other = (splits.split_rows(y, data(validation=0.2, split_seed=seed), 0.2) for seed in (3, 3, 4))
    for part in ("train", "validation", "test"):
        assert getattr(first, part).tolist() == getattr(again, part).tolist()
        assert getattr(first, part).tolist() != getattr(other, part).tolist()


def test_the_global_seed_is_neither_used_nor_touched():
    np.random.seed(1)
    before = np.random.get_state()[1].tolist()
    first = splits.split_rows(labels(50, 50), data(validation=0.2), 0.2)
    assert np.random.get_state()[1].tolist() == before
    np.random.seed(2)
    assert splits.split_rows(labels(50, 50), data(validation=0.2), 0.2).test.tolist() == first.test.tolist()


def test_the_rows_are_the_ones_they_have_always_been():
    found = splits.split_rows(np.arange(30, dtype=np.int32) % 3, data(validation=0.25, split_seed=5), 0.2)
    assert found.test.tolist() == [5, 7, 10, 14, 21, 27]
    assert found.validation.tolist() == [6, 9, 13, 17, 19, 23]


@given(st.lists(st.integers(0, 5), max_size=40), st.data())
def test_the_smallest_words_are_those_that_a_stable_sort_puts_first(words, drawn):
    words = np.array(words, np.uint64)
    count = drawn.draw(st.integers(0, len(words)))
    found = splits._find_smallest(words, count)
    assert sorted(found.tolist()) == sorted(np.argsort(words, kind="stable")[:count].tolist())


def test_each_row_is_as_likely_as_any_other():
    y = np.arange(20, dtype=np.int32) % 2
    rows = np.concatenate([splits.split_rows(y, data(split_seed=seed), 0.2).test for seed in range(1000)])
    # 200 of 1,000 for each row, and six standard deviations of sqrt(1000 * 0.2 * 0.8) on either side
    assert (np.abs(np.bincount(rows, minlength=20) - 200) < 6 * 12.65).all()


def test_validation_does_not_move_the_test_rows():
    y = labels(50, 50)
    with_it, without = splits.split_rows(y, data(validation=0.2), 0.2), splits.split_rows(y, data(), 0.2)
    assert with_it.test.tolist() == without.test.tolist()


def test_numbers_are_cut_without_strata():
    found = splits.split_rows(np.linspace(0, 1, 11, dtype=np.float32), data(validation=0.5), 0.2)
    assert [len(part) for part in (found.train, found.validation, found.test)] == [4, 5, 2]
    several = splits.split_rows(np.zeros((10, 3), np.uint8), data(), 0.2)
    assert len(several.test) == 2


def test_a_subset_is_taken_before_validation_and_limits_test():
    y = labels(500, 500)
    found = splits.split_rows(y, data(validation=0.1, subset=100), 0.4)
    assert [len(part) for part in (found.train, found.validation, found.test)] == [90, 10, 100]
    assert np.bincount(y[found.train]).tolist() == [45, 45]
    assert np.bincount(y[found.test]).tolist() == [50, 50]


def test_a_subset_larger_than_the_data_is_all_of_it():
    found = splits.split_rows(labels(5, 5), data(subset=100), None)
    assert len(found.train) == 10


def test_a_subset_may_miss_classes():
    found = splits.split_rows(labels(*[10] * 10), data(subset=10, validation=0.3), None)
    assert (len(found.train), len(found.validation)) == (7, 3)
    assert len(splits.split_rows(labels(*[10] * 10), data(subset=2), None).train) == 2


def test_a_rare_class_stays_in_training():
    y = labels(1, 9, 90)
    found = splits.split_rows(y, data(validation=0.5), 0.5)
    assert 0 in y[found.train]


@pytest.mark.parametrize(
    ("counts", "values", "share", "code"),
    [
        ((50, 50), {"validation": 0.004}, None, "empty-split"),
        ((50, 50), {"validation": 0.996}, None, "empty-split"),
        ((50, 50), {}, 0.001, "empty-split"),
        ((50, 50), {"validation": 0.1, "subset": 2}, None, "empty-split"),
        ((1, 1, 1), {"validation": 0.5}, None, "empty-class"),
        ((1, 1, 20), {}, 0.95, "empty-class"),
    ],
)
def test_shares_that_leave_nothing(refused, counts, values, share, code):
    refused(code, splits.split_rows, labels(*counts), data(**values), share)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12), st.integers(0, 10_000))
def test_largest_remainder(counts, part):
    counts = np.array(counts, np.int64)
    wanted = part % (counts.sum() + 1) - (part % (counts.sum() + 1) == counts.sum())
    found = splits.compute_quotas(counts, int(wanted), counts)
    assert found.sum() == wanted
    assert (np.abs(found - counts * wanted / counts.sum()) < 1).all()

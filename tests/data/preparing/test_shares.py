import numpy as np
import pytest

from nnctl.data.preparing.shares import are_parts, are_shares, find_shares, follow_examples, split_yes
from nnctl.data.source import Pair

RNG = np.random.default_rng(0)
TEACHER = RNG.dirichlet(np.ones(10), 500)


def bfloat16(y):
    """Rounded to the eight significant bits of a bfloat16, ties aside."""
    bits = np.float32(y).view(np.uint32) + np.uint32(0x8000)
    return (bits & np.uint32(0xFFFF0000)).view(np.float32)


@pytest.mark.parametrize(
    "y",
    [
        TEACHER,
        TEACHER.astype(np.float32),
        TEACHER.astype(np.float16),
        bfloat16(TEACHER),
        np.round(TEACHER, 3).astype(np.float32),
        np.round(TEACHER, 2),
        np.round(RNG.dirichlet(np.ones(4), 500), 1).astype(np.float32),
        np.full((6, 3), 0.33, np.float32),
        np.round(TEACHER, 2).astype(np.float16),
        np.round(RNG.dirichlet(np.ones(200), 50), 3).astype(np.float32),
        np.eye(4)[[0, 3]] * 0.9 + 0.1 / 4,
        np.eye(4, dtype=np.uint8),
        TEACHER * (1 + 1e-7),
        np.stack([1 - np.float32(0.7) - np.float32(0.3), 1 + TEACHER[0, 0] * 0], -1)[None],
    ],
    ids=[
        "float64", "float32", "float16", "bfloat16", "three digits", "two digits", "one digit of four", "thirds",
        "two digits in 16 bits", "200 columns of three digits", "smoothed", "one-hot", "crumbs", "a crumb below 0",
    ],
)  # fmt: skip
def test_rows_that_sum_to_one_as_far_as_they_were_written_are_shares(y):
    assert find_shares(y).all()


@pytest.mark.parametrize(
    "y",
    [
        RNG.random((50, 3)),
        RNG.random((50, 3)).astype(np.float16),
        np.round(RNG.random((50, 3)), 2),
        TEACHER * 0.99,
        TEACHER * 100,
        TEACHER - 0.01,
        np.zeros((4, 3)),
        np.full((4, 20), 0.1),
        np.full((4, 2), 0.495),
    ],
    ids=[
        "any",
        "any in 16 bits",
        "any of two digits",
        "99 of 100",
        "per cent",
        "negative",
        "none",
        "twice",
        "three digits",
    ],
)
def test_other_rows_are_none(y):
    assert not find_shares(y).all()


def test_each_row_is_told_by_itself():
    y = TEACHER.astype(np.float32)
    y[[3, 7]] *= 0.9
    assert np.flatnonzero(~find_shares(y)).tolist() == [3, 7]


def test_many_rows_are_looked_at_in_pieces(monkeypatch):
    monkeypatch.setattr("nnctl.data.preparing.shares._BLOCK", 64)
    y = np.round(TEACHER, 2)
    assert find_shares(y).all()
    y[-1, 0] += 0.3
    assert find_shares(y).sum() == len(y) - 1
    assert are_parts(y / 2)


def test_parts_lie_from_zero_to_one():
    assert are_parts(np.array([0, 0.5, 1, 1 + 1e-7]))
    assert not are_parts(np.array([0, 1.001]))
    assert not are_parts(np.array([-0.001, 1]))


def test_a_share_of_a_yes_is_one_of_two_classes():
    yes = np.array([0, 0.2, 0.5, 0.9, 1], np.float32)
    both = split_yes(yes)
    assert (both.dtype, both[:, 1].tolist()) == (np.float32, yes.tolist())
    np.testing.assert_allclose(both.sum(axis=1), 1, atol=1e-7)
    assert both.argmax(axis=1).tolist() == [0, 0, 1, 1, 1]  # one half counts as yes


def test_labels_that_are_examples_over_again_are_told_from_others():
    x = RNG.random((300, 6), np.float32)
    noisy = np.clip(x + RNG.normal(0, 0.2, x.shape), 0, 1)
    assert follow_examples(Pair(x, x))
    assert follow_examples(Pair(noisy, x))  # to be cleaned
    assert follow_examples(Pair((x * 255).astype(np.uint8).reshape(300, 2, 3), x))
    assert not follow_examples(Pair(x, RNG.random((300, 6))))
    assert not follow_examples(Pair(x, x[:, :3]))
    assert not follow_examples(Pair(x[:, :1], x[:, 0]))
    assert not follow_examples(Pair(x, np.full((300, 6), 0.3)))


@pytest.mark.parametrize("fault", [None, 3, 2_999])
def test_shares_are_shares_in_every_row(fault):
    y = np.random.default_rng(1).dirichlet(np.ones(3), 3_000).round(2).astype(np.float32)
    y /= y.sum(axis=1, keepdims=True)
    if fault is not None:
        y[fault, 0] += 0.5
    assert are_shares(y) is bool(find_shares(y).all()) is (fault is None)

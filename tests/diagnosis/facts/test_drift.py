import numpy as np
import pytest
from scipy import stats

from nnctl.diagnosis.facts.drift import describe_drift, describe_relations

RANDOM = np.random.default_rng(0)
TOKENS = RANDOM.integers(1, 49, (400, 14))
PICTURES = RANDOM.integers(0, 120, (200, 8, 8, 3)) + np.array([0, 60, 130])
TABLE = RANDOM.normal(size=(300, 4))


@pytest.mark.parametrize("by", [-1, 1, 2])
def test_shifted_indices_are_named(by: int) -> None:
    test = RANDOM.integers(1, 49, (200, 14)) + by
    (said,) = describe_drift(TOKENS + 3, test + 3, True, False)
    assert f"they are {abs(by)} {'higher' if by > 0 else 'lower'}" in said


def test_indices_of_another_frequency_are_shifted_or_unlike() -> None:
    shares = 0.9 ** np.arange(40)
    train = RANDOM.choice(40, (400, 10), p=shares / shares.sum())
    train[0, :2] = 0, 39
    shifted = RANDOM.choice(39, (200, 10), p=shares[:39] / shares[:39].sum()) + 1
    shifted[0, :2] = 0, 39
    assert (
        describe_drift(train, shifted, True, False) == ()
        or "1 higher" in describe_drift(train, shifted, True, False)[0]
    )
    (said,) = describe_drift(train, RANDOM.integers(0, 40, (200, 10)), True, False)
    assert "unlike as often" in said


def test_light_and_dark_and_colours_exchanged_are_named() -> None:
    grey = RANDOM.integers(0, 60, (200, 8, 8)) * (RANDOM.random((200, 1, 1)) + 0.5)
    grey[0, 0, 0] = 255
    assert "light and dark are exchanged" in describe_drift(grey, 255 - grey, False, True)[0]
    assert "(2, 1, 0)" in describe_drift(PICTURES, PICTURES[..., ::-1], False, True)[0]
    assert "have a mean of" in describe_drift(grey, grey + 100, False, True)[0]
    assert describe_drift(PICTURES[:100], PICTURES[100:], False, True) == ()


def test_columns_that_are_spread_unlike_are_named_by_their_statistic() -> None:
    test = RANDOM.normal(size=(120, 4))
    assert describe_drift(TABLE, test, False, False, ("a", "b", "c", "d")) == ()
    test[:, 1] += 1.5
    (said,) = describe_drift(TABLE, test, False, False, ("a", "b", "c", "d"))
    assert said.startswith("'b' is spread unlike")
    assert f"{stats.ks_2samp(TABLE[:, 1], test[:, 1]).statistic:.2f})" in said
    assert describe_drift(TABLE, test[:20], False, False) == ()
    assert describe_drift(TABLE, test, False, False)[0].startswith("feature 1")


def test_indices_that_stand_for_other_words_are_told_by_what_they_go_with() -> None:
    kinds = np.arange(600) % 2
    words = np.where(RANDOM.random((600, 12)) < 0.8, 1 + 20 * kinds[:, None], 1) + RANDOM.integers(0, 20, (600, 12))
    labels = np.eye(2)[kinds]
    assert describe_relations((words[:400], labels[:400]), (words[400:], labels[400:]), True) == ()
    anew = np.random.default_rng(3).permutation(np.arange(1, 41))[words - 1]  # a vocabulary of its own
    (said,) = describe_relations((words[:400], labels[:400]), (anew[400:], labels[400:]), True)
    assert said.endswith("they stand for other things")


def test_a_column_that_turned_its_sign_is_told_by_its_correlation() -> None:
    x = RANDOM.normal(size=(500, 3))
    y = (x[:, 1] + x[:, 2] + 0.5 * RANDOM.normal(size=500))[:, None]
    turned = x * np.array([1, 1, -1])
    assert describe_relations((x[:300], y[:300]), (x[300:], y[300:]), False) == ()
    (said,) = describe_relations((x[:300], y[:300]), (turned[300:], y[300:]), False, ("a", "b", "c"))
    mine, theirs = (
        stats.pearsonr(each[:, 2], labels[:, 0]).statistic
        for each, labels in ((x[:300], y[:300]), (turned[300:], y[300:]))
    )
    assert (
        said == f"'c' goes with the labels the other way round (correlation {mine:.2f} in train, {theirs:.2f} in test)"
    )

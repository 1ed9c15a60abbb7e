import numpy as np
import pytest
from scipy import stats

from nnctl.diagnosis.facts.drift import describe_drift

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

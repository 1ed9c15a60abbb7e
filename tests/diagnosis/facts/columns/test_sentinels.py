import numpy as np
import pytest

from nnctl.diagnosis.facts.columns.sentinels import find_sentinels

AGES = np.random.default_rng(0).integers(18, 90, 400).astype(np.float64)


def put(values: np.ndarray, value: float, count: int) -> np.ndarray:
    changed = values.copy()
    changed[:: len(values) // count] = value
    return changed


@pytest.mark.parametrize(("value", "heard"), [(-999, True), (99999, True), (-1, False), (999, True), (500, False)])
def test_a_far_word_that_repeats_is_found(value: float, heard: bool) -> None:
    found = find_sentinels(put(AGES, value, 20)[:, None])
    assert [one.value for one in found] == ([value] if heard else [])


def test_minus_one_below_counts_is_one() -> None:
    counts = np.zeros(400)
    counts[:300] = np.arange(300) % 2 * 0.001
    assert find_sentinels(put(np.arange(400) % 7 * 0.1, -1, 40)[:, None])[0].value == -1
    assert find_sentinels(np.arange(400)[:, None]) == ()


@pytest.mark.parametrize("count", [1, 3])
def test_a_rare_value_is_an_outlier_and_no_word(count: int) -> None:
    column = AGES.copy()
    column[:count] = -999
    assert find_sentinels(column[:, None]) == ()


def test_the_commonest_comes_first_and_columns_keep_their_places() -> None:
    table = np.stack([put(AGES, -99, 8), AGES, put(AGES, 9999, 40)], axis=1)
    found = find_sentinels(table)
    assert [(one.feature, one.value) for one in found] == [("feature 2", 9999), ("feature 0", -99)]
    assert found[0].share == pytest.approx(0.1)
    assert (found[0].low, found[0].high) == (AGES.min(), AGES.max())

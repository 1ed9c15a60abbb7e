import numpy as np
import pytest

from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.columns.units import find_units

RNG = np.random.default_rng(1)
SIZES = RNG.lognormal(2, 0.2, 600)


@pytest.mark.parametrize("factor", [10, 100, 1000, 25.4, 60])
def test_what_differs_by_a_factor_of_units_is_found(factor: float) -> None:
    mixed = np.where(np.arange(600) % 4 == 0, SIZES * factor, SIZES)
    (found,) = find_units(np.c_[SIZES, mixed])
    assert (found.feature, found.factor, found.share, found.large) == ("feature 1", factor, 0.25, True)
    assert found.bounds == (SIZES[np.arange(600) % 4 > 0].max(), factor * SIZES[::4].min())


def test_the_smaller_group_may_be_the_small_numbers() -> None:
    (found,) = find_units(np.where(np.arange(600) % 4 == 0, SIZES / 1000, SIZES)[:, None])
    assert not found.large
    assert found.factor == 1000


@pytest.mark.parametrize(
    "column",
    [
        SIZES,
        np.where(np.arange(600) % 4 == 0, SIZES * 37, SIZES),  # no units differ by that
        np.where(np.arange(600) % 4 == 0, RNG.uniform(4e3, 1.2e4, 600), SIZES),  # of another shape
        np.where(np.arange(600) % 2 == 0, 1.0, 1000.0),  # a code
        np.where(np.arange(600) < 5, SIZES * 1000, SIZES),  # outliers
        RNG.normal(size=600),
        np.zeros(600),
    ],
)
def test_other_groups_are_none(column: np.ndarray) -> None:
    assert find_units(column[:, None]) == ()


def test_groups_that_the_classes_tell_are_no_units() -> None:
    large = np.arange(600) % 4 == 0
    table = np.where(large, SIZES * 10, SIZES)[:, None]
    assert find_units(table, (), Yardstick(np.arange(600) % 5, "multiclass", 5))  # classes that have both
    assert find_units(table, (), Yardstick(SIZES.astype(np.float32), "regression", 1))
    assert not find_units(table, (), Yardstick(large.astype(int), "binary", 2))  # gulls among terns
    assert not find_units(table, (), Yardstick(np.where(large, 2, np.arange(600) % 2), "multiclass", 3))

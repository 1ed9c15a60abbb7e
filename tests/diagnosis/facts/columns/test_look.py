import numpy as np

from nnctl.diagnosis.facts.baselines import Yardstick
from nnctl.diagnosis.facts.columns.look import NO_COLUMNS, look_at_columns

RNG = np.random.default_rng(8)


def test_each_kind_is_looked_for() -> None:
    codes = RNG.integers(0, 10, 400)
    y = (codes % 2).astype(np.int32)
    ages = RNG.integers(18, 90, 400)
    ages[::20] = -999
    sizes = RNG.lognormal(1, 0.2, 400) * np.where(np.arange(400) % 3, 1, 1000)
    far = RNG.normal(size=400)
    far[5] = 1e7
    found = look_at_columns(
        np.stack([codes, ages, sizes, far], axis=1), Yardstick(y, "binary", 2), ("c", "a", "s", "f")
    )
    assert found.codes is not None
    assert found.codes.features == ("'c'",)
    assert [one.feature for one in found.sentinels] == ["'a'"]
    assert [one.feature for one in found.units] == ["'s'"]
    assert [one.feature for one in found.tails] == ["'f'"]


def test_a_handful_of_rows_says_nothing_of_codes_and_tails() -> None:
    few = look_at_columns(RNG.normal(size=(20, 2)), Yardstick(np.arange(20) % 2, "binary", 2), ())
    assert few == NO_COLUMNS

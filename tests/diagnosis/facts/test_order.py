import numpy as np

from nnctl.diagnosis.facts.order import is_scrambled

RNG = np.random.default_rng(4)


def test_noise_and_grey_pictures_are_none() -> None:
    assert not is_scrambled(RNG.integers(0, 256, (50, 8, 8, 3)))
    assert not is_scrambled(RNG.integers(0, 256, (50, 8, 8)))
    assert not is_scrambled(np.zeros((50, 8, 8, 3)))

from itertools import permutations

import numpy as np
import pytest

from nnctl.data import Split
from nnctl.diagnosis.facts.order import find_reading, gather_file, is_scrambled

RNG = np.random.default_rng(4)


def test_noise_and_grey_pictures_are_none() -> None:
    assert not is_scrambled(RNG.integers(0, 256, (50, 8, 8, 3)))
    assert not is_scrambled(RNG.integers(0, 256, (50, 8, 8)))
    assert not is_scrambled(np.zeros((50, 8, 8, 3)))


CLASSES = RNG.integers(0, 4, 240)
PATTERNS = np.repeat(np.repeat(RNG.normal(size=(4, 3, 4)), 4, axis=1), 3, axis=2)  # of 12 x 12 pixels, in blocks
PICTURES = (PATTERNS[CLASSES] + 0.2 * RNG.normal(size=(240, 12, 12))).astype(np.float32)
WAVES = np.sin(np.arange(30) * (1 + CLASSES[:, None]) / 5)[..., None] * [1, -1] + 0.1 * RNG.normal(size=(240, 30, 2))
MADE = {"pictures": PICTURES, "series": WAVES, "tables": PICTURES.reshape(240, -1)[:, ::12]}


@pytest.mark.parametrize("kind", MADE)
def test_an_array_that_was_reshaped_is_read_as_it_was_made(kind: str) -> None:
    """Whatever order it was made in: the answer puts every example back together, at most with its axes exchanged."""
    x = MADE[kind]
    assert find_reading(x, CLASSES, "multiclass", 4) is None
    for order in permutations(range(x.ndim)):
        if order[0] == 0:
            continue
        reshaped = np.ascontiguousarray(x.transpose(order)).reshape(x.shape)
        found = find_reading(reshaped, CLASSES, "multiclass", 4)
        assert found is not None, order
        back = reshaped.reshape(found.shape).transpose(found.axes)
        assert sorted(back[7].ravel()) == sorted(x[7].ravel())
        assert found.read > 0.9 > 0.6 > found.standing


def test_noise_has_no_order() -> None:
    for shape in ((240, 12, 12), (240, 30, 2), (240, 12), (240, 8, 8, 3)):
        assert find_reading(RNG.normal(size=shape), CLASSES, "multiclass", 4) is None


def test_a_file_is_put_together_from_what_was_cut_of_it() -> None:
    rows = RNG.permutation(240)
    train, rest = (Split(PICTURES[each], CLASSES[each], each) for each in (rows[:200], rows[200:]))
    own = Split(PICTURES[:50], CLASSES[:50], np.arange(50))
    for others in ((rest, own), (rest, None), (None, rest)):
        found = gather_file((train, *others))
        assert found is not None
        assert (found[0] == PICTURES).all()
        assert (found[1] == CLASSES).all()
    assert gather_file((train, None, None)) is None
    assert gather_file((train, own)) is None

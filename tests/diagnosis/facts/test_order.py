import numpy as np
import pytest

from nnctl.diagnosis.facts.order import find_shift, is_scrambled

RNG = np.random.default_rng(4)
Y = RNG.integers(0, 3, 500)
X = (np.eye(3)[Y] + 0.1 * RNG.normal(size=(500, 3))).astype(np.float32)


@pytest.mark.parametrize("rows", [1, -1, 2, -2])
def test_how_far_labels_stand_is_measured(rows: int) -> None:
    moved = np.roll(Y, rows)  # the label of row i stands in row i + rows
    found = find_shift(X, moved, np.arange(500), "multiclass", 3)
    assert found is not None
    assert found.rows == rows
    assert found.score > 0.99 > 0.5 > found.linear


def test_rows_that_validation_took_are_passed_over() -> None:
    kept = np.sort(RNG.permutation(500)[:400])
    found = find_shift(X[kept], np.roll(Y, 1)[kept], kept, "multiclass", 3)
    assert found is not None
    assert found.rows == 1


def test_labels_in_their_place_and_noise_have_none() -> None:
    assert find_shift(X, Y, np.arange(500), "multiclass", 3) is None
    assert find_shift(RNG.normal(size=(500, 3)), Y, np.arange(500), "multiclass", 3) is None


def test_noise_and_grey_pictures_are_none() -> None:
    assert not is_scrambled(RNG.integers(0, 256, (50, 8, 8, 3)))
    assert not is_scrambled(RNG.integers(0, 256, (50, 8, 8)))
    assert not is_scrambled(np.zeros((50, 8, 8, 3)))

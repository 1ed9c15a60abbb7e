import numpy as np
import pytest

from nnctl.predicting.paper import even_out, normalize_ink, remove_specks, resize


def shaded() -> tuple[np.ndarray, np.ndarray]:
    """A black bar on paper whose light falls off to one corner, and where the bar is."""
    down, across = np.meshgrid(np.linspace(0, 1, 80), np.linspace(0, 1, 60), indexing="ij")
    bar = np.zeros((80, 60), np.bool_)
    bar[20:60, 25:33] = True
    return np.where(bar, 0.05, 0.9 - 0.3 * down * across - 0.1 * down).astype(np.float32), bar


def test_uneven_paper_is_evened_and_even_paper_left_alone() -> None:
    page, bar = shaded()
    flat, uneven = even_out(page)
    assert uneven
    assert np.ptp(page[~bar]) > 0.35
    assert np.ptp(flat[~bar]) < 0.02
    assert flat[bar].max() < flat[~bar].min() - 0.4
    plain = np.where(bar, np.float32(0), np.float32(1))
    same, uneven = even_out(plain)
    assert not uneven
    assert same is plain


def test_noise_becomes_nothing_and_ink_full() -> None:
    assert normalize_ink(np.array([[0.0, 0.05, 0.5, 0.5]], np.float32)).tolist() == [[0, 0, 1, 1]]


def test_dust_is_left_out_and_parts_of_a_digit_are_not() -> None:
    ink = np.zeros((40, 40), np.float32)
    ink[5:35, 5:10] = 1
    ink[5:10, 20:30] = 1
    dusty = ink.copy()
    dusty[38, 38] = 1
    assert remove_specks(ink)[1] == 0
    clean, specks = remove_specks(dusty)
    assert specks == 1
    assert np.array_equal(clean, ink)


def test_resizing_keeps_the_mean_and_leaves_the_same_size_alone() -> None:
    page, _ = shaded()
    assert resize(page, (40, 30)).mean() == pytest.approx(page.mean(), abs=0.005)
    assert resize(page, (80, 60)) is page

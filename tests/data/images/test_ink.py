import numpy as np
import pytest

from nnctl.data.images import ink
from nnctl.data.images.ink import find_box, measure_ink, measure_sight


def drawings(n: int = 40) -> np.ndarray:
    """Bars of 10 x 4 pixels, white on black, within a pixel of the middle."""
    images = np.zeros((n, 20, 20), np.float32)
    for index, image in enumerate(images):
        top, left = 5 + index % 2, 8 + index % 3 - 1
        image[top : top + 10, left : left + 4] = 0.9
    return images


def test_drawings_are_measured() -> None:
    ink = measure_ink(drawings())
    assert ink is not None
    assert (ink.paper, ink.light, ink.level) == (0, True, pytest.approx(0.9))
    assert ink.side == (10, 10, 10)
    assert ink.centre == pytest.approx((10.0, 9.5), abs=0.05)
    assert ink.mass == pytest.approx((40, 40, 40))
    assert ink.wide == pytest.approx(0.4)
    assert ink.drift < 1.2


def test_dark_on_light_is_told() -> None:
    ink = measure_ink(1 - drawings())
    assert ink is not None
    assert (ink.paper, ink.light) == (1, False)
    assert ink.level == pytest.approx(0.1)
    assert ink.side == (10, 10, 10)


def test_photographs_and_blank_pages_are_no_drawings() -> None:
    rng = np.random.default_rng(0)
    photographs = rng.random((50, 1, 1)) + 0.2 * rng.random((50, 20, 20))
    assert measure_ink((photographs / 1.2).astype(np.float32)) is None
    assert measure_ink(np.zeros((9, 20, 20), np.float32)) is None


def test_drawings_of_either_polarity_are_not_measured_as_one() -> None:
    assert measure_ink(np.concatenate([drawings(), 1 - drawings()])) is None


def test_grey_paper_is_lighter_than_ink_though_it_is_dark() -> None:
    image = np.full((30, 30), 0.4, np.float32)
    image[8:22, 13:17] = 0.05
    seen = measure_sight(image)
    assert not seen.light
    assert seen.paper == pytest.approx(0.4)
    assert seen.contrast == pytest.approx(0.35)


def test_no_ink_has_no_box() -> None:
    assert find_box(np.full((5, 5), 0.1, np.float32)) is None


def test_what_is_measured_does_not_depend_on_how_many_images_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.concatenate([drawings(), np.zeros((3, 20, 20), np.float32)])
    images += np.random.default_rng(0).normal(0, 0.02, images.shape).astype(np.float32)
    together = measure_ink(images)
    assert together is not None
    monkeypatch.setattr(ink, "_TOGETHER", 1500)  # three or four at a time
    assert measure_ink(images) == together

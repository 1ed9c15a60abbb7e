import numpy as np
import pytest

from nnctl.data.images.ink import Ink, find_box, measure_ink
from nnctl.predicting.mending import mend
from nnctl.predicting.paper import resize
from tests.data.images.test_ink import drawings

SHAPE = (20, 20)


@pytest.fixture
def ink() -> Ink:
    found = measure_ink(drawings())
    assert found is not None
    return found


def placed(height: int, width: int, top: int, left: int, times: int = 1) -> np.ndarray:
    """A bar of 10 x 4 pixels, enlarged, somewhere on a black page."""
    page = np.zeros((height, width), np.float32)
    page[top : top + 10 * times, left : left + 4 * times] = 0.9
    return page


def like_training(image: np.ndarray, ink: Ink) -> bool:
    found = find_box(image / np.float32(0.9))
    assert found is not None
    near = np.hypot(*np.subtract(found.centre, ink.centre)) <= 1
    return bool(near and abs(found.height - 10) <= 1 and abs(found.width - 4) <= 1)


def test_what_is_like_training_stays_bit_for_bit(ink: Ink) -> None:
    for image in drawings():
        mended = mend(image, ink, SHAPE)
        assert mended.said == ()
        assert mended.image.tobytes() == image.tobytes()


@pytest.mark.parametrize(
    "image",
    [placed(20, 20, 0, 0), placed(60, 90, 30, 70), placed(200, 200, 20, 90, times=10), placed(64, 64, 3, 3, times=4)],
    ids=["off-centre", "padded", "enlarged", "both"],
)
@pytest.mark.parametrize("turned", [False, True])
def test_place_size_and_polarity_are_mended(image: np.ndarray, turned: bool, ink: Ink) -> None:
    mended = mend(1 - image if turned else image, ink, SHAPE)
    assert mended.image.shape == SHAPE
    assert like_training(mended.image, ink)
    assert any("inverted" in each for each in mended.said) == turned
    assert mended.image.max() == pytest.approx(ink.level, abs=0.01)


def test_grey_paper_under_uneven_light_with_noise_and_a_speck(ink: Ink) -> None:
    rng = np.random.default_rng(1)
    light = 0.5 + 0.4 * np.linspace(0, 1, 160)[:, None] * np.linspace(0.5, 1, 120)[None]
    page = light * (1 - 0.8 * placed(160, 120, 40, 30, times=6)) + rng.normal(0, 0.01, (160, 120))
    page[150:152, 100:102] = 0.1
    mended = mend(np.clip(page, 0, 1).astype(np.float32), ink, SHAPE)
    assert like_training(mended.image, ink)
    said = " ".join(mended.said)
    assert "inverted" in said
    assert "made even" in said
    assert "1 speck left out" in said


def test_thin_strokes_are_thickened(ink: Ink) -> None:
    page = np.zeros((200, 200), np.float32)
    page[20:180, 99:102] = 1
    mended = mend(page, ink, SHAPE)
    assert "thin strokes thickened" in mended.said
    assert mended.image.sum() > 2 * mend(page, ink, SHAPE, fit=False).image.sum()


def test_flags_decide(ink: Ink) -> None:
    dark_on_light = 1 - placed(20, 20, 5, 8)
    left = mend(dark_on_light, ink, SHAPE, invert="no")
    assert left.image.tobytes() == dark_on_light.tobytes()
    assert left.said[0].endswith("left so, as asked")
    turned = mend(dark_on_light, ink, SHAPE, invert="yes")
    assert turned.said == ("inverted, as asked",)
    assert turned.image == pytest.approx(placed(20, 20, 5, 8))
    loose = mend(placed(40, 40, 0, 0), ink, SHAPE, fit=False)
    assert loose.said == ("40 x 40 pixels: resized to 20 x 20",)
    assert loose.image.tobytes() == resize(placed(40, 40, 0, 0), SHAPE).tobytes()


@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_a_blank_page_is_said(level: float, ink: Ink) -> None:
    mended = mend(np.full((50, 30), level, np.float32), ink, SHAPE)
    assert mended.image.shape == SHAPE
    assert mended.said == ("no drawing was found in the picture",)
    turned = mend(np.full((50, 30), level, np.float32), ink, SHAPE, invert="yes")
    assert turned.image == pytest.approx(1 - level)


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (2, 3), (3000, 4)])
def test_odd_sizes_come_out_finite(shape: tuple[int, int], ink: Ink) -> None:
    noise = np.random.default_rng(0).random(shape).astype(np.float32)
    mended = mend(noise, ink, SHAPE)
    assert mended.image.shape == SHAPE
    assert np.isfinite(mended.image).all()


def test_several_in_one_picture_are_said(ink: Ink) -> None:
    page = np.zeros((40, 100), np.float32)
    for left in (10, 30, 50, 70):
        page[10:30, left : left + 8] = 0.9
    assert "several in one picture?" in mend(page, ink, SHAPE).said[-1]

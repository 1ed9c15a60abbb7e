import numpy as np
import pytest

from nnctl.plots import draw_mistakes


@pytest.fixture
def drawn(tmp_path, pixels, texts):
    """A function that draws images and returns the pixels and the texts."""

    def draw(images, captions):
        draw_mistakes(images, captions, tmp_path / "p.png", "A title")
        return pixels(tmp_path / "p.png"), texts

    return draw


def has(picture, colour):
    return (picture[..., :3] == colour).all(axis=-1).sum() > 1000


def captions(n):
    return [f"{i} read as 8, 99 %" for i in range(n)]


@pytest.mark.parametrize(("n", "width"), [(1, 525), (2, 525), (3, 787), (5, 1312), (25, 1312)])
def test_a_caption_under_each_image(n, width, drawn):
    images = np.random.default_rng(0).integers(0, 256, (n, 28, 28), dtype=np.uint8)
    picture, words = drawn(images, captions(n))
    assert {"A title", *captions(n)} <= set(words)
    assert picture.shape[1] == width


def test_at_most_twenty_five(drawn):
    _, words = drawn(np.zeros((40, 8, 8)), captions(40))
    assert captions(40)[24] in words
    assert captions(40)[25] not in words


@pytest.mark.parametrize("channels", [(), (1,), (2,)])
@pytest.mark.parametrize("scale", [1 / 255, 1, 16 / 255], ids=["unit", "bytes", "sixteenths"])
def test_grey_reaches_from_black_to_white(channels, scale, drawn):
    images = np.zeros((1, 8, 8, *channels))
    images[:, :, 4:] = 255 * scale
    picture, _ = drawn(images, ["x"])
    assert has(picture, (0, 0, 0))
    assert has(picture, (255, 255, 255))


def test_colours_are_kept(drawn):
    images = np.zeros((2, 8, 8, 3), np.uint8)
    images[0, ..., 0] = 255
    images[1, ..., 2] = 255
    picture, _ = drawn(images, captions(2))
    assert has(picture, (255, 0, 0))
    assert has(picture, (0, 0, 255))


def test_the_fourth_channel_is_opacity(drawn):
    images = np.full((1, 8, 8, 4), 255, np.uint8)
    images[:, :4, :, 1:3] = 0
    images[:, 4:, :, 3] = 0
    picture, _ = drawn(images, ["x"])
    assert has(picture, (255, 0, 0))


@pytest.mark.parametrize("value", [0.0, -2.5, np.nan, np.inf])
def test_images_of_one_value(value, drawn):
    picture, _ = drawn(np.full((1, 8, 8), value), ["x"])
    assert has(picture, (0, 0, 0))


def test_standardised_images_use_the_whole_range(drawn):
    images = np.full((1, 9, 9), -3.0)
    images[:, 3:6] = 0.0
    images[:, 6:] = 3.0
    picture, _ = drawn(images, ["x"])
    assert has(picture, (0, 0, 0))
    assert has(picture, (128, 128, 128))


def test_all_images_share_one_scale(drawn):
    images = np.full((2, 8, 8), 100, np.uint8)
    images[1, 4:] = 200
    picture, _ = drawn(images, captions(2))
    assert has(picture, (128, 128, 128))
    assert not has(picture, (0, 0, 0))


def test_long_captions_wrap_and_keep_what_was_read(drawn):
    name = "a_class_of_$many$_letters_and_more"
    _, words = drawn(np.zeros((1, 8, 8)), [f"{name} read as another_{name}, 55 %"])
    caption = next(word for word in words if "read as" in word)
    assert caption.count("\n") == 3
    assert caption.endswith("55 %")
    assert max(len(line) for line in caption.split("\n")) <= 21


def test_no_mistakes(drawn):
    assert "none" in drawn(np.zeros((0, 28, 28)), [])[1]


def test_the_same_images_give_the_same_bytes(tmp_path):
    images = np.random.default_rng(0).random((3, 8, 8, 3))
    for name in ("a.png", "b.png"):
        draw_mistakes(images, captions(3), tmp_path / name, "A title")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(("shape", "n"), [((2, 8, 8), 3), ((2, 64), 2)])
def test_what_does_not_belong_together_is_refused(shape, n, tmp_path):
    with pytest.raises(ValueError, match="cannot have"):
        draw_mistakes(np.zeros(shape), captions(n), tmp_path / "p.png", "A title")

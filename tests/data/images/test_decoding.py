import warnings

import numpy as np
import pytest
from PIL import Image

from nnctl.data.images.decoding import Conversion, decode, find_sizes, look

RGB = Conversion(8, 6, 3, resize=False)
GREY = Conversion(8, 6, 1, resize=False)


@pytest.fixture
def colours():
    return np.random.default_rng(0).integers(0, 256, (8, 6, 3), dtype=np.uint8)


@pytest.fixture
def saved(tmp_path):
    """Writes a picture and gives its path."""

    def save(picture, name="picture.png", **how):
        path = tmp_path / name
        (Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture).save(path, **how)
        return str(path)

    return save


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.webp"])
def test_pixels_of_formats_without_loss(saved, colours, name):
    found = decode(saved(colours, name, lossless=True), RGB, None)
    assert found.dtype == np.uint8
    assert np.array_equal(found, colours)


def test_the_name_does_not_say_what_a_file_is(saved, colours):
    assert np.array_equal(decode(saved(colours, "a.jpg", format="PNG"), RGB, None), colours)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_mode_becomes_rgb_and_grey(saved, colours, mode):
    picture = Image.fromarray(colours).convert(mode)
    path = saved(picture, "a.jpg" if mode == "CMYK" else "a.png")
    with Image.open(path) as opened:
        expected = np.asarray(opened.convert("RGB"))
        luma = np.asarray(opened.convert("RGB").convert("L"))
    assert np.array_equal(decode(path, RGB, None), expected)
    assert np.abs(decode(path, GREY, None)[..., 0].astype(int) - luma).max() <= 1
    assert look(path, None).grey == (mode in ("1", "L", "LA"))


def test_a_palette_with_alpha_loses_the_alpha_only(saved, colours):
    picture = Image.fromarray(colours).quantize(16)
    expected = np.asarray(picture.convert("RGB"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = decode(saved(picture, transparency=bytes(range(16))), RGB, None)
    assert np.array_equal(found, expected)


def test_sixteen_bits_become_eight(saved):
    wide = np.array([[0, 128, 129, 385, 65406, 65407], *[[65535] * 6] * 7], np.uint16)
    found = decode(saved(Image.fromarray(wide)), GREY, None)
    assert found[0, :, 0].tolist() == [0, 0, 1, 1, 254, 255]
    assert (found[1:] == 255).all()


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_picture_is_turned_as_exif_says(saved, colours, name):
    exif = Image.Exif()
    exif[0x0112] = 6  # the top row is the picture's right side
    path = saved(Image.fromarray(colours[:, :, 0]), name, exif=exif)
    with Image.open(path) as lying:
        expected = np.rot90(np.asarray(lying), -1)
    found = look(path, None)
    assert (found.height, found.width) == (6, 8)
    assert np.array_equal(decode(path, Conversion(6, 8, 1, resize=False), None)[..., 0], expected)


def test_resizing_averages_over_what_a_pixel_covers(saved):
    stripes = np.tile(np.array([0, 200], np.uint8), (64, 32))
    found = decode(saved(stripes), Conversion(8, 8, 1, resize=True), None)
    assert np.abs(found.astype(int) - 100).max() < 15


@pytest.mark.parametrize("how", [{"format": "GIF"}, {"format": "PNG"}, {"format": "WEBP"}])
def test_an_animation_is_refused(saved, refused, colours, how):
    frames = [Image.fromarray(np.roll(colours, step, 0)) for step in range(3)]
    path = saved(frames[0], "a.bin", save_all=True, append_images=frames[1:], **how)
    assert "3 frames" in refused("animated-image", look, path, None).message


def test_a_gif_of_one_frame_is_a_picture(saved, colours):
    path = saved(Image.fromarray(colours).quantize(256), "a.gif")
    assert np.array_equal(decode(path, RGB, None), colours)


def test_what_is_no_image(tmp_path, refused):
    path = tmp_path / "notes.png"
    path.write_text("a picture of a cat")
    assert refused("not-an-image", look, str(path), None).message.startswith(f"{path} is no image, expected a PNG")
    path.write_bytes(b"")
    assert "is empty" in refused("not-an-image", look, str(path), None).message


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.webp"])
def test_half_a_file(saved, refused, tmp_path, name):
    big = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = saved(big, name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    assert path in refused("damaged-image", decode, path, Conversion(64, 64, 3, resize=False), None).message


@pytest.mark.parametrize("limit", [40, 20])
def test_a_bomb_is_refused_where_pillow_only_warns(saved, refused, colours, monkeypatch, limit):
    path = saved(colours)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        assert f"more than {limit} pixels" in refused("image-too-large", look, path, None).message


def test_another_size_than_the_others(saved, refused, colours):
    problem = refused("sizes-differ", decode, saved(colours[:4]), RGB, None)
    assert "4 x 6 pixels, the others are 8 x 6" in problem.message
    assert "size: [8, 6]" in problem.hint


def test_what_headers_say_of_many(saved, colours, tmp_path, refused):
    files = [saved(colours, "a.png"), saved(colours, "b.png"), saved(Image.new("L", (7, 9)), "grey.png")]
    assert find_sizes(files, None) == {(8, 6, False), (9, 7, True)}
    (tmp_path / "notes.txt").write_text("no image")
    assert "notes.txt" in refused("not-an-image", find_sizes, [*files, str(tmp_path / "notes.txt")], None).message

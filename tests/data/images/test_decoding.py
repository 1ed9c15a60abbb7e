import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps, PngImagePlugin

from nnctl.data.images.decoding import Conversion, decode
from nnctl.data.images.headers import look

RGB = Conversion(8, 6, 3, resize=False)
GREY = Conversion(8, 6, 1, resize=False)


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


def on_white(path):
    """What a page of white shows: each value moves to 255 as its alpha says (W3C Compositing, 5.1, simple alpha)."""
    with Image.open(path) as opened:
        rgba = np.asarray(opened.convert("RGBA")).astype(np.float64)
    alpha = rgba[..., 3:] / 255
    return rgba[..., :3] * alpha + 255 * (1 - alpha)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB", "L"])
def test_what_is_clear_is_white(saved, colours, mode):
    alpha = np.random.default_rng(1).integers(0, 256, (8, 6), dtype=np.uint8)
    if mode in ("RGBA", "LA"):
        picture = Image.fromarray(np.dstack([colours, alpha])).convert(mode)
        path = saved(picture)
    elif mode == "P":
        path = saved(Image.fromarray(colours).quantize(16), transparency=bytes(range(0, 256, 16)))
    else:
        colours[2:4] = 7
        path = saved(Image.fromarray(colours).convert(mode), transparency=(7, 7, 7) if mode == "RGB" else 7)
    expected = on_white(path)
    assert expected.max() > 200
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = decode(path, RGB, None)
    assert np.abs(found - expected).max() <= 1
    assert np.abs(decode(path, GREY, None)[..., 0] - expected @ (0.299, 0.587, 0.114)).max() <= 2
    assert look(path, None).clear


def test_a_run_of_before_sees_what_lies_beneath(saved, colours):
    picture = Image.fromarray(colours).quantize(16)
    expected = np.asarray(picture.convert("RGB"))
    path = saved(picture, transparency=bytes(range(16)))
    assert np.array_equal(decode(path, Conversion(8, 6, 3, resize=False, white=False), None), expected)
    drawn = np.dstack([np.zeros((8, 6, 3), np.uint8), colours[..., 0]])
    assert not decode(saved(drawn), Conversion(8, 6, 3, resize=False, white=False), None).any()


def test_a_picture_that_is_nowhere_clear_keeps_every_value(saved):
    values = np.arange(256, dtype=np.uint8).reshape(8, 32)
    opaque = np.dstack([values, values[::-1], values.T.reshape(8, 32), np.full_like(values, 255)])
    assert np.array_equal(decode(saved(opaque), Conversion(8, 32, 3, resize=False), None), opaque[..., :3])


def test_sixteen_bits_become_eight(saved):
    wide = np.array([[0, 128, 129, 385, 65406, 65407], *[[65535] * 6] * 7], np.uint16)
    found = decode(saved(Image.fromarray(wide)), GREY, None)
    assert found[0, :, 0].tolist() == [0, 0, 1, 1, 254, 255]
    assert (found[1:] == 255).all()


DEEP = Conversion(8, 6, 1, resize=False, deep=True)


def test_sixteen_bits_reach_the_network_as_they_are(saved):
    wide = np.random.default_rng(0).integers(0, 4096, (8, 6), dtype=np.uint16)
    path = saved(Image.fromarray(wide))
    found = decode(path, DEEP, None)
    assert found.dtype == np.uint16
    assert np.array_equal(found[..., 0], wide)
    coloured = decode(path, Conversion(8, 6, 3, resize=False, deep=True), None)
    assert np.array_equal(coloured, np.stack([wide] * 3, axis=-1))
    assert look(path, None).deep


def test_eight_bits_among_sixteen_are_widened(saved, colours):
    found = decode(saved(colours), Conversion(8, 6, 3, resize=False, deep=True), None)
    assert np.array_equal(found, colours.astype(np.uint16) * 257)
    grey = decode(saved(colours[..., 0]), DEEP, None)
    assert np.array_equal(grey[..., 0], colours[..., 0].astype(np.uint16) * 257)


def test_sixteen_bits_are_resized_and_what_is_clear_is_white(saved):
    wide = np.full((64, 64), 1000, np.uint16)
    wide[:, 1::2] = 3000
    found = decode(saved(Image.fromarray(wide)), Conversion(8, 8, 1, resize=True, deep=True), None)
    assert np.abs(found.astype(int) - 2000).max() < 150
    path = saved(Image.fromarray(wide), transparency=1000)
    assert set(np.unique(decode(path, Conversion(64, 64, 1, resize=False, deep=True), None))) == {3000, 65535}
    assert set(np.unique(decode(path, Conversion(64, 64, 1, resize=False), None))) == {3000 * 255 // 65535 + 1, 255}
    beneath = Conversion(64, 64, 1, resize=False, white=False, deep=True)
    assert set(np.unique(decode(path, beneath, None))) == {1000, 3000}


def make_exif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def write_profile(orientation):
    """Exif data as ImageMagick keeps them in a PNG: a text of hexadecimal digits."""
    content = make_exif(orientation).tobytes()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Raw profile type exif", f"\nexif\n{len(content):8}\n{content.hex()}\n", zip=True)
    return texts


def write_xmp(orientation):
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", f'<x:xmpmeta><rdf:Description tiff:Orientation="{orientation}"/></x:xmpmeta>')
    return texts


def move_behind(path):
    """Puts the texts and EXIF data of a PNG behind its pixels, where the format allows them, too."""
    content, begin, chunks = Path(path).read_bytes(), 8, []
    while begin < len(content):
        length = int.from_bytes(content[begin : begin + 4], "big")
        chunks.append(content[begin : begin + 12 + length])
        begin += 12 + length
    late = [chunk for chunk in chunks if chunk[4:8] in (b"eXIf", b"iTXt", b"zTXt", b"tEXt")]
    assert late
    rest = [chunk for chunk in chunks if chunk not in late]
    Path(path).write_bytes(b"".join([content[:8], *rest[:-1], *late, rest[-1]]))


KEPT = {
    "a.jpg": lambda value: {"exif": make_exif(value)},
    "a.webp": lambda value: {"exif": make_exif(value), "lossless": True},
    "chunk.png": lambda value: {"exif": make_exif(value)},
    "profile.png": lambda value: {"pnginfo": write_profile(value)},
    "xmp.png": lambda value: {"pnginfo": write_xmp(value)},
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("name", KEPT)
def test_a_picture_is_turned_as_pillow_turns_it(saved, colours, name, late, orientation):
    path = saved(Image.fromarray(colours), name, **KEPT[name](orientation))
    if late and name.endswith(".png"):
        move_behind(path)
    with Image.open(path) as lying:
        expected = np.asarray(ImageOps.exif_transpose(lying).convert("RGB"))
    seen = look(path, None)
    assert (seen.height, seen.width) == expected.shape[:2] == ((8, 6) if orientation < 5 else (6, 8))
    assert np.array_equal(decode(path, Conversion(seen.height, seen.width, 3, resize=False), None), expected)


def test_exif_data_that_are_broken_turn_nothing(saved, colours):
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Raw profile type exif", "\nexif\n 3\nno digits\n")
    path = saved(colours, pnginfo=texts)
    assert (look(path, None).height, look(path, None).width) == (8, 6)
    assert np.array_equal(decode(path, RGB, None), colours)


def test_resizing_averages_over_what_a_pixel_covers(saved):
    stripes = np.tile(np.array([0, 200], np.uint8), (64, 32))
    found = decode(saved(stripes), Conversion(8, 8, 1, resize=True), None)
    assert np.abs(found.astype(int) - 100).max() < 15


def test_a_gif_of_one_frame_is_a_picture(saved, colours):
    path = saved(Image.fromarray(colours).quantize(256), "a.gif")
    assert np.array_equal(decode(path, RGB, None), colours)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.bmp", "a.webp"])
def test_half_a_file(saved, refused, tmp_path, name):
    big = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    path = saved(big, name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    assert path in refused("damaged-image", decode, path, Conversion(64, 64, 3, resize=False), None).message


def test_another_size_than_the_others(saved, refused, colours):
    problem = refused("sizes-differ", decode, saved(colours[:4]), RGB, None)
    assert "4 x 6 pixels, the others are 8 x 6" in problem.message
    assert "size: [8, 6]" in problem.hint

import warnings

import numpy as np
import pytest
from PIL import Image

from nnctl.data.images.headers import look
from nnctl.data.images.opening import find_orientation, has_alpha, open_image


@pytest.mark.parametrize("how", [{"format": "GIF"}, {"format": "PNG"}, {"format": "WEBP"}])
def test_an_animation_is_refused(saved, refused, colours, how):
    frames = [Image.fromarray(np.roll(colours, step, 0)) for step in range(3)]
    path = saved(frames[0], "a.bin", save_all=True, append_images=frames[1:], **how)
    assert "3 frames" in refused("animated-image", look, path, None).message


def test_what_is_no_image(tmp_path, refused):
    path = tmp_path / "notes.png"
    path.write_text("a picture of a cat")
    assert refused("not-an-image", look, str(path), None).message.startswith(f"{path} is no image, expected a PNG")
    path.write_bytes(b"")
    assert "is empty" in refused("not-an-image", look, str(path), None).message


@pytest.mark.parametrize("limit", [40, 20])
def test_a_bomb_is_refused_where_pillow_only_warns(saved, refused, colours, monkeypatch, limit):
    path = saved(colours)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        assert f"more than {limit} pixels" in refused("image-too-large", look, path, None).message


def test_what_goes_wrong_within_is_told_of_the_file(saved, refused, colours):
    path = saved(colours)

    def fail():
        with open_image(path, None):
            raise ValueError("no such colour")

    assert refused("damaged-image", fail).message == f"{path} cannot be decoded: no such colour"


def test_how_an_open_picture_lies_and_whether_it_is_clear(saved, colours):
    exif = Image.Exif()
    exif[0x0112] = 6
    clear = np.dstack([colours, colours[..., :1]])
    with open_image(saved(clear, exif=exif), None) as image:
        assert (find_orientation(image), has_alpha(image)) == (6, True)
    with open_image(saved(colours), None) as image:
        assert (find_orientation(image), has_alpha(image)) == (1, False)

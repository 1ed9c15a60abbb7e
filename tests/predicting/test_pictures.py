from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnctl.data.inputs import Inputs
from nnctl.errors import DataError
from nnctl.predicting.pictures import read_picture

GREY = Inputs((4, 6), "uint8", "multiclass", ("a", "b"), 0, 255, 120, 50)
COLOUR = Inputs((4, 6, 3), "uint8", "multiclass", ("a", "b"), 0, 255, 120, 50)
PIXELS = np.random.default_rng(0).integers(0, 256, (4, 6, 3), np.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Image.fromarray(PIXELS).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def test_what_is_like_training_comes_through_bit_for_bit_and_inverted_if_asked(path: Path) -> None:
    x, said = read_picture(path, COLOUR, "auto", True, False)
    assert (x.dtype, x.tobytes(), said) == (np.uint8, PIXELS.tobytes(), ())
    x, said = read_picture(path, COLOUR, "yes", True, False)
    assert (x.tobytes(), said) == ((255 - PIXELS).tobytes(), ("inverted, as asked",))


def test_what_is_done_is_said(path: Path) -> None:
    x, said = read_picture(path, GREY, "no", True, False)
    # ITU-R 601-2, as Pillow has it: L = R * 299/1000 + G * 587/1000 + B * 114/1000
    assert np.abs(x - PIXELS @ np.array([0.299, 0.587, 0.114])).max() <= 1
    assert said == ("it is in colour: made grey",)
    Image.fromarray(PIXELS).resize((9, 8)).save(path)
    assert read_picture(path, COLOUR, "no", True, False)[1] == ("8 x 9 pixels: resized to 4 x 6",)


def test_what_is_cut_off_is_refused_by_name(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataError, match=r"a\.png cannot be decoded"):
        read_picture(path, COLOUR, "no", True, False)

import numpy as np
import pytest
from PIL import Image


@pytest.fixture
def tree(tmp_path):
    """Makes empty files below a folder."""

    def make(*paths):
        for path in paths:
            (tmp_path / "set" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "set" / path).touch()
        return tmp_path / "set"

    return make


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

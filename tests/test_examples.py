"""The small files beside the examples are what `python -m tests.examples` writes."""

import numpy as np
from PIL import Image

from .examples import FOLDER, cars, digits


def test_the_table_is_auto_mpg() -> None:
    assert (FOLDER / "auto_mpg.csv").read_text() == cars()


def test_the_images_are_scikit_learns_digits() -> None:
    written = dict(digits())
    assert {path.relative_to(FOLDER / "digits") for path in FOLDER.rglob("*.png")} == set(written)
    for path, pixels in written.items():
        with Image.open(FOLDER / "digits" / path) as image:
            np.testing.assert_array_equal(np.asarray(image), pixels)


def test_they_are_few_bytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 300_000

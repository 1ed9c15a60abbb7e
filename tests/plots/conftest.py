"""What a written picture is looked at with."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

Pixels = np.ndarray


@pytest.fixture
def pixels() -> Callable[[Path], Pixels]:
    """A function from a PNG to its pixels, uint8 of shape (height, width, 4)."""
    from PIL import Image

    def read(path: Path) -> Pixels:
        with Image.open(path) as image:
            assert image.format == "PNG"
            return np.asarray(image.convert("RGBA"))

    return read


@pytest.fixture
def texts(monkeypatch) -> list[str]:
    """The texts of each figure that is saved during the test, as they were drawn."""
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    found: list[str] = []
    save = Figure.savefig

    def spy(figure, *arguments, **options):
        save(figure, *arguments, **options)
        found.extend(text.get_text() for text in figure.findobj(Text) if text.get_visible())

    monkeypatch.setattr(Figure, "savefig", spy)
    return found

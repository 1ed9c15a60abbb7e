"""Some examples of each class, so that a look tells whether images and labels belong together."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style
from nnctl.plots.mistakes import visible

MOST_CLASSES = 20  # rows of the sheet
A_CLASS = 10  # images in a row
_CELL = 0.75  # inches
_LETTERS = 18  # of a class's name
_GAP = 0.06  # of an image's width, between two


def samples(images: NDArray[Any], labels: NDArray[Any], names: Sequence[str], path: Path, title: str) -> None:
    """Draws a sheet: a row a class, the first ten images of each side by side; the first twenty classes.

    Args:
        images: numbers of shape (n, h, w) or (n, h, w, c), as `mistakes` takes them.
        labels: int of shape (n,), the class of each image.
        names: the names of the classes by index.
        path: the PNG to write, atomically.
        title: the heading.

    Raises:
        ValueError: images and labels do not belong together.
        OSError: the folder cannot be written to, or the disk is full.
    """
    if images.ndim not in (3, 4) or labels.shape != images.shape[:1]:
        raise ValueError(f"images of shape {images.shape} cannot have labels of shape {labels.shape}")
    rows = [np.flatnonzero(labels == index)[:A_CLASS] for index in range(min(len(names), MOST_CLASSES))]
    shown = visible(images[np.concatenate(rows)])
    strips = np.split(shown, np.cumsum([len(row) for row in rows])[:-1])
    columns = max(len(row) for row in rows)
    tall = min(2.0, max(0.5, images.shape[1] / images.shape[2]))
    letters = max(min(len(name), _LETTERS) for name in names)
    width = _CELL * columns + 0.08 * letters + 0.25
    with style.picture(path, width, (_CELL * tall + 0.03) * len(rows) + 0.45, title) as figure:
        panels = figure.subplots(len(rows), 1, squeeze=False).ravel()
        for panel, strip, name in zip(panels, strips, names, strict=False):
            panel.set(xticks=[], yticks=[])
            panel.spines[:].set_visible(False)
            panel.set_anchor("W")
            panel.set_ylabel(style.shortened(name, _LETTERS), rotation=0, ha="right", va="center")
            panel.imshow(_strip(strip, columns), cmap="gray", vmin=0, vmax=1, interpolation="nearest")


def _strip(images: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """The images side by side on white, as wide as `columns` of them: of shape (h, width) or (h, width, c)."""
    _, height, width, *channels = images.shape
    gap = max(1, round(width * _GAP))
    strip = np.ones((height, columns * (width + gap) - gap, *channels))
    for index, image in enumerate(images):
        start = index * (width + gap)
        strip[:, start : start + width] = image
    return strip

"""Some examples of each class, so that a look tells whether images and labels belong together."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style
from nnctl.plots.mistakes import make_visible

MOST_ROWS = 20
A_CLASS = 10  # images in a row
_CELL = 0.75  # inches
_LETTERS = 18  # of a class's name
_GAP = 0.06  # of an image's width, between two


Change = Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]


def draw_samples(
    images: NDArray[Any],
    labels: NDArray[Any],
    names: Sequence[str],
    path: Path,
    title: str,
    change: Change | None = None,
) -> None:
    """Draws a sheet: a row a class, the first ten images of each side by side; the first twenty classes.

    Where images are changed on their way into the network, a second row of each class shows the same ones changed; there is
    room for ten classes then.

    Args:
        images: numbers of shape (n, h, w) or (n, h, w, c), as `draw_mistakes` takes them.
        labels: int of shape (n,), the class of each image.
        names: the names of the classes by index.
        path: the PNG to write, atomically.
        title: the heading.
        change: from images and their labels to the images as the network gets them, of the same shape and type; or None.

    Raises:
        ValueError: images and labels do not belong together.
        OSError: the folder cannot be written to, or the disk is full.
    """
    if images.ndim not in (3, 4) or labels.shape != images.shape[:1]:
        raise ValueError(f"images of shape {images.shape} cannot have labels of shape {labels.shape}")
    names = names[: MOST_ROWS if change is None else MOST_ROWS // 2]
    rows = [np.flatnonzero(labels == index)[:A_CLASS] for index in range(len(names))]
    strips = _make_strips(images, labels, rows, change)
    names = style.shorten_apart(names, _LETTERS)
    names = [text for name in names for text in ((name,) if change is None else (name, "augmented"))]
    columns = max(len(row) for row in rows)
    tall = min(2.0, max(0.5, images.shape[1] / images.shape[2]))
    letters = max(map(style.measure, names))
    width = _CELL * columns + 0.08 * letters + 0.25
    with style.open_figure(path, width, (_CELL * tall + 0.03) * len(strips) + 0.45, title) as figure:
        panels = figure.subplots(len(strips), 1, squeeze=False).ravel()
        for panel, strip, name in zip(panels, strips, names, strict=True):
            panel.set(xticks=[], yticks=[])
            panel.spines[:].set_visible(False)
            panel.set_anchor("W")
            panel.set_ylabel(name, rotation=0, ha="right", va="center")
            panel.imshow(_make_strip(strip, columns), cmap="gray", vmin=0, vmax=1, interpolation="nearest")


def _make_strips(
    images: NDArray[Any], labels: NDArray[Any], rows: Sequence[NDArray[Any]], change: Change | None
) -> list[NDArray[np.float64]]:
    """The images of each row of the sheet, as `make_visible` makes them; each row's changed ones behind it."""
    chosen, ends = np.concatenate(rows), np.cumsum([len(row) for row in rows])[:-1]
    found = images[chosen]
    if change is None:
        return np.split(make_visible(found), ends)
    both = make_visible(np.concatenate([found, change(found, labels[chosen])]))  # by one range, so that they compare
    halves = (np.split(half, ends) for half in np.split(both, 2))
    return [strip for pair in zip(*halves, strict=True) for strip in pair]


def _make_strip(images: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """The images side by side on white, as wide as `columns` of them: of shape (h, width) or (h, width, c)."""
    _, height, width, *channels = images.shape
    gap = max(1, round(width * _GAP))
    strip = np.ones((height, columns * (width + gap) - gap, *channels))
    for index, image in enumerate(images):
        start = index * (width + gap)
        strip[:, start : start + width] = image
    return strip

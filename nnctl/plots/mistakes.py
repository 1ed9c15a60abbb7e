"""The pictures that the network got wrong."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 25
_COLUMNS = 5
# Inches.
_CELL = 1.75  # from image to image
_GAP = 0.1
_LINE = 0.16  # of a caption
_HEAD = 0.45
_LETTERS = 21  # characters in a line of a caption


def draw_mistakes(images: NDArray[Any], captions: Sequence[str], path: Path, title: str) -> None:
    """Draws a grid of images, each above its caption: the first 25 at most.

    Args:
        images: numbers of shape (n, h, w) or (n, h, w, c): of one channel grey, of three RGB, of four RGBA, of any
            other count the mean of the channels. Black is the smallest value of all (0 at most), white the largest.
        captions: n texts, such as `3 read as 8, 0.99`, wrapped to four lines at most.
        path: the PNG to write, atomically.
        title: the heading.

    Raises:
        ValueError: images and captions do not belong together.
        OSError: the folder cannot be written to, or the disk is full.
    """
    if images.ndim not in (3, 4) or len(images) != len(captions):
        raise ValueError(f"images of shape {images.shape} cannot have {len(captions)} captions")
    shown = make_visible(images[:MOST])
    texts = [_wrap_caption(caption) for caption in captions[:MOST]]
    columns = max(1, min(_COLUMNS, len(shown)))
    rows = max(1, math.ceil(len(shown) / columns))
    tall = (_CELL - _GAP) * min(1.0, _compute_aspect(shown))
    cell = tall + _GAP + _LINE * (1 + max((text.count("\n") for text in texts), default=0))
    width = max(_CELL * columns, 3.5)
    head = _HEAD + _LINE * style.wrap(title, int(width * 10)).count("\n")
    height = rows * cell + head
    with style.open_figure(path, width, height, title) as figure:
        # One panel in inches: to find places for 25, all of which are known, takes longer than to draw them.
        figure.set_layout_engine("none")
        panel = figure.add_axes((0, 0, 1, 1))
        panel.axis("off")
        for index, (image, text) in enumerate(zip(shown, texts, strict=True)):
            centre = (width - _CELL * columns) / 2 + (index % columns + 0.5) * _CELL
            _draw_image(panel, image, text, (centre, head + index // columns * cell), tall)
        if not len(shown):
            panel.text(width / 2, (height + head) / 2, "none", ha="center", va="center", color=style.NEUTRAL)
        panel.set(xlim=(0, width), ylim=(height, 0))


def _draw_image(panel: "Axes", image: NDArray[np.float64], text: str, place: tuple[float, float], tall: float) -> None:
    """Draws an image above its caption; its place is the middle of its upper edge."""
    (centre, top), half = place, tall / _compute_aspect(image[None]) / 2
    extent = (centre - half, centre + half, top + tall, top)
    panel.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest", extent=extent, aspect="auto")
    panel.text(centre, top + tall + _GAP / 2, text, ha="center", va="top", fontsize=8.5)


def _wrap_caption(text: str) -> str:
    """Four lines at most; a long word, which is a class's name, is cut, so that the words after it are still seen."""
    return style.wrap(" ".join(style.shorten(word, _LETTERS) for word in text.split()), _LETTERS, lines=4)


def make_visible(images: NDArray[Any]) -> NDArray[np.float64]:
    """The images as float64 from 0 to 1, shape (n, h, w), or (n, h, w, c) with three or four channels."""
    values = np.nan_to_num(images.astype(np.float64), posinf=0, neginf=0)
    if values.ndim == 4 and values.shape[-1] not in (3, 4):
        values = values.mean(axis=-1)
    low, high = min(0.0, values.min(initial=0)), values.max(initial=0)
    scaled: NDArray[np.float64] = (values - low) / (high - low if high > low else 1)
    return scaled


def _compute_aspect(images: NDArray[np.float64]) -> float:
    """Height over width."""
    _, height, width, *_ = images.shape
    return float(height / width)

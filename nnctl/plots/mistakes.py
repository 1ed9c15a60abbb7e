"""The pictures that the network got wrong."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style

MOST = 25
_COLUMNS = 5
_CELL = 1.75  # inches
_LETTERS = 21  # characters in a line of a caption


def mistakes(images: NDArray[Any], captions: Sequence[str], path: Path, title: str) -> None:
    """Draws a grid of images, each above its caption: the first 25 at most.

    Args:
        images: numbers of shape (n, h, w) or (n, h, w, c): of one channel grey, of three RGB, of four RGBA, of any
            other count the mean of the channels. Black is the smallest value of all (0 at most), white the largest.
        captions: n texts, such as `3 read as 8, 99 %`, wrapped to four lines at most.
        path: the PNG to write, atomically.
        title: the heading.

    Raises:
        ValueError: images and captions do not belong together.
        OSError: the folder cannot be written to, or the disk is full.
    """
    if images.ndim not in (3, 4) or len(images) != len(captions):
        raise ValueError(f"images of shape {images.shape} cannot have {len(captions)} captions")
    shown = visible(images[:MOST])
    texts = [_caption(caption) for caption in captions[:MOST]]
    columns = max(1, min(_COLUMNS, len(shown)))
    rows = max(1, math.ceil(len(shown) / columns))
    lines = 1 + max((text.count("\n") for text in texts), default=0)
    height = rows * (_CELL * min(1.0, _aspect(shown)) + 0.14 * lines + 0.05) + 0.5
    with style.picture(path, max(_CELL * columns, 3.5), height, title) as figure:
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for panel in panels:
            panel.set(xticks=[], yticks=[])
            panel.spines[:].set_visible(False)
        for panel, image, text in zip(panels, shown, texts, strict=False):
            panel.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            panel.set_xlabel(text, fontsize=8.5)
        if not len(shown):
            panels[0].text(0.5, 0.5, "none", ha="center", va="center", color=style.NEUTRAL)


def _caption(text: str) -> str:
    """Four lines at most; a long word, which is a class's name, is cut, so that the words after it are still seen."""
    return style.wrapped(" ".join(style.shortened(word, _LETTERS) for word in text.split()), _LETTERS, lines=4)


def visible(images: NDArray[Any]) -> NDArray[np.float64]:
    """The images as float64 from 0 to 1, shape (n, h, w), or (n, h, w, c) with three or four channels."""
    values = np.nan_to_num(images.astype(np.float64), posinf=0, neginf=0)
    if values.ndim == 4 and values.shape[-1] not in (3, 4):
        values = values.mean(axis=-1)
    low, high = min(0.0, values.min(initial=0)), values.max(initial=0)
    scaled: NDArray[np.float64] = (values - low) / (high - low if high > low else 1)
    return scaled


def _aspect(images: NDArray[np.float64]) -> float:
    """Height over width."""
    _, height, width, *_ = images.shape
    return float(height / width)

"""Which class was taken for which."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style
from nnctl.plots.library import load_matplotlib

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_COUNTED = 20  # classes up to which the cells hold their counts
_MOST_NAMED = 100  # classes up to which every one is named
_LONGEST = 24  # characters of a name
_TICKS = 0, 0.01, 0.05, 0.2, 0.5, 1


def draw_confusion(matrix: NDArray[np.int64], class_names: Sequence[str], path: Path, title: str) -> None:
    """Draws a confusion matrix, coloured by the share of the true class; up to 20 classes with the counts.

    The colours follow the square root of the share: a hundredth is a tenth of the way, and can be seen.

    Args:
        matrix: counts of shape (k, k), rows true and columns predicted.
        class_names: k names.
        path: the PNG to write, atomically.
        title: the heading.

    Raises:
        ValueError: the matrix and the names do not belong together.
        OSError: the folder cannot be written to, or the disk is full.
    """
    k = len(class_names)
    if not k or matrix.shape != (k, k):
        raise ValueError(f"a matrix of shape {matrix.shape} is not one of {k} classes")
    totals = matrix.sum(axis=1, keepdims=True)
    shares = np.divide(matrix, totals, out=np.zeros(matrix.shape), where=totals > 0)
    labels = _Labels(style.shorten_apart(class_names, _LONGEST))
    width, height = labels.side + labels.length + 1.6, labels.side + (labels.length if labels.turned else 0.2) + 0.9
    with style.open_figure(path, width, height, title) as figure:
        axes = figure.subplots()
        _draw_cells(axes, shares)
        labels.name_axes(axes)
        if k <= MOST_COUNTED:
            _draw_counts(axes, matrix, shares, labels.room)


class _Labels:
    """How large the matrix is drawn, and how its classes are named; lengths in inches.

    Attributes:
        side: of the whole matrix.
        room: the height of a cell, in points (72 an inch).
        size: of the letters, in points.
        length: of the longest name.
        turned: whether the names below would touch and stand upright.
    """

    def __init__(self, names: Sequence[str]) -> None:
        k = len(names)
        self.side = min(max(0.52 * k, 2.6), 10.4)
        self.room = 72 * self.side / k
        self.places = range(0, k, math.ceil(k / _MOST_NAMED))
        self.names = [names[place] for place in self.places]
        self.size = min(9.0, max(5.0, 0.8 * self.room))
        self.length = 0.55 * self.size / 72 * max(style.measure(name) for name in self.names)
        self.turned = 72 * self.length + 5 > self.room * self.places.step

    def name_axes(self, axes: "Axes") -> None:
        """Names the axes and their classes."""
        axes.set_xticks(self.places, self.names, fontsize=self.size, rotation=90 if self.turned else 0)
        axes.set_yticks(self.places, self.names, fontsize=self.size)
        axes.set_xlabel("Predicted class")
        axes.set_ylabel("True class")


def _draw_cells(axes: "Axes", shares: NDArray[np.float64]) -> None:
    norm = load_matplotlib().colors.PowerNorm(0.5, 0, 1)
    image = axes.imshow(shares, cmap="Blues", norm=norm, interpolation="nearest")
    axes.grid(visible=False)
    bar = axes.figure.colorbar(image, ax=axes, shrink=0.8, ticks=_TICKS, format="%g")
    bar.set_label("Share of the true class")


def _draw_counts(axes: "Axes", matrix: NDArray[np.int64], shares: NDArray[np.float64], room: float) -> None:
    """The count in each cell, light on dark, as large as the longest allows; zeros step back."""
    size = min(9.0, 0.9 * room / (0.64 * len(str(matrix.max()))))
    for (row, column), count in np.ndenumerate(matrix):
        colour = "white" if shares[row, column] > 0.4 else style.INK if count else style.FAINT
        # They lie within the matrix: to make room for them would take as long as to draw them.
        axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=size, in_layout=False)

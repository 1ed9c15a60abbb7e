"""Where a network changes its answer, over two features."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Ends = tuple[float, float, float, float]

MOST_PANELS = 6
_MOST_POINTS = 2_000
_MOST_NAMED = 20  # classes that a legend names
_LETTERS = 24  # of a name
_PALE, _DEEP = 0.12, 0.45  # how much of its colour a region has where the network is least and most sure


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """What is answered over two features, and what is true at some points.

    Attributes:
        name: what the answers are about, above its panel; empty where there is one panel.
        classes: the names of the answers.
        grid: the answers, int of shape (m, m), by the second feature upwards and the first one to the right; -1 for none.
        confidence: the probability of each, of shape (m, m); None where there are no probabilities.
        target: the truth at the points, int of shape (n,).
    """

    name: str
    classes: Sequence[str]
    grid: NDArray[np.int32]
    confidence: NDArray[np.float32] | None
    target: NDArray[Any]


def draw_boundary(
    panels: Sequence[Regions],
    points: NDArray[Any],
    ends: Ends,
    features: tuple[str, str],
    path: Path,
    title: str,
) -> None:
    """Draws regions of one answer, paler where the network is less sure, and examples in the colours of the truth.

    Args:
        panels: what is drawn side by side: one of classes, one for each of several labels, of which the first six are drawn.
        points: the two features of the examples, of shape (n, 2); at most 2,000, evenly chosen, are drawn.
        ends: the least and the greatest of the first feature, then of the second, that the grids reach from and to.
        features: their names.
        path: the PNG to write, atomically; a panel is 4.8 by 4.8 inches, and there are at most three in a row.
        title: the heading.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    panels = panels[:MOST_PANELS]
    rows = math.ceil(len(panels) / 3)
    columns = math.ceil(len(panels) / rows)
    named = len(panels[0].classes) <= _MOST_NAMED
    height = 4.8 * rows + 0.5 + (0.2 * (len(panels[0].classes) // 4) if named else 0)
    chosen = np.linspace(0, len(points) - 1, min(len(points), _MOST_POINTS)).astype(np.int64)
    with style.open_figure(path, max(5.2, 4.8 * columns), height, title) as figure:
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for panel, answers in zip(axes, panels, strict=False):
            _draw_panel(panel, answers, ends)
            colours = _take_colours(len(answers.classes))
            panel.scatter(
                *points[chosen].T, s=14, c=colours[answers.target[chosen]], edgecolors="white", linewidths=0.4, zorder=3
            )
            labels = style.shorten_apart([*features, answers.name], 40)
            panel.set(xlim=ends[:2], ylim=ends[2:], xlabel=labels[0], ylabel=labels[1], title=labels[2], box_aspect=1)
            for name, colour in zip(style.shorten_apart(answers.classes, _LETTERS), colours, strict=True):
                panel.plot([], [], color=tuple(colour), marker="o", linestyle="", label=name if named else f"_{name}")
        for panel in axes[len(panels) :]:
            panel.remove()
        style.add_legend(figure)


def _draw_panel(panel: "Axes", answers: Regions, ends: Ends) -> None:
    """Colours the regions, white where there is no answer."""
    k = len(answers.classes)
    share = np.full(answers.grid.shape, 0.5)
    if answers.confidence is not None:  # at least one in k
        share = np.clip((answers.confidence.astype(np.float64) - 1 / k) / max(1 - 1 / k, 1e-9), 0, 1)
    weight = (_PALE + (_DEEP - _PALE) * share)[..., np.newaxis]
    colours = _take_colours(k)[np.maximum(answers.grid, 0)]
    image: NDArray[np.float64] = np.where(answers.grid[..., np.newaxis] < 0, 1.0, 1 - weight * (1 - colours))
    panel.imshow(image, origin="lower", extent=ends, aspect="auto", interpolation="nearest")
    panel.grid(visible=False)


def _take_colours(count: int) -> NDArray[np.float64]:
    """A colour for each class as RGB from 0 to 1, of shape (count, 3)."""
    chosen = style.choose_colours(count)
    return np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] if isinstance(c, str) else c[:3] for c in chosen])

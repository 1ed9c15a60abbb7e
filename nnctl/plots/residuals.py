"""How far numbers are from the truth, and where."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style

MOST_POINTS = 5_000  # more points than this are one blot
MOST_TARGETS = 6


def draw_residuals(
    target: NDArray[np.float32], predicted: NDArray[np.float32], names: tuple[str, ...], path: Path, title: str
) -> None:
    """Draws predicted against true values, and the residuals (predicted minus true) below them, a column a target.

    Args:
        target: the truth, of shape (n, k).
        predicted: of shape (n, k).
        names: a name for each of the k targets; the first six are drawn.
        path: the PNG to write, atomically; 4 inches a target wide, 5.6 high.
        title: the heading.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    shown = names[:MOST_TARGETS]
    rows = np.linspace(0, len(target) - 1, min(len(target), MOST_POINTS)).astype(int)
    with style.open_figure(path, max(4.8, 4.0 * len(shown)), 5.6, title) as figure:
        axes = figure.subplots(2, len(shown), squeeze=False, sharex="col", height_ratios=[2, 1])
        for index, name in enumerate(style.shorten_apart(shown, 30)):
            true, told = target[rows, index], predicted[rows, index]
            upper, lower = axes[:, index]
            ends = [float(true.min()), float(true.max())]
            dots = {"color": style.TRAIN, "marker": "o", "linestyle": "", "markersize": 3, "alpha": 0.5}
            line = {"color": style.NEUTRAL, "linewidth": 1.1, "linestyle": (0, (4, 3))}
            upper.plot(ends, ends, label="exact", **line)
            upper.plot(true, told, **dots)
            upper.set(title=name, ylabel="Predicted")
            lower.axhline(0, **line)
            lower.plot(true, told - true, **dots)
            lower.set(xlabel="True", ylabel="Residual")
        figure.align_ylabels()
        style.add_legend(figure)

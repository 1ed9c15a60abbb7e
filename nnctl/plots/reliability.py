"""Whether confidence is earned."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style


def draw_reliability(
    counts: NDArray[np.float64], confidence: NDArray[np.float64], right: NDArray[np.float64], path: Path, title: str
) -> None:
    """Draws how often predictions are right at each level of confidence, above how many there are (Guo et al. 2017).

    Args:
        counts: the number of predictions in each of M bins of equal width, shape (M,).
        confidence: their mean confidence, 0 to 1, shape (M,).
        right: the share of right ones, 0 to 1, shape (M,); the three are what `nnctl.metrics.bin_confidence` returns.
        path: the PNG to write, atomically; 4.8 by 5.4 inches.
        title: the heading.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    bins = len(counts)
    centres, width = (np.arange(bins) + 0.5) / bins, 1 / bins
    held = counts > 0
    with style.open_figure(path, 4.8, 5.4, title) as figure:
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
        upper.plot([0, 1], [0, 1], color=style.NEUTRAL, linewidth=1.1, linestyle=(0, (4, 3)), label="calibrated")
        upper.plot(confidence[held], right[held], color=style.TRAIN, marker="o", label="this network")
        upper.set(xlim=(0, 1), ylim=(-0.02, 1.02), ylabel="Share of right predictions")
        lower.bar(centres, counts, width=0.9 * width, color=style.TRAIN)
        lower.set(xlabel="Confidence", ylabel="Predictions")
        figure.align_ylabels()
        style.add_legend(figure)

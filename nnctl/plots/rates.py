"""The learning-rate range test: how the loss goes as the rate grows."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nnctl.plots import style


def draw_rates(
    tried: Sequence[float], losses: Sequence[float], asked: float, suggested: float | None, path: Path, title: str
) -> None:
    """Draws the loss over the learning rate, with the rate that is asked for and the one that is suggested.

    Args:
        tried: the rates, growing.
        losses: the smoothed loss at each.
        asked: the rate of the spec.
        suggested: the rate to try, or None.
        path: the PNG to write, atomically; 6.4 by 3.8 inches.
        title: the heading.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    with style.open_figure(path, 6.4, 3.8, f"{title}: learning rates") as figure:
        panel = figure.subplots()
        shown = np.asarray(losses)
        panel.plot(tried, shown, color=style.TRAIN)
        style.scale_log(panel, "x", min(tried), max(tried))
        panel.set_xlabel("Learning rate (log scale)")
        panel.set_ylabel("Loss, smoothed")
        # What is beyond repair would flatten all that tells something.
        panel.set_ylim(float(shown.min()) * 0.9, float(min(shown.max(), 2 * shown[: max(5, len(shown) // 5)].max())))
        panel.axvline(asked, color=style.NEUTRAL, linestyle="--", label=f"of the spec ({asked:g})")
        if suggested is not None:
            panel.axvline(suggested, color=style.VALIDATION, label=f"suggested ({suggested:g})")
        style.add_legend(figure)

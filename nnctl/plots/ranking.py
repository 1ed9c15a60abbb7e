"""How well the outputs rank examples, whatever the threshold: ROC, and precision over recall."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.metrics import ranking
from nnctl.plots import style

MOST_LABELS = 12
_MOST_POINTS = 2_000  # of a curve: more are finer than a picture can show
_LETTERS = 24  # of a name
_DASHED = {"color": style.NEUTRAL, "linewidth": 1.1, "linestyle": (0, (4, 3))}


def draw_ranking(
    output: NDArray[np.floating[Any]], positive: NDArray[np.bool_], names: Sequence[str], path: Path, title: str
) -> None:
    """Draws the ROC curve and the precision-recall curve of each label, with the area and the average precision.

    Args:
        output: what the examples are ranked by, finite, of shape (n, k): higher for what looks positive.
        positive: the truth, of shape (n, k).
        names: a name for each of the k labels; of two classes one, that of the positive class. The first twelve are drawn.
        path: the PNG to write, atomically; 9.6 inches wide, 4.9 high and a little more for each row of the legend.
        title: the heading.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    shown = style.shorten_apart(names, _LETTERS)[:MOST_LABELS]
    with style.open_figure(path, 9.6, 4.7 + 0.2 * (len(shown) + 1), title) as figure:
        left, right = figure.subplots(1, 2)
        left.plot([0, 1], [0, 1], label="chance", **_DASHED)
        for index, (name, colour) in enumerate(zip(shown, style.choose_colours(len(shown)), strict=True)):
            given, true = output[:, index], positive[:, index]
            if len(shown) == 1:
                right.axhline(true.mean(), label="_chance", **_DASHED)
            area, mean = ranking.compute_roc_auc(given, true), ranking.compute_average_precision(given, true)
            told = [
                f"{text} {value:.4f}"
                for text, value in (("ROC AUC", area), ("average precision", mean))
                if value is not None
            ]
            label = f"{name}: {', '.join(told) or 'no example is positive'}"
            left.plot(*_thin(*ranking.compute_roc_curve(given, true)), color=colour, label=label)
            # The average precision is the area below steps: the precision at a recall holds back to the recall before.
            recall, precision = ranking.compute_precision_curve(given, true)
            drawn = _thin(np.append(0, recall), np.append(precision[:1], precision))
            right.plot(*drawn, color=colour, drawstyle="steps-pre", label="_" + label)
        ends: dict[str, Any] = {"xlim": (-0.02, 1.02), "ylim": (-0.02, 1.02), "box_aspect": 1}
        left.set(xlabel="False positive rate", ylabel="True positive rate", title="ROC", **ends)
        right.set(xlabel="Recall", ylabel="Precision", title="Precision and recall", **ends)
        style.add_legend(figure)


def _thin(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    places = np.linspace(0, len(x) - 1, min(len(x), _MOST_POINTS)).round().astype(np.int64)
    return x[places], y[places]

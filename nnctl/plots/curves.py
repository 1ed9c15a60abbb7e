"""How the loss and the metrics went, epoch by epoch."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Row = Mapping[str, float]
Series = NDArray[np.float64]

PANEL = 4.8, 3.4  # inches
_CLOCKS = {"epoch", "step", "seconds", "learning_rate", "loss"}
_MOST_MARKED = 30  # epochs up to which each has a dot
_DECADES = 3  # powers of ten a loss spans before its axis becomes logarithmic


def draw_curves(
    history: Sequence[Row], path: Path, title: str, best: int | None = None, label: str = "best epoch"
) -> None:
    """Draws the loss, each metric and, if it changes, the learning rate over the epochs: training beside validation.

    Args:
        history: a row an epoch as in `metrics.csv`: `epoch` (from 1), `learning_rate`, `loss`, metrics, and `val_` of
            each; what is missing, NaN or infinite leaves a gap.
        path: the PNG to write, atomically; a panel is 4.8 by 3.4 inches, and there are at most three in a row.
        title: the heading.
        best: the epoch to mark; None for that of the lowest `val_loss`, or `loss` where there is none.
        label: what the legend calls it.

    Raises:
        ValueError: the history is empty.
        OSError: the folder cannot be written to, or the disk is full.
    """
    if not history:
        raise ValueError("a history of no epochs has no curves")
    names = _list_panels(history)
    rows = math.ceil(len(names) / 3)
    columns = math.ceil(len(names) / rows)
    marked = _find_best(history) if best is None else best
    mark = None if marked is None or len(history) < 2 else (marked, f"{label} ({marked})")
    with style.open_figure(path, PANEL[0] * columns, PANEL[1] * rows + 0.7, title) as figure:
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for panel, name in zip(panels, names, strict=False):
            _draw_panel(panel, history, name, mark)
        for panel in panels[len(names) :]:
            panel.remove()
        style.add_legend(figure)


def _list_panels(history: Sequence[Row]) -> list[str]:
    """The loss, the metrics in the order of the table, and the learning rate if it changes."""
    names = dict.fromkeys(name.removeprefix("val_") for row in history for name in row)
    rates = _take_series(history, "learning_rate")
    changes = len(np.unique(rates[np.isfinite(rates)])) > 1
    return ["loss", *(name for name in names if name not in _CLOCKS), *(["learning_rate"] if changes else [])]


def _take_series(history: Sequence[Row], name: str) -> Series:
    """A column of the history, float64 with a value an epoch, NaN where it is missing or infinite."""
    values = np.array([row.get(name, math.nan) for row in history], np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _find_best(history: Sequence[Row]) -> int | None:
    """The first epoch of the lowest validation loss, or of the lowest loss where there is no validation."""
    for name in ("val_loss", "loss"):
        values = _take_series(history, name)
        if np.isfinite(values).any():
            return int(_list_epochs(history)[np.nanargmin(values)])
    return None


def _list_epochs(history: Sequence[Row]) -> Series:
    return np.array([row.get("epoch", index) for index, row in enumerate(history, 1)], np.float64)


def _draw_panel(panel: "Axes", history: Sequence[Row], name: str, mark: tuple[int, str] | None) -> None:
    epochs, rate = _list_epochs(history), name == "learning_rate"
    drawn = [_take_series(history, each) for each in (name, f"val_{name}")]
    _draw_line(panel, epochs, drawn[0], style.INK if rate else style.TRAIN, "_rate" if rate else "training")
    _draw_line(panel, epochs, drawn[1], style.VALIDATION, "validation")
    if mark is not None:
        panel.axvline(mark[0], color=style.NEUTRAL, linewidth=1.1, linestyle=(0, (4, 3)), label=mark[1])
    panel.set_xlim(epochs.min() - 0.5, epochs.max() + 0.5)
    panel.locator_params("x", nbins=8, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1)
    panel.set_xlabel("Epoch")
    panel.set_ylabel(style.shorten(name.replace("_", " ").capitalize(), 40))
    _scale_axis(panel, name, np.concatenate(drawn))


def _draw_line(panel: "Axes", epochs: Series, values: Series, colour: str, label: str) -> None:
    if np.isfinite(values).any():
        marker = "o" if len(epochs) <= _MOST_MARKED else ""
        drawn = "steps-mid" if label == "_rate" and _is_stepwise(values) else "default"
        panel.plot(epochs, values, color=colour, marker=marker, label=label, drawstyle=drawn)


def _is_stepwise(rates: Series) -> bool:
    """Whether a learning rate mostly stays what it was in the epoch before, as in a step decay or on a plateau."""
    changes = np.count_nonzero(np.diff(rates[np.isfinite(rates)]))
    return bool(2 * changes < len(rates))


def _scale_axis(panel: "Axes", name: str, values: Series) -> None:
    """A logarithmic axis for a learning rate and for a loss of several powers of ten; a word where there is nothing."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        panel.set_yticks([])
        style.say(panel, "no finite value")
        return
    low, high = finite.min(), finite.max()
    if low > 0 and high > 2 * low and (name == "learning_rate" or (name == "loss" and high / low > 10**_DECADES)):
        style.scale_log(panel, "y", low, high)
        panel.set_ylabel(f"{panel.get_ylabel()} (log scale)")

"""How the values of each column of the data are spread."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nnctl.data.tables.histograms import Histogram
from nnctl.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_COLUMNS = 40
_ACROSS = 4  # panels in a row
_MOST_BARS = 12  # categories that are drawn, the commonest ones; the others are added up
_LETTERS = 14  # of a category's name


def draw_columns(features: Sequence[Histogram], targets: Sequence[Histogram], path: Path, title: str) -> None:
    """Draws a histogram of each column: what is predicted first, in vermilion, then the features, in blue; 40 in all.

    Args:
        features: the columns that the network gets.
        targets: those that it predicts, or one of the classes.
        path: the PNG to write, atomically; a panel is 3 by 2.3 inches, and there are at most four in a row.
        title: the heading; how many columns are left out is added to it.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    colours = [style.VALIDATION] * len(targets) + [style.TRAIN] * len(features)
    columns = [*targets, *features]
    shown = columns[:MOST_COLUMNS]
    title += f", {len(shown)} of {len(columns):,} columns" if len(columns) > len(shown) else ""
    across = min(_ACROSS, len(shown))
    rows = math.ceil(len(shown) / across)
    names = style.shorten_apart([column.name for column in columns], 30)
    with style.open_figure(path, max(4.8, 3.0 * across), 2.3 * rows + 0.6, title) as figure:
        panels = figure.subplots(rows, across, squeeze=False).ravel()
        for panel, column, name, colour in zip(panels, shown, names, colours, strict=False):
            missing = f" ({column.missing:,} missing)" if column.missing else ""
            panel.set_title(name + missing)
            _draw_bars(panel, column, colour) if column.edges is None else _draw_intervals(panel, column, colour)
        for panel in panels[len(shown) :]:
            panel.remove()
        for panel, column in list(zip(panels, shown, strict=False))[::across]:
            panel.set_ylabel("Examples" if column.edges is not None else "")


def _draw_intervals(panel: "Axes", column: Histogram, colour: str) -> None:
    edges = np.asarray(column.edges)
    panel.stairs(column.counts, edges, fill=True, color=colour)
    panel.set_xlim(edges[0], edges[-1])
    whole = bool(np.all(edges % 1 == 0.5))
    panel.ticklabel_format(axis="x", scilimits=(-4, 4))
    panel.locator_params("x", nbins=5, integer=whole, min_n_ticks=1)
    panel.locator_params("y", nbins=4, integer=True, min_n_ticks=1)
    panel.grid(visible=False, axis="x")


def _draw_bars(panel: "Axes", column: Histogram, colour: str) -> None:
    """A bar for each category, in their order; of many those that occur most, and one for the rest."""
    kept, rest = np.arange(len(column.counts)), 0
    if len(kept) > _MOST_BARS:
        kept = np.sort(np.argsort(-column.counts, kind="stable")[: _MOST_BARS - 1])
        rest = len(column.counts) - len(kept)
    counts = column.counts[kept].tolist()
    labels = list(style.shorten_apart([column.labels[place] for place in kept.tolist()], _LETTERS))
    if rest:
        counts, labels = [*counts, int(column.counts.sum()) - sum(counts)], [*labels, f"{rest:,} others"]
    panel.barh(range(len(counts)), counts, color=colour, height=0.8)
    panel.set_yticks(range(len(labels)), labels, fontsize=min(8.0, 90 / len(labels)))
    panel.invert_yaxis()
    panel.locator_params("x", nbins=4, integer=True, min_n_ticks=1)
    panel.set_xlabel("Examples")
    panel.grid(visible=False, axis="y")

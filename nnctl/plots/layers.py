"""How the layers went while a network was trained: gradients, updates, and units that no longer do anything."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnctl.plots import style
from nnctl.runs.diagnostics import Check

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What is drawn, its heading, and whether its axis is logarithmic; the rest are shares.
_PANELS = (
    ("gradient", "Gradient of the kernel (RMS)", True),
    ("update", "Net change a step over kernel (RMS)", True),
    ("dead", "Share of dead units", False),
    ("saturated", "Share of saturated units", False),
)
_LONG = 50  # steps from which on their axis is logarithmic, so that the first ones are seen
_MOST = 12  # layers that a legend holds: of more, those evenly spaced from first to last
_MARKED = 25  # looks up to which each has a dot


def draw_layers(checks: Sequence[Check], path: Path, title: str) -> None:
    """Draws each layer's gradient, update, dead and saturated share over the steps.

    Args:
        checks: the looks, in order; layers are those of the last one.
        path: the PNG to write, atomically; 10 by 7 inches, and a little more for each row of the legend.
        title: the heading.

    Raises:
        ValueError: there are no looks.
        OSError: the folder cannot be written to, or the disk is full.
    """
    if not checks:
        raise ValueError("layers that were never looked at have no curves")
    seen = [check for check in checks if len(check.layers) == len(checks[-1].layers)]
    steps, places = [check.step for check in seen], _choose_places(len(checks[-1].layers))
    colours = style.take_colours(len(places))
    long = steps[-1] > _LONG and steps[-1] > 2 * max(1, steps[0])
    with style.open_figure(path, 10, 7 + 0.2 * (len(places) // 4), f"{title}: layers") as figure:
        panels = figure.subplots(2, 2, sharex=True).ravel()
        for panel, (name, heading, logarithmic) in zip(panels, _PANELS, strict=True):
            drawn = [_take_series(seen, place, name) for place in places]
            for place, values, colour in zip(places, drawn, colours, strict=True):
                layer = checks[-1].layers[place]
                label, marker = f"layers[{layer.index}] {layer.name}", "o" if len(seen) <= _MARKED else ""
                shown = np.where(values > 0, values, np.nan) if logarithmic else values
                panel.plot(steps, shown, color=colour, marker=marker, markersize=3, label=label)
            panel.set_ylabel(heading)
            if logarithmic:
                _scale_axis(panel, np.concatenate([[], *drawn]))
            else:
                panel.set_ylim(-0.03, 1.03)
        if long:
            style.scale_log(panels[0], "x", max(1, steps[0]), steps[-1])
        else:
            panels[0].set_xlim(steps[0] - 0.5, steps[-1] + 0.5)
            panels[0].locator_params("x", integer=True, min_n_ticks=1)
        for panel in panels[2:]:
            panel.set_xlabel("Step (log scale)" if long else "Step")
        style.add_legend(figure)


def _take_series(checks: Sequence[Check], place: int, name: str) -> NDArray[np.float64]:
    return np.array([getattr(check.layers[place], name) for check in checks], np.float64)


def _scale_axis(panel: "Axes", values: NDArray[np.float64]) -> None:
    """A logarithmic axis for what is above 0 and finite, from which 0 leaves a gap."""
    shown = values[np.isfinite(values) & (values > 0)]
    if not shown.size:
        panel.set_yticks([])
        style.say(panel, "0 or not finite at every look" if values.size else "no layer has weights")
    elif shown.max() > 2 * shown.min():
        style.scale_log(panel, "y", shown.min(), shown.max())


def _choose_places(count: int) -> list[int]:
    if count <= _MOST:
        return list(range(count))
    return [round(rank * (count - 1) / (_MOST - 1)) for rank in range(_MOST)]

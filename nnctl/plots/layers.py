"""How the layers went while a network was trained: gradients, updates, and units that no longer do anything."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.plots import style
from nnctl.runs.diagnostics import Check

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What is drawn, its heading, and whether its axis is logarithmic; the rest are shares.
_PANELS = (
    ("gradient", "Gradient of the kernel (RMS)", True),
    ("update", "Update a step over kernel (RMS)", True),
    ("dead", "Dead units (%)", False),
    ("saturated", "Saturated units (%)", False),
)
_SHORT = 100
_MOST = 12  # layers that a legend holds: of more, those evenly spaced from first to last


def draw_layers(checks: Sequence[Check], path: Path, title: str) -> None:
    """Draws each layer's gradient, update, dead and saturated share over the epochs.

    Args:
        checks: the looks, in order; layers are those of the last one.
        path: the PNG to write, atomically; 10 by 7 inches.
        title: the heading.

    Raises:
        ValueError: there are no looks.
        OSError: the folder cannot be written to, or the disk is full.
    """
    if not checks:
        raise ValueError("layers that were never looked at have no curves")
    import matplotlib

    seen = [check for check in checks if len(check.layers) == len(checks[-1].layers)]
    places = _choose_places(len(checks[-1].layers))
    colours = matplotlib.colormaps["viridis"]
    with style.open_figure(path, 10, 7, f"{title}: layers") as figure:
        panels = figure.subplots(2, 2).ravel()
        for panel, (name, heading, logarithmic) in zip(panels, _PANELS, strict=True):
            for rank, place in enumerate(places):
                colour = colours(0.9 * rank / max(1, len(places) - 1))
                _draw_line(panel, seen, place, name, logarithmic, colour)
            panel.set_xlabel("Step")
            panel.set_ylabel(heading)
            if logarithmic:
                panel.set_yscale("log")
                panel.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
                low, high = panel.get_ylim()
                few = high / low < _SHORT  # a short axis has hardly a power of ten on it
                panel.yaxis.set_minor_formatter(lambda value, _, few=few: f"{value:.0e}" if few else "")
            else:
                panel.set_ylim(-3, 103)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=min(4, max(1, len(labels))))


def _draw_line(
    panel: "Axes", checks: Sequence[Check], place: int, name: str, logarithmic: bool, colour: tuple[float, ...]
) -> None:
    """A layer's curve; on a logarithmic axis what is 0 leaves a gap."""
    values = [getattr(check.layers[place], name) * (1 if logarithmic else 100) for check in checks]
    shown = [math.nan if logarithmic and not value > 0 else value for value in values]
    layer = checks[-1].layers[place]
    label, marker = f"layers[{layer.index}] {layer.name}", "o" if len(checks) == 1 else ""
    panel.plot([check.step for check in checks], shown, color=colour, marker=marker, label=label)


def _choose_places(count: int) -> list[int]:
    if count <= _MOST:
        return list(range(count))
    return [round(rank * (count - 1) / (_MOST - 1)) for rank in range(_MOST)]

"""The chart of the README: how fast each program goes through an epoch, beside plain Keras."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnctl.plots import style
from tests.bench.programs import HERE, TITLES
from tests.bench.rounds import median, ratios

PATH = HERE / "results.png"
COLOURS = {"nnctl": style.TRAIN, "torch": style.VALIDATION, "jax": "#009E73"}
_BAR = 0.26  # of the room of a network


def draw(parts: Mapping[str, Any], path: Path = PATH) -> None:
    """Draws a group of bars a network: examples a second as multiples of plain Keras's; nothing if none was measured."""
    if "networks" not in parts:
        return
    figures = parts["networks"]["figures"]
    names = [*figures]
    with style.open_figure(
        path, 7.2, 0.75 * len(names) + 1.2, "Training speed beside plain Keras, validation included"
    ) as figure:
        axes = figure.subplots()
        for place, name in enumerate(COLOURS):
            bars = {row: value for row, network in enumerate(names) if (value := speed(figures[network], name))}
            heights = [row + (place - 1) * _BAR for row in bars]
            drawn = axes.barh(heights, [*bars.values()], height=0.9 * _BAR, color=COLOURS[name], label=TITLES[name])
            axes.bar_label(drawn, fmt="{:.2f} ×", padding=3, fontsize=8)
        axes.axvline(1, color=style.NEUTRAL, linewidth=1.1, linestyle=(0, (4, 3)), label=TITLES["keras"])
        axes.set_yticks(range(len(names)), names)
        axes.set(xlabel="Times as fast as plain Keras (medians of rounds)", ylim=(len(names) - 0.4, -0.6))
        axes.margins(x=0.12)
        axes.grid(visible=False, axis="y")
        figure.legend(loc="outside lower center", ncols=len(COLOURS) + 1)


def speed(told: Mapping[str, Mapping[str, Any]], name: str) -> float | None:
    """How many times as fast as plain Keras a program is; None if it was not measured."""
    return median(ratios(told["keras"]["epoch"], told[name]["epoch"])) if name in told else None

"""Curves of activations and losses, drawn in characters.

Their points are in `curves.json`, as Keras computes them: `make catalogue` writes it anew.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("curves.json")
ROWS, COLUMNS = 13, 61


@cache
def _read_curves() -> Mapping[str, Mapping[str, Sequence[float]]]:
    """By family and name the first and the last x, then y at `COLUMNS` places from one to the other."""
    found: Mapping[str, Mapping[str, Sequence[float]]] = json.loads(PATH.read_text(encoding="utf-8"))
    return found


def draw_component(family: str, name: str) -> list[str]:
    """The lines of a component's curve; none where it has no curve."""
    points = _read_curves().get(family, {}).get(name)
    return draw_curve(points[0], points[1], points[2:]) if points else []


def draw_curve(first: float, last: float, values: Sequence[float]) -> list[str]:
    """A curve over evenly spaced places, a column each, with the axes through 0 where 0 is in sight.

    Args:
        first: the x of the first value.
        last: the x of the last one.
        values: y, finite.
    """
    low, high = min(values), max(values)
    step = (high - low) / (ROWS - 1) or 1.0
    rows = [round((high - value) / step) for value in values]
    zero = round(high / step) if low <= 0 <= high else None
    origin = round(-first / (last - first) * (len(values) - 1)) if first <= 0 <= last else None
    grid = [[" "] * len(values) for _ in range(ROWS)]
    if zero is not None:
        grid[zero] = ["-"] * len(values)
    if origin is not None:
        for row in range(ROWS):
            grid[row][origin] = "+" if row == zero else "|"
    for column, row in enumerate(rows):
        # What the curve passes on its way from the column before is drawn, too, so that a steep one has no holes.
        before = rows[column - 1] if column else row
        for each in range(
            min(row, before + 1 if before < row else row), max(row, before - 1 if before > row else row) + 1
        ):
            grid[each][column] = "*"
    marks = {ROWS - 1: low, 0: high} | ({zero: 0.0} if zero is not None else {})
    beside = {row: f"{value:.3g}" for row, value in marks.items()}
    width = max(map(len, beside.values()))
    lines = [f"{beside.get(row, ''):>{width}} {''.join(signs)}".rstrip() for row, signs in enumerate(grid)]
    ends = f"{first:g}", f"{last:g}"
    return [*lines, f"{'':{width}} {ends[0]}{ends[1]:>{len(values) - len(ends[0])}}"]

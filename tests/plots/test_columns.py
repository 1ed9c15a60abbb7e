from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.data.tables.histograms import Histogram, count_categories, count_numbers
from nnctl.plots import draw_columns
from nnctl.plots.columns import MOST_COLUMNS


def numbers(name: str, n: int = 200) -> Histogram:
    return count_numbers(name, np.random.default_rng(len(name)).normal(size=n), missing=3)


@pytest.mark.parametrize(("count", "across", "down"), [(1, 2, 1), (3, 4, 1), (9, 4, 3)])
def test_a_panel_for_each_column(
    count: int, across: int, down: int, tmp_path: Path, texts: list[str], pixels: Any
) -> None:
    target = count_categories("kind", np.array([0, 1, 1]), ("cat", "dog"))
    draw_columns([numbers(f"column {i}") for i in range(count)], [target], tmp_path / "c.png", "A title")
    assert {"A title", "kind", "cat", "dog", *(f"column {i} (3 missing)" for i in range(count))} <= set(texts)
    assert pixels(tmp_path / "c.png").shape[:2] == pytest.approx((150 * (2.3 * down + 0.6), 450 * across), abs=1)


def test_of_many_columns_the_first_are_drawn_and_how_many_there_are_is_said(tmp_path: Path, texts: list[str]) -> None:
    draw_columns([numbers(f"column {i}", 20) for i in range(1200)], [numbers("price")], tmp_path / "c.png", "A title")
    assert "A title, 40 of 1,201 columns" in texts
    assert f"column {MOST_COLUMNS - 2} (3 missing)" in texts
    assert f"column {MOST_COLUMNS - 1} (3 missing)" not in texts


def test_of_many_categories_the_commonest_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.axes import Axes

    drawn: list[tuple[list[int], list[str]]] = []
    bars, ticks = Axes.barh, Axes.set_yticks

    def spy(panel: Any, places: Any, counts: list[int], **more: Any) -> Any:
        drawn.append((counts, []))
        return bars(panel, places, counts, **more)

    def name(panel: Any, places: Any, labels: list[str], **more: Any) -> Any:
        drawn[-1][1].extend(labels)
        return ticks(panel, places, labels, **more)

    monkeypatch.setattr(Axes, "barh", spy)
    monkeypatch.setattr(Axes, "set_yticks", name)
    counts = np.arange(100)
    found = count_categories("city", np.repeat(counts, counts), [f"town {i}" for i in range(100)])
    draw_columns([found], [], tmp_path / "c.png", "A title")
    assert drawn[0][1] == [*(f"town {i}" for i in range(89, 100)), "89 others"]
    assert drawn[0][0] == [*range(89, 100), sum(range(89))]

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnctl.plots import draw_layers
from nnctl.runs.diagnostics import Check, LayerCheck


def look(step: int, count: int = 2, gradient: float = 0.1) -> Check:
    seen = tuple(LayerCheck(i, "dense", gradient / (i + 1), 1e-3 * (step > 10), 0.1 * i, 0.0) for i in range(count))
    return Check(1, step, 1.0, 0.0, {}, seen)


def ink(path: Path) -> int:
    return int((np.asarray(Image.open(path).convert("L")) < 200).sum())


def test_more_looks_are_more_ink(tmp_path: Path) -> None:
    for count in (1, 20):
        draw_layers([look(10 * (i + 1)) for i in range(count)], tmp_path / f"{count}.png", "net")
    assert ink(tmp_path / "20.png") > ink(tmp_path / "1.png") + 1000


def test_many_layers_nothing_finite_and_no_layers_are_drawn_all_the_same(tmp_path: Path) -> None:
    for name, check in {"many": look(20, 60), "none": look(20, 0), "nan": look(20, 2, float("nan"))}.items():
        draw_layers([look(10), check, check], tmp_path / f"{name}.png", "net")
        assert ink(tmp_path / f"{name}.png") > 1000


def test_the_first_steps_are_seen_beside_many(tmp_path: Path, texts: list[str]) -> None:
    draw_layers([look(step) for step in (*range(1, 21), 100, 1000, 5000)], tmp_path / "l.png", "net")
    assert {"Step (log scale)", "1", "10", "100", "1,000", "layers[0] dense"} <= set(texts)
    texts.clear()
    draw_layers([look(step) for step in range(1, 21)], tmp_path / "l.png", "net")
    assert {"Step", "5", "10"} <= set(texts)


def test_what_was_never_above_zero_is_said(tmp_path: Path, texts: list[str]) -> None:
    draw_layers([look(1, 2, float("nan"))], tmp_path / "l.png", "net")
    assert texts.count("0 or not finite at every look") == 2  # gradients, and updates, of which there are none yet
    assert "1" in texts


def test_without_a_look_there_is_nothing_to_draw(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="never looked at"):
        draw_layers([], tmp_path / "none.png", "net")

from pathlib import Path

import numpy as np
from PIL import Image

from nnctl.plots import draw_rates

TRIED = np.geomspace(1e-6, 10, 100)


def test_it_is_drawn_with_and_without_a_suggestion(tmp_path: Path) -> None:
    losses = 2.3 - 2 * np.exp(-((np.log10(TRIED) + 1) ** 2)) + TRIED
    sizes = []
    for suggested in (None, 0.03):
        path = tmp_path / f"{suggested}.png"
        draw_rates(TRIED.tolist(), losses.tolist(), 0.01, suggested, path, "net")
        pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
        orange = (pixels[..., 0] > 180) & (pixels[..., 2] < 60)
        sizes.append(orange.sum())
    assert sizes[0] < 50 < 500 < sizes[1]


def test_the_rates_are_plain_numbers(tmp_path: Path, texts: list[str]) -> None:
    draw_rates(TRIED.tolist(), (3 + TRIED).tolist(), 0.01, 0.03, tmp_path / "r.png", "net")
    assert {"1e-05", "0.0001", "0.001", "0.01", "0.1", "1", "suggested (0.03)", "of the spec (0.01)"} <= set(texts)
    assert not any("$" in text or "math" in text for text in texts)

import numpy as np
import pytest

from nnctl.metrics import bin_confidence
from nnctl.plots import draw_reliability


@pytest.mark.parametrize("n", [1, 5000])
def test_a_picture_of_the_bins(n, tmp_path, pixels, texts):
    random = np.random.default_rng(0)
    confidence = random.beta(5, 1, n)
    table = bin_confidence(confidence, random.random(n) < confidence)
    draw_reliability(*table, tmp_path / "p.png", "A title")
    assert pixels(tmp_path / "p.png").shape == (810, 720, 4)
    assert {"A title", "Share of right predictions", "Confidence", "Predictions", "calibrated", "this network"} <= set(
        texts
    )
    written = (tmp_path / "p.png").read_bytes()
    draw_reliability(*table, tmp_path / "p.png", "A title")
    assert (tmp_path / "p.png").read_bytes() == written

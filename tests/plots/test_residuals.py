import numpy as np
import pytest

from nnctl.plots import draw_residuals


@pytest.mark.parametrize(("n", "k"), [(1, 1), (200, 2), (20_000, 9)])
def test_a_picture_of_the_residuals(n, k, tmp_path, pixels, texts):
    random = np.random.default_rng(0)
    target = random.normal(size=(n, k)).astype(np.float32)
    predicted = target + random.normal(0, 0.2, (n, k)).astype(np.float32)
    names = tuple(f"target_{index}" for index in range(k))
    draw_residuals(target, predicted, names, tmp_path / "p.png", "A title")
    assert pixels(tmp_path / "p.png").shape[0] == 840
    assert {"A title", "Predicted", "True", "Residual", "target_0"} <= set(texts)
    assert ("target_6" in texts) is False
    written = (tmp_path / "p.png").read_bytes()
    draw_residuals(target, predicted, names, tmp_path / "p.png", "A title")
    assert (tmp_path / "p.png").read_bytes() == written

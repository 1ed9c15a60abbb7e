from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from nnctl.plots import draw_ranking
from nnctl.plots.ranking import MOST_LABELS


def draw(folder: Path, k: int, n: int = 300) -> tuple[Any, Any, list[str]]:
    random = np.random.default_rng(k)
    positive = random.random((n, k)) < 0.4
    output = random.normal(positive, 1.0).astype(np.float32)
    names = [f"label {index}" for index in range(k)]
    draw_ranking(output, positive, names, folder / "r.png", "A title")
    return output, positive, names


@pytest.mark.parametrize(("k", "n"), [(1, 300), (1, 20_000), (3, 300), (30, 50)])
def test_both_curves_with_the_numbers_of_scikit_learn(
    k: int, n: int, tmp_path: Path, texts: list[str], pixels: Any
) -> None:
    output, positive, names = draw(tmp_path, k, n)
    assert {"A title", "ROC", "Recall", "Precision", "False positive rate", "True positive rate", "chance"} <= set(
        texts
    )
    for index in range(k):
        area = sk.roc_auc_score(positive[:, index], output[:, index])
        mean = sk.average_precision_score(positive[:, index], output[:, index])
        told = f"{names[index]}: ROC AUC {area:.4f}, average precision {mean:.4f}"
        assert (told in texts) is (index < MOST_LABELS)
    assert pixels(tmp_path / "r.png").shape[1] == 1440


@pytest.mark.parametrize(("value", "told"), [(False, "no example is positive"), (True, "average precision 1.0000")])
def test_what_is_undefined_has_no_number(value: bool, told: str, tmp_path: Path, texts: list[str]) -> None:
    draw_ranking(np.array([[0.1], [0.9]]), np.full((2, 1), value), ["x"], tmp_path / "r.png", "A title")
    assert f"x: {told}" in texts


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    draw(tmp_path, 2)
    written = (tmp_path / "r.png").read_bytes()
    draw(tmp_path, 2)
    assert (tmp_path / "r.png").read_bytes() == written

"""The plane of answers, against the answers that the network gives one by one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from nnctl import plots
from nnctl.data import Dataset, Split
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.feature import Feature
from nnctl.engine.boundary import SIDE, draw_plane, has_plane, make_grid
from nnctl.metrics import Predictions
from nnctl.spec import Spec
from nnctl.spec.network.meaning import Meaning

NAMES = ("no", "yes")


def dataset(x: Any, columns: Columns | None = None) -> Dataset:
    split = Split(x, np.zeros(len(x), np.int32), np.arange(len(x)))
    return Dataset("npz", "npz", "t", "o", None, split, None, split, "binary", 2, NAMES, "", columns)


def predictions(x: Any, task: str = "binary", kind: Any = "probabilities") -> Predictions:
    n = len(x)
    target, k = (np.zeros((n, 2), np.uint8), 2) if task == "multilabel" else (np.zeros(n, np.int32), 1)
    return Predictions(np.arange(n), target, np.full((n, k), 0.5, np.float32), Meaning(task, k, kind), NAMES)


@pytest.mark.parametrize(
    ("features", "there"),
    [
        (None, True),
        ([Feature("a", 0.0), Feature("b", 0.0)], True),
        ([Feature("a", None, ("x", "y"))], False),
        ([Feature("a", 0.0), Feature("b", None, ("x", "y"), embed=1)], False),
    ],
)
def test_there_is_a_plane_of_two_numbers(features: Any, there: bool, read: Callable[..., Spec]) -> None:
    x = np.zeros((3, 2), np.float32)
    columns = None if features is None else Columns(tuple(features))
    assert has_plane(read(), dataset(x, columns), predictions(x)) is there


def test_there_is_none_of_three_numbers_or_without_answers(read: Callable[..., Spec]) -> None:
    x = np.zeros((3, 2), np.float32)
    assert not has_plane(read(), dataset(np.zeros((3, 3), np.float32)), predictions(x))
    assert not has_plane(read(), dataset(np.zeros((3, 2, 1), np.float32)), predictions(x))
    assert not has_plane(read(), dataset(x), predictions(x, kind="embedding"))
    reads = read(
        "model.layers=[{embedding: {input_dim: 9, output_dim: 2}}, flatten, {dense: {units: 10, activation: softmax}}]"
    )
    assert not has_plane(reads, dataset(np.zeros((3, 2), np.int32)), predictions(x))


@pytest.mark.parametrize("dtype", ["float32", "float64", "uint8", "int16"])
def test_the_grid_reaches_a_little_beyond_the_examples(dtype: str) -> None:
    x = np.array([[0, 10], [200, 10]], dtype)
    grid, ends = make_grid(x)
    assert grid.dtype == dtype
    assert grid.shape == (SIDE * SIDE, 2)
    assert ends == (-12, 212, 9.5, 10.5)
    whole = np.dtype(dtype).kind in "iu"
    low, high = grid.min(axis=0).tolist(), grid.max(axis=0).tolist()
    assert (low, high) == (([0, 10], [200, 10]) if whole else ([-12, 9.5], [212, 10.5]))
    assert grid[0, 1] == grid[SIDE - 1, 1]  # the first feature runs fastest
    assert grid[0, 0] == grid[SIDE, 0] < grid[1, 0] or whole


@pytest.mark.parametrize("task", ["binary", "multilabel"])
def test_each_point_has_the_answer_that_the_network_gives_it(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(plots, "draw_boundary", lambda *given: drawn.append(given))
    units = 2 if task == "multilabel" else 1
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, activation="sigmoid")])
    x = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    data = dataset(x)
    draw_plane(model, data, data.train, predictions(x, task), tmp_path / "b.png", "A title")
    panels, points, ends, features, *_ = drawn[0]
    assert features == ("Feature 0", "Feature 1")
    assert points is x
    kernel, bias = model.get_weights()
    across, up = np.linspace(ends[0], ends[1], SIDE), np.linspace(ends[2], ends[3], SIDE)
    assert len(panels) == units
    for index, panel in enumerate(panels):
        for i, j in ((0, 0), (7, 190), (150, 20), (199, 199)):  # by rows, which go upwards
            logit = across[j] * kernel[0, index] + up[i] * kernel[1, index] + bias[index]
            share = 1 / (1 + np.exp(-logit))
            assert panel.grid[i, j] == (share > 0.5)
            assert panel.confidence[i, j] == pytest.approx(max(share, 1 - share), abs=1e-5)

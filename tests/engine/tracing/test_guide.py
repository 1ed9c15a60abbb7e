"""The guide's neuron that learns AND: NumPy alone, in float64, comes to every number that the guide prints."""

import re
from pathlib import Path

import numpy as np

from nnctl.topics.guides import FOLDER
from tests.readme import commands, run

PAGE = (FOLDER / "trace.md").read_text()
((LINE, PLACE, TOLD),) = commands(PAGE)
X, Y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([0, 0, 0, 1.0])


def learn(steps: int) -> tuple[float, float, float, float]:
    """The loss of row 3, that of all rows, the first weight and its gradient after so many steps, by the chain rule."""
    w, b = np.array([0.5, 0.5]), 0.0
    for step in range(steps + 1):
        p = 1 / (1 + np.exp(-(X @ w + b)))
        losses = -np.where(Y == 1, np.log(p), np.log(1 - p))
        dw, db = X.T @ (p - Y) / 4, (p - Y).mean()
        if step < steps:
            w, b = w - dw, b - db
    return float(losses[3]), float(losses.mean()), float(w[0]), float(dw[0])


def test_the_guide_prints_what_the_command_prints() -> None:
    assert run(LINE, PLACE) == TOLD


def test_numpy_comes_to_the_same_numbers_to_the_last_digit() -> None:
    (before, all_before, old, gradient), (after, all_after, new, _) = learn(0), learn(1)
    p = 1 / (1 + np.exp(-1.0))
    for line in (
        f"  a = sigmoid(z) = {p:.5g}",
        f"  -log {p:.7g} = {before:.5g}",
        f"  of kernel[0, 0] = {old:.5g}: dL/dw = {p - 1:.5g}",
        f"  by finite differences: {p - 1:.5g}",
        f"  w = {old:.5g}, g = {gradient:.5g}, rate = 1",
        f"  new w = {new:.5g}",
        f"  loss of the example: {before:.5g} -> {after:.5g}",
        f"  loss of the batch: {all_before:.5g} -> {all_after:.5g}",
    ):
        assert line in TOLD.splitlines(), line
    course = re.findall(r"^  ([\d,]+) +([\d.]+) +([\d.]+)$", TOLD, re.MULTILINE)
    assert [int(step.replace(",", "")) for step, _, _ in course] == [0, 1, 10, 100, 1000]
    for step, loss, weight in course:
        _, mean, w, _ = learn(int(step.replace(",", "")))
        assert (loss, weight) == (f"{mean:.5g}", f"{w:.5g}")


def test_the_sums_of_the_text_are_right() -> None:
    p = 1 / (1 + np.exp(-(X @ [0.5, 0.5])))
    assert all(f"{each:.5g}" in PAGE for each in p)
    assert f"{(p[2] + p[3] - 1) / 4:.4f}" == "0.0884"
    assert (Path(PLACE) / "and.csv").read_text() in PAGE

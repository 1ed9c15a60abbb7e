"""The published rules, each on a history or a spec that it must and one that it must not speak of."""

from pathlib import Path

import numpy as np
import pytest

from nnctl.data import peek
from nnctl.spec import load_spec
from tests.bench.debugging.published import autotrainer, umlaut
from tests.bench.debugging.published.facts import Facts

SPEC = """
data: {{source: digits, validation: 0.2}}
model:
  layers:
    - flatten
    - dense: {{units: 16{hidden}}}
    - dense: {{units: 10{head}}}
train: {{loss: categorical_crossentropy}}
"""


def facts(
    tmp_path: Path,
    accuracy: list[float],
    *,
    first: float = 1.0,
    last: float = 1.0,
    hidden: str = "relu",
    head: str = "softmax",
) -> Facts:
    path = tmp_path / "spec.yaml"
    told = {key: f", activation: {name}" if name else "" for key, name in (("hidden", hidden), ("head", head))}
    path.write_text(SPEC.format(**told))
    rows = [{"loss": 1 - a, "val_loss": 1 - a, "accuracy": a, "val_accuracy": a} for a in accuracy]
    gradients = [[np.full((2, 2), first, np.float32), np.full((2, 2), last, np.float32)]] * len(rows)
    return Facts(load_spec(path, [], peek), np.ones((4, 64), np.float32), 0.001, rows, gradients)


@pytest.mark.parametrize(
    ("accuracy", "first", "last", "named"),
    [
        ([0.5, 0.8, 0.9], 1.0, 1.0, []),
        ([0.1, 0.1, 0.1], 1.0, 1.0, ["slow convergence"]),
        ([0.1, 0.1, 0.1], 1e-9, 1.0, ["vanishing gradient"]),
        ([0.1, 0.1, 0.1], 100.0, 1.0, ["exploding gradient"]),
        ([0.1, 0.1, 0.1], 0.0, 0.0, ["dying ReLU"]),
        ([0.8, 0.9, 0.7, 0.9, 0.7, 0.9, 0.7, 0.9], 1.0, 1.0, ["oscillating loss"]),
    ],
)
def test_autotrainer(tmp_path: Path, accuracy: list[float], first: float, last: float, named: list[str]) -> None:
    found = autotrainer.symptoms(facts(tmp_path, accuracy, first=first, last=last))
    assert [symptom.name for symptom in found] == named


def test_umlaut(tmp_path: Path) -> None:
    healthy = facts(tmp_path, [0.5, 0.8, 0.9])
    assert umlaut.symptoms(healthy) == []
    healthy.inputs[0, 0] = 3
    healthy.rate = 0.05
    assert umlaut.symptoms(healthy) == [umlaut.UNSCALED, umlaut.FAST]
    bare = facts(tmp_path, [0.5, 0.6, 0.7, 0.96], hidden="", head="")
    assert umlaut.symptoms(bare) == [umlaut.NO_SOFTMAX, umlaut.NO_ACTIVATION, umlaut.TOO_GOOD]

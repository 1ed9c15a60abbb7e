"""Tables of predictions to score: random, tied, and with classes missing."""

from collections.abc import Callable

import numpy as np
import pytest

from nnctl.metrics import Predictions
from nnctl.spec.network.meaning import Kind, Meaning

Draw = Callable[..., Predictions]


def draw(
    k: int = 4, n: int = 200, seed: int = 0, never_true: int = -1, never_predicted: int = -1, levels: int = 0
) -> Predictions:
    """Softmax outputs that lean towards the truth; `levels` rounds the logits, so that outputs are tied."""
    random = np.random.default_rng(seed)
    target = random.integers(0, k, n)
    target[target == never_true] = (never_true + 1) % k
    logits = random.normal(size=(n, k)) + 1.5 * np.eye(k)[target]
    if levels:
        logits = np.round(logits * levels) / levels
    if never_predicted >= 0:
        logits[:, never_predicted] = logits.min() - 1
    output = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return table("binary" if k == 2 else "multiclass", target, output[:, 1:] if k == 2 else output)


def table(task: str, target: object, output: object, kind: Kind | None = None) -> Predictions:
    """A table of arrays or lists, converted to the types of `task`; outputs are what they usually are."""
    dtype = {"multilabel": np.uint8, "regression": np.float32}.get(task, np.int32)
    out = np.asarray(output, np.float32)
    names = tuple(f"c{j}" for j in range(2 if task == "binary" else out.shape[1]))
    usual: dict[str, Kind] = {"multiclass": "shares", "regression": "numbers"}
    meaning = Meaning(task, out.shape[1], kind or usual.get(task, "probabilities"))
    return Predictions(np.arange(len(out)), np.asarray(target, dtype), out, meaning, names)


@pytest.fixture(name="draw")
def _draw() -> Draw:
    return draw


@pytest.fixture(name="table")
def _table() -> Callable[..., Predictions]:
    return table

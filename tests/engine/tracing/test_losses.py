"""What is written of a loss is what the engine computes: each step is evaluated anew, by Python itself."""

import math
import re

import numpy as np
import pytest

from nnctl.engine.tracing.trace import trace

from .conftest import Make

CLASSES = "[{dense: {units: 3, activation: softmax}}]"
YES_NO, NUMBERS = np.arange(12) % 2, np.arange(12) / 7 + 0.5
TWO = np.stack([NUMBERS, NUMBERS[::-1]], 1)


def evaluate(step: str) -> float:
    """A written step by itself."""
    text = re.sub(r"-log ([\d.e-]+)", r"-log(\1)", step)
    return float(eval(text, {"log": math.log, "exp": math.exp, "mean": lambda *all: sum(all) / len(all), "abs": abs}))


@pytest.mark.parametrize(
    ("layers", "y", "loss", "begins"),
    [
        (CLASSES, None, "sparse_categorical_crossentropy", "-log p[1]"),
        (CLASSES, None, "categorical_crossentropy", "-log p[1]"),
        ("[{dense: 3}]", None, "{sparse_categorical_crossentropy: {from_logits: true}}", "log(sum(exp(z))) - z[1]"),
        ("[{dense: {units: 1, activation: sigmoid}}]", YES_NO, "binary_crossentropy", "-log "),
        ("[{dense: 1}]", YES_NO, "{binary_crossentropy: {from_logits: true}}", "log(1 + exp("),
        ("[{dense: 1}]", NUMBERS, "mean_squared_error", "("),
        ("[{dense: 2}]", TWO, "mean_squared_error", "mean(("),
        ("[{dense: 1}]", NUMBERS, "mean_absolute_error", "abs("),
    ],
)
def test_each_step_is_equal_to_the_next(make: Make, layers: str, y: np.ndarray | None, loss: str, begins: str) -> None:
    told = trace(make(layers, y=y, loss=loss), 1, None).forward.loss
    assert told.steps[0].startswith(begins)
    numbers = [evaluate(step) for step in told.steps if "[" not in step]  # one names what it stands for
    assert len(numbers) >= 2
    assert np.allclose(numbers, told.value, rtol=1e-4)


@pytest.mark.parametrize(
    ("layers", "y", "loss"),
    [
        (CLASSES, None, "{categorical_crossentropy: {label_smoothing: 0.2}}"),
        ("[{dense: 1}]", NUMBERS, "huber"),
        ("[{dense: 8}]", np.tile(NUMBERS[:, None], 8), "mean_squared_error"),
    ],
)
def test_what_is_not_the_formula_or_too_long_is_not_written(
    make: Make, layers: str, y: np.ndarray | None, loss: str
) -> None:
    told = trace(make(layers, y=y, loss=loss), 1, None).forward.loss
    assert told.steps == ()
    assert told.formula
    assert told.value > 0

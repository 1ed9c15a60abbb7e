"""Specs from Python, which need neither NumPy nor TensorFlow."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import nnctl
from nnctl.errors import SpecError
from nnctl.spec import Component

ROOT = Path(__file__).parents[2]


def test_reading_a_spec_loads_neither_numpy_nor_tensorflow(write: Callable[..., Path]) -> None:
    code = f"""
import sys
for name in ("numpy", "tensorflow", "keras", "sklearn", "matplotlib"):
    sys.modules[name] = None
import nnctl
print(nnctl.load_spec({str(write())!r}, {{"train.epochs": 7}}).train.epochs)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "7\n"


def test_overrides_are_values_as_python_has_them(write: Callable[..., Path]) -> None:
    overrides = {
        "train.learning_rate": 1e-05,
        "train.shuffle": False,
        "data.validation": None,
        "name": "1",
        "train.optimizer": {"sgd": {"momentum": 0.9}},
        "model.layers.1.activation": "tanh",
    }
    spec = nnctl.load_spec(str(write()), overrides)
    assert spec.train.learning_rate == 1e-05
    assert (spec.train.shuffle, spec.data.validation, spec.name) == (False, None, "1")
    assert (spec.train.optimizer.name, spec.train.optimizer.arguments) == ("sgd", {"momentum": 0.9})
    activation = spec.layers[1].arguments["activation"]
    assert isinstance(activation, Component)
    assert activation.name == "tanh"


def test_overrides_are_those_of_the_command_line_as_well(write: Callable[..., Path]) -> None:
    path = write()
    assert nnctl.load_spec(path, [("--set", "train.epochs=9")]) == nnctl.load_spec(path, {"train.epochs": 9})


def test_wrong_values_are_errors_of_nnctl(write: Callable[..., Path]) -> None:
    for value, code in ((0, "bad-value"), (float("inf"), "bad-value"), ({1, 2}, "bad-override")):
        with pytest.raises(SpecError) as raised:
            nnctl.load_spec(write(), {"train.epochs": value})
        assert raised.value.problems[0].code == code

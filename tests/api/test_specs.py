"""Specs from Python, which need neither NumPy nor TensorFlow."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import nnctl
from nnctl import api
from nnctl.api.specs import _format_document
from nnctl.errors import Source, SpecError, render
from nnctl.spec import Component
from nnctl.spec.text.document import parse, strip_places

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


MAP = {
    "name": "from-python",
    "vars": {"width": 16},
    "data": {"source": "digits", "validation": 0.2},
    "model": {
        "layers": [
            "flatten",
            {"dense": {"units": "${vars.width}", "activation": "relu"}},
            {"dense": {"units": np.int64(10), "activation": "softmax"}},
        ]
    },
    "train": {"loss": "categorical_crossentropy", "optimizer": "adam", "learning_rate": 1e-05, "epochs": 2},
}


def test_a_map_is_a_spec_as_a_file_is(tmp_path: Path) -> None:
    spec = nnctl.load_spec(MAP, {"train.epochs": 4})
    assert (spec.name, spec.train.epochs, spec.train.learning_rate) == ("from-python", 4, 1e-05)
    assert [layer.arguments.get("units") for layer in spec.layers] == [None, 16, 10]
    (path := tmp_path / "spec.yaml").write_text(spec.source.text)
    again = nnctl.load_spec(path, {"train.epochs": 4})
    assert (again.layers, again.data.source, again.train.learning_rate) == (spec.layers, spec.data.source, 1e-05)


def test_a_mistake_in_a_map_is_shown_in_the_yaml_that_it_stands_for() -> None:
    with pytest.raises(SpecError) as raised:
        nnctl.load_spec({**MAP, "train": {"loss": "mse", "optimiser": "adam"}})
    (problem,) = (each for each in raised.value.problems if each.code == "unknown-key")
    assert problem.place is not None
    assert problem.place.source.find_line(problem.place.line) == "  optimiser: adam"
    assert "<dict>:" in render([problem])


def test_what_is_no_value_of_yaml_is_named_by_its_place() -> None:
    told = {
        "'units' in 'dense' in item 0 of 'layers' in 'model' in the spec is a set": {"dense": {"units": {3}}},
        "item 0 of 'layers' in 'model' in the spec is a object": object(),
    }
    for message, layer in told.items():
        with pytest.raises(SpecError) as raised:
            nnctl.load_spec({**MAP, "model": {"layers": [layer]}})
        assert raised.value.problems[0].message == f"{message}, which YAML cannot write"
    endless: dict[str, object] = {}
    endless["data"] = endless
    with pytest.raises(SpecError, match="holds itself"):
        nnctl.load_spec(endless)


def test_whole_keys_and_texts_that_look_like_numbers_stay_what_they_are() -> None:
    written = {
        **MAP,
        "train": {**MAP["train"], "class_weight": {0: 2.0}},
        "data": {"source": {"csv": {"label": "1e-3"}}},
    }  # type: ignore[dict-item]
    text = _format_document(written)
    read = strip_places(parse(Source("", text)))
    assert (read["train"]["class_weight"], read["data"]) == ({0: 2.0}, {"source": {"csv": {"label": "1e-3"}}})


def test_paths_of_a_map_are_relative_to_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"{i},{i % 7},{'ab'[i % 2]}\n" for i in range(60))
    (tmp_path / "mine.csv").write_text(f"x,y,label\n{rows}")
    monkeypatch.chdir(tmp_path)
    layers = [{"dense": {"units": 2, "activation": "softmax"}}]
    data = {"source": {"csv": {"label": "label"}}, "path": Path("mine.csv"), "validation": 0.2}
    train = {"loss": "categorical_crossentropy", "optimizer": "sgd"}
    spec = nnctl.load_spec({"data": data, "model": {"layers": layers}, "train": train})
    assert spec.data.path == Path("mine.csv")


@pytest.mark.parametrize("look", [nnctl.check, nnctl.show, api.summarise_data])
def test_whatever_takes_a_spec_takes_a_path_or_a_map(
    look: Callable[[object], object], write: Callable[..., Path]
) -> None:
    for spec in (write(), str(write()), MAP):
        look(spec)
    with pytest.raises(SpecError, match="cannot be read"):
        look("absent.yaml")

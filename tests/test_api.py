"""The Python API as far as it needs no TensorFlow; tests/engine/test_api.py trains."""

import ast
import doctest
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import nnctl
from nnctl import api
from nnctl.errors import RunError, SpecError
from nnctl.runs import RunDirectory

ROOT = Path(__file__).parent.parent


def test_importing_nnctl_loads_nothing() -> None:
    code = "import sys; before = set(sys.modules); import nnctl; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {*ast.literal_eval(done.stdout)} - {"nnctl", "nnctl.version"}
    assert {name.partition(".")[0] for name in loaded} <= sys.stdlib_module_names


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


def test_the_package_says_that_it_is_typed_and_what_it_has() -> None:
    assert (ROOT / "nnctl" / "py.typed").is_file()
    assert set(nnctl.__all__) <= set(dir(nnctl))
    for name in nnctl.__all__:
        assert getattr(nnctl, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        _ = nnctl.trian


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
    assert isinstance(activation, api.specs.Component)
    assert activation.name == "tanh"


def test_overrides_are_those_of_the_command_line_as_well(write: Callable[..., Path]) -> None:
    path = write()
    assert nnctl.load_spec(path, [("--set", "train.epochs=9")]) == nnctl.load_spec(path, {"train.epochs": 9})


def test_wrong_values_are_errors_of_nnctl(write: Callable[..., Path]) -> None:
    for value, code in ((0, "bad-value"), (float("inf"), "bad-value"), ({1, 2}, "bad-override")):
        with pytest.raises(SpecError) as raised:
            nnctl.load_spec(write(), {"train.epochs": value})
        assert raised.value.problems[0].code == code


def test_runs_are_found_and_read_without_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunError):
        nnctl.load_run(runs=tmp_path / "runs")
    made = tmp_path / "runs" / "20261123-184501-mlp-a3f9"
    made.mkdir(parents=True)
    told = {"id": made.name, "name": "mlp", "status": "running", "created": "2026-11-23T18:45:01+00:00"}
    (made / "run.json").write_text(json.dumps(told))
    monkeypatch.setenv("NNCTL_RUNS", str(tmp_path / "runs"))
    run = nnctl.load_run()
    assert (run.path, run.manifest.status, run.metrics, run.scores) == (made, "running", [], {})
    assert nnctl.load_run("mlp") == nnctl.load_run(made) == run


def test_damaged_tables_are_errors_of_nnctl(tmp_path: Path) -> None:
    (tmp_path / "eval" / "test").mkdir(parents=True)
    (tmp_path / "eval" / "test" / "predictions.csv").write_text("row\n")
    run = nnctl.Run(RunDirectory(tmp_path))
    for text in ("{", "[]", '{"task": "binary"}', '{"task": "binary", "per_class": [{}]}'):
        (tmp_path / "eval" / "test" / "metrics.json").write_text(text)
        with pytest.raises(RunError, match="not a table of scores"):
            run.predictions()


@pytest.mark.parametrize("thing", [nnctl, api.load_spec], ids=["nnctl", "load_spec"])
def test_what_the_docstrings_show_happens(
    thing: object, write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of `Run`, which train, are tested in tests/engine."""
    write(name="first.yaml")
    monkeypatch.chdir(tmp_path)
    names = {"nnctl": nnctl, "load_spec": api.load_spec}
    (test,) = doctest.DocTestFinder(recurse=False).find(thing, "shown", globs=names)
    results = doctest.DocTestRunner().run(test)
    assert results.attempted > 0
    assert results.failed == 0

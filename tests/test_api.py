"""The Python API as a whole, as far as it needs no TensorFlow; tests/engine/test_api.py trains."""

import ast
import dataclasses
import doctest
import inspect
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import nnctl
from nnctl import api

ROOT = Path(__file__).parent.parent
HEAVY = {"Evaluation", "Observer", "Predicted", "Progress", "Timing", "Training"}  # types of the engine's


def test_importing_nnctl_loads_nothing() -> None:
    code = "import sys; before = set(sys.modules); import nnctl, nnctl.api; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {*ast.literal_eval(done.stdout)} - {"nnctl", "nnctl.api", "nnctl.version"}
    assert {name.partition(".")[0] for name in loaded} <= sys.stdlib_module_names


def test_the_package_says_that_it_is_typed_and_what_it_has() -> None:
    assert (ROOT / "nnctl" / "py.typed").is_file()
    assert set(nnctl.__all__) <= set(dir(nnctl))
    for name in nnctl.__all__:
        assert getattr(nnctl, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        _ = nnctl.trian


def test_each_name_is_had_from_where_it_is_told_to_be() -> None:
    homes = [name for names in api._HOMES.values() for name in names.split()]
    assert sorted(homes) == sorted(api.__all__)
    assert set(api.__all__) <= set(dir(api))
    for name in {*api.__all__} - HEAVY:
        assert getattr(api, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        _ = api.trian


def test_every_function_says_what_it_takes_and_gives_something_back() -> None:
    for path in (*sorted((ROOT / "nnctl" / "api").glob("*.py")), ROOT / "nnctl" / "interactive.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name in api.__all__:
                told = ast.get_docstring(node) or ""
                assert "Args:" in told or node.name == "write_rate", node.name
                assert node.returns is not None
                assert ast.unparse(node.returns) != "None", node.name


@pytest.mark.parametrize("kind", [nnctl.Run, api.Answers, api.Debugged, api.Loaded])
def test_whatever_can_be_asked_of_a_value_says_what_it_gives(kind: type) -> None:
    public = {name: each for name, each in vars(kind).items() if not name.startswith("_")}
    fields = {each.name for each in dataclasses.fields(kind)}
    assert [name for name, each in public.items() if name not in fields and not inspect.getdoc(each)] == []
    told = inspect.getdoc(kind) or ""
    assert [name for name in fields if f"    {name}: " not in told] == []


@pytest.mark.parametrize("thing", [nnctl, api.load_spec, api.check], ids=["nnctl", "load_spec", "check"])
def test_what_the_docstrings_show_happens(
    thing: object, write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of `Run` and `predict`, which train, are tested in tests/engine."""
    write(name="first.yaml")
    monkeypatch.chdir(tmp_path)
    names = {"nnctl": nnctl, "load_spec": api.load_spec, "check": api.check}
    (test,) = doctest.DocTestFinder(recurse=False).find(thing, "shown", globs=names)
    results = doctest.DocTestRunner().run(test)
    assert results.attempted > 0
    assert results.failed == 0

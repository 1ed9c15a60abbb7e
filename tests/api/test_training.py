"""What training and resuming refuse from Python before TensorFlow is loaded; tests/engine trains and resumes."""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import nnctl
from nnctl import api
from nnctl.api import training
from nnctl.data import peek
from nnctl.errors import DataError, RunError, SpecError, UsageError
from nnctl.runs import Manifest, RunDirectory
from nnctl.spec import dump, load_spec

TABLE = """\
name: own
data: {source: {csv: {label: c}}, path: own.csv}
model: {layers: [{dense: {units: 2, activation: softmax}}]}
train: {loss: categorical_crossentropy}
"""


@pytest.fixture
def run(write: Callable[..., Path], tmp_path: Path) -> nnctl.Run:
    """A run on a table that was interrupted before its first epoch ended."""
    (tmp_path / "own.csv").write_text("a,b,c\n" + "".join(f"{i},{-i},{i % 2}\n" for i in range(40)))
    run = RunDirectory(tmp_path / "runs" / "20261123-184501-own-a3f9")
    spec = load_spec(write(TABLE), peek=peek)
    created = "2026-11-23T18:45:01+00:00"
    run.path.mkdir(parents=True)
    run.resolved.write_text(dump.dump(spec))
    Manifest(run.path.name, "own", "interrupted", "s.yaml", [], [], spec.seed, created).write(run.path / "run.json")
    return nnctl.Run(run)


@pytest.mark.parametrize(("content", "code"), [(b"\xff", "bad-run"), (b"{}", "bad-columns"), (b"\x00", "bad-columns")])
def test_damaged_columns_are_told(run: nnctl.Run, content: bytes, code: str) -> None:
    run.directory.columns.write_bytes(content)
    with pytest.raises((RunError, DataError)) as raised:
        nnctl.resume(run)
    assert raised.value.problems[0].code == code


def test_a_run_that_is_done_is_given_back_as_it_is(run: nnctl.Run) -> None:
    run.directory.update(status="done", epochs=10)
    before = (run.path / "run.json").read_bytes()
    assert nnctl.resume(run) == nnctl.resume(run, epochs=10) == run
    assert (run.path / "run.json").read_bytes() == before


def test_what_a_run_cannot_go_on_to_is_refused(run: nnctl.Run) -> None:
    run.directory.update(status="done", epochs=10)
    with pytest.raises(UsageError, match="the run has 10 epochs, and --epochs asks for 3"):
        nnctl.resume(run, epochs=3)
    with pytest.raises(SpecError, match="max_time"):
        nnctl.resume(run, max_time="soon")
    run.directory.update(status="diverged", message="the loss is the first that is not finite")
    with pytest.raises(RunError, match="diverged, and would again: the loss is the first"):
        nnctl.resume(run)


@pytest.mark.parametrize("loaded", [False, True])
def test_threads_and_onednn_are_those_of_the_run_unless_tensorflow_has_read_them(
    loaded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NNCTL_THREADS", "TF_ENABLE_ONEDNN_OPTS"):
        monkeypatch.setenv(name, "before")
    if loaded:
        monkeypatch.setitem(sys.modules, "nnctl.engine", training)
    else:
        monkeypatch.delitem(sys.modules, "nnctl.engine", raising=False)
    training.settle({"threads": 3, "onednn": False})
    told = [os.environ[name] for name in ("NNCTL_THREADS", "TF_ENABLE_ONEDNN_OPTS")]
    assert told == (["before", "before"] if loaded else ["3", "0"])
    for odd in ({"threads": True, "onednn": 1}, {"threads": 0}, {"threads": "4"}, {}):
        monkeypatch.setenv("NNCTL_THREADS", "before")
        training.settle(odd)  # type: ignore[arg-type]
        assert os.environ["NNCTL_THREADS"] == "before"


def test_data_are_loaded_once_for_several_seeds_and_memory_is_looked_at(write: Callable[..., Path]) -> None:
    spec = nnctl.load_spec(write())
    loaded = api.load_data(spec)
    assert (len(loaded.dataset.train), loaded.plan.spec.seed) == (1150, 3)
    other = loaded.with_seed(8)
    assert other.dataset is loaded.dataset
    assert other.plan == replace(loaded.plan, spec=replace(loaded.plan.spec, seed=8))
    with pytest.raises(SpecError, match=r"and --max-memory is 0\.0 MiB"):
        api.load_data(spec, memory=1024)

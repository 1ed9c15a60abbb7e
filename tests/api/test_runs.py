"""Runs from Python as far as they need no TensorFlow; tests/engine/test_api.py has those that were trained."""

import json
from pathlib import Path

import pytest

import nnctl
from nnctl import api
from nnctl.errors import RunError
from nnctl.runs import RunDirectory, lock

TOLD = {"name": "mlp", "status": "running", "created": "2026-11-23T18:45:01+00:00"}


def made(root: Path, ident: str, **told: object) -> Path:
    path = root / ident
    path.mkdir(parents=True)
    (path / "run.json").write_text(json.dumps({"id": ident, **TOLD, **told}))
    return path


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


def test_a_run_whose_process_is_gone_is_lost_and_the_others_are_what_they_say(tmp_path: Path) -> None:
    gone = {**lock.describe_process(), "pid": 2**22 + 1}  # the largest id is 2**22
    made(tmp_path, "20261123-184502-b-0002", status="done", created="2026-11-23T18:45:02+00:00")
    made(tmp_path, "20261123-184501-a-0001", process=gone)
    (tmp_path / "beside").mkdir()
    assert [(run.path.name[-1], run.status) for run in api.list_runs(tmp_path)] == [("1", "lost"), ("2", "done")]
    assert api.list_runs(tmp_path / "nowhere") == []


def test_a_run_is_compared_with_its_checksums(tmp_path: Path) -> None:
    path = made(tmp_path, "20261123-184501-a-0001", checksums={"spec.yaml": "0" * 64})
    (path / "spec.yaml").write_text("name: a")
    (told,) = api.load_run(path).verify()
    assert (told.name, told.fault) == ("spec.yaml", "its SHA-256 is not the one that was written down")


def test_what_was_scored_is_no_part_of_what_a_run_is(tmp_path: Path) -> None:
    scored = nnctl.Run(RunDirectory(tmp_path), object())  # type: ignore[arg-type]
    assert scored == nnctl.Run(RunDirectory(tmp_path))
    assert "object" not in repr(scored)

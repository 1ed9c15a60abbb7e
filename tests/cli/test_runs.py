import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from nnctl.runs import create_run
from nnctl.runs.manifest import Manifest

Nnctl = Callable[..., CompletedProcess[str]]


def made(root: Path, name: str, **fields: object) -> None:
    run, created = create_run(root, name)
    blank = {"spec": "s.yaml", "command": [], "overrides": [], "seed": 0, "status": "done"}
    Manifest(**{**blank, "id": run.path.name, "name": name, "created": created, **fields}).write(run.path / "run.json")  # type: ignore[arg-type]


def test_runs_are_listed_with_status_data_and_score(nnctl: Nnctl, tmp_path: Path) -> None:
    made(
        tmp_path / "runs",
        "mlp",
        data={"source": "mnist_5k", "requested": "mnist"},
        scores={"test": {"accuracy": 0.875}},
    )
    made(tmp_path / "runs", "cnn", status="interrupted", monitor="val_loss", best=0.5)
    done = nnctl("runs")
    assert done.returncode == 0
    assert "mnist_5k (for mnist)" in done.stdout
    assert "test accuracy 0.8750" in done.stdout
    assert "interrupted" in done.stdout


def test_json_is_the_list_of_manifests(nnctl: Nnctl, tmp_path: Path) -> None:
    made(tmp_path / "elsewhere", "mlp")
    (told,) = json.loads(nnctl("runs", "--runs", "elsewhere", "--json").stdout)
    assert (told["name"], told["status"]) == ("mlp", "done")


def test_no_runs_is_an_answer(nnctl: Nnctl) -> None:
    done = nnctl("runs")
    assert (done.returncode, done.stdout.strip()) == (0, "no runs in runs")
    assert json.loads(nnctl("runs", "--json").stdout) == []

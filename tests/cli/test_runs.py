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
    assert "accuracy 0.8750" in done.stdout
    assert "interrupted" in done.stdout


def test_runs_are_compared_by_validation_and_test_comes_after_it(nnctl: Nnctl, tmp_path: Path) -> None:
    test = {"test": {"accuracy": 0.875}}
    made(tmp_path / "runs", "all", scores={**test, "validation": {"accuracy": None, "f1": 0.75}}, best=0.5)
    made(tmp_path / "runs", "watched", scores=test, best=0.25, best_epoch=2, monitor="val_loss")
    made(tmp_path / "runs", "bare", scores=test, best=0.25, best_epoch=2, monitor="val_loss")
    made(tmp_path / "runs", "broken", scores=test, best=0.125, best_epoch=2, monitor="val_loss")
    made(tmp_path / "runs", "trained", scores=test, best=0.5, best_epoch=1, monitor="loss")
    folders = {path.name.split("-")[2]: path for path in (tmp_path / "runs").iterdir()}
    head = "epoch,step,seconds,learning_rate,loss,accuracy,val_loss,val_accuracy"
    (folders["watched"] / "metrics.csv").write_text(f"{head}\n1,9,1,0.1,1,0.1,1,0.25\n2,18,1,0.1,1,0.1,0.25,0.625\n")
    (folders["broken"] / "metrics.csv").write_text("no table")
    cells = {line.split()[0].split("-")[2]: line for line in nnctl("runs").stdout.splitlines() if "done" in line}
    told = {name: " ".join(line.split("(for None)")[1].split()[1:5]) for name, line in cells.items()}
    assert told == {
        "all": "f1 0.7500 accuracy 0.8750",
        "watched": "accuracy 0.6250 accuracy 0.8750",
        "bare": "loss 0.2500 accuracy 0.8750",
        "broken": "loss 0.1250 accuracy 0.8750",
        "trained": "accuracy 0.8750 0 s",  # without validation: the loss of training stands for none
    }


def test_json_is_the_list_of_manifests(nnctl: Nnctl, tmp_path: Path) -> None:
    made(tmp_path / "elsewhere", "mlp")
    (told,) = json.loads(nnctl("runs", "--runs", "elsewhere", "--json").stdout)["runs"]
    assert (told["name"], told["status"], told["run"]) == ("mlp", "done", f"elsewhere/{told['id']}")


def test_no_runs_is_an_answer(nnctl: Nnctl) -> None:
    done = nnctl("runs")
    assert (done.returncode, done.stdout.strip()) == (0, "no runs in runs")
    assert json.loads(nnctl("runs", "--json").stdout)["runs"] == []

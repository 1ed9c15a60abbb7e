"""The whole path through the command line, as a user walks it."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.runs import RunDirectory

from .conftest import ROOT, Nnctl, Start, environment

CONFIGS = sorted((ROOT / "configs").glob("*.yaml"))


def only_run(tmp_path: Path) -> RunDirectory:
    (path,) = (tmp_path / "runs").iterdir()
    return RunDirectory(path)


def test_train_evaluate_and_list(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nnctl", "train", str(write()), "--epochs", "3", "--name", "mine"]
    trained = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert trained.returncode == 0, trained.stderr
    assert re.search(r"test accuracy 0\.\d{4} \(95 % interval", trained.stdout)
    assert "epoch 3/3" in trained.stderr
    assert not re.search(r"tensorflow|onednn|cuda|\bI0000|WARNING", trained.stdout + trained.stderr, re.IGNORECASE)
    run = only_run(tmp_path)
    assert run.manifest.overrides == [["--epochs", "train.epochs=3"], ["--name", "name=mine"]]
    log = run.log.read_text()
    assert log.count("epoch ") >= 3
    assert "test accuracy" in log
    assert "\x1b" not in log

    for name in ("latest", "mine"):
        told = nnctl("evaluate", name, "--json")
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout)["scores"]["accuracy"] == run.manifest.scores["test"]["accuracy"]
    assert run.manifest.test_looks == 3

    shown = nnctl("evaluate", "latest", "--split", "validation")
    assert "confusion: rows are true, columns predicted" in shown.stdout
    assert "f1 macro" in shown.stdout
    assert "done" in nnctl("runs").stdout


def test_json_is_all_that_stdout_holds(process: Nnctl, write: Callable[..., Path]) -> None:
    (told,) = json.loads(process("train", write(), "--json", "--epochs", 1, "--seed", 9).stdout)["runs"]
    assert told["status"] == "done"
    assert Path(told["run"]).parts[0] == "runs"
    assert 0 <= told["scores"]["test"]["accuracy"] <= 1


def test_a_smoke_run_of_several_seeds_goes_through_every_stage(
    nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path
) -> None:
    done = nnctl("train", write(), "--smoke", "--seeds", 2, "--json", "--set", "train.tensorboard=true")
    told = json.loads(done.stdout)["runs"]
    assert [run["status"] for run in told] == ["done", "done"]
    runs = [RunDirectory(tmp_path / run["run"]) for run in told]
    assert [run.manifest.seed for run in runs] == [3, 4]
    assert runs[1].manifest.overrides[-1] == ["--seeds", "seed=4"]
    assert all(list((run.path / "tensorboard").iterdir()) for run in runs)
    assert runs[0].manifest.data["examples"]["train"] == 160


def test_seeds_that_were_killed_go_on_and_come_to_the_same_table(
    nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path
) -> None:
    whole = nnctl("train", write(), "--smoke", "--seeds", 3)
    assert "3 seeds" in whole.stdout
    path = tmp_path / "spec.yaml"
    first, second, third = sorted((tmp_path / "runs").iterdir(), key=lambda path: RunDirectory(path).manifest.created)
    kept = RunDirectory(third).manifest
    shutil.rmtree(third)
    path.write_text("not what it was")
    listed = nnctl("runs").stdout
    assert "seed 2 of 3" in listed
    assert (
        f"1 of 3 seeds of {kept.name} are still to be trained: nnctl train --resume {second.relative_to(tmp_path)}"
        in listed
    )
    again = nnctl("train", "--resume", "latest")
    assert again.returncode == 0, again.stderr
    assert again.stdout[again.stdout.index("3 seeds") :] == whole.stdout[whole.stdout.index("3 seeds") :]
    (made,) = {*(tmp_path / "runs").iterdir()} - {first, second}
    now = RunDirectory(made).manifest
    for name in ("seed", "spec", "overrides", "seeds", "scores", "best", "best_epoch", "fingerprint", "versions"):
        assert getattr(now, name) == getattr(kept, name), name
    assert RunDirectory(made).spec.read_bytes() == RunDirectory(first).spec.read_bytes()
    finished = nnctl("train", "--resume", first.relative_to(tmp_path), "--json")
    assert [run["status"] for run in json.loads(finished.stdout)["runs"]] == ["done"] * 3


def test_the_next_training_begins_where_a_run_ended(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    assert nnctl("train", write(), "--epochs", 1).returncode == 0
    first = only_run(tmp_path)
    done = nnctl("train", write(), "--epochs", 1, "--set", f"train.init_from=runs/{first.path.name}", "--name", "next")
    assert done.returncode == 0, done.stderr
    assert "from     runs/" in done.stderr
    assert RunDirectory(sorted((tmp_path / "runs").glob("*next*"))[0]).manifest.parents == [first.path.name]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_every_config_opens_with_what_it_shows_and_what_to_expect(config: Path) -> None:
    first, second, *_ = config.read_text().splitlines()
    assert re.match(r"# \w.{20,}", first)
    assert re.match(r"# About \d+ s on two cores; expect .*(\d\d\.\d %|R2 0\.\d\d on test)", second)


# Of those that need nothing but what is here: the score that each tells of, and the key of the score.
HERE = {
    "auto_mpg_csv": "r2",
    "breast_cancer_binary": "accuracy",
    "diabetes_regression": "r2",
    "digits_images": "accuracy",
    "temporal_order_lstm": "accuracy",
    "venn_multilabel": "subset_accuracy",
}


@pytest.mark.parametrize("name", HERE)
def test_an_example_reaches_about_what_it_tells(nnctl: Nnctl, name: str) -> None:
    config = ROOT / "configs" / f"{name}.yaml"
    _, second, *_ = config.read_text().splitlines()
    told = re.search(r"(\d+\.\d) %|R2 (\d\.\d+)", second)
    assert told is not None
    expected = float(told[1]) / 100 if told[1] else float(told[2])
    done = nnctl("train", config, "--json")
    assert done.returncode == 0, done.stderr
    # Other versions and processors move a score by a few of the hundred examples that most of them test with.
    assert abs(json.loads(done.stdout)["runs"][0]["scores"]["test"][HERE[name]] - expected) < 0.05


@pytest.mark.parametrize("config", [path for path in CONFIGS if path.stem not in HERE], ids=lambda path: path.stem)
def test_every_other_config_trains_on_a_tiny_subset(nnctl: Nnctl, config: Path) -> None:
    built_in = ("--set", "data.source=mnist_5k", "--set", "data.offline=") if config.stem.startswith("mnist") else ()
    done = nnctl("train", config, "--subset", 300, "--epochs", 1, *built_in)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^test (subset )?(accuracy|MSE)", done.stdout, re.MULTILINE)


def test_the_sequence_cannot_be_told_by_counting_its_symbols(nnctl: Nnctl) -> None:
    """Without order XY and YX are one: three quarters right is the most."""
    settings = ("--set", "model.layers.1=global_average_pooling1d")
    done = nnctl("train", ROOT / "configs" / "temporal_order_lstm.yaml", "--json", *settings)
    assert json.loads(done.stdout)["runs"][0]["scores"]["test"]["accuracy"] < 0.8


def test_training_on_a_stand_in_says_so_everywhere(
    nnctl: Nnctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path / "empty"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NNCTL_DATA_URL", "http://127.0.0.1:9")  # nobody listens there
    done = nnctl("train", ROOT / "configs" / "mnist_mlp.yaml", "--subset", 300, "--epochs", 1)
    assert done.returncode == 0, done.stderr
    assert "instead of mnist" in done.stderr
    assert "not all of MNIST" in done.stdout
    data = only_run(tmp_path).manifest.data
    assert (data["requested"], data["source"]) == ("mnist", "mnist_5k")
    assert data["fallback"]
    assert "not all of MNIST" in nnctl("evaluate", "latest").stdout
    assert "mnist_5k (for mnist)" in nnctl("runs").stdout


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_an_interrupted_training_leaves_a_readable_run(
    nnctl: Nnctl, started: Start, write: Callable[..., Path], tmp_path: Path, number: int, code: int
) -> None:
    process, lines = started("train", write(), "--epochs", 100_000)
    assert any(line.startswith("epoch") for line in lines)
    process.send_signal(number)
    told = lines.read()
    assert process.wait(60) == code
    assert "interrupted after epoch" in told
    assert "Traceback" not in told
    run = only_run(tmp_path)
    assert run.manifest.status == "interrupted"
    assert run.manifest.epochs >= 1
    assert nnctl("evaluate", "latest").returncode == 0


def test_a_diverged_training_exits_1(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    settings = ("train.optimizer=sgd", "train.learning_rate=1e30", "train.loss=mse", "data.scale=none")
    done = nnctl("train", write(), *(word for text in settings for word in ("--set", text)))
    assert done.returncode == 1
    assert "diverged in epoch" in done.stderr
    assert only_run(tmp_path).manifest.status == "diverged"


def test_a_training_whose_loss_grew_a_millionfold_exits_1_and_names_debug(
    nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path
) -> None:
    settings = ("train.optimizer=sgd", "train.learning_rate=2", "train.loss=mse", "model.layers=[flatten, {dense: 10}]")
    done = nnctl(
        "train", write(), "--epochs", 3, "--subset", 400, *(word for text in settings for word in ("--set", text))
    )
    run = only_run(tmp_path)
    assert (done.returncode, run.manifest.status, run.manifest.scores) == (1, "diverged", {})
    assert run.manifest.grown
    assert "the loss is more than a million times what it was" in done.stderr
    assert done.stderr.splitlines()[-1] == f"next nnctl debug {run.path.relative_to(tmp_path)}"
    again = nnctl("train", "--resume", run.path)
    assert (again.returncode, "diverged, and would again" in again.stderr) == (2, True)


def test_bad_data_cost_nothing_but_the_message(process: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    import numpy as np

    x, y = np.zeros((40, 4), np.float32), np.repeat([0, 1], 20)
    x[7, 2] = np.nan
    np.savez(tmp_path / "own.npz", x=x, y=y)
    path = write(digits="npz\n  path: own.npz\n  test: 0.2", **{"units: 10, activation": "units: 2, activation"})
    started = time.monotonic()
    done = process("train", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "row 7" in done.stderr
    assert len(done.stderr.splitlines()) <= 4
    assert time.monotonic() - started < 30
    assert not (tmp_path / "runs").exists()


@pytest.mark.mnist
def test_the_convolutional_network_is_on_its_way_to_its_score_on_all_of_mnist(nnctl: Nnctl) -> None:
    """One of its six epochs, which take a minute and more; `make bench ARGS=accuracy` trains it to its end."""
    done = nnctl("train", ROOT / "configs" / "mnist_cnn.yaml", "--json", "--epochs", 1)
    assert json.loads(done.stdout)["runs"][0]["scores"]["test"]["accuracy"] >= 0.97

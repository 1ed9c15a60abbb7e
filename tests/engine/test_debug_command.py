import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .conftest import Nnctl


def test_the_cause_is_told_and_its_edit_proved_and_written_beside_the_spec(
    nnctl: Nnctl, write: Callable[..., Path]
) -> None:
    spec = write(**{"activation: softmax": "activation: relu"})
    done = nnctl("debug", spec, "--select", "H", "--json", "--fix")
    told = json.loads(done.stdout)
    assert told["primary"]["code"] == "H02"
    assert told["primary"]["place"]["line"] == 10
    assert told["primary"]["fix"]["edits"] == [
        {"path": ["model", "layers", 2, "activation"], "value": "softmax", "kind": "set"}
    ]
    assert "+    - dense: {units: 10, activation: softmax}" in told["primary"]["fix"]["diff"]
    assert {finding["code"][0] for finding in told["findings"]} == {"H"}
    assert [layer["index"] for layer in told["probe"]["layers"]] == [1, 2]
    fixed = spec.with_name("spec.fixed.yaml")
    assert (done.returncode, told["fixed"], str(fixed) in done.stderr) == (1, str(fixed), True)
    assert "proved: accuracy 0." in done.stderr
    assert fixed.read_text() == spec.read_text().replace("activation: relu}\ntrain", "activation: softmax}\ntrain")


def test_a_healthy_spec_ends_with_0(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    done = nnctl("debug", write(**{"epochs: 2": "epochs: 20"}))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "nothing found that keeps the network from learning")
    assert "PASS  overfit 32 examples" in done.stdout
    assert re.search(r"^ *layers\[2\] dense +10 +170 ", done.stdout, re.MULTILINE)


def test_rates_are_tried_drawn_and_written_and_never_over_something_else(
    nnctl: Nnctl, write: Callable[..., Path]
) -> None:
    spec = write(**{"learning_rate: 0.01": "learning_rate: 1.0e-6  # too small"})
    done = nnctl("debug", spec, "--lr", "--write", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["asked"]) == (0, 1e-6)
    assert Path(told["plot"]).is_file()
    fixed = spec.with_name("spec.fixed.yaml")
    assert f"learning_rate: {told['suggested']:g}  # too small" in fixed.read_text()
    fixed.write_text("mine")
    done = nnctl("debug", spec, "--lr", "--write")
    assert (done.returncode, "file-exists" in done.stderr, fixed.read_text()) == (2, True, "mine")


def test_a_run_is_told_what_it_came_to(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    spec = write(**{"epochs: 2": "epochs: 30", "learning_rate: 0.01": "learning_rate: 1e-7"})
    assert nnctl("train", spec, "--runs", runs, "--name", "slow").returncode == 0
    done = nnctl("debug", "slow", "--runs", runs, "--fix", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["primary"]["code"], told["status"]) == (1, "C01", "done")
    assert {one["code"] for one in told["findings"] if one["explained_by"] == "C01"} >= {"D03", "D17"}
    # The line that the user wrote, not that of the run's resolved spec.
    line = next(i for i, text in enumerate(spec.read_text().splitlines(), 1) if "learning_rate" in text)
    assert (told["primary"]["place"]["file"], told["primary"]["place"]["line"]) == (str(spec), line)
    shown = nnctl("debug", "slow", "--runs", runs).stdout
    assert f"{spec}:{line}  " in shown
    assert "resolved.yaml" not in shown
    (run,) = runs.iterdir()
    assert json.loads((run / "debug" / "findings.json").read_text())["primary"]["code"] == "C01"
    assert told["fixed"] == str(run / "debug" / "resolved.fixed.yaml")
    assert nnctl("check", told["fixed"]).returncode == 0
    assert (nnctl("debug", "slow", "--runs", runs, "--lr").returncode, nnctl("debug", "slw").returncode) == (2, 2)


def test_a_run_that_learned_is_told_nothing(nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    assert nnctl("train", write(**{"epochs: 2": "epochs: 15"}), "--runs", runs).returncode == 0
    done = nnctl("debug", "latest", "--runs", runs)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "nothing found that keeps the network from learning")


def test_a_run_with_validation_of_its_own_has_it_still_when_its_data_are_gone(nnctl: Nnctl, tmp_path: Path) -> None:
    x, y = np.random.default_rng(0).normal(size=(80, 4)).astype(np.float32), np.arange(80) % 2
    np.savez(tmp_path / "own.npz", x_train=x, y_train=y, x_val=x[:40] + 1, y_val=y[:40])
    (tmp_path / "own.yaml").write_text(
        "data: {source: npz, path: own.npz}\nmodel: {layers: [{dense: {units: 1, activation: sigmoid}}]}\n"
        "train: {loss: binary_crossentropy, epochs: 2, early_stopping: 5}\n"
    )
    assert nnctl("train", tmp_path / "own.yaml", "--runs", tmp_path / "runs").returncode == 0
    (tmp_path / "own.npz").unlink()
    told = json.loads(nnctl("debug", "latest", "--runs", tmp_path / "runs", "--json").stdout)
    assert told["baselines"] is None
    assert "C05" not in {one["code"] for one in told["findings"]}

"""`--json` of the verbs that need TensorFlow, over every way to end; tests/cli/test_json.py has the others."""

import errno
import json
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.api import training
from nnctl.runs import RunDirectory
from tests.answers import read_answer

from .conftest import Forks, Nnctl, Shelf, environment, spec_in, train_in

VERBS = ("train", "evaluate", "predict", "debug", "trace")
DIVERGING = ("--set", "train.optimizer=sgd", "--set", "train.learning_rate=1e30", "--set", "train.loss=mse")


@pytest.fixture
def run(shelf: Shelf, tmp_path: Path) -> RunDirectory:
    """A run of one epoch."""
    made = shelf.copy("json", lambda folder: train_in(folder, spec_in(folder, "train.epochs=1")), tmp_path)
    return made.run


def test_train_answers_with_its_runs_however_many_there_are(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    one = read_answer(nnctl("train", write(), "--smoke", "--json"), "train")
    (first,) = one["runs"]
    several = read_answer(nnctl("train", write(), "--smoke", "--seeds", 2, "--json"), "train")
    finished = read_answer(nnctl("train", "--resume", first["run"], "--json"), "train")
    again = read_answer(nnctl("train", "--resume", "latest", "--json"), "train")
    assert [len(each["runs"]) for each in (one, several, finished, again)] == [1, 2, 1, 2]
    # What was finished before is not scored again, so that nothing is known of what it did not beat.
    assert finished["runs"] == [{**first, "unbeaten": None}]
    assert again["runs"] == [{**run, "unbeaten": None} for run in several["runs"]]
    assert isinstance(first["unbeaten"], list)
    assert {run.keys() == first.keys() and run["status"] for run in several["runs"]} == {"done"}
    assert [RunDirectory(Path(run["run"])).manifest.id for run in several["runs"]] == [r["id"] for r in several["runs"]]


def test_a_training_that_diverged_is_a_verdict_and_its_cause_a_finding(
    nnctl: Nnctl, write: Callable[..., Path]
) -> None:
    done = nnctl("train", write(), *DIVERGING, "--json")
    told = read_answer(done, "train")
    assert (done.returncode, [run["status"] for run in told["runs"]]) == (1, ["diverged"])
    (found,) = [each for each in told["findings"] if each["code"] == "C01"]
    assert (found["place"]["file"], found["place"]["flag"]) == (None, "--set train.learning_rate=1e30")
    lost = nnctl("evaluate", "latest", "--json")
    assert (lost.returncode, read_answer(lost, "evaluate")["errors"][0]["code"]) == (2, "no-model")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_training_that_was_interrupted_tells_how_it_goes_on(
    forks: Forks, write: Callable[..., Path], tmp_path: Path, number: int, code: int
) -> None:
    reading, writing = os.pipe()
    answer = tmp_path / "answer.json"
    with answer.open("wb") as out:
        arguments = ("train", write(), "--epochs", 100_000, "--json")
        process = forks.start(arguments, tmp_path, environment(), out.fileno(), writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        assert any(line.startswith("epoch") for line in lines)
        process.send_signal(number)
        said = lines.read()
    assert process.wait(60) == code
    told = read_answer(subprocess.CompletedProcess([], code, answer.read_text(), said), "train")
    (run,), (error,) = told["runs"], told["errors"]
    assert (run["status"], error["code"]) == ("interrupted", "interrupted")
    assert f"nnctl train --resume {run['run']}" in error["hint"]


def test_a_set_whose_second_training_fails_tells_of_the_first(
    nnctl: Nnctl, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    train, begun = training.train, list[Any]()

    def train_once(*given: Any, **named: Any) -> Any:
        begun.append(given)
        if len(begun) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return train(*given, **named)

    monkeypatch.setattr(training, "train", train_once)
    done = nnctl("train", write(), "--smoke", "--seeds", 2, "--json")
    told = read_answer(done, "train")
    assert (done.returncode, [error["code"] for error in told["errors"]]) == (2, ["disk"])
    assert [run["status"] for run in told["runs"]] == ["done"]


def test_evaluate_answers_with_the_scores_that_it_writes(nnctl: Nnctl, run: RunDirectory) -> None:
    told = read_answer(nnctl("evaluate", "latest", "--json"), "evaluate")
    assert told["scores"] == json.loads((Path(told["folder"]) / "metrics.json").read_text())
    refused = nnctl("evaluate", "latest", "--split", "nope", "--json")
    assert (refused.returncode, read_answer(refused, "evaluate")["errors"][0]["code"]) == (2, "unknown-split")


def test_where_the_data_are_gone_what_was_scored_is_told_and_how_a_file_is(nnctl: Nnctl, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(
        "data: {source: npz, path: own.npz}\nmodel: {layers: [{dense: {units: 1}}]}\ntrain: {loss: mse, epochs: 1}\n"
    )
    x = np.linspace(0, 1, 80, dtype=np.float32).reshape(40, 2)
    np.savez(tmp_path / "own.npz", x=x, y=x[:, 0])
    assert nnctl("train", "spec.yaml").returncode == 0
    (tmp_path / "own.npz").rename(tmp_path / "moved.npz")
    done = nnctl("evaluate", "latest", "--json")
    told = read_answer(done, "evaluate")
    assert (done.returncode, told["errors"][0]["code"], "scores" in told) == (2, "unreadable-data", False)
    assert told["kept"] == {
        name: json.loads((Path(told["folder"]) / "metrics.json").read_text())[name] for name in told["kept"]
    }
    plain = nnctl("evaluate", "latest")
    assert plain.stdout.startswith(f"scored before: test MSE {told['kept']['mse']:.4f}, MAE ")
    assert f"nnctl evaluate {told['run']} --data FILE" in plain.stderr
    again = read_answer(nnctl("evaluate", "latest", "--data", "moved.npz", "--json"), "evaluate")
    assert (again["split"], again["scores"]["n"]) == ("moved", 40)


def test_predict_answers_with_a_list_whatever_ends_it(nnctl: Nnctl, run: RunDirectory) -> None:
    x = np.arange(3 * 64, dtype=np.uint8).reshape(3, 8, 8)
    np.savez("own.npz", x=x)
    done = nnctl("predict", "latest", "own.npz", "own.npz", "--json")
    told = read_answer(done, "predict")
    assert (done.returncode, [(each["file"], each["row"]) for each in told["predictions"]]) == (
        0,
        [("own.npz", row) for row in (1, 2, 3)] * 2,
    )
    assert told["names"] == [str(digit) for digit in range(10)]
    done = nnctl("predict", "latest", "absent.npz", "own.npz", "--json")
    told = read_answer(done, "predict")
    assert (done.returncode, len(told["predictions"]), told["errors"][0]["code"]) == (2, 3, "unreadable-data")
    assert read_answer(nnctl("predict", "latest", "absent.npz", "--json"), "predict")["predictions"] == []


def test_an_example_without_an_answer_is_a_verdict(nnctl: Nnctl, tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(
        "data: {source: npz, path: own.npz, scale: none}\nmodel: {layers: [{rescaling: {scale: 10}}, {dense: {units: 1}}]}\n"
        "train: {loss: mse, epochs: 1}\n"
    )
    x = np.linspace(0, 1, 80, dtype=np.float32).reshape(40, 2)
    np.savez(tmp_path / "own.npz", x=x, y=x[:, 0])
    assert nnctl("train", "spec.yaml").returncode == 0
    np.savez(tmp_path / "huge.npz", x=np.full((1, 2), 3e38, np.float32))
    done = nnctl("predict", "latest", "huge.npz", "--json")
    told = read_answer(done, "predict")
    assert (done.returncode, [each["values"] for each in told["predictions"]]) == (1, [{"0": None}])


def test_a_damaged_run_is_an_error_of_every_verb(nnctl: Nnctl, run: RunDirectory) -> None:
    run.model.write_bytes(b"no model")
    np.savez("own.npz", x=np.zeros((1, 8, 8), np.uint8))
    for words in (("evaluate", "latest"), ("predict", "latest", "own.npz")):
        done = nnctl(*words, "--json")
        assert (done.returncode, read_answer(done, words[0])["errors"][0]["code"]) == (2, "bad-model")
    done = nnctl("runs", "verify", "latest", "--json")
    faults = {each["name"] for each in read_answer(done, "runs verify")["files"] if each["fault"]}
    assert (done.returncode, faults) == (1, {"model.keras"})


def test_debug_answers_of_a_spec_and_of_a_run_with_the_same_keys(
    nnctl: Nnctl, write: Callable[..., Path], run: RunDirectory
) -> None:
    of_spec = read_answer(nnctl("debug", write(**{"activation: softmax": "activation: linear"}), "--json"), "debug")
    of_run = read_answer(nnctl("debug", "latest", "--json"), "debug")
    assert of_spec["primary"]["place"]["line"] == 10
    assert of_run.keys() - of_spec.keys() == {"run", "status", "epochs", "scores", "baselines"}
    assert of_spec.keys() - of_run.keys() == set()


def test_debug_keeps_its_verdict_where_the_edit_cannot_be_written(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    spec = write(**{"activation: softmax": "activation: linear"})
    spec.with_name("spec.fixed.yaml").write_text("mine")
    done = nnctl("debug", spec, "--fix", "--select", "H", "--json")
    told = read_answer(done, "debug")
    assert (done.returncode, told["errors"][0]["code"]) == (2, "file-exists")
    assert (told["primary"]["code"], told["fixed"]) == ("H02", None)

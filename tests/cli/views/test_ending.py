"""How a training is told that has ended; tests/engine/test_commands.py trains it."""

import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nnctl.api import Run, RunDirectory
from nnctl.cli.views.ending import conclude, record, show_finished, summarise
from nnctl.cli.views.live import Terminal
from nnctl.metrics import Bar, Scores
from nnctl.runs import Manifest
from nnctl.runs.manifest import GROWN

DATA = {"source": "digits", "requested": "digits"}


def made(path: Path, status: str, evaluation: Any = None, **told: Any) -> Run:
    path.mkdir(exist_ok=True)
    manifest = Manifest(path.name, "mlp", status, "s.yaml", [], [], 3, "2026-11-23T18:45:01+00:00", data=DATA, **told)
    manifest.write(path / "run.json")
    return Run(RunDirectory(path), evaluation)


def test_what_came_to_its_end_is_told_by_its_score_on_stdout_and_in_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = Scores("multiclass", {"accuracy": 0.9, "accuracy_interval": [0.8, 0.95], "n": 50}, ())
    evaluation = SimpleNamespace(scores=scores, split="test", unbeaten=())
    run = made(tmp_path / "r", "done", evaluation, epochs=4, best_epoch=3, best=0.5, monitor="val_loss",
               message="early stopping ended it after epoch 4")  # fmt: skip
    run.directory.plots.mkdir()
    for name in ("layers", "curves"):
        (run.directory.plots / f"{name}.png").touch()
    assert conclude(run, Terminal(), False) == 0
    lines = [
        "test accuracy 0.9000 (95 % interval 0.8000 to 0.9500, 50 examples)",
        "early stopping ended it after epoch 4",
        "best epoch 3 of 4 (val_loss 0.5000)",
        f"run  {run.path}",
        "     its plots/: curves, layers (gradients, dead units)",
        f"next nnctl evaluate {run.path}",
    ]
    assert capsys.readouterr().out.splitlines() == lines
    assert run.directory.log.read_text().splitlines() == lines
    assert conclude(run, Terminal(), True) == 0
    assert capsys.readouterr().out == ""  # JSON is all that stdout then holds


def test_a_score_that_needs_no_network_is_told_with_the_command_that_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: Callable[..., dict[str, Any]]
) -> None:
    scores = Scores("multiclass", {"accuracy": 0.09, "n": 50}, ())
    bars = (Bar("the commonest class", 0.112, 0.09), Bar("a linear model", 0.85, 0.09))
    run = made(tmp_path / "a run", "done", SimpleNamespace(scores=scores, split="test", unbeaten=bars), epochs=1)
    assert conclude(run, Terminal(), False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "test accuracy 0.0900, below the commonest class (0.1120) and a linear model (0.8500)"
    assert lines[-1] == f"next nnctl debug '{run.path}'"
    (told,) = answer()["runs"]
    assert told["unbeaten"][0] == {"name": "the commonest class", "score": 0.112, "own": 0.09}


def test_of_a_training_without_test_examples_what_it_has_is_evaluated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = Scores("multiclass", {"accuracy": 0.9, "n": 50}, ())
    for evaluation, split in (
        (SimpleNamespace(scores=scores, split="validation", unbeaten=()), "validation"),
        (None, "train"),
    ):
        run = made(tmp_path / split, "done", evaluation, epochs=1)
        conclude(run, Terminal(), False)
        assert capsys.readouterr().out.splitlines()[-1] == f"next nnctl evaluate {run.path} --split {split}"


def test_a_loss_that_has_grown_without_bounds_is_told_with_what_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = f"{GROWN}: 3e+09 in epoch 4, and 2.3 at the first step"
    run = made(tmp_path / "r", "diverged", epochs=4, best_epoch=1, best=0.5, message=message)
    assert conclude(run, Terminal(), False) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[:2] == ["diverged; the best epoch's model (1) is kept", message]
    assert said[-1] == f"next nnctl debug {run.path}"


@pytest.mark.parametrize(
    ("status", "number", "code", "said"),
    [
        ("interrupted", None, 130, "interrupted after epoch 2; the best epoch's model (2) is kept"),
        ("interrupted", signal.SIGTERM, 143, "next nnctl train --resume"),
        ("diverged", None, 1, "the output of dense is the first that is not finite"),
    ],
)
def test_what_did_not_is_told_why_on_stderr_and_by_its_exit_code(
    status: str,
    number: signal.Signals | None,
    code: int,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    answer: Callable[..., dict[str, Any]],
) -> None:
    message = "the output of dense is the first that is not finite" if status == "diverged" else None
    shown = Terminal()
    shown.wish.number = number
    run = made(tmp_path / "r", status, epochs=2, best_epoch=2, best=0.5, message=message)
    assert conclude(run, shown, True) == code
    captured = capsys.readouterr()
    assert (captured.out, said in captured.err) == ("", True)
    told = answer(code)
    assert [each["status"] for each in told["runs"]] == [status]
    assert [each["code"] for each in told["errors"]] == (["interrupted"] if status == "interrupted" else [])


def test_an_epoch_that_is_kept_and_not_the_best_is_not_called_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = "val_x was finite in no epoch: the last one is kept"
    run = made(tmp_path / "r", "done", epochs=4, best_epoch=4, monitor="val_x", message=message)
    assert conclude(run, Terminal(), False) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [message, "kept epoch 4 of 4, none is best"]
    conclude(made(tmp_path / "s", "diverged", epochs=4, best_epoch=4, monitor="val_x"), Terminal(), False)
    assert "no longer a finite number; the last epoch's model (4) is kept" in capsys.readouterr().err.replace("\n", " ")


def test_several_seeds_come_to_a_mean_and_a_deviation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: Callable[..., dict[str, Any]]
) -> None:
    runs = [
        made(tmp_path / name, "done", scores={"test": {"accuracy": score}}) for name, score in (("a", 0.5), ("b", 0.7))
    ]
    summarise(runs, False)
    assert capsys.readouterr().out.splitlines()[-1].split() == ["accuracy", "0.6000", "0.1414", "0.5000", "0.7000"]
    for run in runs:
        record(run)
    summarise(runs, True)
    assert [each["scores"]["test"]["accuracy"] for each in answer()["runs"]] == [0.5, 0.7]


def test_a_run_that_was_at_its_end_is_told_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: Callable[..., dict[str, Any]]
) -> None:
    run = made(tmp_path / "r", "done", epochs=4, message="its time was over after epoch 4")
    show_finished(run, False)
    told = capsys.readouterr().out
    assert told == (
        f"{run.path} is finished: 4 epochs (its time was over after epoch 4)\n`--epochs N` makes it longer\n"
    )
    show_finished(run, True)
    told_each = [(each["run"], each["id"], each["message"]) for each in answer()["runs"]]
    assert told_each == [(str(run.path), "r", run.manifest.message)] * 2

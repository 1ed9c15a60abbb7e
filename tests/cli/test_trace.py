"""What is wrong is told before TensorFlow is asked for; `tests/engine/tracing/test_command.py` runs the rest."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Nnctl = Callable[..., CompletedProcess[str]]


def test_a_wrong_spec_and_a_run_that_is_not_there_are_one_line(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    wrong = nnctl("trace", write(**{"epochs: 2": "epochs: 0"}).name)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "bad-value" in wrong.stderr
    absent = nnctl("trace", "latest")
    assert (absent.returncode, absent.stdout) == (2, "")
    assert absent.stderr.startswith("no-run: ")


def test_settings_are_for_a_spec(nnctl: Nnctl) -> None:
    done = nnctl("trace", "latest", "--set", "train.epochs=3")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--set changes a spec, and latest is a run that has been trained" in done.stderr


def test_an_optimizer_that_is_none_is_told_with_the_nearest(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    done = nnctl("trace", write().name, "--optimizer", "adma")
    assert (done.returncode, done.stdout) == (2, "")
    assert "unknown-optimizer: no optimizer is called 'adma'" in done.stderr
    assert "did you mean 'adam'?" in done.stderr


@pytest.mark.parametrize("flags", [["--example", "x"], ["--unit"], ["--steps", "0"], ["--no-such"]])
def test_wrong_flags(nnctl: Nnctl, write: Callable[..., Path], flags: list[str]) -> None:
    done = nnctl("trace", write().name, *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")


def test_a_trace_needs_tensorflow(nnctl: Nnctl, write: Callable[..., Path]) -> None:
    assert "guarded: " in nnctl("trace", write().name).stderr

"""What `nnctl evaluate` refuses before TensorFlow is loaded; tests/engine/test_commands.py evaluates."""

from collections.abc import Callable
from subprocess import CompletedProcess

Nnctl = Callable[..., CompletedProcess[str]]


def test_a_run_that_is_not_there_is_said(nnctl: Nnctl) -> None:
    for arguments in (["latest"], ["runs/nowhere", "--split", "train"]):
        done = nnctl("evaluate", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("no-run: ")


def test_it_is_told_which_run(nnctl: Nnctl) -> None:
    done = nnctl("evaluate")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: ")

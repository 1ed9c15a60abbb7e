"""What `nnctl train` refuses before TensorFlow is loaded; tests/engine/test_commands.py trains."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Nnctl = Callable[..., CompletedProcess[str]]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--set", "train.epoch=3"], "unknown-key"),
        (["--epochs", "0"], "bad-value"),
        (["--max-time", "soon"], "bad-value"),
        (["--max-memory", "much"], "bad-value"),
        (["--max-memory", "1KB"], "memory"),
        (["--name", "latest"], "bad-name"),
        (["--seeds", "0"], "usage: "),
        (["--allow-drift"], "contradiction"),
        (["--resume", "latest"], "contradiction"),
    ],
)
def test_bad_input_costs_nothing_but_its_message(
    flags: list[str], told: str, nnctl: Nnctl, write: Callable[..., Path], tmp_path: Path
) -> None:
    done = nnctl("train", write(), *flags)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "runs").exists()


def test_neither_a_spec_nor_a_run_is_nothing_to_train(nnctl: Nnctl) -> None:
    done = nnctl("train")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "usage: there is nothing to train")
    assert nnctl("train", "--resume", "latest").stderr.startswith("no-run: ")

"""What `nnctl train` refuses before TensorFlow is loaded; tests/engine/test_commands.py trains."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nnctl.cli.train import _MOST_SEEDS, _resumes
from nnctl.errors import UsageError
from nnctl.runs.manifest import MOST_SEEDS

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
        (["--seeds", "10001"], "bad-value: --seeds is 10,001"),
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


def test_a_set_of_seeds_is_as_long_as_a_manifest_may_name_it() -> None:
    assert _MOST_SEEDS == MOST_SEEDS


def test_neither_a_spec_nor_a_run_is_nothing_to_train(nnctl: Nnctl) -> None:
    done = nnctl("train")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "usage: there is nothing to train")
    assert nnctl("train", "--resume", "latest").stderr.startswith("no-run: ")


def test_a_run_is_resumed_or_a_spec_trained_and_never_both() -> None:
    assert not _resumes(Path("s.yaml"), None, [], 1, False)
    assert _resumes(None, "latest", [("--epochs", "train.epochs=9")], 1, True)
    for wrong in (
        (None, None, [], 1, False),
        (Path("s.yaml"), None, [], 1, True),
        (Path("s.yaml"), "latest", [], 1, False),
        (None, "latest", [("--set", "seed=3")], 1, False),
        (None, "latest", [], 3, False),
    ):
        with pytest.raises(UsageError):
            _resumes(*wrong)  # type: ignore[arg-type]

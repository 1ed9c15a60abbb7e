"""What `train --resume` refuses before TensorFlow is loaded; tests/engine/test_resume.py resumes."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nnctl.cli.resuming import asked
from nnctl.data import peek
from nnctl.errors import UsageError
from nnctl.runs import Manifest, RunDirectory
from nnctl.spec import dump, load_spec

TABLE = """\
name: own
data: {source: {csv: {label: c}}, path: own.csv}
model: {layers: [{dense: {units: 2, activation: softmax}}]}
train: {loss: categorical_crossentropy}
"""


@pytest.fixture
def run(write: Callable[..., Path], tmp_path: Path) -> RunDirectory:
    """A run on a table that was interrupted before its first epoch ended."""
    (tmp_path / "own.csv").write_text("a,b,c\n" + "".join(f"{i},{-i},{i % 2}\n" for i in range(40)))
    run = RunDirectory(tmp_path / "runs" / "20261123-184501-own-a3f9")
    spec = load_spec(write(TABLE), peek=peek)
    created = "2026-11-23T18:45:01+00:00"
    run.path.mkdir(parents=True)
    run.resolved.write_text(dump.dump(spec))
    Manifest(run.path.name, "own", "interrupted", "s.yaml", [], [], spec.seed, created).write(run.path / "run.json")
    return run


@pytest.mark.parametrize(
    ("content", "code"), [(b"\xff", "bad-run: "), (b"{}", "bad-columns: "), (b"\x00", "bad-columns: ")]
)
def test_damaged_columns_are_told(
    nnctl: Callable[..., CompletedProcess[str]], run: RunDirectory, content: bytes, code: str
) -> None:
    run.columns.write_bytes(content)
    done = nnctl("train", "--resume", "latest")
    assert (done.returncode, done.stderr.startswith(code)) == (2, True), done.stderr


def test_a_run_is_resumed_or_a_spec_trained_and_never_both() -> None:
    assert not asked(Path("s.yaml"), None, [], 1, False)
    assert asked(None, "latest", [("--epochs", "train.epochs=9")], 1, True)
    for wrong in (
        (None, None, [], 1, False),
        (Path("s.yaml"), None, [], 1, True),
        (Path("s.yaml"), "latest", [], 1, False),
        (None, "latest", [("--set", "seed=3")], 1, False),
        (None, "latest", [], 3, False),
    ):
        with pytest.raises(UsageError):
            asked(*wrong)  # type: ignore[arg-type]

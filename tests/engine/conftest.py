"""Trainings on scikit-learn's 1,797 digits, and an observer that only remembers."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nnctl.cli.main import _run
from nnctl.data import load, peek
from nnctl.engine import checkpoint
from nnctl.engine.observer import Progress
from nnctl.engine.training import Training
from nnctl.runs import Row
from nnctl.spec import Spec, load_spec


class Quiet:
    """An observer that remembers what it was told, and asks to stop after so many calls."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.calls, self.rows, self.bests, self.stop_after = 0, list[Row](), list[bool](), stop_after

    def stepped(self, progress: Progress) -> None:
        self.calls += 1

    def ended_epoch(self, row: Row, best: bool) -> None:
        self.rows.append(row)
        self.bests.append(best)

    def said(self, message: str) -> None:
        pass

    def trained(self) -> None:
        pass

    def interrupted(self) -> bool:
        return self.stop_after is not None and self.calls >= self.stop_after


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Every test draws the same numbers each time, whichever test ran before it."""
    import keras

    keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True)
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are laid out but stay blank here: drawing takes half of a short training.

    `tests/plots` draws each of them, and so does each test that runs nnctl in a process of its own.
    """
    content = io.BytesIO()
    Image.new("L", (1, 1)).save(content, "png")

    def saved(figure: object, path: Path, **more: object) -> None:
        path.write_bytes(content.getvalue())

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", saved)


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., Spec]:
    """The spec of a text, with values set as by `--set`."""

    def read(*settings: str, **replaced: str) -> Spec:
        return load_spec(write(**replaced), [("--set", text) for text in settings], peek)

    return read


@pytest.fixture
def training(read: Callable[..., Spec]) -> Callable[..., Training]:
    """The training of the usual spec, with values set as by `--set`."""

    def training(*settings: str, **replaced: str) -> Training:
        spec = read(*settings, **replaced)
        return Training(spec, load(spec.data, lambda label, share: None))

    return training


Nnctl = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def nnctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nnctl:
    """Runs nnctl in an empty folder and in this process, which has loaded TensorFlow already."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NNCTL_RUNS", "runs")

    def nnctl(*arguments: object) -> subprocess.CompletedProcess[str]:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(sys, "argv", ["nnctl", *map(str, arguments)])
        with redirect_stdout(out), redirect_stderr(err):
            code = _run()
        return subprocess.CompletedProcess(sys.argv, code, out.getvalue(), err.getvalue())

    return nnctl


@pytest.fixture
def process(tmp_path: Path) -> Nnctl:
    """Runs nnctl in an empty folder and in a process of its own, as a user does."""

    def process(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "nnctl", *map(str, arguments)]
        return subprocess.run(
            command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=300, check=False
        )

    return process


def environment() -> dict[str, str]:
    """That of a process that finds this nnctl and leaves its runs where it stands."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "NNCTL_RUNS": "runs"}


def files_of(training: Training) -> dict[str, bytes]:
    """The files of a checkpoint, without the best weights that it counts on."""
    return {name: b"".join(parts) for name, parts in checkpoint.packed(training).items()}


def arrays(training: Training) -> list[np.ndarray]:
    """Every number that a training holds: weights, optimizer, seeds, metrics."""
    model = training.model
    return [variable.numpy() for variable in [*model.variables, *model.optimizer.variables]]


def same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """Whether two lists of arrays are equal bit for bit."""
    return len(first) == len(second) and all(
        a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in zip(first, second, strict=True)
    )

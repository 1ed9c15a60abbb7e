"""Trainings on scikit-learn's 1,797 digits, and an observer that only remembers."""

import inspect
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pytest
from PIL import Image

from nnctl import plots
from nnctl.cli.main import _run
from nnctl.data import Dataset, load, peek, silent
from nnctl.engine.evaluate import revisit
from nnctl.engine.loop.observer import Progress
from nnctl.engine.loop.training import Training
from nnctl.engine.scoring import Evaluation
from nnctl.engine.state import checkpoint
from nnctl.engine.train import Invocation, Trained, begin, prepare, run_to_end
from nnctl.files import replace_atomically
from nnctl.runs import Row, RunDirectory
from nnctl.spec import Spec, load_spec
from tests.conftest import SPEC
from tests.forks import ROOT, Forked, Forks


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


def trainable(spec: Spec, dataset: Dataset | None = None) -> Training:
    """The training of a spec on its data."""
    data = load(spec.data, lambda label, share: None) if dataset is None else dataset
    return Training(data.plan(spec), data)


def prepared(spec: Spec, dataset: Dataset | None = None) -> Training:
    """The same, as a command makes it: with the names of layers and of the source that was loaded."""
    data = load(spec.data, lambda label, share: None) if dataset is None else dataset
    return prepare(data.plan(spec), data)


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Every test draws the same numbers each time, whichever test ran before it."""
    import keras

    keras.utils.set_random_seed(0)


@pytest.fixture(autouse=True)
def blank(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures stay blank here, and are not even laid out but behind a command: drawing takes half of a short training.

    `tests/plots` draws each of them, and so does each test that runs nnctl in a process of its own.
    """
    monkeypatch.setattr("matplotlib.figure.Figure.savefig", lambda figure, path, **more: path.write_bytes(BLANK))
    for name, drawn in {} if "nnctl" in request.fixturenames else DRAWN.items():
        monkeypatch.setattr(plots, name, drawn)


def _blank() -> bytes:
    content = io.BytesIO()
    Image.new("L", (1, 1)).save(content, "png")
    return content.getvalue()


def _not_drawn(draw: Callable[..., None]) -> Callable[..., None]:
    """What takes the arguments of a function that draws, and leaves a blank picture."""
    signature = inspect.signature(draw)

    def left(*given: Any, **named: Any) -> None:
        with replace_atomically(signature.bind(*given, **named).arguments["path"]) as beside:
            beside.write_bytes(BLANK)

    return left


BLANK = _blank()
DRAWN = {name: _not_drawn(getattr(plots, name)) for name in plots.__all__}


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
        return trainable(spec)

    return training


class Shelf:
    """What has been trained, so that nothing is trained twice; everyone gets a copy.

    Args:
        folder: where it lies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._kept = folder, dict[Hashable, tuple[Path, Trained]]()

    def copy(self, key: Hashable, make: Callable[[Path], Trained], into: Path) -> Trained:
        """A copy of the folder that `make` was once called with, in which it has trained; paths in specs follow."""
        if key not in self._kept:
            (folder := self._folder / str(len(self._kept))).mkdir()
            self._kept[key] = folder, make(folder)
        folder, outcome = self._kept[key]
        shutil.copytree(folder, into, symlinks=True, dirs_exist_ok=True)
        for path in into.rglob("*.yaml"):
            path.write_text(path.read_text().replace(str(folder), str(into)))
        return replace(outcome, run=RunDirectory(into / outcome.run.path.relative_to(folder)))


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


def spec_in(folder: Path, *settings: str, text: str = SPEC) -> Spec:
    """A spec, written into a folder, with values set as by `--set`."""
    (folder / "spec.yaml").write_text(text)
    return load_spec(folder / "spec.yaml", [("--set", each) for each in settings], peek)


def train_in(folder: Path, spec: Spec, observer: Quiet | None = None) -> Trained:
    """Trains a spec into a run in a folder."""
    training = prepared(spec)
    run = begin(training, Invocation(folder / "spec.yaml", folder / "runs"))
    return run_to_end(training, run, observer or Quiet())


Nnctl = Callable[..., subprocess.CompletedProcess[str]]


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


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """What processes are forked from: it has imported TensorFlow and not begun to use it."""
    forks = Forks("heavy")
    yield forks
    forks.close()


@pytest.fixture
def process(tmp_path: Path, forks: Forks) -> Nnctl:
    """Runs nnctl in an empty folder and in a process of its own."""
    return lambda *arguments: forks.run(arguments, tmp_path, environment())


@pytest.fixture
def python(tmp_path: Path, forks: Forks) -> Callable[..., str]:
    """Runs code in a process of its own, which ends well; what it prints."""

    def python(code: str, *arguments: object) -> str:
        done = forks.run(arguments, tmp_path, environment(), code=code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return python


Start = Callable[..., tuple[Forked, TextIO]]


@pytest.fixture
def started(tmp_path: Path, forks: Forks) -> Iterator[Start]:
    """Begins nnctl in an empty folder and in a process of its own, which is killed in the end; what it reports comes with it."""
    begun: list[tuple[Forked, TextIO]] = []

    def started(*arguments: object) -> tuple[Forked, TextIO]:
        reading, writing = os.pipe()
        with Path(os.devnull).open("wb") as nowhere:
            forked = forks.start(arguments, tmp_path, environment(), nowhere.fileno(), writing)
        os.close(writing)
        begun.append((forked, os.fdopen(reading, encoding="utf-8")))
        return begun[-1]

    yield started
    for forked, told in begun:
        forked.kill()
        forked.wait()
        told.close()


def environment() -> dict[str, str]:
    """That of a process that finds this nnctl and leaves its runs where it stands."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb", "NNCTL_RUNS": "runs"}


def score_both_ways(run: RunDirectory, own: Path, new: Path) -> tuple[Evaluation, Evaluation]:
    """A file scored by itself, once the run's own data are gone, and before that beside them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("nnctl.engine.evaluate.load_alone", lambda *_: None)
        beside = revisit(run, "test", new, silent)
    own.unlink()
    return revisit(run, "test", new, silent), beside


def files_of(training: Training) -> dict[str, bytes]:
    """The files of a checkpoint, without the best weights that it counts on."""
    return {name: b"".join(parts) for name, parts in checkpoint.pack(training).items()}


def arrays(training: Training) -> list[np.ndarray]:
    """Every number that a training holds: weights, optimizer, seeds, metrics."""
    model = training.model
    return [variable.numpy() for variable in [*model.variables, *model.optimizer.variables]]


def outputs_of(model: Any, x: np.ndarray) -> np.ndarray:
    """What a model says of examples, all at once: `predict` takes longer to prepare than that."""
    return np.asarray(model(x, training=False))


def same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """Whether two lists of arrays are equal bit for bit."""
    return len(first) == len(second) and all(
        a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in zip(first, second, strict=True)
    )

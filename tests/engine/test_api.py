"""Training from Python."""

import doctest
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nnctl
from nnctl import api
from nnctl.engine.loop.training import Training
from nnctl.errors import RunError
from nnctl.runs import Row, RunDirectory, locked

from .conftest import Quiet


def test_a_training_from_python_is_a_run_like_any_other(write: Callable[..., Path], tmp_path: Path) -> None:
    spec = nnctl.load_spec(write(), {"data.subset": 200})
    run = nnctl.train(spec, runs=tmp_path / "runs")
    assert (run.manifest.status, run.manifest.name) == ("done", "tiny")
    assert [row["epoch"] for row in run.metrics] == [1, 2]
    assert run.scores["test"]["accuracy"] == pytest.approx(np.mean(_right(run)))
    assert replace(run.spec, name=spec.name).train.epochs == spec.train.epochs
    assert nnctl.load_run(runs=tmp_path / "runs") == run
    with locked(run.path):
        """Nobody holds it any more."""


def test_the_model_says_what_the_predictions_say(write: Callable[..., Path], tmp_path: Path) -> None:
    run = nnctl.train(nnctl.load_spec(write(), {"data.subset": 200}), runs=tmp_path)
    predictions, looks = run.predictions(), run.manifest.test_looks
    assert predictions.class_names == tuple("0123456789")
    from nnctl.data import load

    test = load(run.spec.data, lambda label, share: None).test
    assert test is not None
    assert np.allclose(run.model().predict(test.x, verbose=0), predictions.output, atol=1e-6)
    assert run.manifest.test_looks == looks  # reading is not another look
    assert len(run.predictions("validation")) == 40
    assert "validation" in run.scores


@pytest.mark.parametrize("source", ["breast_cancer", "diabetes"])
def test_predictions_are_read_as_they_were_computed(source: str, write: Callable[..., Path], tmp_path: Path) -> None:
    binary = source == "breast_cancer"
    head = (
        {"loss": "binary_crossentropy", "activation": "sigmoid"} if binary else {"loss": "mse", "activation": "linear"}
    )
    layers = [{"dense": {"units": 1, "activation": head["activation"]}}]
    given = {"data.source": source, "model.layers": layers, "train.loss": head["loss"], "train.epochs": 1}
    run = nnctl.train(nnctl.load_spec(write(), given), runs=tmp_path)
    split = "validation"
    computed, read = run.evaluate(split).predictions, run.predictions(split)
    for name in ("rows", "target", "output", "predicted"):
        assert np.array_equal(getattr(computed, name), getattr(read, name))
    assert (computed.task, computed.class_names) == (read.task, read.class_names)


def test_an_observer_watches_and_stops(write: Callable[..., Path], tmp_path: Path) -> None:
    observer = Quiet(stop_after=1)
    run = nnctl.train(nnctl.load_spec(write(), {"train.epochs": 50}), runs=tmp_path, observer=observer)
    assert run.manifest.status == "interrupted"
    assert observer.calls >= 1


def test_an_observer_is_told_of_the_training_and_its_run_before_the_first_step(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    class Begun(Quiet):
        def begun(self, training: Training, run: RunDirectory) -> None:
            self.told = training.spec.name, training.state.step, run.manifest.status, self.calls
            with pytest.raises(RunError, match="another process"), locked(run.path):
                pass

    observer = Begun()
    nnctl.train(nnctl.load_spec(write(), {"data.subset": 200}), runs=tmp_path, observer=observer)
    assert observer.told == ("tiny", 0, "running", 0)
    assert not hasattr(Quiet, "begun")  # one that was written before there was such a call is an observer as well


class Hurried(Quiet):
    """Presses Ctrl-C after the first epoch."""

    def ended_epoch(self, row: Row, best: bool) -> None:
        raise KeyboardInterrupt


def test_an_interrupted_script_ends_and_its_run_is_kept(write: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        nnctl.train(nnctl.load_spec(write()), runs=tmp_path, observer=Hurried())
    run = api.load_run(runs=tmp_path)
    assert run.manifest.status == "interrupted"
    with locked(run.path):
        """Nobody holds it any more."""


def _right(run: nnctl.Run) -> np.ndarray:
    predictions = run.predictions()
    return np.asarray(predictions.predicted == predictions.target)


def test_what_the_docstrings_of_train_and_run_show_happens(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Examples that need TensorFlow stand under `Run`."""
    write(name="first.yaml")
    monkeypatch.chdir(tmp_path)
    names = {"nnctl": nnctl, "replace": replace}
    (test,) = doctest.DocTestFinder(recurse=False).find(api.Run, "Run", globs=names)
    results = doctest.DocTestRunner().run(test)
    assert results.attempted > 0
    assert results.failed == 0

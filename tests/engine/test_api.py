"""Training from Python."""

import doctest
import json
import re
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nnctl
from nnctl import api
from nnctl.cli.views.notebook import Script
from nnctl.engine.loop.training import Training
from nnctl.errors import DataError, RunError
from nnctl.runs import Row, RunDirectory, hold_lock

from .conftest import Quiet


def test_a_training_from_python_is_a_run_like_any_other(write: Callable[..., Path], tmp_path: Path) -> None:
    spec = nnctl.load_spec(write(), {"data.subset": 200})
    run = nnctl.train(spec, runs=tmp_path / "runs")
    assert (run.manifest.status, run.manifest.name) == ("done", "tiny")
    assert [row["epoch"] for row in run.metrics] == [1, 2]
    assert run.scores["test"]["accuracy"] == pytest.approx(np.mean(_right(run)))
    assert replace(run.spec, name=spec.name).train.epochs == spec.train.epochs
    assert nnctl.load_run(runs=tmp_path / "runs") == run
    with hold_lock(run.path):
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
            with pytest.raises(RunError, match="another process"), hold_lock(run.path):
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
    with hold_lock(run.path):
        """Nobody holds it any more."""


def _right(run: nnctl.Run) -> np.ndarray:
    predictions = run.predictions()
    return np.asarray(predictions.predicted == predictions.target)


def test_what_the_docstrings_of_train_and_run_show_happens(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Examples that need TensorFlow stand under `Run` and, behind its training, under `predict`."""
    write(name="first.yaml")
    np.savez(tmp_path / "digits.npz", x=np.zeros((4, 8, 8)))
    monkeypatch.chdir(tmp_path)
    names = {"nnctl": nnctl, "np": np, "predict": nnctl.predict}
    for thing in (api.Run, nnctl.predict):
        (test,) = doctest.DocTestFinder(recurse=False).find(thing, thing.__name__, globs=names)
        results = doctest.DocTestRunner().run(test)
        assert results.attempted > 0
        assert results.failed == 0


def test_a_training_from_python_brings_what_it_scored_without_another_look(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    overrides = [("--set", "data.subset=200")]
    loaded = api.load_data(nnctl.load_spec(write(), overrides))
    run = nnctl.train(loaded, runs=tmp_path, command=["python", "own.py"], overrides=overrides)
    assert run.evaluation is not None
    assert run.evaluation.scores.overall["accuracy"] == run.scores["test"]["accuracy"]
    assert (run.evaluation.split, run.manifest.test_looks) == ("test", 1)
    assert (run.manifest.command, run.manifest.overrides) == (["python", "own.py"], [["--set", "data.subset=200"]])
    assert nnctl.load_run(runs=tmp_path).evaluation is None


def test_a_run_goes_on_from_python_and_its_observer_is_told_why_it_is_no_unbroken_one(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Told(Quiet):
        def __init__(self) -> None:
            super().__init__()
            self.heard = list[str]()

        def begun(self, training: Training, run: RunDirectory) -> None:
            self.heard.append("begun")

        def said(self, message: str) -> None:
            self.heard.append(message)

    run = nnctl.train(nnctl.load_spec(write(), {"data.subset": 200}), runs=tmp_path)
    longer = nnctl.resume(run, epochs=3, observer=(observer := Told()))
    assert longer == run
    assert [row["epoch"] for row in run.metrics] == [1, 2, 3]
    assert run.manifest.overrides == [["--epochs", "train.epochs=3"]]
    assert longer.evaluation is not None
    assert observer.heard == ["begun"]
    assert nnctl.resume(run, observer=(idle := Told())) == run
    assert idle.heard == []
    monkeypatch.setattr("nnctl.engine.state.fingerprints.__version__", "0")
    differs = f"nnctl is 0, and was {nnctl.__version__}"
    with pytest.raises(RunError, match=differs):
        nnctl.resume(run, epochs=4)
    nnctl.resume(run, epochs=4, allow_drift=True, observer=(drifted := Told()))
    assert drifted.heard == [differs, "begun"]


def test_a_spec_and_a_run_are_debugged_and_timed_from_python(write: Callable[..., Path], tmp_path: Path) -> None:
    spec = nnctl.load_spec(write(), {"data.subset": 200, "model.layers.2.activation": "linear"})
    chosen = api.parse_selection(select=["H"])
    verdict = nnctl.debug(spec, chosen)
    assert verdict.diagnosis.primary is not None
    assert (verdict.diagnosis.primary.code, verdict.standing, verdict.path) == ("H02", None, Path(spec.source.name))
    run = nnctl.train(nnctl.load_spec(write(), {"train.epochs": 8}), runs=tmp_path)
    left = nnctl.debug(run, chosen)
    assert left.standing is not None
    assert (left.standing.run, left.standing.epochs, left.notes) == (str(run.path), 8, ())
    assert json.loads((run.path / "debug" / "findings.json").read_text()) == json.loads(json.dumps(left.document()))
    timing = nnctl.show(spec, time=True).timing
    assert timing is not None
    assert timing.epoch >= timing.step > 0


def test_rates_are_tried_and_drawn_only_where_they_are_asked_to_be(write: Callable[..., Path], tmp_path: Path) -> None:
    spec = nnctl.load_spec(write(), {"data.subset": 200})
    found = api.find_rate(spec, tmp_path / "rates.png")
    assert (found.asked, len(found.rates)) == (0.01, len(found.losses))
    assert (tmp_path / "rates.png").is_file()


def test_a_model_answers_arrays_as_it_answered_when_it_was_scored(write: Callable[..., Path], tmp_path: Path) -> None:
    run = nnctl.train(write(), runs=tmp_path)
    from nnctl.data import load

    test = load(run.spec.data, lambda label, share: None).test
    assert test is not None
    answers, scored = run.predict(np.asarray(test.x)), run.predictions()
    assert np.allclose(answers.output, scored.output, atol=1e-6)
    assert answers.labels is not None
    assert np.mean(answers.labels == scored.predicted.astype(str)) == 1
    assert answers.to_frame()["predicted"].tolist() == answers.labels.tolist()
    np.savez(tmp_path / "same.npz", x=test.x)
    assert np.array_equal(run.predict(tmp_path / "same.npz").output, answers.output)
    with pytest.raises(DataError, match=r"the array has the shape \(8, 8\)"):
        run.predict(test.x[0])


def test_a_table_answers_a_frame_as_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.normal(size=90), "town": rng.choice(["Bonn", "Köln"], 90)})
    frame["kind"] = np.where(frame["size"] + (frame["town"] == "Bonn") > 0.5, "yes", "no")
    frame.to_csv("own.csv", index=False)
    spec = {
        "data": {"source": {"csv": {"label": "kind"}}, "path": "own.csv", "validation": 0.2, "test": 0.2},
        "model": {"layers": [{"dense": {"units": 1, "activation": "sigmoid"}}]},
        "train": {"loss": "binary_crossentropy", "optimizer": "adam", "epochs": 2},
    }
    run = nnctl.train(spec)
    (tmp_path / "new.csv").write_text("town,size\nBonn,1.5\n,-2\n")
    asked = pd.DataFrame({"town": ["Bonn", None], "size": [1.5, -2]}, index=["first", "second"])
    answers = run.predict(asked)
    assert np.array_equal(answers.output, run.predict("new.csv").output)
    assert np.array_equal(answers.output, run.predict(asked[["size", "town"]].to_numpy()).output)
    assert answers.to_frame().index.tolist() == ["first", "second"]
    assert any("town" in note for note in answers.notes)


def test_a_script_is_shown_what_the_command_line_shows(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = nnctl.train(write(), tmp_path, progress=True)
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert lines[0].split()[:6] == ["tiny", "flatten", ">", "dense", "16", "relu"]
    assert [line.split()[1] for line in lines if line.startswith("epoch")] == ["1/2", "2/2"]
    assert lines[-1].startswith(f"test accuracy {run.scores['test']['accuracy']:.4f}")
    assert run.directory.log.read_text() == err
    nnctl.train(write(), tmp_path, progress=False)
    nnctl.resume(run, progress=True)  # there is nothing to do
    assert capsys.readouterr() == ("", "")


def test_an_interrupted_script_is_told_how_to_go_on(
    write: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGINT)

    def press(shown: Script, row: Row, best: bool) -> None:
        assert signal.getsignal(signal.SIGINT) is before
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Script, "ended_epoch", press)
    with pytest.raises(KeyboardInterrupt):
        nnctl.train(write(), tmp_path, progress=True)
    run = nnctl.load_run(runs=tmp_path)
    assert run.status == "interrupted"
    (told,) = re.findall(r"^interrupted: (.*) goes on$", capsys.readouterr().err, re.MULTILINE)
    monkeypatch.undo()
    assert eval(told, {"nnctl": nnctl}).status == "done"

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnctl.data import peek
from nnctl.errors import RunError, SpecError
from nnctl.runs import RunDirectory
from nnctl.runs.meaning import keep_meaning, load_trained, load_written
from nnctl.spec import Spec, load_spec
from nnctl.spec.sections import Data, DataFacts

from .test_manifest import BLANK


@pytest.fixture
def spec(tmp_path: Path) -> Spec:
    path = tmp_path / "spec.yaml"
    path.write_text("data: {source: digits}\nmodel: {layers: [{dense: 1}]}\ntrain: {loss: binary_crossentropy}\n")
    return load_spec(path)


@pytest.mark.parametrize(("task", "guessed"), [("regression", False), ("binary", True), (None, True)])
def test_what_was_trained_as_numbers_stays_numbers(spec: Spec, task: str | None, guessed: bool) -> None:
    kept = keep_meaning(spec, replace(BLANK, data={"task": task}))
    assert (spec.data.classes, spec.data.probabilities) == (True, True)
    assert (kept.data.classes, kept.data.probabilities) == (guessed, guessed)
    assert replace(kept, data=spec.data) == spec


@pytest.mark.parametrize(("made", "older"), [("0.1.0", True), ("0.2.0", True), ("0.3.0", False), ("0.10.0", False)])
def test_a_run_goes_on_with_the_reading_that_it_was_trained_with(spec: Spec, made: str, older: bool) -> None:
    assert keep_meaning(spec, replace(BLANK, versions={"nnctl": made})).data.older is older
    assert keep_meaning(spec, replace(BLANK, versions={"nnctl": made}, reading="0.2.0")).data.older


def test_the_spec_of_a_run_goes_on_with_what_is_refused_today(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    layers = "model: {layers: [{dense: {units: 3, activation: softmax}}]}"
    train = "train: {loss: categorical_crossentropy, metrics: [{top_k_categorical_accuracy: 5}]}"
    run.resolved.write_text(f"data: {{source: iris}}\n{layers}\n{train}\n")
    replace(BLANK, data={"task": "multiclass"}).write(tmp_path / "run.json")
    with pytest.raises(SpecError, match="looks at the 5 largest outputs"):
        load_spec(run.resolved, peek=peek)
    read = load_trained(run, [("--set", "train.epochs=3")], peek)
    assert (read.trained, read.train.epochs, read.data.classes) == (True, 3, True)
    replace(BLANK, data={"task": "regression"}).write(tmp_path / "run.json")
    assert load_trained(run).data.classes is False


@pytest.mark.parametrize("kept", [True, False])
def test_a_run_without_its_resolved_spec_is_a_bad_run_and_is_told_what_helps(tmp_path: Path, kept: bool) -> None:
    run = RunDirectory(tmp_path)
    BLANK.write(tmp_path / "run.json")
    if kept:
        run.spec.write_text("data: {source: iris}\n")
    with pytest.raises(RunError, match=r"resolved\.yaml cannot be read: No such file") as caught:
        load_trained(run)
    (problem,) = caught.value.problems
    assert problem.code == "bad-run"
    assert "from a copy of the run" in str(problem.hint)
    assert (f"`nnctl train {run.spec}`" in str(problem.hint)) is kept
    run.resolved.write_text("data: [")
    with pytest.raises(SpecError):  # what it says is wrong is told by its line
        load_trained(run)


@pytest.mark.parametrize(
    ("version", "written", "mode"),
    [("0.1.0", "auto", "auto"), ("0.1.0", "min", "min"), ("0.2.0", "auto", "min")],
    ids=["written-by-0.1.0", "asked-for", "not-older"],
)
def test_the_direction_that_an_older_version_took_a_renamed_metric_for_is_left_open(
    tmp_path: Path, version: str, written: str, mode: str
) -> None:
    run = RunDirectory(tmp_path)
    text = (
        "data: {source: iris, validation: 0.2}\nmodel: {layers: [{dense: {units: 3, activation: softmax}}]}\n"
        "train: {loss: categorical_crossentropy, metrics: [{f1_score: {name: quality}}], monitor: val_quality, mode: MODE}\n"
    )
    run.spec.write_text(text.replace("MODE", written))
    run.resolved.write_text(text.replace("MODE", "min"))
    replace(BLANK, versions={"nnctl": version}).write(tmp_path / "run.json")
    assert load_trained(run).train.mode == mode


@pytest.mark.parametrize(("made", "older"), [("0.2.0", True), ("0.3.0", False)])
def test_a_look_at_the_data_of_a_run_goes_by_its_reading_too(tmp_path: Path, made: str, older: bool) -> None:
    run, seen = RunDirectory(tmp_path), list[bool]()
    layers = "model: {layers: [{dense: {units: 3, activation: softmax}}]}"
    run.resolved.write_text(f"data: {{source: iris}}\n{layers}\ntrain: {{loss: categorical_crossentropy}}\n")
    replace(BLANK, versions={"nnctl": made}).write(tmp_path / "run.json")

    def look(data: Data) -> DataFacts:
        seen.append(data.older)
        return peek(data)

    assert load_trained(run, peek=look).data.older is older
    assert seen == [older]


@pytest.mark.parametrize(("task", "numbers"), [("regression", True), ("binary", False), ("multiclass", False)])
def test_what_was_trained_as_classes_stays_classes_to_a_loss_for_numbers(
    tmp_path: Path, task: str, numbers: bool
) -> None:
    np.savez(tmp_path / "own.npz", x=np.ones((8, 2)), y=np.arange(8) % 4)
    run = RunDirectory(tmp_path)
    data = f"data: {{source: npz, path: {tmp_path / 'own.npz'}}}"
    run.resolved.write_text(f"{data}\nmodel: {{layers: [{{dense: 1}}]}}\ntrain: {{loss: mean_squared_error}}\n")
    replace(BLANK, data={"task": task}).write(tmp_path / "run.json")
    spec = load_trained(run, peek=peek)
    assert spec.data.numbers is numbers
    assert spec.facts is not None
    assert spec.facts.task == (None if numbers else "multiclass")  # the look at the data goes by it, too


def test_the_data_of_an_earlier_run_are_looked_at_as_its_training_read_them(tmp_path: Path) -> None:
    run = RunDirectory(tmp_path)
    (tmp_path / "own.csv").write_text("price,y\n" + "".join(f"${i},{i % 2}\n" for i in range(60)))
    layers = "model: {layers: [{dense: {units: 1, activation: sigmoid}}]}\ntrain: {loss: binary_crossentropy}\n"
    run.resolved.write_text(f"data: {{source: {{csv: {{label: y}}}}, path: own.csv}}\n{layers}")
    replace(BLANK, versions={"nnctl": "0.3.0"}).write(tmp_path / "run.json")
    with pytest.raises(SpecError, match="a number with"):
        load_trained(run, peek=peek)
    replace(BLANK, versions={"nnctl": "0.2.0"}).write(tmp_path / "run.json")
    assert load_trained(run, peek=peek).data.older


def test_the_lines_of_a_run_are_those_of_its_users_file(tmp_path: Path) -> None:
    run, mine = RunDirectory(tmp_path / "run"), tmp_path / "spec.yaml"
    run.path.mkdir()
    text = "data: {source: digits}\nmodel: {layers: [{dense: 1}]}\ntrain:\n  loss: mse\n  epochs: 3\n"
    mine.write_text(text)
    run.spec.write_text(text)
    manifest = replace(BLANK, spec=str(mine), overrides=[["--epochs", "train.epochs=7"]])
    manifest.write(run.path / "run.json")
    found = load_written(run)
    assert found is not None
    assert (found.train.epochs, found.train.places["loss"].line, found.source.name) == (7, 4, str(mine))
    assert found.train.places["epochs"].source.name == "--epochs"
    mine.write_text(f"# another one\n{text}")  # no longer what was trained: the run's copy is
    found = load_written(run)
    assert found is not None
    assert (found.source.name, found.train.places["loss"].line) == (str(run.spec), 4)
    (tmp_path / "base.yaml").write_text("seed: 3\n")
    run.spec.write_text(f"base: ../base.yaml\n{text}")
    assert load_written(run) is None  # of a run's copy nothing else is read
    mine.unlink()
    assert load_written(run) is None


def test_what_a_run_has_its_reader_read_is_said_before_it_is_read(tmp_path: Path) -> None:
    run, secret, said = RunDirectory(tmp_path / "run"), tmp_path / "secret.npz", list[str]()
    run.path.mkdir()
    np.savez(secret, x=np.ones((8, 2)), y=np.arange(8) % 2)
    text = "model: {layers: [{dense: 1}]}\ntrain: {loss: binary_crossentropy}\n"
    run.resolved.write_text(f"data: {{source: npz, path: {secret}, test: {secret}}}\n{text}")
    run.spec.write_text(text)
    replace(BLANK, spec=str(secret)).write(run.path / "run.json")

    def look(data: Data) -> DataFacts:
        assert len(said) == 1
        return peek(data)

    load_trained(run, said=lambda line, _: said.append(line))
    assert not said  # the spec alone reads nothing
    load_trained(run, (), look, lambda line, _: said.append(line))
    assert said == [f"the run names its data: reading {secret}"]
    load_written(run, lambda line, _: said.append(line))
    assert len(said) == 1  # a file of another size is not the user's spec, and not opened
    secret.write_bytes(b"x" * len(text))
    assert load_written(run, lambda line, _: said.append(line)) is None
    assert said[1:] == [f"the run names its user's spec: reading {secret}"]


def test_the_spec_of_a_run_has_no_base(tmp_path: Path) -> None:
    run, secret = RunDirectory(tmp_path / "run"), tmp_path / "secret.yaml"
    run.path.mkdir()
    secret.write_text("password: [hunter2")
    run.resolved.write_text(f"base: {secret}\ndata: {{source: digits}}\n")
    BLANK.write(run.path / "run.json")
    with pytest.raises(SpecError, match="the spec of a run has no base") as refused:
        load_trained(run, peek=peek)
    assert [problem.code for problem in refused.value.problems] == ["bad-base"]
    assert refused.value.problems[0].place is not None
    assert "hunter2" not in str(refused.value.problems[0].place.source.text)

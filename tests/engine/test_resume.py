"""A training that is cut anywhere and goes on has the bits of one that was not: every network, at tolerance zero."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nnctl.data import load, peek
from nnctl.engine.loop import training as training_module
from nnctl.engine.loop.observer import Progress
from nnctl.engine.loop.training import Training
from nnctl.engine.resume import resume, rewrite
from nnctl.engine.state import checkpoint
from nnctl.engine.train import Invocation, Trained, begin, run_to_end
from nnctl.errors import RunError
from nnctl.runs import RunDirectory, checkpoints, history
from nnctl.spec import Spec, load_spec
from tests.forks import Forks

from .conftest import Nnctl, Quiet, Start, environment, files_of, prepared, same

Make = Callable[..., Training]
SOFTMAX = "{dense: {units: 10, activation: softmax}}"
CONVOLUTION = (
    f"model.layers=[{{conv2d: {{filters: 3, kernel_size: 3}}}}, batch_normalization, relu, flatten, {SOFTMAX}]"
)
DROPOUT = f"model.layers=[flatten, {{dense: {{units: 12, activation: relu}}}}, {{dropout: 0.4}}, {SOFTMAX}]"
NOISE = f"model.layers=[flatten, {{gaussian_noise: 0.2}}, {{dense: 12}}, {{alpha_dropout: 0.2}}, {SOFTMAX}]"
RECURRENT = f"model.layers=[{{lstm: {{units: 6, dropout: 0.2, recurrent_dropout: 0.2}}}}, {SOFTMAX}]"
PLATEAU = (
    "train.learning_rate={reduce_lr_on_plateau: {initial_learning_rate: 0.1, factor: 0.5, min_delta: 10, patience: %s}}"
)
COSINE = "train.learning_rate={cosine_decay: {initial_learning_rate: 0.05}}"
# Each training remembers several things of different kinds: of those that differ afterwards the array's name tells which.
KINDS: dict[str, list[str]] = {
    "dense": [],
    "noise and dropout under XLA": [
        f"model.layers=[flatten, {{gaussian_noise: 0.2}}, {{dense: 12}}, {{alpha_dropout: 0.2}}, {{dropout: 0.3}}, {SOFTMAX}]",
        "train.xla=true", "train.batch_size=50",
    ],
    "noise, class weights and accumulation": [
        NOISE, "train.class_weight=balanced", "data.validation=none", "train.shuffle=false",
        "train.optimizer={nadam: {gradient_accumulation_steps: 3}}",
    ],
    "batch normalisation and momentum": [CONVOLUTION, "train.optimizer={sgd: {momentum: 0.9, nesterov: true}}"],
    "recurrent dropout and cosine": [RECURRENT, COSINE],
    "augmentation": [CONVOLUTION, "train.augment=[{random_rotation: 0.1}, {random_zoom: 0.2}, rand_augment]"],
    # Nothing improves by 10: what is remembered before the cut tells when the rate falls, and when training ends.
    "plateau and bfloat16": [PLATEAU % 2, "train.optimizer=sgd", "train.precision=mixed_bfloat16"],
    "plateau behind warm-up": [PLATEAU % "1, warmup_epochs: 0.5", "train.optimizer=sgd"],
    "averages under XLA": [DROPOUT, "train.optimizer={adam: {use_ema: true, ema_momentum: 0.9}}", "train.xla=update"],
    "early stopping, overwritten by averages": [
        "train.early_stopping={patience: 2, min_delta: 10}",
        "train.optimizer={sgd: {use_ema: true, ema_overwrite_frequency: 4}}",
    ],
    "rmsprop and more metrics": [
        "train.optimizer={rmsprop: {centered: true, momentum: 0.5}}",
        "train.metrics=[accuracy, auc, {f1_score: {average: macro}}]", "train.monitor=val_auc",
    ],
    "a monitor that is never finite": [
        "model.layers=[flatten, {dense: 10}]", "train.loss=mean_squared_error", "train.metrics=[poisson]",
        "train.monitor=val_poisson", "train.early_stopping=1",
        "train.learning_rate={reduce_lr_on_plateau: {initial_learning_rate: 0.05, monitor: val_poisson, patience: 0}}",
    ],
    "one cycle and float16": [
        "train.learning_rate={one_cycle: {max_learning_rate: 0.05, warmup_epochs: 1}}", "train.precision=mixed_float16"
    ],
}  # fmt: skip
USUAL = ("data.subset=300", "train.epochs=4")
STEPS = 8  # of an epoch: 240 examples of 300 in batches of 32


@pytest.fixture(autouse=True)
def _one_step_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a training can be cut at every step; bits do not depend on it."""
    monkeypatch.setattr(training_module, "choose_length", lambda ran, seconds, before: 1)


def all_of(training: Training) -> dict[str, bytes]:
    """The files of a checkpoint, and of the best weights that it counts on."""
    files = files_of(training)
    if training.best.weights is not None:
        files[f"../best-0001/{checkpoint.WEIGHTS}"] = b"".join(checkpoint.view_bytes(training.best.weights))
    return files


def state(training: Training) -> dict[str, Any]:
    """All that must be equal: variables, history without its seconds, the callbacks' fields, the best."""
    snapshot = checkpoint.unpack(all_of(training), training)
    facts = {
        "place": (snapshot.state.epoch, snapshot.state.step, snapshot.stopped),
        "callbacks": snapshot.callbacks,
        "best": (snapshot.best.epoch, snapshot.best.value),
    }
    rows = [
        {name: repr(float(value)) for name, value in row.items() if name != "seconds"} for row in training.state.history
    ]
    return {"arrays": snapshot.arrays, "facts": facts, "history": rows, "best": snapshot.best.weights}


def assert_same(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert mine["history"] == theirs["history"]
    assert mine["facts"] == theirs["facts"]
    assert mine["arrays"].keys() == theirs["arrays"].keys()
    differing = [name for name, array in mine["arrays"].items() if array.tobytes() != theirs["arrays"][name].tobytes()]
    assert differing == []
    assert (mine["best"] is None) == (theirs["best"] is None)
    assert mine["best"] is None or same(list(mine["best"]), list(theirs["best"]))


class Keeping(Quiet):
    """Keeps the files of a checkpoint after so many calls, as what a crash then leaves."""

    def __init__(self, training: Training, calls: int) -> None:
        super().__init__()
        self.training, self.kept_at, self.files = training, calls, dict[str, bytes]()

    def stepped(self, progress: Progress) -> None:
        super().stepped(progress)
        if self.calls == self.kept_at:
            self.files = all_of(self.training)


def restored(files: dict[str, bytes], make: Callable[[], Training]) -> Training:
    """A training from the files of a checkpoint, as another process begins it."""
    fresh = make()
    fresh.restore(checkpoint.unpack(files, fresh))
    return fresh


def reborn(training: Training, make: Callable[[], Training]) -> Training:
    """The training as another process would have it: through bytes."""
    return restored(all_of(training), make)


@pytest.mark.parametrize("kind", KINDS)
def test_a_training_cut_between_and_inside_epochs_has_the_bits_of_an_unbroken_one(training: Make, kind: str) -> None:
    def make() -> Training:
        return training(*USUAL, *KINDS[kind])

    whole = make()
    keeping = Keeping(whole, STEPS + 3)  # inside the second epoch, of a training that does not know of it
    assert whole.run(keeping) == "done"
    cut = restored(keeping.files, make)
    assert cut.run(Quiet(stop_after=STEPS)) == "interrupted"  # inside the third
    cut = reborn(cut, make)
    assert cut.run(Quiet()) == "done"
    assert_same(state(cut), state(whole))


def test_a_wish_to_stop_in_validation_loses_nothing_of_the_epoch(training: Make) -> None:
    class Late(Quiet):
        """Asks to stop when the steps of an epoch have run, but not before validation has begun."""

        def interrupted(self) -> bool:
            return self.calls >= STEPS and made.validation is not None and self.asked()

        def asked(self) -> bool:
            self.questions = getattr(self, "questions", 0) + 1
            return self.questions > 1  # the first is whether to score at all

    whole, made = training(*USUAL), training(*USUAL)
    whole.run(Quiet())
    assert made.run(Late()) == "interrupted"
    assert (made.state.epoch, made.state.step, made.state.history) == (0, STEPS, [])
    made = reborn(made, lambda: training(*USUAL))
    assert made.run(Quiet()) == "done"
    assert_same(state(made), state(whole))


# --- Runs: what lies on the disk ---


@pytest.fixture
def build(read: Callable[..., Spec]) -> Callable[..., Training]:
    def build(*settings: str) -> Training:
        spec = read(*USUAL, *settings)
        return prepared(spec)

    return build


Shelf = dict[tuple[object, ...], Trained]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The runs that have been trained, so that none is trained twice."""
    return {}


@pytest.fixture
def run(
    build: Callable[..., Training], shelf: Shelf, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> Callable[..., Trained]:
    """Trains into a run directory, with a checkpoint after each call, until the observer has had enough; gives a copy."""

    def run(*settings: str, calls: int | None = None) -> Trained:
        if (*settings, calls) not in shelf:
            training = build("train.checkpoint=0", *settings)
            made = begin(training, Invocation(tmp_path / "spec.yaml", tmp_path_factory.mktemp("shelf") / "runs"))
            shelf[*settings, calls] = run_to_end(training, made, Quiet(calls))
        outcome = shelf[*settings, calls]
        path = shutil.copytree(outcome.run.path, tmp_path / "runs" / outcome.run.path.name, symlinks=True)
        return replace(outcome, run=RunDirectory(path))

    return run


def resumed(run: RunDirectory, *, epochs: int | None = None, drift: bool = False) -> tuple[Trained, tuple[str, ...]]:
    overrides = [] if epochs is None else [("--epochs", f"train.epochs={epochs}")]
    spec, before = load_spec(run.resolved, overrides, peek), load_spec(run.resolved, peek=peek).train.epochs
    dataset = load(spec.data, lambda label, share: None)
    resumption = resume(run, dataset.plan(spec), dataset, before, drift)
    rewrite(run, resumption, overrides)
    return run_to_end(resumption.training, run, Quiet(), resumption.keeper), resumption.told


def kept(run: RunDirectory) -> dict[str, bytes]:
    """The arrays of the newest checkpoint and its best, the metrics without their seconds, the evaluation."""
    files = checkpoints.read_checkpoint(checkpoints.list_checkpoints(run.checkpoints)[0])
    arrays = {name: content for name, content in files.items() if name.endswith(".bin")}
    rows = [line.split(",") for line in run.metrics.read_text().splitlines()]
    metrics = "\n".join(",".join(row[:2] + row[3:]) for row in rows)
    predictions = (run.evaluation("test") / "predictions.csv").read_bytes()
    return {**arrays, "metrics": metrics.encode(), "predictions": predictions}


def test_a_run_cut_twice_ends_as_the_unbroken_one(run: Callable[..., Trained]) -> None:
    whole, cut = run(DROPOUT).run, run(DROPOUT, calls=11)
    assert cut.manifest.status == "interrupted"
    assert [path.name for path in checkpoints.list_checkpoints(cut.run.checkpoints)] == [
        "ck-0001-000003",
        "ck-0001-000002",
    ]
    outcome, told = resumed(cut.run)
    assert (outcome.manifest.status, outcome.manifest.resumed, told) == ("done", [[1, 3]], ())
    assert kept(cut.run) == kept(whole)


# Each file and each harm once; `tests/runs` reads every file in every harm.
@pytest.mark.parametrize(
    ("file", "harm"), [("arrays.bin", "flipped"), ("state.json", "truncated"), ("SHA256SUMS", "deleted")]
)
def test_a_damaged_checkpoint_is_named_and_the_one_before_is_used(
    run: Callable[..., Trained], file: str, harm: str
) -> None:
    whole, cut = run().run, run(calls=11).run
    damage(cut.checkpoints / "ck-0001-000003" / file, harm)
    outcome, told = resumed(cut)
    assert "ck-0001-000003" in told[0]
    assert outcome.manifest.resumed == [[1, 2]]
    assert kept(cut) == kept(whole)


@pytest.mark.parametrize("harm", ["deleted", "flipped"])
def test_without_a_sound_checkpoint_training_begins_again_and_comes_to_the_same_bits(
    run: Callable[..., Trained], harm: str
) -> None:
    whole, cut = run().run, run(calls=11).run
    (best,) = cut.checkpoints.glob("best-*")
    damage(best / "weights.bin", harm)  # both generations count on it
    outcome, told = resumed(cut)
    assert "begins again" in told[-1]
    assert outcome.manifest.resumed == [[0, 0]]
    assert kept(cut) == kept(whole)


def damage(path: Path, harm: str) -> None:
    content = bytearray(path.read_bytes())
    if harm == "deleted":
        path.unlink()
    elif harm == "truncated":
        path.write_bytes(content[: len(content) // 2])
    else:
        content[len(content) // 2] ^= 1
        path.write_bytes(content)


def test_more_epochs_are_those_of_a_longer_run(run: Callable[..., Trained]) -> None:
    longer, short = run("train.epochs=6").run, run().run
    outcome, told = resumed(short, epochs=6)
    assert (outcome.manifest.status, outcome.manifest.epochs, told) == ("done", 6, ())
    assert kept(short) == kept(longer)
    assert load_spec(short.resolved).train.epochs == 6


@pytest.mark.parametrize("optimizer", ["adam", "{adam: {gradient_accumulation_steps: 4}}"])
def test_a_schedule_that_ends_with_the_training_says_what_more_epochs_do_to_it(
    run: Callable[..., Trained], optimizer: str
) -> None:
    """A schedule counts steps, of which an optimizer that accumulates gradients makes one update in four."""
    short = run(COSINE, f"train.optimizer={optimizer}").run
    _, told = resumed(short, epochs=6)
    assert "follows the curve of 6 epochs instead of 4" in told[0]
    assert ", not 0;" in told[0]


def test_a_training_that_began_from_another_run_does_not_need_it_again(run: Callable[..., Trained]) -> None:
    parent = run("train.epochs=1").run
    settings = (f"train.init_from={parent.path}",)
    whole, cut = run(*settings).run, run(*settings, calls=3).run
    parent.model.unlink()
    resumed(cut)
    assert kept(cut) == kept(whole)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [("units: 16", "units: 17", "spec"), ("split_seed: 0", "split_seed: 5", "data"), ("seed: 3", "seed: 4", "spec")],
)
def test_a_changed_spec_or_data_are_refused_by_name(
    run: Callable[..., Trained], old: str, new: str, named: str
) -> None:
    cut = run(calls=11).run
    cut.resolved.write_text(cut.resolved.read_text().replace(old, new, 1))
    with pytest.raises(RunError, match=named):
        resumed(cut)


@pytest.mark.parametrize("name", ["resolved.yaml", "checkpoint", "train.log", ".lock"])
def test_a_run_that_leads_out_of_itself_is_refused_unread(
    run: Callable[..., Trained], nnctl: Nnctl, tmp_path: Path, name: str
) -> None:
    path = run(calls=11).run.path
    outside = tmp_path / "outside"
    (path / name).rename(outside) if (path / name).exists() else outside.write_text("a secret")
    (path / name).symlink_to(outside)
    done = nnctl("train", "--resume", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"bad-run: {path / name} is a link\n")


def test_another_version_is_refused_and_goes_on_with_a_mark(
    run: Callable[..., Trained], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = run(calls=11).run
    monkeypatch.setattr("nnctl.engine.state.fingerprints.__version__", "9.9")
    with pytest.raises(RunError, match=r"nnctl is 9\.9, and was "):
        resumed(cut)
    cut.update(versions={**cut.manifest.versions, "nnctl": "0.2.0"})
    outcome, _ = resumed(cut, drift=True)
    assert outcome.manifest.reads_older == "0.2.0"  # whose reading of the data it goes on with
    assert "nnctl is 9.9" in outcome.manifest.drift[0]
    assert outcome.manifest.versions["nnctl"] == "9.9"


def test_the_best_epoch_of_an_older_run_is_measured_as_the_next_ones_are(run: Callable[..., Trained]) -> None:
    cut = run(
        "train.metrics=[{accuracy: {name: right}}]", "train.monitor=val_right", "data.validation=0.2", calls=11
    ).run
    manifest = cut.manifest
    assert manifest.best is not None
    cut.update(versions={**manifest.versions, "nnctl": "0.1.0"})
    outcome, told = resumed(cut, drift=True)
    said = f"epoch {manifest.best_epoch} stays the best until a larger val_right comes: it is {manifest.best:.4g} as measured"
    assert f"{said} today" in told
    rows = history.read_history(cut.metrics)
    assert outcome.manifest.best == pytest.approx(max(row["val_right"] for row in rows))


def test_time_that_was_used_up_stays_used_up(run: Callable[..., Trained]) -> None:
    cut = run("train.max_time=1h", calls=3).run
    spec = load_spec(cut.resolved, [("--max-time", "train.max_time=0.001s")], peek)
    dataset = load(spec.data, lambda label, share: None)
    resumption = resume(cut, dataset.plan(spec), dataset)
    assert resumption.training.state.elapsed > 0.001
    assert resumption.training.run(Quiet()) == "done"
    assert len(resumption.training.state.history) == 1  # the first epoch ends in any case


# --- Processes that are really killed ---


def test_a_killed_run_is_lost_and_two_resumes_do_not_share_it(
    started: Start, write: Callable[..., Path], tmp_path: Path
) -> None:
    first, told = started("train", write(), "--epochs", 100_000)
    assert any("epoch  " in line for line in told)
    assert started("train", "--resume", "latest")[1].read().startswith("run-busy:")
    first.kill()
    first.wait()
    (path,) = (tmp_path / "runs").iterdir()
    assert RunDirectory(path).manifest.status == "running"
    assert RunDirectory(path).lost
    epochs = checkpoints.parse_name(checkpoints.list_checkpoints(RunDirectory(path).checkpoints)[0].name)[0]
    second, told = started("train", "--resume", path)
    assert f"resumed  in epoch {epochs + 1}, step " in next(line for line in told if "resumed" in line)
    assert any("epoch  " in line for line in told)
    second.send_signal(signal.SIGTERM)
    rest = told.read()
    assert second.wait(60) == 143
    assert f"nnctl train --resume {path}" in rest
    assert RunDirectory(path).manifest.status == "interrupted"


def worked(pid: int) -> float:
    """The seconds of all processors that a process has had (field 14 of proc_pid_stat(5)): waiting for one is not counted."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")


def test_a_second_signal_ends_a_process_that_sits_in_a_call(
    started: Start, write: Callable[..., Path], tmp_path: Path
) -> None:
    slow = "{conv2d: {filters: 256, kernel_size: 7, padding: same}}"
    layers = f"model.layers=[{slow}, {slow}, flatten, {SOFTMAX}]"
    process, told = started("train", write(), "--set", layers, "--set", "train.batch_size=1400")
    assert any("run " in line for line in told)
    time.sleep(2)  # by now it sits in the first call, which takes longer than this test waits
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    before = worked(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(120) == 143
    assert process.seconds - before < 3
    (path,) = (tmp_path / "runs").iterdir()
    assert json.loads((path / "run.json").read_text())["status"] == "interrupted"


def test_who_stops_listening_does_not_stop_the_training(
    forks: Forks, write: Callable[..., Path], tmp_path: Path
) -> None:
    """As in `nnctl train SPEC 2>&1 | head -n 1`."""
    reading, writing = os.pipe()
    process = forks.start(["train", write()], tmp_path, environment(), writing, writing)
    os.close(writing)
    with os.fdopen(reading) as head:
        assert head.readline()
    assert process.wait() == 0
    (path,) = (tmp_path / "runs").iterdir()
    assert RunDirectory(path).manifest.status == "done"

"""Looking at the layers changes no bit of a training, costs what it may, and never ends one."""

import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from nnctl.data import peek
from nnctl.engine.loop.training import Training
from nnctl.engine.resume import resume, rewrite
from nnctl.engine.state import layer_recorder
from nnctl.engine.train import Invocation, begin, run_to_end
from nnctl.runs import RunDirectory, diagnostics
from nnctl.spec import Spec, load_spec
from tests.engine.conftest import Quiet, arrays, prepared, same

SOFTMAX = "{dense: {units: 10, activation: softmax}}"
DROPOUT = (
    "model.layers=[flatten, {dense: {units: 12, activation: relu, activity_regularizer: {l2: 0.01}}}, "
    f"{{dropout: 0.4}}, {{gaussian_noise: 0.1}}, {SOFTMAX}]"
)
NORMALISED = f"model.layers=[{{conv2d: {{filters: 3, kernel_size: 3}}}}, batch_normalization, relu, flatten, {SOFTMAX}]"
RECURRENT = f"model.layers=[{{simple_rnn: {{units: 6, dropout: 0.2, recurrent_dropout: 0.2}}}}, {SOFTMAX}]"
KINDS = {"dropout": [DROPOUT], "XLA": [DROPOUT, "train.xla=true"], "norm": [NORMALISED], "recurrent": [RECURRENT]}

Read = Callable[..., Spec]


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look is due at each opportunity."""
    monkeypatch.setattr(layer_recorder, "SHARE", 1e9)


def started(spec: Spec, tmp_path: Path) -> tuple[Training, RunDirectory]:
    training = prepared(spec)
    return training, begin(training, Invocation(tmp_path / "spec.yaml", tmp_path / "runs"))


@pytest.mark.parametrize("kind", KINDS)
def test_no_bit_of_a_training_depends_on_it(
    kind: str, read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for share in (0.0, 1e9):
        monkeypatch.setattr(layer_recorder, "SHARE", share)
        monkeypatch.setattr(layer_recorder, "LEAST", 0.0)
        training, run = started(read(*KINDS[kind], "train.epochs=3", "data.subset=400"), tmp_path)
        run_to_end(training, run, Quiet())
        losses = [(row["loss"], row["val_loss"]) for row in training.state.history]
        seen.append(([*arrays(training), *(m.numpy() for m in training.model.metrics_variables)], losses))
        assert bool(diagnostics.read_checks(run.diagnostics)) is bool(share)
    assert same(seen[0][0], seen[1][0])
    assert seen[0][1] == seen[1][1]


def test_a_look_tells_every_layer_with_weights(read: Read, tmp_path: Path) -> None:
    training, run = started(read("train.epochs=3"), tmp_path)
    run_to_end(training, run, Quiet())
    checks = diagnostics.read_checks(run.diagnostics)
    assert {check.epoch for check in checks} == {1, 2, 3}
    assert checks[-1].step == 3 * training.steps.per_epoch
    assert [(layer.index, layer.name) for layer in checks[-1].layers] == [(1, "dense"), (2, "dense")]
    assert all(layer.gradient > 0 and 1e-6 < layer.update < 1 for layer in checks[-1].layers)
    assert checks[-1].loss < checks[0].loss
    assert "val_loss" in checks[-1].metrics


def test_each_of_the_first_twenty_steps_is_seen_and_then_fewer(read: Read, tmp_path: Path) -> None:
    training, run = started(read("train.epochs=4", "train.batch_size=4", "data.subset=1000"), tmp_path)
    run_to_end(training, run, Quiet())
    steps = [check.step for check in diagnostics.read_checks(run.diagnostics)]
    assert steps[:20] == list(range(1, 21))
    ends = {epoch * training.steps.per_epoch for epoch in range(1, 5)}
    assert all(later >= 1.05 * earlier or later in ends for earlier, later in pairwise(steps[19:]))
    assert ends <= set(steps)


def has_run(training: Training, steps: int) -> bool:
    return training.state.epoch * training.steps.per_epoch + training.state.step >= steps


@pytest.mark.parametrize("kind", ["dropout", "norm"])
def test_a_step_that_waits_for_its_look_looks_as_it_would_have_at_once(
    kind: str, read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for name, opens in (("once", 0), ("late", 40)):
        (tmp_path / name).mkdir()
        training, run = started(read(*KINDS[kind], "train.epochs=2", "train.batch_size=16"), tmp_path / name)
        recorder = layer_recorder.LayerRecorder(training, run)
        monkeypatch.setattr(recorder, "_is_affordable", partial(has_run, training, opens))
        follower = Quiet()
        monkeypatch.setattr(follower, "stepped", recorder.stepped)
        training.run(follower)
        found.append([check for check in diagnostics.read_checks(run.diagnostics) if check.step <= 20])
    assert [check.step for check in found[0]] == [check.step for check in found[1]] == list(range(1, 21))
    assert found[0] == found[1]
    assert all(layer.update > 0 for check in found[0] for layer in check.layers)


def test_looks_stay_within_their_share_of_the_time(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_recorder, "SHARE", 0.02)
    training, run = started(read("train.epochs=30", "train.batch_size=16"), tmp_path)
    recorder = layer_recorder.LayerRecorder(training, run)
    follower = Quiet()
    monkeypatch.setattr(follower, "stepped", recorder.stepped)
    begun = time.monotonic()
    training.run(follower)
    allowed = layer_recorder.LEAST + 0.02 * (time.monotonic() - begun)
    # The first look costs what nobody knows before; every other one is known to fit, but for what the machine does meanwhile.
    assert recorder.spent <= allowed + 0.25
    monkeypatch.setattr(recorder, "spent", 2 * allowed)
    assert not recorder._is_affordable()


def test_gathered_batches_make_one_update(read: Read, tmp_path: Path) -> None:
    seen = []
    for name, size, optimizer in (("whole", 100, "sgd"), ("parts", 25, "{sgd: {gradient_accumulation_steps: 4}}")):
        usual = (
            "train.epochs=3",
            "train.shuffle=false",
            "data.subset=500",
            "data.validation=0.2",
            "train.learning_rate=0.1",
        )
        folder = tmp_path / name
        folder.mkdir()
        training, run = started(read(*usual, f"train.batch_size={size}", f"train.optimizer={optimizer}"), folder)
        run_to_end(training, run, Quiet())
        last = [check for check in diagnostics.read_checks(run.diagnostics) if check.epoch == 3][-1]
        assert training.state.history[-1]["step"] == 12 * 100 / size
        seen.append([layer.update for layer in last.layers])
    assert seen[0] == pytest.approx(seen[1], rel=0.2)  # looks may come between the epochs' ends


def test_a_look_at_what_is_beyond_every_float_warns_of_nothing(read: Read, tmp_path: Path) -> None:
    training, run = started(read(), tmp_path)
    for variable in training.model.trainable_variables:
        variable.assign(variable * 1e30)
    looking = layer_recorder.LayerRecorder(training, run)
    looking.ended_epoch({"epoch": 1, "loss": 1.0})
    (check,) = diagnostics.read_checks(run.diagnostics)
    assert check.layers[-1].index == 2


def test_the_file_of_a_resumed_training_goes_on_where_it_was_cut(read: Read, tmp_path: Path) -> None:
    spec = read("train.epochs=4", "train.checkpoint.every_seconds=0")
    whole, there = started(spec, tmp_path)
    run_to_end(whole, there, Quiet())
    training, run = started(spec, tmp_path)
    run_to_end(training, run, Quiet(stop_after=5))
    lost = 4 * training.steps.per_epoch + 1
    extra = diagnostics.read_checks(run.diagnostics)[-1]
    with run.diagnostics.open("a") as file:
        file.write(diagnostics.format_line(extra).replace(f'"step": {extra.step}', f'"step": {lost}'))
        file.write('{"half')
    found = resume(run, training.dataset.plan(load_spec(run.resolved, (), peek)), training.dataset)
    rewrite(run, found, [])
    run_to_end(found.training, run, Quiet(), found.keeper)
    steps = [check.step for check in diagnostics.read_checks(run.diagnostics)]
    assert steps == sorted(set(steps))
    assert lost not in steps
    assert steps[-1] == 4 * training.steps.per_epoch
    assert same(arrays(whole), arrays(found.training))


def test_what_cannot_be_looked_into_or_written_ends_no_training(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training, run = started(read(), tmp_path)
    run.debug.write_text("in the way")
    assert run_to_end(training, run, Quiet()).manifest.status == "done"
    training, run = started(read(), tmp_path)
    monkeypatch.setattr(layer_recorder.Layers, "run_passes", lambda self: 1 / 0)
    assert run_to_end(training, run, Quiet()).manifest.status == "done"
    assert diagnostics.read_checks(run.diagnostics) == []


class Heard(Quiet):
    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def said(self, message: str) -> None:
        self.told.append(message)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (("train.learning_rate=0.3", "train.optimizer=sgd", "model.layers=[flatten, {dense: {units: 4, activation: "
        "relu, bias_initializer: {constant: -50}}}, " + SOFTMAX + "]"), "layers[1] dense is dead"),
        (("train.learning_rate=20", "model.layers=[flatten, {dense: 16}, {dense: 10}]", "train.loss=mse"), "rising"),
    ],
)  # fmt: skip
def test_what_is_wrong_for_sure_is_said_once(settings: tuple[str, ...], words: str, read: Read, tmp_path: Path) -> None:
    training, run = started(read(*settings, "train.epochs=6"), tmp_path)
    observer = Heard()
    run_to_end(training, run, observer)
    assert len([told for told in observer.told if words in told]) == 1


def test_a_training_that_goes_well_is_not_warned_of(read: Read, tmp_path: Path) -> None:
    training, run = started(read("train.epochs=6"), tmp_path)
    observer = Heard()
    run_to_end(training, run, observer)
    assert observer.told == []

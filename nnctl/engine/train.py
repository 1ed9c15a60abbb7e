"""`nnctl train`, without the terminal: a spec and its data become a finished run directory."""

import math
import shutil
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from nnctl import plots
from nnctl.data import Dataset, Scales, Split
from nnctl.data.inputs import learn_inputs, list_targets
from nnctl.engine.loop.monitor import describe_idle, describe_missing
from nnctl.engine.loop.observer import Observer, Silent
from nnctl.engine.loop.progress import Progress
from nnctl.engine.loop.timing import Timing, measure_timing
from nnctl.engine.loop.training import Training
from nnctl.engine.network import model_file
from nnctl.engine.scoring import Evaluation, evaluate
from nnctl.engine.state import replay
from nnctl.engine.state.fingerprints import compute_fingerprints
from nnctl.engine.state.keeper import Keeper
from nnctl.engine.state.layer_recorder import LayerRecorder
from nnctl.engine.state.replay import Divergence
from nnctl.engine.state.tensorboard import Summaries
from nnctl.errors import NnctlError, Problem, RunError
from nnctl.files import write_text
from nnctl.plots.fonts import explain_letters
from nnctl.runs import Manifest, RunDirectory, create_run, diagnostics, history, hold_lock
from nnctl.runs.clock import format_now
from nnctl.runs.commit import find_commit
from nnctl.runs.diagnostics import Check
from nnctl.runs.directory import compute_checksums
from nnctl.runs.lock import describe_process
from nnctl.spec import dump
from nnctl.spec.network.plan import Plan
from nnctl.spec.sections import Spec, Value


@dataclass(frozen=True, slots=True)
class Invocation:
    """How a training was asked for, as the run records it.

    Attributes:
        spec: the path of the spec as the user typed it.
        runs: the folder that the run directory is made in.
        command: the command line.
        overrides: flags and their texts.
        seeds: the set of runs with other seeds that it is one of, as the manifest holds it.
        commit: the git commit of the spec, for one that is trained from a run and not from the spec's file, or None; that of
            the spec's folder if left out.
    """

    spec: Path
    runs: Path
    command: Sequence[str] = ()
    overrides: Sequence[tuple[str, str]] = ()
    seeds: Mapping[str, Any] = field(default_factory=dict)
    commit: str | None = ""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training.

    Attributes:
        run: the run directory.
        manifest: its final manifest.
        evaluation: the best model's scores on test, or on validation where there is no test; None without a model.
        divergence: where it diverged, if it did and that could be found.
    """

    run: RunDirectory
    manifest: Manifest
    evaluation: Evaluation | None
    divergence: Divergence | None = None


def train_plan(plan: Plan, dataset: Dataset, invocation: Invocation, observer: Observer | None) -> Trained:
    """One training from its first to its last file, the run locked meanwhile.

    Args:
        plan: how a spec is trained on the data.
        dataset: the data.
        invocation: how it was asked for, as the run records it.
        observer: told when training begins, and of what happens then, if there is one.

    Raises:
        SpecError: the network cannot be built or fed; nothing has been written.
        RunError: the run cannot be written, or the memory is used up.
    """
    training = prepare(plan, dataset)
    run = begin(training, invocation)
    with hold_lock(run.path):
        return run_to_end(training, run, observer or Silent())


def time_steps(plan: Plan, dataset: Dataset) -> Timing:
    """How long the steps of a training take, from some that are really run. Nothing is written.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    return measure_timing(prepare(plan, dataset))


def prepare(plan: Plan, dataset: Dataset, fresh: bool = True) -> Training:
    """The training of a plan, built but not begun. Nothing is written.

    Args:
        plan: how a spec is trained on the data.
        dataset: its data.
        fresh: False if a checkpoint's weights are about to take the place of those that the training would begin with.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    keras.utils.clear_session()  # names its layers as if no network had been built before
    return Training(replace(plan, spec=_as_loaded(plan.spec, dataset)), dataset, fresh)


def begin(training: Training, invocation: Invocation) -> RunDirectory:
    """Makes the run directory of a training, with everything that is known before the first step.

    Raises:
        RunError: the directory cannot be made or written to.
    """
    run, created = create_run(invocation.runs, training.spec.name)
    try:
        _describe(training, invocation, run, created)
    except OSError as error:
        shutil.rmtree(run.path, ignore_errors=True)  # there is nothing in it yet that anybody could use
        raise _make_write_error(error, run) from error
    return run


def _describe(training: Training, invocation: Invocation, run: RunDirectory, created: str) -> None:
    """Writes what is known of a run before its first step."""
    spec, told = training.spec, compute_fingerprints(training)
    commit = find_commit(invocation.spec.parent) if invocation.commit == "" else invocation.commit
    write_text(run.spec, spec.source.written)
    write_text(run.resolved, dump.dump(training.resolve_spec()))
    if training.dataset.columns is not None:
        write_text(run.columns, training.dataset.columns.dump())
    write_text(run.inputs, learn_inputs(training.dataset, list_targets(spec)).dump())
    write_text(run.scaling, training.scales.dump())
    files = [path for path in (run.spec, run.resolved, run.columns, run.inputs, run.scaling) if path.is_file()]
    manifest = Manifest(
        id=run.path.name, name=spec.name, status="running", spec=str(invocation.spec), seed=spec.seed, created=created,
        command=list(invocation.command), overrides=[list(override) for override in invocation.overrides],
        versions=told["versions"], platform=told["platform"], fingerprint=told["spec"], process=describe_process(),
        seeds=dict(invocation.seeds), commit=commit, data=_describe_data(training.dataset, training.scales),
        parents=_parents(training),
        engine={**asdict(training.compilation), "precision": asdict(training.plan.precision)},
        parameters=training.model.count_params(), monitor=training.best.monitor, checksums=compute_checksums(run.path, *files),
    )  # fmt: skip
    manifest.write(run.path / "run.json")
    if training.transfer is not None:
        Keeper(training, run).keep()  # the file that the weights came from may be another one tomorrow


def run_to_end(training: Training, run: RunDirectory, observer: Observer, keeper: Keeper | None = None) -> Trained:
    """Trains to the end, keeps the run directory up to date on the way, and scores the best model.

    Whatever happens, the run says what became of it: `done`, `interrupted`, `diverged`, or `failed` with the reason, and
    it can be resumed from its newest checkpoint, or from its beginning.

    Args:
        training: the training.
        run: its run, locked by the caller.
        observer: told of what happens.
        keeper: writes the checkpoints; a new one if the training was not resumed.

    Raises:
        RunError: a file cannot be written, or the memory is used up.
    """
    recorder, divergence = _Recorder(training, run, observer, keeper or Keeper(training, run)), None
    try:
        recorder.begun()
        status = training.run(recorder)
        recorder.ended(status)
        grown = training.explain_growth()
        if status == "diverged" and grown is None:
            divergence = _divergence(training, run, observer)
        evaluation = _unless_broken_off(lambda: _conclude(training, run, status, observer), status, observer)
    except KeyboardInterrupt:
        return Trained(run, run.update(status="interrupted", ended=format_now(), seconds=training.state.elapsed), None)
    except BaseException as error:
        with suppress(Exception):  # what brought us here may keep this from being written, too
            _keep_best(training, run)
        with suppress(OSError):
            run.update(status="failed", ended=format_now(), message=_reason(error), seconds=training.state.elapsed)
        raise _explain_error(error, run) from error
    told = recorder.ending() if status == "done" else grown
    message = divergence.message if divergence is not None else told
    changes = {"status": status, "ended": format_now(), "message": message, "seconds": training.state.elapsed}
    return Trained(run, run.update(**changes), evaluation, divergence)


class _Recorder:
    """Passes on what happens to the observer, and writes each epoch's row and the checkpoints to the run."""

    def __init__(self, training: Training, run: RunDirectory, observer: Observer, keeper: Keeper) -> None:
        self.training, self.run, self.observer, self.keeper = training, run, observer, keeper
        self.recorder = LayerRecorder(training, run)
        board = training.spec.train.tensorboard
        self.summaries = Summaries(run.path / "tensorboard", training.state.epoch) if board else None
        self.said, self.interrupted, self.trained = observer.said, observer.interrupted, observer.trained

    def begun(self) -> None:
        if hasattr(self.observer, "begun"):  # those that were written before there was such a call have none
            self.observer.begun(self.training, self.run)

    def stepped(self, progress: Progress) -> None:
        self.observer.stepped(progress)
        if math.isfinite(progress.results["loss"]):
            if not self.keeper.stepped():
                self.training.mark_diverged()
            self._warn(self.recorder.stepped(progress))

    def _warn(self, told: str | None) -> None:
        if told is not None:
            self.said(told)

    def ended_epoch(self, row: dict[str, float], best: bool) -> None:
        if self.summaries:
            self.summaries.write(row, self.training.model)
        history.write_history(self.training.state.history, self.run.metrics)
        kept = self.training.best
        self.run.update(epochs=int(row["epoch"]), best_epoch=kept.epoch, best=kept.measured)
        self.observer.ended_epoch(row, best)
        if row["epoch"] == 1:
            for line in describe_missing(row, kept, self.training.callbacks.callbacks):
                self.said(line)
        self.keeper.ended_epoch()
        self._warn(self.recorder.ended_epoch(row))

    def ended(self, status: str) -> None:
        """Training has ended: writes the state that it ended in, from which an interrupted one goes on."""
        if status != "diverged":
            self.keeper.keep()
        if status == "done":
            self.trained()

    def ending(self) -> str | None:
        """Why a training that is done ran fewer epochs than it was asked for, and what its monitor did not tell."""
        training, told = self.training, list[str]()
        if training.model.stop_training:
            told.append(f"early stopping ended it after epoch {training.state.epoch}")
        elif training.state.epoch < training.spec.train.epochs:
            told.append(f"its time was over after epoch {training.state.epoch}")
        if (idle := describe_idle(training.state.history, training.best)) is not None:
            told.append(idle)
        return "; ".join(told) or None


def _unless_broken_off(conclude: Callable[[], Evaluation | None], status: str, observer: Observer) -> Evaluation | None:
    """What is concluded; a KeyboardInterrupt that a compiled library has turned into another error is one again.

    An error that has another cause comes again when the run is resumed.
    """
    try:
        return conclude()
    except Exception as error:
        if status == "done" and observer.interrupted():
            raise KeyboardInterrupt from error
        raise


def _conclude(training: Training, run: RunDirectory, status: str, observer: Observer) -> Evaluation | None:
    """Writes the best epoch's model and the curves, and scores the model of a training that came to its end."""
    if told := explain_letters([training.spec.name, *training.dataset.names]):
        observer.said(told)
    if checks := _read_checks(run):
        plots.draw_layers(checks, run.plots / "layers.png", training.spec.name)
    rows = training.state.history
    if rows:
        best = training.best
        label = "kept epoch" if best.measured is None else "best epoch"
        plots.draw_curves(rows, run.plots / "curves.png", training.spec.name, best.epoch, label)
    if not _keep_best(training, run) or status != "done":
        return None
    split = next((name for name in ("test", "validation") if getattr(training.dataset, name) is not None), None)
    return None if split is None else evaluate(training.model, training.targets, training.dataset, split, run)


def _read_checks(run: RunDirectory) -> list[Check]:
    """The looks at the layers; none where they cannot be read, which is no reason to end a training."""
    with suppress(RunError):
        return diagnostics.read_checks(run.diagnostics)
    return []


def _divergence(training: Training, run: RunDirectory, observer: Observer) -> Divergence | None:
    """Where it diverged; None if that cannot be found, which must not keep the run from being told of."""
    with suppress(Exception):
        return replay.find(training, run, lambda: prepare(training.plan, training.dataset), observer.interrupted)
    return None


def _parents(training: Training) -> list[str]:
    """The run that the first weights came from; of a model file that lies in no run, the path."""
    if training.transfer is None:
        return []
    path = training.transfer.path
    return [path.parent.name if (path.parent / "run.json").is_file() else str(path)]


def _keep_best(training: Training, run: RunDirectory) -> bool:
    """Writes the best epoch's model and the checksums of what is complete; False if no epoch has ended."""
    if not training.restore_best():
        return False
    model_file.save(training.model, run.model)
    run.renew_checksums(run.metrics, run.model)
    return True


def _explain_error(error: BaseException, run: RunDirectory) -> BaseException:
    """The error as the user gets it, with what becomes of the run."""
    resumable = Problem("resumable", f"{run.path} is kept", hint=f"then `nnctl train --resume {run.path}`")
    if isinstance(error, NnctlError):
        return type(error)(*error.problems, resumable)
    if isinstance(error, OSError):
        return _make_write_error(error, run)
    if isinstance(error, (MemoryError, tf.errors.ResourceExhaustedError)):
        message = f"out of memory: {str(error).splitlines()[0][:200] if str(error) else 'the system gives no more'}"
        return RunError(Problem("out-of-memory", message, hint="a smaller train.batch_size or network"), resumable)
    return error


def _make_write_error(error: OSError, run: RunDirectory) -> RunError:
    message = f"{error.filename or run.path} cannot be written: {error.strerror or error}"
    kept = f"free some space, then `nnctl train --resume {run.path}`"
    return RunError(Problem("cannot-write", message, hint=kept if run.path.exists() else "`--runs DIR` names another"))


def _as_loaded(spec: Spec, dataset: Dataset) -> Spec:
    """The spec with the source that was really loaded, so that `resolved.yaml` means these data and no others.

    The widths of embedded columns, which go by the data if nothing is said, are written out.
    """
    if dataset.source == spec.data.source:
        embedded = () if dataset.columns is None else dataset.columns.embedded
        widths: dict[str, Value] = {feature.name: feature.embed for feature in embedded}
        options = {**spec.data.options, "embed": widths} if widths else spec.data.options
        return replace(spec, data=replace(spec.data, options=options))
    return replace(spec, data=replace(spec.data, source=dataset.source, options={}, path=None, offline=None))


def _describe_data(dataset: Dataset, scales: Scales) -> dict[str, object]:
    splits = {name: getattr(dataset, name) for name in ("train", "validation", "test")}
    sizes = {name: len(split.x) for name, split in splits.items() if isinstance(split, Split)}
    told = ("source", "requested", "title", "origin", "fallback", "task", "outputs", "fingerprint", "notes")
    more = {} if dataset.cut is None else {"cut": dataset.cut}
    more["scale"] = {"inputs": scales.inputs.describe(), "targets": scales.targets.describe()}
    return {**{name: _jsonable(getattr(dataset, name)) for name in told}, "examples": sizes, **more}


def _jsonable(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


def _reason(error: BaseException) -> str:
    """What ended a training, on one line."""
    if isinstance(error, NnctlError):
        return f"{type(error).__name__}: {'; '.join(problem.message for problem in error.problems)}"
    return traceback.format_exception_only(error)[-1].strip()

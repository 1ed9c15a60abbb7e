"""`nnctl train`, without the terminal: a spec and its data become a finished run directory."""

import subprocess
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import keras

import nnctl
from nnctl import plots
from nnctl.data import Dataset, Split
from nnctl.engine import backend, saving
from nnctl.engine.evaluation import Evaluation, evaluate
from nnctl.engine.observer import Observer
from nnctl.engine.tensorboard import Summaries
from nnctl.engine.training import Training
from nnctl.errors import Problem, RunError
from nnctl.files import write_text
from nnctl.runs import Manifest, Run, create, history
from nnctl.spec import dump
from nnctl.spec.sections import Spec, Value


@dataclass(frozen=True, slots=True)
class Invocation:
    """How a training was asked for, as the run records it.

    Attributes:
        spec: the path of the spec as the user typed it.
        runs: the folder that the run directory is made in.
        command: the command line.
        overrides: flags and their texts.
    """

    spec: Path
    runs: Path
    command: Sequence[str] = ()
    overrides: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a training.

    Attributes:
        run: the run directory.
        manifest: its final manifest.
        evaluation: the best model's scores on test, or on validation where there is no test; None without a model.
    """

    run: Run
    manifest: Manifest
    evaluation: Evaluation | None


def prepare(spec: Spec, dataset: Dataset) -> Training:
    """The training that a spec asks for, built but not begun. Nothing is written.

    Raises:
        SpecError: the network cannot be built or fed.
    """
    keras.utils.clear_session()  # names its layers as if no network had been built before
    return Training(_as_loaded(spec, dataset), dataset)


def begin(training: Training, invocation: Invocation) -> Run:
    """Makes the run directory of a training, with everything that is known before the first step.

    Raises:
        RunError: the directory cannot be made.
    """
    spec = training.spec
    run, created = create(invocation.runs, spec.name)
    write_text(run.spec, spec.source.written)
    write_text(run.resolved, dump.dump(training.resolved()))
    if training.dataset.columns is not None:
        write_text(run.columns, training.dataset.columns.dump())
    Manifest(
        id=run.path.name,
        name=spec.name,
        status="running",
        spec=str(invocation.spec),
        command=list(invocation.command),
        overrides=[list(override) for override in invocation.overrides],
        seed=spec.seed,
        created=created,
        versions={"nnctl": nnctl.__version__, **backend.versions()},
        platform=backend.settings(),
        commit=_commit(invocation.spec.parent),
        data=_described(training.dataset),
        engine={"xla": training.compilation.xla, "reason": training.compilation.reason},
        parents=_parents(training),
        parameters=training.model.count_params(),
        monitor=training.best.monitor,
    ).write(run.path / "run.json")
    return run


def run_to_end(training: Training, run: Run, observer: Observer) -> Outcome:
    """Trains to the end, keeps the run directory up to date on the way, and scores the best model.

    Whatever happens, the run says what became of it: `done`, `interrupted`, `diverged`, or `failed` with the reason.
    """
    try:
        status = training.run(_Recorder(training, run, observer))
        evaluation = _conclude(training, run, status)
    except BaseException as error:
        status = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        with suppress(Exception):  # what brought us here may keep this from being written, too
            _keep_best(training, run)
        with suppress(OSError):
            run.update(status=status, ended=_now(), message=_reason(error))
        if isinstance(error, OSError):
            message = f"{error.filename or run.path} cannot be written: {error.strerror or error}"
            raise RunError(
                Problem("cannot-write", message, hint="free some space, or train with `--runs DIR`")
            ) from error
        raise
    return Outcome(run, run.update(status=status, ended=_now()), evaluation)


class _Recorder:
    """Passes on what happens to the observer, and writes each epoch's row to the run."""

    def __init__(self, training: Training, run: Run, observer: Observer) -> None:
        self.training, self.run, self.observer = training, run, observer
        board = training.spec.train.tensorboard
        self.summaries = Summaries(run.path / "tensorboard") if board else None
        self.stepped, self.said, self.interrupted = observer.stepped, observer.said, observer.interrupted

    def ended_epoch(self, row: dict[str, float], best: bool) -> None:
        if self.summaries:
            self.summaries.write(row, self.training.model)
        history.write(self.training.state.history, self.run.metrics)
        kept = self.training.best
        self.run.update(epochs=int(row["epoch"]), best_epoch=kept.epoch, best=kept.value if kept.epoch else None)
        self.observer.ended_epoch(row, best)


def _conclude(training: Training, run: Run, status: str) -> Evaluation | None:
    """Writes the best epoch's model and the curves, and scores the model of a training that came to its end."""
    rows = training.state.history
    if rows:
        plots.curves(rows, run.plots / "curves.png", training.spec.name, training.best.epoch)
    if not _keep_best(training, run) or status != "done":
        return None
    split = next((name for name in ("test", "validation") if getattr(training.dataset, name) is not None), None)
    return None if split is None else evaluate(training.model, training.spec, training.dataset, split, run)


def _parents(training: Training) -> list[str]:
    """The run that the first weights came from; of a model file that lies in no run, the path."""
    if training.transfer is None:
        return []
    path = training.transfer.path
    return [path.parent.name if (path.parent / "run.json").is_file() else str(path)]


def _keep_best(training: Training, run: Run) -> bool:
    """Writes the best epoch's model and the checksums of what is complete; False if no epoch has ended."""
    if not training.restore_best():
        return False
    saving.save(training.model, run.model)
    run.update(checksums=run.checksums(run.spec, run.resolved, run.metrics, run.model))
    return True


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


def _described(dataset: Dataset) -> dict[str, object]:
    splits = {name: getattr(dataset, name) for name in ("train", "validation", "test")}
    sizes = {name: len(split.x) for name, split in splits.items() if isinstance(split, Split)}
    told = ("source", "requested", "title", "origin", "fallback", "task", "outputs", "fingerprint", "notes")
    return {**{name: _jsonable(getattr(dataset, name)) for name in told}, "examples": sizes}


def _jsonable(value: object) -> object:
    return str(value) if isinstance(value, Path) else value


def _commit(folder: Path) -> str | None:
    """The commit of the folder's repository, with `+` if it holds changes; None without git or a repository."""

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True, timeout=5
        ).stdout.strip()

    try:
        return git("rev-parse", "--short=12", "HEAD") + (
            "+" if git("status", "--porcelain", "--untracked-files=no") else ""
        )
    except (OSError, subprocess.SubprocessError):
        return None


def _reason(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

"""nnctl from Python: read a spec, train it, and look at what came of it. The command line goes through here, too.

Importing this module loads neither NumPy nor TensorFlow; `train`, `Run.model` and `Run.evaluate` load TensorFlow when they
are first called, which takes seconds. Nothing prints; what goes wrong is an error of `nnctl.errors`.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nnctl import spec as specs
from nnctl.data import Report, peek
from nnctl.errors import Problem, RunError, SpecError
from nnctl.runs import Manifest, RunDirectory, directory, history, locked
from nnctl.runs.history import History
from nnctl.spec import Spec

if TYPE_CHECKING:
    import keras

    from nnctl.data import Dataset
    from nnctl.engine.loop.observer import Observer, Progress
    from nnctl.engine.loop.training import Training
    from nnctl.engine.scoring import Evaluation
    from nnctl.engine.train import Invocation, Trained
    from nnctl.metrics import Predictions
    from nnctl.runs import Row
    from nnctl.spec.network.plan import Plan

Overrides = Mapping[str, object] | Iterable[tuple[str, str]]
"""Values by key (`{"train.epochs": 3}`), or flags and their texts as a command line has them (`("--set", "train.epochs=3")`)."""

_LARGEST_SCORES = 64 * 2**20  # bytes


@dataclass(frozen=True, slots=True)
class Run:
    """A run, read from its directory at each look: it may still be training.

    >>> run = nnctl.train(nnctl.load_spec("first.yaml", {"train.epochs": 2}))
    >>> run.manifest.status, [row["epoch"] for row in run.metrics]
    ('done', [1.0, 2.0])
    >>> run == nnctl.load_run("latest")
    True
    >>> run.predictions("test").output.shape
    (359, 10)
    >>> model = run.model()
    >>> model.output_shape
    (None, 10)

    Attributes:
        directory: its directory, with the paths of its files.
    """

    directory: RunDirectory

    @property
    def path(self) -> Path:
        """The run's directory."""
        return self.directory.path

    @property
    def manifest(self) -> Manifest:
        """What `run.json` says: the status, versions, data, best epoch and so on. Raises RunError if it is damaged."""
        return self.directory.manifest

    @property
    def metrics(self) -> History:
        """A row for each epoch that has ended: `epoch` (from 1), `seconds`, `loss`, the metrics, and `val_` of each."""
        return history.read(self.directory.metrics) if self.directory.metrics.is_file() else []

    @property
    def scores(self) -> dict[str, dict[str, float | None]]:
        """The headline scores of each split that was evaluated; None stands for one that is undefined."""
        return self.manifest.scores

    @property
    def spec(self) -> Spec:
        """The spec with every value as it was trained. Raises SpecError if it is damaged or its data are gone."""
        self.directory.confine()
        return load_spec(self.directory.resolved)

    def model(self) -> "keras.Model":
        """The best epoch's model, a `keras.Model` that takes examples as the source stores them.

        It is built anew from what passes nnctl's own gate; no code that a model file carries is run.

        Raises:
            RunError: there is none, or it is damaged or not one that nnctl builds.
        """
        from nnctl.engine.network import model_file

        self.directory.confine()
        return model_file.load(self.directory.model)

    def predictions(self, split: str = "test") -> "Predictions":
        """What the best model says of each example of a split, beside the truth; computed only if it was not before.

        Args:
            split: `test`, `validation` or `train`.

        Raises:
            UsageError, DataError, RunError: as `evaluate` does.
        """
        folder = self.directory.evaluation(split)
        if not (folder / "predictions.csv").is_file():
            return self.evaluate(split).predictions
        from nnctl.metrics import Predictions

        self.directory.confine()
        return Predictions.read(folder / "predictions.csv", *_outputs(folder / "metrics.json"))

    def evaluate(self, split: str = "test", data: Path | None = None, report: Report | None = None) -> "Evaluation":
        """Scores the best model, and writes the table, the predictions and pictures into the run's `eval/`.

        Args:
            split: `test`, `validation` or `train`.
            data: a file to score on as a whole instead, read as the run's own source.
            report: told of what takes a while.

        Raises:
            UsageError: there is no such split.
            SpecError, DataError, RunError: the run's spec, data or model cannot be read, or the data are no longer
                those that it was trained with.
        """
        from nnctl.engine.evaluate import revisit

        return revisit(self.directory, split, data, report or _unsaid)


def load_spec(path: str | Path, overrides: Overrides = ()) -> Spec:
    """The spec in a YAML file, checked against its data; nothing is trained or downloaded.

    >>> spec = load_spec("first.yaml", {"train.epochs": 3, "model.layers.1.units": 16})
    >>> spec.train.epochs, spec.layers[1].arguments["units"]
    (3, 16)

    Args:
        path: the file.
        overrides: values that replace those of the file, as `--set` does, later ones last.

    Raises:
        SpecError: with every mistake that was found, each with its place in the file.
    """
    if isinstance(overrides, Mapping):
        overrides = [("--set", f"{key}={_yaml(key, value)}") for key, value in overrides.items()]
    return specs.load_spec(Path(path), overrides, peek)


def train(
    spec: Spec, runs: str | Path | None = None, observer: "Observer | None" = None, report: Report | None = None
) -> Run:
    """Trains a spec into a new run directory, and scores its best model.

    A training that diverges or that the observer stops leaves a run as well: `manifest.status` tells.

    Args:
        spec: the spec; `dataclasses.replace(spec, seed=4)` is another one.
        runs: the folder of the run directories; `$NNCTL_RUNS` or `runs` if left out.
        observer: told when training begins and of each epoch, and asked whether to stop.
        report: told of a download.

    Raises:
        SpecError, DataError: the network cannot be built or fed, the data cannot be had, or memory would not do.
        RunError: the run cannot be written; it says how to go on.
        KeyboardInterrupt: it was interrupted; the run is kept and can be resumed.
    """
    from nnctl.data import load
    from nnctl.data.memory.afford import afford_network

    dataset = load(spec.data, report or _unsaid)
    plan = dataset.plan(spec)
    afford_network(plan)
    from nnctl.engine.train import Invocation

    watcher = observer or _Silent()
    outcome = carry_out(plan, dataset, Invocation(Path(spec.source.name), _folder(runs)), watcher)
    if outcome.manifest.status == "interrupted" and not watcher.interrupted():
        raise KeyboardInterrupt
    return Run(outcome.run)


def carry_out(plan: "Plan", dataset: "Dataset", invocation: "Invocation", observer: "Observer") -> "Trained":
    """One training from its first to its last file, the run locked meanwhile.

    Args:
        plan: how the spec is trained on its data.
        dataset: the data.
        invocation: how it was asked for, as the run records it.
        observer: told when training begins, and of what happens then.

    Raises:
        SpecError, RunError: as `train`.
    """
    from nnctl.engine.train import begin, prepare, run_to_end

    training = prepare(plan, dataset)
    run = begin(training, invocation)
    with locked(run.path):
        return run_to_end(training, run, observer)


def load_run(name: str | Path = "latest", runs: str | Path | None = None) -> Run:
    """A run that has been trained, or is being trained.

    Args:
        name: a path, a unique prefix of an id, a name (its newest run), or `latest`.
        runs: the folder of the run directories; `$NNCTL_RUNS` or `runs` if left out.

    Raises:
        RunError: no run or more than one answers to it.
    """
    return Run(directory.find(str(name), _folder(runs)))


class _Silent:
    """An observer that says nothing and never stops a training."""

    def begun(self, training: "Training", run: RunDirectory) -> None: ...

    def stepped(self, progress: "Progress") -> None: ...

    def ended_epoch(self, row: "Row", best: bool) -> None: ...

    def said(self, message: str) -> None: ...

    def trained(self) -> None: ...

    def interrupted(self) -> bool:
        return False


def _unsaid(label: str, share: float | None) -> None:
    """A report to nobody."""


def _folder(runs: str | Path | None) -> Path:
    return Path(runs or os.environ.get("NNCTL_RUNS") or "runs")


def _yaml(key: str, value: object) -> str:
    """A value as YAML on one line; JSON is that."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError):
        message = f"the value of {key!r} is a {type(value).__name__}, which YAML cannot write"
        hint = "numbers, texts, true, false, None, and lists and maps of them"
        raise SpecError(Problem("bad-override", message, hint=hint)) from None


def _plain(value: Any) -> object:
    """A path as its text, a number of NumPy's as Python's."""
    return str(value) if isinstance(value, Path) else value.item() if hasattr(value, "item") else json.dumps(value)


def _outputs(path: Path) -> tuple[str, tuple[str, ...]]:
    """The task of an evaluation, and the names of the classes, labels or targets."""
    from nnctl.files import read_bytes

    try:
        told = json.loads(read_bytes(path, _LARGEST_SCORES))
        names = [str(next(iter(row.values()))) for row in told["per_class"]]
        return str(told["task"]), tuple(names)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is not a table of scores"
        raise RunError(Problem("bad-run", f"{path} cannot be read: {reason}")) from None

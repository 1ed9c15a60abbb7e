"""Runs from Python: what has been trained is found, read, scored anew and predicted with."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from nnctl import bounds
from nnctl.api import notebooks
from nnctl.data import Report, peek, silent
from nnctl.errors import Problem, RunError
from nnctl.files import read_bytes
from nnctl.runs import Manifest, RunDirectory, Verdict, find_root, find_run, history, verify_run
from nnctl.runs.clock import compute_age
from nnctl.runs.history import History
from nnctl.runs.lookup import read_runs
from nnctl.runs.meaning import load_resolved
from nnctl.spec import Spec
from nnctl.spec.network.meaning import Meaning

if TYPE_CHECKING:
    import keras
    import pandas

    from nnctl.api.answers import Answers
    from nnctl.engine.predict import Predictor
    from nnctl.engine.scoring import Evaluation
    from nnctl.metrics import Predictions
    from nnctl.predicting.naming import Predicted

__all__ = ["PredictedFiles", "Run", "compute_age", "evaluate", "list_manifests", "list_runs", "load_run", "predict"]


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
    >>> run.predict(np.zeros((4, 8, 8))).output.shape
    (4, 10)

    Attributes:
        directory: its directory, with the paths of its files.
        evaluation: what `train` or `resume` scored when it had trained it, on test or, where there is none, on validation; None
            for a run that was found or that did not come to its end.
    """

    directory: RunDirectory
    evaluation: "Evaluation | None" = field(default=None, compare=False, repr=False)

    @property
    def path(self) -> Path:
        """The run's directory."""
        return self.directory.path

    @property
    def manifest(self) -> Manifest:
        """What `run.json` says: the status, versions, data, best epoch and so on. Raises RunError if it is damaged."""
        return self.directory.manifest

    @property
    def status(self) -> str:
        """`running`, `done`, `interrupted`, `failed` or `diverged`; `lost` where the process that trained it is gone."""
        return self.directory.find_status(self.manifest)

    @property
    def metrics(self) -> History:
        """A row for each epoch that has ended: `epoch` (from 1), `seconds`, `loss`, the metrics, and `val_` of each."""
        return history.read_history(self.directory.metrics) if self.directory.metrics.is_file() else []

    @property
    def scores(self) -> dict[str, dict[str, float | None]]:
        """The headline scores of each split that was evaluated; None stands for one that is undefined."""
        return self.manifest.scores

    @property
    def spec(self) -> Spec:
        """The spec with every value as it was trained. Raises SpecError if it is damaged or its data are gone.

        RunError if it cannot be read.
        """
        self.directory.confine()
        return load_resolved(self.directory, peek=peek)

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
        return Predictions.read(folder / "predictions.csv", *_read_outputs(folder / "metrics.json"))

    def evaluate(self, split: str = "test", data: Path | None = None, report: Report | None = None) -> "Evaluation":
        """Scores the best model, as `nnctl.evaluate` does."""
        return evaluate(self, split, data, report)

    def predict(self, x: Any, invert: str = "auto", fit: bool = True) -> "Answers":
        """What the best model says of examples. Nothing is written; the run's own data are not needed.

        Args:
            x: the examples as the run's source holds them, not scaled: an array of shape (n, ...). For a run on a table a data
                frame of pandas, whose columns go by name, or an array of shape (n, k) with the k columns that the network gets,
                in their order. Or the path of a file that `nnctl.predict` takes.
            invert: of a picture in a file, whether light and dark change places: `auto`, `yes` or `no`.
            fit: of a picture in a file, whether what is drawn is scaled and moved to where training has it.

        Raises:
            DataError: they are not what the network takes.
            SpecError, RunError: the run's spec, model or what it tells of its data cannot be read.
        """
        from nnctl.api.answers import join_blocks

        predictor = _load_predictor(self, invert, fit, silent)
        if isinstance(x, (str, Path)):
            return join_blocks(predictor.predict([str(x)], io.BytesIO()), predictor.meaning, predictor.names)
        index = x.index if hasattr(x, "itertuples") else None
        return join_blocks(predictor.predict_array(x), predictor.meaning, predictor.names, index)

    def to_frame(self) -> "pandas.DataFrame":
        """The metrics as a data frame: a row an epoch, whose number (from 1) is the index.

        Raises:
            UsageError: pandas is not installed.
            RunError: they cannot be read.
        """
        return notebooks.frame_metrics(self.metrics)

    def _repr_html_(self) -> str:
        """The run as a notebook shows it: what became of it, its scores and its curves."""
        return notebooks.format_run(self.directory)

    def verify(self) -> list[Verdict]:
        """Compares every checksum, of files and of checkpoints; a verdict without a fault is sound.

        Raises:
            RunError: the manifest cannot be read.
        """
        return verify_run(self.directory)


@dataclass(frozen=True, slots=True, eq=False)
class PredictedFiles:
    """What a run's best model says of files, as it comes.

    Attributes:
        meaning: what the outputs are: their task and kind.
        names: of the classes, labels or targets, one for each column of the outputs.
        blocks: what it says, some examples of one file at a time; ends with a DataError that tells what is wrong with each file
            that cannot be read.
    """

    meaning: Meaning
    names: tuple[str, ...]
    blocks: "Iterator[Predicted]"

    @property
    def task(self) -> str:
        """`multiclass`, `binary`, `multilabel` or `regression`."""
        return self.meaning.task


def load_run(name: str | Path = "latest", runs: str | Path | None = None) -> Run:
    """A run that has been trained, or is being trained.

    Args:
        name: a path, a unique prefix of an id, a name (its newest run), or `latest`: the run that was made last, as far as
            clocks tell; one of a time that is still to come is passed over.
        runs: the folder of the run directories; `$NNCTL_RUNS` or `runs` if left out.

    Raises:
        RunError: no run or more than one answers to it.
    """
    return Run(find_run(str(name), find_root(runs)))


def list_runs(runs: str | Path | None = None) -> list[Run]:
    """The runs in a folder, oldest first; what lies there besides is passed over.

    Args:
        runs: the folder of the run directories; `$NNCTL_RUNS` or `runs` if left out.
    """
    return [run for run, _ in list_manifests(runs)]


def list_manifests(runs: str | Path | None = None) -> list[tuple[Run, Manifest]]:
    """The runs in a folder, as `list_runs` has them, with what each one's `run.json` says now, which is read once.

    The status of a run whose process is gone is `lost`.
    """
    return [
        (Run(run), replace(manifest, status=run.find_status(manifest))) for run, manifest in read_runs(find_root(runs))
    ]


def evaluate(run: Run, split: str = "test", data: Path | None = None, report: Report | None = None) -> "Evaluation":
    """Scores a run's best model, and writes the table, the predictions and pictures into the run's `eval/`.

    Args:
        run: the run.
        split: `test`, `validation` or `train`.
        data: a file to score on as a whole instead, read as the run's own source.
        report: told of what takes a while.

    Raises:
        UsageError: there is no such split.
        SpecError, DataError, RunError: the run's spec, data or model cannot be read, or the data are no longer
            those that it was trained with.
    """
    from nnctl.engine.evaluate import revisit

    return revisit(run.directory, split, data, report or silent)


def predict(
    run: Run, files: Sequence[str], invert: str = "auto", fit: bool = True, stdin: BinaryIO | None = None,
    report: Report | None = None,
) -> PredictedFiles:  # fmt: skip
    """What a run's best model says of pictures, arrays and tables. Nothing is written; the run's own data are not needed.

    >>> told = predict(nnctl.load_run("latest"), ["digits.npz"])
    >>> [block.output.shape for block in told.blocks], told.names[:3]
    ([(4, 10)], ('0', '1', '2'))

    Args:
        run: the run.
        files: their paths; `-` is the standard input. A file that is wrong keeps no other from its turn.
        invert: whether light and dark of pictures change places: `auto`, `yes` or `no`.
        fit: whether what is drawn is scaled and moved to where training has it.
        stdin: the standard input, in bytes; empty if left out.
        report: told of what takes a while.

    Raises:
        UsageError: `invert` is something else.
        SpecError, DataError, RunError: the run's spec, model or what it tells of its data cannot be read.
    """
    predictor = _load_predictor(run, invert, fit, report or silent)
    return PredictedFiles(predictor.meaning, predictor.names, predictor.predict(files, stdin or io.BytesIO()))


def _load_predictor(run: Run, invert: str, fit: bool, report: Report) -> "Predictor":
    from nnctl.engine.predict import Predictor

    return Predictor(run.directory, invert, fit, report)


def _read_outputs(path: Path) -> tuple[str, tuple[str, ...], Any]:
    """The task of an evaluation, the names of the classes, labels or targets, and what its outputs are."""
    try:
        told = json.loads(read_bytes(path, bounds.SCORES))
        names = [str(next(iter(row.values()))) for row in told["per_class"]]
        return str(told["task"]), tuple(names), told.get("output")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is not a table of scores"
        raise RunError(Problem("bad-run", f"{path} cannot be read: {reason}")) from None

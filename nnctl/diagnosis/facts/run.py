"""What a training left behind: its history, its recorded diagnostics, and its outcome beside the baselines."""

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nnctl.errors import RunError
from nnctl.files import read_bytes
from nnctl.runs import RunDirectory, diagnostics, history
from nnctl.runs.diagnostics import Check
from nnctl.runs.manifest import GROWN
from nnctl.spec.catalogue import traits

LARGEST = 256 * 2**20  # bytes of a table of predictions
_SPLITS = ("test", "validation")  # what a score is read from, the first that there is


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run shows.

    Attributes:
        status: the status of the run's manifest; `interrupted` for one whose process is gone.
        history: a row for each epoch.
        message: what ended the run, or None.
        best_epoch: the epoch (from 1) of the model that was kept, or None.
        monitor: the number that told which.
        checks: what was recorded of the layers on the way.
        scores: the scores of the kept model on test, or else on validation; empty where it was not scored.
        held: how many examples these are of; 0 for none.
        commonest: the share of them that got the commonest answer, or None for other tasks than classes.
        majority: the share of them that are of the commonest class, or None likewise.
        validation: how many validation examples there are.
    """

    status: str
    history: Sequence[Mapping[str, float]]
    message: str | None = None
    best_epoch: int | None = None
    monitor: str | None = None
    checks: Sequence[Check] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    held: int = 0
    commonest: float | None = None
    majority: float | None = None
    validation: int = 0

    @property
    def diverged(self) -> bool:
        """Whether a loss or a weight was no longer finite, or the loss grew without bounds."""
        return self.status == "diverged"

    @property
    def grown(self) -> bool:
        """Whether it diverged with a loss that is finite."""
        return self.diverged and (self.message or "").startswith(GROWN)

    @property
    def kept(self) -> Mapping[str, float]:
        """The row of the epoch whose model was kept, else the last one; empty before the first epoch has ended."""
        best = [row for row in self.history if row.get("epoch") == self.best_epoch]
        return (best or list(self.history[-1:]) or [{}])[0]

    @property
    def losses(self) -> list[float]:
        """The training loss of each epoch, penalties included."""
        return self.get_column("loss")

    def get_column(self, name: str) -> list[float]:
        """A column of the history, NaN where it is missing."""
        return [row.get(name, math.nan) for row in self.history]

    def find_accuracy(self, prefix: str = "") -> str | None:
        """The name of the column with the accuracy, with `val_` in front or without, or None."""
        names = (prefix + name for name in traits.select_names("metric", lambda metric: metric.accuracy))
        return next((name for name in names if name in self.kept), None)

    def find_train_score(self, metric: str, variance: float | None = None) -> float | None:
        """The score on training examples at the kept epoch, in a metric of the baselines; None where nothing tells it.

        Args:
            metric: `accuracy` or `r2`.
            variance: that of the numbers to predict, where it is known.
        """
        return self._find_score("", metric, variance)

    def find_held_score(self, metric: str, variance: float | None = None) -> float | None:
        """The score on held-out examples, likewise: of the kept model's evaluation, else of validation."""
        if metric in self.scores:
            return self.scores[metric]
        return self._find_score("val_", metric, variance)

    def _find_score(self, prefix: str, metric: str, variance: float | None) -> float | None:
        row = self.kept
        if metric == "accuracy":
            name = self.find_accuracy(prefix)
            return None if name is None else row[name]
        if prefix + "r2_score" in row:
            return row[prefix + "r2_score"]
        error = row.get(prefix + "mean_squared_error", row.get(prefix + "mse"))
        return None if error is None or not variance else 1 - error / variance


def compute_fall(losses: Sequence[float]) -> float:
    """By what share the last loss is below the first; NaN if they are no numbers."""
    return (losses[0] - losses[-1]) / abs(losses[0]) if losses and losses[0] else 0.0


def collect_run_facts(run: RunDirectory) -> RunFacts:
    """Reads what a run shows, as far as it is there; nothing is written.

    Raises:
        RunError: the manifest cannot be read.
    """
    manifest = run.manifest
    split = next((name for name in _SPLITS if (run.evaluation(name) / "metrics.json").is_file()), None)
    scores: dict[str, float] = {}
    shares: tuple[float | None, float | None] = (None, None)
    if split is not None:
        scores = _read_scores(run.evaluation(split) / "metrics.json")
        shares = _compute_shares(run.evaluation(split) / "predictions.csv")
    return RunFacts(
        "interrupted" if run.lost else manifest.status,
        _read_history(run.metrics),
        manifest.message,
        manifest.best_epoch,
        manifest.monitor,
        diagnostics.read_checks(run.diagnostics),
        scores,
        int(scores.get("n", 0)),
        *shares,
        _count_validation(manifest.data),
    )


def _count_validation(data: Mapping[str, object]) -> int:
    sizes = data.get("examples")
    found = sizes.get("validation") if isinstance(sizes, dict) else None
    return found if isinstance(found, int) else 0


def _read_history(path: Path) -> list[dict[str, float]]:
    try:
        return history.read_history(path)
    except RunError:
        return []  # no epoch has ended


def _read_scores(path: Path) -> dict[str, float]:
    try:
        content = json.loads(read_bytes(path, LARGEST))
        numbers = {name: float(value) for name, value in content.items() if isinstance(value, (int, float))}
        return {name: value for name, value in numbers.items() if math.isfinite(value)}
    except (OSError, ValueError, AttributeError, RecursionError, OverflowError):
        return {}


def _compute_shares(path: Path) -> tuple[float | None, float | None]:
    """The share of the commonest answer, and of the commonest class; None where there is not one class an example."""
    try:
        rows = list(csv.DictReader(io.StringIO(read_bytes(path, LARGEST).decode("utf-8"), newline="")))
        answers = [Counter(row[name] for row in rows) for name in ("predicted", "target")]
        first, second = (max(each.values()) / len(rows) for each in answers)
    except (OSError, ValueError, KeyError, csv.Error):
        return None, None
    return first, second

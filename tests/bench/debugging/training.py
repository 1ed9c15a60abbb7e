"""Trains a spec inside this process, for the proofs and for the published rules; loads TensorFlow.

`nnctl train` itself is what the runner measures; here the network must be at hand after each epoch.
"""

import warnings
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nnctl import metrics
from nnctl.data import load, peek
from nnctl.engine.loop.training import Training
from nnctl.engine.scoring import predict_split
from nnctl.engine.train import prepare
from nnctl.errors import NnctlError
from nnctl.spec import load_spec

NOTHING = {"regression": -1.0}
"""The score of a training that leaves no model, by task; 0 for classes and labels."""


@dataclass(slots=True)
class Result:
    """What came of a training.

    Attributes:
        status: `done`, `diverged`, or `refused` with the problems' codes in `problems`.
        score: balanced accuracy, macro F1 (several labels) or R² (numbers) on test, of the best epoch's model.
        history: a row an epoch.
        problems: codes of a refusal.
    """

    status: str
    score: float
    history: list[dict[str, float]] = field(default_factory=list)
    problems: tuple[str, ...] = ()


class Watcher:
    """An observer that keeps nothing; the published rules have one of their own."""

    def stepped(self, progress: Any) -> None:
        pass

    def ended_epoch(self, row: dict[str, float], best: bool) -> None:
        pass

    def said(self, message: str) -> None:
        pass

    def interrupted(self) -> bool:
        return False


def train(path: Path, seed: int | None = None) -> Result:
    """Trains the spec in a file and scores its best model on test."""
    try:
        training = made(path, seed)
    except NnctlError as error:
        return Result("refused", 0.0, problems=tuple(problem.code for problem in error.problems))
    return ended(training, training.run(Watcher()))


def made(path: Path, seed: int | None = None) -> Training:
    """The training of a spec, not begun."""
    spec = load_spec(path, [], peek)
    dataset = load(spec.data, lambda label, share: None)
    return prepare(dataset.plan(spec if seed is None else replace(spec, seed=seed)), dataset)


def ended(training: Training, status: str) -> Result:
    """A training's result once it has run."""
    return Result(status, _score(training), training.state.history)


def quality(overall: dict[str, Any], task: str) -> float:
    """The one score that a task is judged by, from `evaluate`'s table."""
    name = {"regression": "r2", "multilabel": "f1_macro"}.get(task, "balanced_accuracy")
    value = overall.get(name)
    return NOTHING.get(task, 0.0) if value is None else max(NOTHING.get(task, 0.0), float(value))


def _score(training: Training) -> float:
    task = training.dataset.task
    if not training.restore_best():
        return NOTHING.get(task, 0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found, _ = predict_split(training.model, training.targets, training.dataset, training.dataset.test)
        return quality(dict(metrics.score(found).overall), task)

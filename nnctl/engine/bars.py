"""What needs no network, beside a network's score: the commonest class, the mean, a linear model."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data import Dataset, Split, find_data_reader
from nnctl.data.dataset import YES
from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.baselines import FOLDS, MOST_ROWS, PENALTIES, spread_labels, thin_features
from nnctl.engine.network.labels import Targets
from nnctl.metrics import Bar, Predictions, Scores

MOST_FEATURES = 512  # of wider examples, every so many-th number: at the end of each training, half a second is much
_BLOCK = 10_000  # examples that are numbers of float64 at a time


def find_unbeaten(
    targets: Targets, dataset: Dataset, split: Split, predictions: Predictions, scores: Scores
) -> Iterator[Bar]:
    """What a network does not beat on the examples that it is scored on; what cannot be compared is passed over.

    The answer that is commonest in training must be beaten, and the mean of the scored examples, whose R² is 0. A linear model
    is trained on some training examples, and told only where it is above by more than chance.

    Args:
        targets: the forms of the labels.
        dataset: the data.
        split: the examples that are scored.
        predictions: what the network says of them.
        scores: what that is worth.
    """
    own = scores.own.get({"regression": "r2", "multilabel": "subset_accuracy"}.get(predictions.task, "accuracy"))
    if not isinstance(own, (int, float)):
        return
    bar, trivial = _score_commonest(dataset, predictions)
    if own <= trivial:
        yield Bar(bar, trivial, float(own))
    guessed = _predict_linear(targets, dataset, split)
    if guessed is None:
        return
    errors = _count_errors(guessed, predictions.target, predictions.task)
    if _is_above(_count_errors(predictions.predicted, predictions.target, predictions.task), errors):
        yield Bar("a linear model", 1 - float(errors.mean()), float(own))


def fit_ridge(x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A ridge regression over standardised features, with the penalty whose errors are least on rows that are left out.

    Args:
        x: of shape (n, features).
        y: of shape (n, outputs).

    Returns:
        What features are multiplied with, of shape (features, outputs), and what is added then, of shape (outputs,).
    """
    mean, deviation, level = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64), y.mean(axis=0)
    deviation[deviation == 0] = 1
    z = (x - mean) / deviation
    squares, axes = np.linalg.eigh(z.T @ z)
    z, squares = z @ axes, np.maximum(squares, 0)
    found, least = np.zeros(y.shape[1:]), math.inf
    for penalty in PENALTIES:
        shrunk = (z.T @ (y - level)) / (squares + penalty)[:, None]
        pull = 1 / len(z) + (np.square(z) / (squares + penalty)).sum(axis=1)  # of a row on its own answer
        missed = float(np.square((y - level - z @ shrunk) / (1 - pull)[:, None]).mean())
        if missed < least:
            found, least = axes @ shrunk, missed
    weights = found / deviation[:, None]
    return weights, level - mean @ weights


def _score_commonest(dataset: Dataset, predictions: Predictions) -> tuple[str, float]:
    """What one answer for all examples is called, and what it scores."""
    if predictions.task == "regression":
        return "the mean", 0.0
    known: NDArray[Any] = dataset.decide(dataset.train)
    if predictions.task == "multilabel":
        rows, counts = np.unique(known, axis=0, return_counts=True)
        return "the commonest labels", float((predictions.target == rows[counts.argmax()]).all(axis=1).mean())
    return "the commonest class", float((predictions.target == np.bincount(known).argmax()).mean())


def _predict_linear(targets: Targets, dataset: Dataset, split: Split) -> NDArray[Any] | None:
    """What a linear model says of some examples, as a network's answers; None where examples are no numbers that are held."""
    train, reader = dataset.train, find_data_reader(targets.spec.data, dataset, targets.spec.layers)
    indices = reader is not None and not reader.masks
    held = isinstance(train.x, np.ndarray) and isinstance(split.x, np.ndarray)
    if indices or not held or len(train) < 2 * FOLDS:
        return None
    rows = np.random.Generator(np.random.Philox(0)).choice(len(train), min(len(train), MOST_ROWS), replace=False)
    x, y = _thin(train.x[rows]), spread_labels(train.y[rows], dataset.task, dataset.outputs)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return None
    weights, added = fit_ridge(x, y)
    said = np.concatenate([_thin(split.x[i : i + _BLOCK]) @ weights for i in range(0, len(split), _BLOCK)]) + added
    if dataset.task == "regression":
        return said
    return np.asarray(said > YES if dataset.task == "multilabel" else said.argmax(axis=1))


def _thin(x: NDArray[Any]) -> NDArray[np.float64]:
    return thin_features(x, MOST_FEATURES, np.float64)


def _count_errors(predicted: NDArray[Any], target: NDArray[Any], task: str) -> NDArray[np.float64]:
    """How wrong each answer is, of shape (n,): 0 or 1; of numbers their squared errors, over the spread of each target.

    So 1 minus their mean is what the score is: the accuracy, or R².
    """
    if task == "regression":
        wide = target.astype(np.float64)
        return np.asarray((np.square(predicted - wide) / wide.var(axis=0)).mean(axis=1), np.float64)
    wrong = predicted != target
    return np.asarray(wrong if wrong.ndim == 1 else wrong.any(axis=1), np.float64)


def _is_above(errors: NDArray[np.float64], others: NDArray[np.float64]) -> bool:
    """Whether others err less on the same examples, by more than chance."""
    gain = errors - others
    return len(gain) > 1 and bool(gain.mean() > thresholds.CHANCE_SIGMAS * gain.std(ddof=1) / math.sqrt(len(gain)))

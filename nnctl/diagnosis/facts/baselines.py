"""How far one gets without a network: the yardsticks of "it does not learn"."""

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.disagreement import Disagreement, measure_disagreement
from nnctl.spec.sections import CLASS_TASKS

MOST_ROWS = 1_500  # fifteen hundred rows of 784 numbers take two seconds
MOST_FEATURES = 1_024  # of wider examples, every so many-th number: neighbouring pixels say much the same
FOLDS = 3
NEIGHBOURS, MANY_NEIGHBOURS = 5, 25
_PENALTIES = (1e-2, 1.0, 1e2, 1e4)  # of the ridge, over standardised features; the best is chosen


@dataclass(frozen=True, slots=True)
class Baselines:
    """Scores on held-out training examples, by cross-validation in three folds; higher is better.

    Attributes:
        metric: `accuracy` (for several labels the share of right labels), or `r2` for numbers.
        trivial: the score of the commonest answer, 0 for the mean of numbers.
        linear: of a ridge regression, on classes as one-hot rows (Hastie et al., Elements of Statistical Learning, 4.2).
        neighbour: of the five nearest neighbours, or of the nearest where there are few examples.
        disagreement: of classes that are not told apart well, how far the labels say what no model makes of the examples.
    """

    metric: str
    trivial: float
    linear: float
    neighbour: float
    disagreement: Disagreement | None = None

    @property
    def reachable(self) -> float:
        """What a network should reach at least: the best of them."""
        return max(self.trivial, self.linear, self.neighbour)

    @property
    def learnable(self) -> float:
        """How far the best of them is above the trivial one."""
        return self.reachable - self.trivial


def compute_baselines(x: NDArray[Any], y: NDArray[Any], task: str, outputs: int, tokens: bool = False) -> Baselines:
    """The baselines of some training examples.

    Args:
        x: of shape (n, ...), as the network gets them.
        y: the labels as a split holds them.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, labels or targets.
        tokens: whether examples are sequences of indices: then what counts is how often each stands in a sequence.
    """
    rows = np.random.Generator(np.random.Philox(0)).permutation(len(x))[:MOST_ROWS]
    features = _count_tokens(x[rows]) if tokens else _thin_features(x[rows])
    classes = task in CLASS_TASKS
    wanted = np.eye(outputs, dtype=np.float32)[y[rows]] if classes else _make_columns(y[rows].astype(np.float32))
    scorer = _Scorer(task, wanted)
    if len(rows) < 2 * FOLDS:
        return Baselines(scorer.metric, scorer.compute_trivial(), scorer.compute_trivial(), scorer.compute_trivial())
    linear, neighbour = (_cross_validate(model, features, wanted) for model in _make_models(len(rows)))
    found = Baselines(scorer.metric, scorer.compute_trivial(), scorer(linear), scorer(neighbour))
    if not classes or tokens or found.reachable > thresholds.TOLD_APART:
        return found
    many = _cross_validate(_make_neighbours(_count_neighbours(len(rows), outputs)), features, wanted)
    return replace(found, disagreement=measure_disagreement(linear, many, y[rows], rows / len(x)))


def _count_neighbours(rows: int, classes: int) -> int:
    """Enough neighbours to outvote labels of which the half is wrong, and no more than a class has."""
    return max(NEIGHBOURS, min(MANY_NEIGHBOURS, rows // (4 * classes)))


class _Scorer:
    """Scores predictions of shape (n, k) by the task's metric."""

    def __init__(self, task: str, wanted: NDArray[np.float32]) -> None:
        self.task, self.wanted = task, wanted
        self.metric = "r2" if task == "regression" else "accuracy"

    def __call__(self, predicted: NDArray[np.float32]) -> float:
        if self.task == "regression":
            errors = np.square(predicted - self.wanted).sum(axis=0)
            spread = np.square(self.wanted - self.wanted.mean(axis=0)).sum(axis=0)
            return float(np.mean(1 - errors / np.maximum(spread, 1e-12)))
        if self.task == "multilabel":
            return float(np.mean((predicted > 0.5) == (self.wanted > 0.5)))
        return float(np.mean(predicted.argmax(axis=1) == self.wanted.argmax(axis=1)))

    def compute_trivial(self) -> float:
        if self.task == "regression":
            return 0.0
        share = self.wanted.mean(axis=0)
        return float(np.maximum(share, 1 - share).mean() if self.task == "multilabel" else share.max())


def _make_models(rows: int) -> tuple[Any, Any]:
    from sklearn import linear_model, pipeline, preprocessing

    linear = pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.RidgeCV(_PENALTIES))
    return linear, _make_neighbours(NEIGHBOURS if rows >= 20 * NEIGHBOURS else 1)


def _make_neighbours(count: int) -> Any:
    from sklearn import neighbors, pipeline, preprocessing

    nearest = neighbors.KNeighborsRegressor(count, algorithm="brute")
    return pipeline.make_pipeline(preprocessing.StandardScaler(), nearest)


def _cross_validate(model: Any, features: NDArray[np.float32], wanted: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the model predicts for each row, trained on the folds that it is not in; rows are in random order already."""
    predicted = np.zeros_like(wanted)
    for fold in range(FOLDS):
        held = np.arange(len(features)) % FOLDS == fold
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an ill-conditioned table is no news for whoever reads a score
            predicted[held] = (
                model.fit(features[~held], wanted[~held]).predict(features[held]).reshape(-1, wanted.shape[1])
            )
    return predicted


def _thin_features(x: NDArray[Any]) -> NDArray[np.float32]:
    flat = x.reshape(len(x), -1)
    step = -(-flat.shape[1] // MOST_FEATURES)
    return flat[:, ::step].astype(np.float32)


def _count_tokens(x: NDArray[Any]) -> NDArray[np.float32]:
    """How often each index stands in each sequence; indices beyond `MOST_FEATURES` share columns."""
    flat = x.reshape(len(x), -1).astype(np.int64) % MOST_FEATURES
    counts = np.zeros((len(flat), int(flat.max()) + 1), np.float32)
    np.add.at(counts, (np.arange(len(flat))[:, None], flat), 1)
    return counts


def _make_columns(y: NDArray[np.float32]) -> NDArray[np.float32]:
    return y[:, None] if y.ndim == 1 else y

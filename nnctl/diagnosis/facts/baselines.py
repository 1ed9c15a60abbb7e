"""How far one gets without a network: the yardsticks of "it does not learn"."""

import os
import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.cores import count_cores
from nnctl.data.dataset import decide_labels
from nnctl.diagnosis import thresholds
from nnctl.diagnosis.facts.disagreement import Disagreement, measure_disagreement
from nnctl.diagnosis.margin import compute_margin
from nnctl.spec.sections import CLASS_TASKS

MOST_ROWS = 1_500  # fifteen hundred rows of 784 numbers take two seconds
MOST_FEATURES = 1_024  # of wider examples, every so many-th number: neighbouring pixels say much the same
FOLDS = 3
NEIGHBOURS, MANY_NEIGHBOURS = 5, 25
PENALTIES = (1e-2, 1.0, 1e2, 1e4)  # of the ridge, over standardised features; the best is chosen


@dataclass(frozen=True, slots=True)
class Baselines:
    """Scores on held-out training examples, by cross-validation in three folds; higher is better.

    Attributes:
        metric: `accuracy` (for several labels the share of right labels), or `r2` for numbers.
        trivial: the score of the commonest answer, 0 for the mean of numbers.
        linear: of a ridge regression, on classes as one-hot rows (Hastie et al., Elements of Statistical Learning, 4.2).
        neighbour: of the five nearest neighbours, or of the nearest where there are few examples.
        ranked: of a table of few columns, the better of the two where each number is replaced by its rank in its column; None
            where this is not asked.
        coded: of a table with columns of whole numbers that are names, the linear model with these as categories, or None.
        disagreement: of classes that are not told apart well, how far the labels say what no model makes of the examples.
    """

    metric: str
    trivial: float
    linear: float
    neighbour: float
    ranked: float | None = None
    coded: float | None = None
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
    yardstick = Yardstick(y, task, outputs)
    rows, trivial = yardstick.rows, yardstick.trivial
    if len(rows) < 2 * FOLDS:
        return Baselines(yardstick.metric, trivial, trivial, trivial)
    features = _count_tokens(x[rows]) if tokens else thin_features(x[rows])
    linear, neighbour = (yardstick.predict(model, features) for model in (_make_linear(), _make_few(len(rows))))
    found = Baselines(yardstick.metric, trivial, yardstick.score(linear), yardstick.score(neighbour))
    if task not in CLASS_TASKS or tokens or found.reachable > thresholds.TOLD_APART:
        return found
    many = yardstick.predict(_make_neighbours(_count_neighbours(len(rows), outputs)), features)
    return replace(found, disagreement=measure_disagreement(linear, many, y[rows], rows / len(x)))


class Yardstick:
    """Scores models that need no network on some of the training examples, each on the folds that it is not trained on.

    Args:
        y: the labels as a split holds them.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        outputs: the number of classes, labels or targets.

    Attributes:
        metric: `accuracy` (for several labels the share of right labels), or `r2` for numbers.
        rows: which examples, int64 of shape (n,), in random order.
    """

    def __init__(self, y: NDArray[Any], task: str, outputs: int) -> None:
        self.task = task
        self.metric = "r2" if task == "regression" else "accuracy"
        self.rows = np.random.Generator(np.random.Philox(0)).permutation(len(y))[:MOST_ROWS]
        y = y[self.rows]
        self._wanted = spread_labels(y, task, outputs)

    @property
    def classes(self) -> NDArray[np.int64] | None:
        """The class of each of its rows, by index; None where an example has none, or several."""
        return self._wanted.argmax(axis=1) if self.task in CLASS_TASKS else None

    @property
    def trivial(self) -> float:
        """The score of the commonest answer, or of the mean."""
        if self.task == "regression":
            return 0.0
        share = self._wanted.mean(axis=0)
        return float(np.maximum(share, 1 - share).mean() if self.task == "multilabel" else share.max())

    def score(self, predicted: NDArray[np.float32]) -> float:
        """The metric of predictions of shape (n, outputs) for its rows."""
        if self.task == "regression":
            errors = np.square(predicted - self._wanted).sum(axis=0)
            spread = np.square(self._wanted - self._wanted.mean(axis=0)).sum(axis=0)
            return float(np.mean(1 - errors / np.maximum(spread, 1e-12)))
        if self.task == "multilabel":
            return float(np.mean((predicted > 0.5) == (self._wanted > 0.5)))
        return float(np.mean(predicted.argmax(axis=1) == self._wanted.argmax(axis=1)))

    def predict(self, model: Any, features: NDArray[Any]) -> NDArray[np.float32]:
        """What a model says of each of its rows, trained on the folds that the row is not in.

        Args:
            model: of scikit-learn.
            features: of shape (n, features), of its rows.
        """
        predicted = np.zeros_like(self._wanted)
        for fold in range(FOLDS):
            held = np.arange(len(features)) % FOLDS == fold
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # an ill-conditioned table is no news for whoever reads a score
                fitted = model.fit(features[~held], self._wanted[~held])
                predicted[held] = fitted.predict(features[held]).reshape(-1, self._wanted.shape[1])
        return predicted

    def score_linear(self, table: NDArray[Any]) -> float:
        """The score of a linear model that reads a table of shape (examples, features), all of them."""
        return self.score(self.predict_linear(table))

    def score_neighbours(self, table: NDArray[Any]) -> float:
        """The same of the nearest neighbours."""
        return self.score(self.predict_neighbours(table))

    def predict_linear(self, table: NDArray[Any]) -> NDArray[np.float32]:
        """What a linear model says of each of its rows, that reads a table of shape (examples, features), all of them."""
        return self.predict(_make_linear(), table[self.rows])

    def predict_neighbours(self, table: NDArray[Any]) -> NDArray[np.float32]:
        """The same of the nearest neighbours."""
        return self.predict(_make_few(len(self.rows)), table[self.rows])

    def is_well_above(self, one: float, other: float) -> bool:
        """Whether a score is above another by more than chance and a trifle."""
        least = compute_margin(one, other, len(self.rows)) if self.metric == "accuracy" else thresholds.POINTS
        return one - other > least


def _count_neighbours(rows: int, classes: int) -> int:
    """Enough neighbours to outvote labels of which the half is wrong, and no more than a class has."""
    return max(NEIGHBOURS, min(MANY_NEIGHBOURS, rows // (4 * classes)))


def _make_linear() -> Any:
    _set_threads()
    from sklearn import linear_model, pipeline, preprocessing

    return pipeline.make_pipeline(preprocessing.StandardScaler(), linear_model.RidgeCV(PENALTIES))


def _make_few(rows: int) -> Any:
    """The five nearest neighbours, or the nearest where there are few examples."""
    return _make_neighbours(NEIGHBOURS if rows >= 20 * NEIGHBOURS else 1)


def _make_neighbours(count: int) -> Any:
    _set_threads()
    from sklearn import neighbors, pipeline, preprocessing

    nearest = neighbors.KNeighborsRegressor(count, algorithm="brute")
    return pipeline.make_pipeline(preprocessing.StandardScaler(), nearest)


def _set_threads() -> None:
    """Says how many threads scikit-learn may take; to find out it would start `lscpu`, whatever PATH finds by this name."""
    os.environ["OMP_NUM_THREADS"] = os.environ.get("OMP_NUM_THREADS") or str(count_cores())


def thin_features(
    x: NDArray[Any], most: int = MOST_FEATURES, dtype: type[np.floating[Any]] = np.float32
) -> NDArray[Any]:
    """Examples of shape (n, ...) as rows of at most so many numbers, of wide ones every so many-th."""
    flat = x.reshape(len(x), -1)
    return flat[:, :: -(-flat.shape[1] // most)].astype(dtype)


def _count_tokens(x: NDArray[Any]) -> NDArray[np.float32]:
    """How often each index stands in each sequence; indices beyond `MOST_FEATURES` share columns."""
    flat = x.reshape(len(x), -1).astype(np.int64) % MOST_FEATURES
    counts = np.zeros((len(flat), int(flat.max()) + 1), np.float32)
    np.add.at(counts, (np.arange(len(flat))[:, None], flat), 1)
    return counts


def spread_labels(y: NDArray[Any], task: str, outputs: int) -> NDArray[np.float32]:
    """Labels as columns of numbers, float32 of shape (n, k): a column for each class, label or target."""
    if task in CLASS_TASKS:
        return np.asarray(np.eye(outputs)[decide_labels(y, task)], np.float32)
    return (y[:, None] if y.ndim == 1 else y).astype(np.float32)

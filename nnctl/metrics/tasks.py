"""Which scores fit which task, each computed from the same table of predictions."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.errors import DataError, Problem
from nnctl.metrics import confusion, probability, ranking
from nnctl.metrics.predictions import Predictions
from nnctl.metrics.scores import Scores, Value


def score(predictions: Predictions) -> Scores:
    """Every score that fits the predictions' task.

    Overall, for `multiclass` and `binary`: `n`, `accuracy` and its 95 % interval, `balanced_accuracy`; `precision`,
    `recall` and `f1`, each `_macro`, `_micro` and `_weighted`; `top_2_accuracy`, `top_3_accuracy`, `top_5_accuracy`
    where there are more classes; `log_loss` (nats), `mse`, `brier`, `ece`, `mcc`, `kappa`. For `binary` also
    `precision`, `recall`, `f1`, `specificity`, `roc_auc` and `average_precision` of class 1. `log_loss`, `brier` and
    `ece` are None where the outputs are no probabilities. `brier` is the sum over classes (Brier 1950); of two classes,
    as in scikit-learn, half of it, which is then `mse`.

    For `multilabel`: `n`, `subset_accuracy`, `hamming_loss`, the averages, `mse`. For `regression`: `n`, `mse`, `rmse`,
    `mae`, `r2`, `max_error`; over several targets `r2` is their mean and `rmse` the root of `mse`.

    Raises:
        DataError: there are no predictions.
    """
    if not len(predictions):
        raise DataError(Problem("no-examples", "there are no predictions to score"))
    return _TASKS[predictions.task](predictions)


def _score_classes(predictions: Predictions) -> Scores:
    n, names = len(predictions), predictions.class_names
    matrix = confusion.compute_confusion(predictions.target, predictions.predicted, len(names))
    counts = confusion.count_one_against_rest(matrix)
    right = int(counts[0].sum())
    overall: dict[str, Value] = {
        "n": n,
        "accuracy": right / n,
        "accuracy_interval": list(confusion.compute_wilson_interval(right, n)),
        "balanced_accuracy": confusion.compute_balanced_accuracy(matrix),
        **(_score_positive(predictions, matrix) if predictions.task == "binary" else {}),
        **confusion.compute_averages(*counts),
        **_score_probabilities(predictions),
        "mcc": confusion.compute_matthews_correlation(matrix),
        "kappa": confusion.compute_kappa(matrix),
    }
    rows = _make_rows(names, confusion.compute_per_class(*counts), counts[2])
    return Scores(predictions.task, _replace_not_finite(overall), rows, matrix)


def _score_positive(predictions: Predictions, matrix: NDArray[np.int64]) -> dict[str, Value]:
    """Scores of class 1 against class 0."""
    scores = confusion.compute_per_class(*confusion.count_one_against_rest(matrix))
    output, positive = predictions.output[:, 0], predictions.target == 1
    ranked = not np.isnan(output).any()
    return {
        **{name: float(values[1]) for name, values in scores.items()},
        "specificity": float(scores["recall"][0]),
        "roc_auc": ranking.compute_roc_auc(output, positive) if ranked else None,
        "average_precision": ranking.compute_average_precision(output, positive) if ranked else None,
    }


def _score_probabilities(predictions: Predictions) -> dict[str, Value]:
    """Scores of the outputs; those that only probabilities can have are None for other outputs."""
    output, target, proper = predictions.probabilities, predictions.target, predictions.proper
    errors = probability.compute_squared_errors(output, target)
    k = output.shape[1]
    tops = [m for m in (2, 3, 5) if m < k]
    scores: dict[str, Value] = {f"top_{m}_accuracy": probability.compute_top_k(output, target, m) for m in tops}
    right = predictions.predicted == target
    confidence = predictions.confidence.astype(np.float64)
    return scores | {
        "log_loss": probability.compute_log_loss(output, target) if proper else None,
        "mse": float(errors.mean()),
        "brier": float(errors.sum(axis=1).mean() / (2 if k == 2 else 1)) if proper else None,
        "ece": probability.compute_calibration_error(confidence, right) if proper else None,
    }


def _score_labels(predictions: Predictions) -> Scores:
    target, predicted = predictions.target.astype(np.int64), predictions.predicted.astype(np.int64)
    counts = (target * predicted).sum(axis=0), predicted.sum(axis=0), target.sum(axis=0)
    wrong = target != predicted
    overall: dict[str, Value] = {
        "n": len(predictions),
        "subset_accuracy": float(1 - wrong.any(axis=1).mean()),
        "hamming_loss": float(wrong.mean()),
        **confusion.compute_averages(*counts),
        "mse": float(np.square(predictions.output.astype(np.float64) - target).mean()),
    }
    rows = _make_rows(predictions.class_names, confusion.compute_per_class(*counts), counts[2])
    return Scores(predictions.task, _replace_not_finite(overall), rows)


def _score_numbers(predictions: Predictions) -> Scores:
    target = predictions.target.astype(np.float64)
    errors = predictions.output.astype(np.float64) - target
    squares = np.square(errors)
    spread = np.square(target - target.mean(axis=0)).sum(axis=0)
    # R2 of a target that never varies is undefined; float64 adds up equal float32 exactly, so its spread is 0.
    r2 = 1 - np.divide(squares.sum(axis=0), spread, out=np.full(spread.shape, np.nan), where=spread > 0)
    mse, mae, largest = squares.mean(axis=0), abs(errors).mean(axis=0), abs(errors).max(axis=0)
    columns = {"mse": mse, "rmse": np.sqrt(mse), "mae": mae, "r2": r2, "max_error": largest}
    overall: dict[str, Value] = {name: float(values.mean()) for name, values in columns.items()}
    overall |= {"rmse": math.sqrt(float(mse.mean())), "max_error": float(largest.max())}
    overall = {"n": len(predictions), **overall}
    return Scores(predictions.task, _replace_not_finite(overall), _make_rows(predictions.class_names, columns))


_TASKS: dict[str, Callable[[Predictions], Scores]] = {
    "binary": _score_classes,
    "multiclass": _score_classes,
    "multilabel": _score_labels,
    "regression": _score_numbers,
}


def _make_rows(
    names: tuple[str, ...], columns: Mapping[str, NDArray[np.float64]], support: NDArray[np.int64] | None = None
) -> tuple[Mapping[str, Any], ...]:
    counts = {} if support is None else {"support": support}
    table = {name: values.tolist() for name, values in {**columns, **counts}.items()}
    return tuple(
        _replace_not_finite({"class": name, **{column: values[j] for column, values in table.items()}})
        for j, name in enumerate(names)
    )


def _replace_not_finite(scores: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in scores.items()}

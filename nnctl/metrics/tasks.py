"""Which scores fit which task, each computed from the same table of predictions."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.errors import DataError, Problem
from nnctl.metrics import answers, confusion, probability, ranking
from nnctl.metrics.predictions import Predictions
from nnctl.metrics.scores import Scores, Value


def score(predictions: Predictions, watched: Mapping[str, float] | None = None) -> Scores:
    """Every score that fits the predictions' task.

    Overall, for `multiclass` and `binary`: `n`, `accuracy` and its 95 % interval, `balanced_accuracy`; `precision`,
    `recall` and `f1`, each `_macro`, `_micro` and `_weighted`; `top_2_accuracy`, `top_3_accuracy`, `top_5_accuracy`
    where there are more classes; `log_loss` (nats), `mse`, `brier`, `ece`, `mcc`, `kappa`. For `binary` also
    `precision`, `recall`, `f1`, `specificity`, `roc_auc` and `average_precision` of class 1. `log_loss`, `brier` and
    `ece` are None where the outputs are no probabilities. `brier` is the sum over classes (Brier 1950); of two classes,
    as in scikit-learn, half of it, which is then `mse`.

    For `multilabel`: `n`, `subset_accuracy`, `hamming_loss`, the averages, `mse`. For `regression`: `n`, `mse`, `rmse`,
    `mae`, `r2`, `max_error`; over several targets `r2` is their mean and `rmse` the root of `mse`. For an embedding: `n`.

    An output that is not finite is no answer: it is counted in `not_finite`, right nowhere, and what is computed from all
    outputs is None beside it.

    Args:
        predictions: the predictions.
        watched: the loss and the metrics of the spec on these examples, which are scores as well. Where one has the name of a
            score it is shown in the table instead, so that the name means what it means in the run's `metrics.csv`.

    Raises:
        DataError: there are no predictions.
    """
    if not len(predictions):
        raise DataError(Problem("no-examples", "there are no predictions to score"))
    embedding = predictions.meaning.kind == "embedding"
    if embedding:  # which a run of an earlier version may compare with labels all the same
        watched = {name: value for name, value in (watched or {}).items() if name == "loss"}
    scores = (_score_embedding if embedding else _TASKS[predictions.task])(predictions)
    missing = {"not_finite": int((~predictions.answered).sum())} if not predictions.answered.all() else {}
    overall: dict[str, Value] = {"n": scores.overall["n"], **missing, **scores.overall}
    others = {
        name: v for name, v in _replace_not_finite(watched or {}).items() if not _agree(v, overall.get(name, math.nan))
    }
    remarks = (*_list_remarks(predictions), *(_tell_other(name) for name in others if name in overall))
    told = overall | others
    if "accuracy" in others:
        told.pop("accuracy_interval", None)  # which is that of the share of right answers
    return replace(scores, overall=told, remarks=remarks, own=overall, output=predictions.meaning.kind)


def _agree(watched: float | None, own: Value) -> bool:
    """Whether two numbers are one, but for the digits of float32."""
    if watched is None or not isinstance(own, (int, float)):
        return watched is own
    return math.isclose(watched, own, rel_tol=1e-5, abs_tol=1e-6)


def _tell_other(name: str) -> str:
    return f"{name} is what the spec's metric of that name shows, and not what evaluations call so elsewhere"


def _list_remarks(predictions: Predictions) -> Iterator[str]:
    """What must be said beside the scores."""
    meaning, lost = predictions.meaning, np.flatnonzero(~predictions.answered)
    if len(lost):
        rows = ", ".join(map(str, predictions.rows[lost[:5]])) + (", ..." if len(lost) > 5 else "")
        yield (
            f"{len(lost):,} of {len(predictions):,} examples got an output that is not finite (row {rows}): it is no answer and "
            "counts as wrong; what takes all outputs is undefined"
        )
    if meaning.kind == "embedding":
        yield "the outputs are an embedding, which names no class: there is nothing to be right or wrong"
    elif predictions.classes and not predictions.proper:
        yield "the outputs are no probabilities that sum to 1: log loss, Brier score and calibration are undefined"
    elif predictions.classes and (clipped := _count_clipped(predictions)):
        yield (
            f"log_loss counts {clipped:,} probabilities below {probability.EPSILON:.1e} of the true class as that number, as "
            "scikit-learn does; the loss may look behind the activation"
        )


def _count_clipped(predictions: Predictions) -> int:
    true = predictions.probabilities[np.arange(len(predictions)), predictions.target]
    return int((true < probability.EPSILON).sum())


def _score_embedding(predictions: Predictions) -> Scores:
    counts = np.bincount(predictions.target, minlength=len(predictions.class_names))
    return Scores(predictions.task, {"n": len(predictions)}, _make_rows(predictions.class_names, {}, counts))


def _score_classes(predictions: Predictions) -> Scores:
    n, names, k = len(predictions), predictions.class_names, len(predictions.class_names)
    told = np.where(predictions.answered, predictions.predicted, k)  # no answer is as a class that no example has
    matrix = confusion.compute_confusion(predictions.target, told, k + 1)
    right, predicted, support = (counts[:k] for counts in confusion.count_one_against_rest(matrix))
    counts = right, predicted, support
    overall: dict[str, Value] = {
        "n": n,
        "accuracy": int(right.sum()) / n,
        "accuracy_interval": list(confusion.compute_wilson_interval(int(right.sum()), n)),
        "balanced_accuracy": confusion.compute_balanced_accuracy(matrix),
        **(_score_positive(predictions, counts) if predictions.task == "binary" else {}),
        **confusion.compute_averages(*counts),
        **_score_outputs(predictions),
        "mcc": confusion.compute_matthews_correlation(matrix),
        "kappa": confusion.compute_kappa(matrix),
    }
    rows = _make_rows(names, confusion.compute_per_class(*counts), support)
    return Scores(predictions.task, _replace_not_finite(overall), rows, matrix[:k, :k])


def _score_positive(predictions: Predictions, counts: tuple[confusion.Counts, ...]) -> dict[str, Value]:
    """Scores of class 1 against class 0."""
    scores = confusion.compute_per_class(*counts)
    output, positive = answers.compute_ranking(predictions.output, predictions.meaning), predictions.target == 1
    ranked = bool(predictions.answered.all())
    return {
        **{name: float(values[1]) for name, values in scores.items()},
        "specificity": float(scores["recall"][0]),
        "roc_auc": ranking.compute_roc_auc(output, positive) if ranked else None,
        "average_precision": ranking.compute_average_precision(output, positive) if ranked else None,
    }


def _score_outputs(predictions: Predictions) -> dict[str, Value]:
    """Scores of the outputs; those that only probabilities can have are None for other outputs."""
    target, proper = predictions.target, predictions.proper
    whole = bool(predictions.answered.all())
    values, scale = _scale_outputs(predictions)
    errors = probability.compute_squared_errors(values, target, scale)
    k = values.shape[1]
    tops = [m for m in (2, 3, 5) if m < k]
    scores: dict[str, Value] = {
        f"top_{m}_accuracy": probability.compute_top_k(predictions.output, target, m, predictions.answered)
        for m in tops
    }
    right = predictions.predicted == target
    confidence = predictions.confidence.astype(np.float64)
    return scores | {
        "log_loss": probability.compute_log_loss(values, target) if proper and whole else None,
        "mse": float(errors.mean()) if whole else None,
        "brier": float(errors.sum(axis=1).mean() / (2 if k == 2 else 1)) if proper and whole else None,
        "ece": probability.compute_calibration_error(confidence, right) if proper and whole else None,
    }


def _scale_outputs(predictions: Predictions) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """What classes or labels are compared with, float64 of shape (n, k), and which numbers stand for no and yes."""
    meaning = predictions.meaning
    if meaning.probable:
        return predictions.probabilities, (0, 1)
    output = answers.spread_classes(predictions.output.astype(np.float64), meaning)
    return output, (-1, 1) if meaning.kind == "signed" else (0, 1)


def _score_labels(predictions: Predictions) -> Scores:
    target, predicted = predictions.target.astype(np.int64), predictions.predicted
    yes = predicted == 1
    counts = (target * yes).sum(axis=0), yes.sum(axis=0), target.sum(axis=0)
    wrong = target != predicted
    values, (no, yes_number) = _scale_outputs(predictions)
    errors = np.square(values - (no + (yes_number - no) * target))
    overall: dict[str, Value] = {
        "n": len(predictions),
        "subset_accuracy": float(1 - wrong.any(axis=1).mean()),
        "hamming_loss": float(wrong.mean()),
        **confusion.compute_averages(*counts),
        "mse": float(errors.mean()) if predictions.answered.all() else None,
    }
    rows = _make_rows(predictions.class_names, confusion.compute_per_class(*counts), counts[2])
    return Scores(predictions.task, _replace_not_finite(overall), rows)


def _score_numbers(predictions: Predictions) -> Scores:
    target = predictions.target.astype(np.float64)
    errors = predictions.predicted.astype(np.float64) - target
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

"""The table of scores that `evaluate` shows, from scikit-learn on the raw outputs."""

import warnings
from collections.abc import Mapping

import numpy as np
from sklearn import metrics as sk

from .situations import Numbers, Situation


def expect_scores(it: Situation) -> dict[str, float]:
    """Every score of the table by name; NaN where it is undefined."""
    if it.view == "embedding":
        return {}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of classes that are missing, which count 0 here
        if it.task == "regression":
            return _expect_numbers(it)
        return _expect_classes(it) if it.exclusive else _expect_labels(it)


def _expect_classes(it: Situation) -> dict[str, float]:
    truth, said = it.index, it.chosen
    k = max(it.units, 2)
    found = {
        "accuracy": sk.accuracy_score(truth, said),
        "balanced_accuracy": sk.balanced_accuracy_score(truth, said),
        "mcc": sk.matthews_corrcoef(truth, said),
        "kappa": sk.cohen_kappa_score(truth, said),
        **_average(truth, said, [j for j in range(k) if ((truth == j) | (said == j)).any()]),
        **_expect_outputs(it, k),
    }
    for m in (2, 3, 5):
        if m < k:
            order = np.argsort(-it.exact, axis=1, kind="stable")[:, :m]
            found[f"top_{m}_accuracy"] = ((order == truth[:, None]).any(axis=1) & (said >= 0)).mean()
    return found | (_expect_positive(it) if it.task == "binary" and it.units <= 2 else {})


def _average(truth: object, said: object, labels: list[int]) -> dict[str, float]:
    found = {}
    for name in ("precision", "recall", "f1"):
        for average in ("macro", "micro", "weighted"):
            measure = getattr(sk, f"{name}_score")
            found[f"{name}_{average}"] = measure(truth, said, labels=labels, average=average, zero_division=0)
    return found


def _expect_positive(it: Situation) -> dict[str, float]:
    truth, said = it.index, it.chosen
    lost = not it.answered.all()
    one = {"labels": [1], "average": "macro", "zero_division": 0}
    return {
        "precision": sk.precision_score(truth, said, **one),
        "recall": sk.recall_score(truth, said, **one),
        "f1": sk.f1_score(truth, said, **one),
        "specificity": sk.recall_score(truth, said, labels=[0], average="macro", zero_division=0),
        "roc_auc": np.nan if lost or len(set(truth)) < 2 else sk.roc_auc_score(truth, it.ranking),
        "average_precision": np.nan if lost or not truth.any() else sk.average_precision_score(truth, it.ranking),
    }


def _expect_outputs(it: Situation, k: int) -> dict[str, float]:
    lost = not it.answered.all()
    values = it.probabilities.astype(np.float32).astype(np.float64) if it.probable else it.exact
    yes, no = (1, -1) if it.view == "signed" else (1, 0)
    if it.units == 1:
        values = np.hstack([yes + no - values, values])
    rows = np.where(np.eye(k)[it.index] == 1, yes, no)
    held = values[it.answered.all(axis=1)]
    proper = it.probable and bool(((held >= 0) & (held <= 1)).all() and (abs(held.sum(axis=1) - 1) <= 1e-3).all())
    mse = np.nan if lost else sk.mean_squared_error(rows, values)
    if not proper or lost:
        return {"mse": mse, "log_loss": np.nan, "brier": np.nan, "ece": np.nan}
    return {
        "mse": mse,
        "log_loss": sk.log_loss(it.index, values.astype(np.float32), labels=range(k)),
        "brier": sk.brier_score_loss(it.index == 1, values[:, 1]) if k == 2 else k * mse,
        "ece": _compute_calibration(values.max(axis=1), it.chosen == it.index),
    }


def _compute_calibration(confidence: Numbers, right: object) -> float:
    """Guo et al. 2017: 15 bins, closed above."""
    confidence = confidence.astype(np.float32).astype(np.float64)
    total = 0.0
    for m in range(15):
        inside = (confidence > m / 15) & (confidence <= (m + 1) / 15)
        total += abs(np.asarray(right)[inside].sum() - confidence[inside].sum())
    return total / len(confidence)


def _expect_labels(it: Situation) -> dict[str, float]:
    truth, said = it.rows, ((it.exact > it.cut) & it.answered).astype(np.int64)
    right = (truth == said) & it.answered
    rows = 2 * truth - 1 if it.view == "signed" else truth
    averages = _average_labels(truth, said)
    values = it.probabilities.astype(np.float32).astype(np.float64) if it.probable else it.exact
    return {
        "subset_accuracy": right.all(axis=1).mean(),
        "hamming_loss": 1 - right.mean(),
        **averages,
        "mse": sk.mean_squared_error(rows, values) if it.answered.all() else np.nan,
    }


def _average_labels(truth: Numbers, said: Numbers) -> dict[str, float]:
    seen = [j for j in range(truth.shape[1]) if truth[:, j].any() or said[:, j].any()]
    if not seen:
        return {f"{name}_{a}": 0.0 for name in ("precision", "recall", "f1") for a in ("macro", "micro", "weighted")}
    if len(seen) == 1:
        return _average(truth[:, seen[0]], said[:, seen[0]], [1])
    return _average(truth[:, seen], said[:, seen], list(range(len(seen))))


def _expect_numbers(it: Situation) -> dict[str, float]:
    truth, values = it.numbers, it.probabilities.astype(np.float32).astype(np.float64) if it.probable else it.exact
    if not np.isfinite(values).all():
        return dict.fromkeys(("mse", "rmse", "mae", "r2", "max_error"), np.nan)
    return {
        "mse": sk.mean_squared_error(truth, values),
        "rmse": np.sqrt(sk.mean_squared_error(truth, values)),
        "mae": sk.mean_absolute_error(truth, values),
        "r2": sk.r2_score(truth, values) if (np.ptp(truth, axis=0) > 0).all() else np.nan,
        "max_error": abs(truth - values).max(),
    }


def find_differences(found: Mapping[str, object], expected: Mapping[str, float], tolerance: float = 1e-5) -> list[str]:
    """What a table shows otherwise than expected, a line each."""
    lines = []
    for name, value in expected.items():
        shown = found.get(name, "missing")
        shown = np.nan if shown is None else shown
        if not isinstance(shown, float | int) or not agree(shown, value, tolerance):
            lines.append(f"{name}: {value!r} expected, {shown!r} shown")
    return lines


def agree(found: float, expected: float, tolerance: float = 1e-5) -> bool:
    """Whether two numbers are one to a relative tolerance, below 1 an absolute one."""
    if not np.isfinite(expected) or not np.isfinite(found):
        return not np.isfinite(found) and not np.isfinite(expected)
    return abs(found - expected) <= tolerance * max(1.0, abs(expected))

"""What is told of all thresholds at once: areas under curves, and the most of one rate at another."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import logsumexp
from sklearn import metrics as sk

from .situations import Numbers, Situation

Arguments = Mapping[str, Any]
Rows = NDArray[np.int64]


def _order(it: Situation, arguments: Arguments) -> tuple[Rows, Numbers]:
    """What is true, and what examples are ordered by, a column for each label."""
    if it.task == "binary" and it.units == 2 and arguments.get("class_id") is None and not arguments.get("multi_label"):
        return it.rows[:, 1:], it.ranking[:, None]
    values = it.exact
    if it.view == "many logits":  # the log odds of each class, which unlike its probability are never rounded to 1
        others = [np.delete(it.exact, j, axis=1) for j in range(it.units)]
        values = (it.exact - np.stack([logsumexp(each, axis=1) for each in others], axis=1)).astype(np.float32)
    place = arguments.get("class_id")
    picked = slice(None) if place is None else slice(place, place + 1)
    return it.rows[:, picked], values[:, picked]


def compute_area(it: Situation, arguments: Arguments) -> float:
    truth, values = _order(it, arguments)
    if not np.isfinite(it.outputs).all():
        return float("nan")
    weights = arguments.get("label_weights") or [1.0] * truth.shape[1]
    if arguments.get("multi_label"):
        found = [_one_area(t, v, np.ones(len(t)), arguments) for t, v in zip(truth.T, values.T, strict=True)]
        return float(np.average(found, weights=weights))
    return _one_area(truth.ravel(), values.ravel(), np.tile(weights, len(truth)), arguments)


def _one_area(truth: Rows, values: Numbers, weights: Numbers, arguments: Arguments) -> float:
    curve, method = arguments.get("curve", "ROC"), arguments.get("summation_method", "interpolation")
    if not weights[truth == 1].any() or not weights[truth == 0].any():
        return float("nan")
    if (curve, method) == ("ROC", "interpolation"):
        return float(sk.roc_auc_score(truth, values, sample_weight=weights))
    hits, alarms = _count_above(truth, values, weights)
    p, n = hits[-1], alarms[-1]
    if curve == "ROC":
        x, y = alarms / n, hits / p
    elif curve == "PR" and method == "interpolation":
        return sum(_integrate_precision(*ends) for ends in zip(hits, hits[1:], alarms, alarms[1:], strict=False)) / p
    elif curve == "PR":
        x, y = hits / p, np.where(hits + alarms > 0, hits / (hits + alarms), 0)
    else:  # gains (Flach and Kull 2015); 0 and 1 without a hit, and not below 0, are Keras's
        x = np.where(hits > 0, np.maximum(1 - p / n * (p - hits) / hits, 0), 0)
        y = np.where(hits > 0, 1 - p / n * alarms / hits, 1)
    if method == "interpolation":
        return float(np.trapezoid(y, x))
    choose = max if method == "majoring" else min
    return float(sum((x[i + 1] - x[i]) * choose(y[i], y[i + 1]) for i in range(len(x) - 1)))


def _count_above(truth: Rows, values: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """What lies above each threshold, by falling threshold, from nothing to everything."""
    levels = np.unique(values)[::-1]
    cuts = [np.zeros(len(values), bool), *(values > level for level in levels), np.ones(len(values), bool)]
    hits = [weights[cut & (truth == 1)].sum() for cut in cuts]
    return np.array(hits), np.array([weights[cut & (truth == 0)].sum() for cut in cuts])


def _integrate_precision(hits: float, more: float, alarms: float, more_alarms: float) -> float:
    """The precision, integrated over the hits between two thresholds; alarms grow in proportion (Davis and Goadrich 2006)."""
    if more == hits:
        return 0.0
    slope = (more_alarms - alarms) / (more - hits)
    if hits == alarms == 0:
        return (more - hits) / (1 + slope)
    return float(quad(lambda h: h / (h + alarms + slope * (h - hits)), hits, more, epsabs=1e-9)[0])


def compute_best_at(name: str) -> Callable[..., float]:
    wanted, bound = name.split("_at_")

    def best(it: Situation, arguments: Arguments) -> float:
        truth, values = _order(it, arguments)
        if not np.isfinite(it.outputs).all():
            return float("nan")
        hits, alarms = _count_above(truth.ravel(), values.ravel(), np.ones(truth.size))
        p, n = hits[-1], alarms[-1]
        recall = hits / p if p else np.zeros(len(hits))
        rates = {
            "recall": recall,
            "sensitivity": recall,
            "specificity": (n - alarms) / n if n else np.zeros(len(hits)),
            "precision": np.where(hits + alarms > 0, hits / (hits + alarms), 0),
        }
        return max((a for a, b in zip(rates[wanted], rates[bound], strict=True) if b >= arguments[bound]), default=0.0)

    return best

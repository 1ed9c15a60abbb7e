"""Metrics of a whole split from all of its raw outputs, where batches do not add up to them, or Keras approximates them.

In Keras the area under a curve, and the best of one rate at another, are read off at 200 thresholds between 0 and 1, which lumps
outputs together that are close to 0 or 1; here each output is a threshold of its own, as in scikit-learn.

Throughout, `truth` is float64 of shape (n, k): 0 and 1 where examples are ordered, numbers elsewhere; `values` is float64 of
the same shape.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.spec.catalogue import traits
from nnctl.spec.sections import Component

Numbers = NDArray[np.float64]
Formula = Callable[[Numbers, Numbers, Component], float]
_EPSILON = 1e-7  # Keras's own, in the concordance


def find_formula(metric: Component, units: int) -> Formula | None:
    """What a whole split is scored by, a function of truth, values and the metric; None where Keras's running value is exact.

    That is so of an area whose thresholds the spec gives, and of correlations along the targets of an example.

    Args:
        metric: the metric.
        units: how many outputs there are.
    """
    name = traits.get_metric(metric.name).whole
    if name is None or metric.arguments.get("thresholds") is not None:
        return None
    if traits.get_metric(metric.name).takes == "correlation" and 0 not in find_axes(metric, units):
        return None
    return _FORMULAS[name]


def find_axes(metric: Component, units: int) -> set[int]:
    """Along which axes of (n, units) a metric correlates: 0 are the examples, in any case those of one output; 1 the outputs."""
    axis: Any = metric.arguments.get("axis", -1)
    return {0} if units == 1 else {each % 2 for each in (axis if isinstance(axis, list) else [axis])}


def compute_area(truth: Numbers, values: Numbers, metric: Component) -> float:
    """The area under the curve that `auc` names: ROC, precision-recall, or precision-recall gain.

    Of ROC, interpolated, this is the share of pairs in the right order, ties counted half (Hanley and McNeil 1982). Of
    precision-recall the curve between two thresholds is that of Davis and Goadrich 2006, as in Keras; precision-recall gain is
    that of Flach and Kull 2015. `minoring` and `majoring` take the lower and the higher end of each piece. NaN where one of the
    two kinds of example is missing.
    """
    arguments = metric.arguments
    weights = np.asarray(arguments.get("label_weights") or np.ones(truth.shape[1]), np.float64)
    if not arguments.get("multi_label"):
        return _compute_one_area(truth.ravel(), values.ravel(), np.tile(weights, len(truth)), arguments)
    ones = np.ones(len(truth))
    areas = [_compute_one_area(one, other, ones, arguments) for one, other in zip(truth.T, values.T, strict=True)]
    return float(np.average(np.array(areas), weights=weights))


def compute_best_at(truth: Numbers, values: Numbers, metric: Component) -> float:
    """The most of one rate at thresholds where another is at least as large as asked; 0 where that is nowhere so.

    Both stand in the metric's name: `precision_at_recall`. A positive is an output above the threshold.
    """
    wanted, bound = metric.name.split("_at_")
    place: Any = metric.arguments.get("class_id")
    if place is not None:
        truth, values = truth[:, place], values[:, place]
    positives, negatives = _count_above(truth.ravel(), values.ravel(), np.ones(truth.size))
    rates = _compute_rates(positives, negatives)
    least: Any = metric.arguments[bound]
    allowed = rates[bound] >= least
    return float(rates[wanted][allowed].max()) if allowed.any() else 0.0


def compute_determination(truth: Numbers, values: Numbers, metric: Component) -> float:
    """R², the share of the variance that is explained; of several targets their mean, or weighted by their variance.

    With `num_regressors` p it is adjusted: 1 - (1 - R²) (n - 1) / (n - p - 1). NaN where a target never varies.
    """
    spread = np.square(truth - truth.mean(axis=0)).sum(axis=0)
    left = np.square(truth - values).sum(axis=0)
    r2 = 1 - np.divide(left, spread, out=np.full(spread.shape, np.nan), where=spread > 0)
    weighted = metric.arguments.get("class_aggregation") == "variance_weighted_average"
    if weighted and spread.any():  # a target that never varies has no weight in it
        r2, spread = r2[spread > 0], spread[spread > 0]
    found = float(np.average(r2, weights=spread)) if weighted and spread.any() else float(r2.mean())
    n, p = len(truth), metric.arguments.get("num_regressors") or 0
    return 1 - (1 - found) * (n - 1) / (n - p - 1) if isinstance(p, int) and 0 < p < n - 1 else found


def compute_pearson(truth: Numbers, values: Numbers, metric: Component) -> float:
    """Pearson's correlation over the examples, of several targets their mean; NaN where either never varies."""
    truth, values = _arrange_pairs(truth, values, metric)
    a, b = truth - truth.mean(axis=0), values - values.mean(axis=0)
    scale = np.sqrt(np.square(a).sum(axis=0) * np.square(b).sum(axis=0))
    return float(np.divide((a * b).sum(axis=0), scale, out=np.full(scale.shape, np.nan), where=scale > 0).mean())


def compute_concordance(truth: Numbers, values: Numbers, metric: Component) -> float:
    """The concordance correlation (Lin 1989) over the examples, of several targets their mean; Keras adds 1e-7 below."""
    truth, values = _arrange_pairs(truth, values, metric)
    a, b = truth.mean(axis=0), values.mean(axis=0)
    covariance = ((truth - a) * (values - b)).mean(axis=0)
    return float((2 * covariance / (truth.var(axis=0) + values.var(axis=0) + np.square(a - b) + _EPSILON)).mean())


def _arrange_pairs(truth: Numbers, values: Numbers, metric: Component) -> tuple[Numbers, Numbers]:
    """What is correlated, a column at a time: the targets one by one, or all of them as one where both axes are named."""
    both = len(find_axes(metric, truth.shape[1])) == 2
    return (truth.reshape(-1, 1), values.reshape(-1, 1)) if both else (truth, values)


def _compute_one_area(truth: Numbers, values: Numbers, weights: Numbers, arguments: Mapping[str, Any]) -> float:
    positives, negatives = _count_above(truth, values, weights)
    if not positives[-1] or not negatives[-1]:
        return float("nan")
    curve, method = arguments.get("curve", "ROC"), arguments.get("summation_method", "interpolation")
    if curve == "PR" and method == "interpolation":
        return _interpolate_precision(positives, negatives)
    rates = _compute_rates(positives, negatives)
    if curve == "ROC":
        x, y = 1 - rates["specificity"], rates["recall"]
    elif curve == "PR":
        x, y = rates["recall"], rates["precision"]
    else:
        x, y = _compute_gains(positives, negatives)
    join = {"minoring": np.minimum, "majoring": np.maximum}.get(method, lambda low, high: (low + high) / 2)
    return float(np.diff(x) @ join(y[:-1], y[1:]))


def _count_above(truth: Numbers, values: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """How many positives and negatives lie above each threshold, by falling threshold: from none of them to all."""
    order = np.argsort(-values, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(values[order]) != 0, True))
    positives, negatives = (np.cumsum((weights * kind)[order])[ends] for kind in (truth, 1 - truth))
    return np.concatenate([[0.0], positives]), np.concatenate([[0.0], negatives])


def _compute_rates(positives: Numbers, negatives: Numbers) -> dict[str, Numbers]:
    """What is told of each threshold; 0 where nothing is found, or there is nothing to find."""
    found, total, others = positives + negatives, positives[-1], negatives[-1]
    recall = positives / total if total else np.zeros(len(found))
    return {
        "recall": recall,
        "sensitivity": recall,
        "specificity": (others - negatives) / others if others else np.zeros(len(found)),
        "precision": np.divide(positives, found, out=np.zeros(len(found)), where=found > 0),
    }


def _compute_gains(positives: Numbers, negatives: Numbers) -> tuple[Numbers, Numbers]:
    """Gain of recall, not below 0, and of precision; 0 and 1 where no positive is found."""
    scale, none = positives[-1] / negatives[-1], positives == 0
    found = np.where(none, 1, positives)
    recall = np.where(none, 0, 1 - scale * (positives[-1] - positives) / found)
    return np.maximum(recall, 0), np.where(none, 1, 1 - scale * negatives / found)


def _interpolate_precision(positives: Numbers, negatives: Numbers) -> float:
    """The area of Davis and Goadrich's curve: between two thresholds positives grow in proportion to all that is found."""
    found = positives + negatives
    more, gained = np.diff(found), np.diff(positives)
    slope = gained / more
    begin = positives[:-1] - slope * found[:-1]
    ratio = np.where(found[:-1] > 0, found[1:] / np.maximum(found[:-1], 1), 1)
    return float((slope * (gained + begin * np.log(ratio))).sum() / positives[-1])


_FORMULAS: dict[str, Formula] = {
    "area": compute_area,
    "best_at": compute_best_at,
    "determination": compute_determination,
    "pearson": compute_pearson,
    "concordance": compute_concordance,
}

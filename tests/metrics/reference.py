"""What each metric of the catalogue is worth, from scikit-learn or from its definition in float64.

Nothing here comes from what is tested: neither what outputs are, nor any formula. Where a formula is Keras's own (its clipping at
1e-7, its averages), that stands beside it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from sklearn import metrics as sk

from .curves import compute_area, compute_best_at
from .situations import Numbers, Situation

Arguments = Mapping[str, Any]
Rows = NDArray[np.int64]
LEAST = 1e-7  # keras.config.epsilon()
MOST = float(np.float32(1 - 1e-7))  # as float32 holds it


def compute(name: str, arguments: Arguments, it: Situation) -> float:
    """The value of a metric; NaN where it has none."""
    with np.errstate(all="ignore"):
        return float(METRICS[name](it, arguments))


# Decisions


def _is_joined(it: Situation, arguments: Arguments) -> bool:
    """Whether two outputs for two classes are told of as class 1."""
    plain = arguments.get("class_id") is None and arguments.get("top_k") is None
    return it.task == "binary" and it.units == 2 and plain


def _decide(it: Situation, arguments: Arguments, joined: bool = False, largest: bool = False) -> tuple[Rows, Rows]:
    """What is true and what was said, 0 or 1, of shape (n, columns)."""
    given = arguments.get("threshold", arguments.get("thresholds"))
    values = it.probabilities if it.view == "many logits" else it.exact
    if given is None and it.largest and (joined or largest):
        said = np.eye(it.units + 1, dtype=np.int64)[it.chosen][:, : it.units]
    else:
        # What is given in decimals is compared in the type of the outputs.
        said = (values > np.float32(it.cut if given is None else given)).astype(np.int64)
    said, truth = said * it.answered, it.rows
    return (truth[:, 1:], said[:, 1:]) if joined else (truth, said)


def _select(it: Situation, arguments: Arguments) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """The same for what counts decisions, with `top_k` and `class_id`; and which of them have an answer."""
    k, given = arguments.get("top_k"), arguments.get("thresholds")
    joined = _is_joined(it, arguments)
    truth, said = _decide(it, arguments, joined=joined)
    answered = it.answered[:, 1:] if joined else it.answered
    if k is not None:
        highest = np.argsort(np.argsort(-it.exact, axis=1, kind="stable"), axis=1) < k
        said = (highest if given is None else highest & (said == 1)) * it.answered
    place = arguments.get("class_id")
    picked = slice(None) if place is None else slice(place, place + 1)
    return truth[:, picked], said[:, picked].astype(np.int64), answered[:, picked]


def _count(true: int, told: int) -> Callable[[Situation, Arguments], float]:
    def count(it: Situation, arguments: Arguments) -> float:
        truth, said, answered = _select(it, arguments)
        hit = (truth == true) & (said == told)
        return float((hit & answered if (true, told) == (0, 0) else hit).sum())

    return count


def _precision(it: Situation, arguments: Arguments) -> float:
    truth, said, _ = _select(it, arguments)
    return sk.precision_score(truth.ravel(), said.ravel(), zero_division=0)


def _recall(it: Situation, arguments: Arguments) -> float:
    truth, said, _ = _select(it, arguments)
    return sk.recall_score(truth.ravel(), said.ravel(), zero_division=0)


def _f(it: Situation, arguments: Arguments) -> float:
    """Over classes without an example or an answer, too, which count 0; without `average` the mean of the classes."""
    truth, said = _decide(it, arguments, largest=True)
    beta, average = arguments.get("beta", 1.0), arguments.get("average") or "macro"
    if (
        truth.shape[1] == 1
    ):  # one column has one class, whatever the average; weighted it is 0 where there is no example
        return sk.fbeta_score(truth.ravel(), said.ravel(), beta=beta, average="binary", zero_division=0)
    return sk.fbeta_score(truth, said, beta=beta, average=average, zero_division=0)


def _binary_accuracy(it: Situation, arguments: Arguments) -> float:
    joined = _is_joined(it, arguments)
    truth, said = _decide(it, arguments, joined=joined)
    return ((truth == said) & (it.answered[:, 1:] if joined else it.answered)).mean()


def _binary_overlap(it: Situation, arguments: Arguments) -> float:
    """No answer is as good as a wrong one."""
    joined = _is_joined(it, arguments)
    truth, said = _decide(it, arguments, joined=joined)
    said = np.where(it.answered[:, 1:] if joined else it.answered, said, 1 - truth)
    return _overlap(truth.ravel(), said.ravel(), arguments.get("target_class_ids", [0, 1]))


def _class_overlap(it: Situation, arguments: Arguments) -> float:
    held = it.index != arguments.get("ignore_class")
    ids = arguments.get("target_class_ids", range(it.units))
    wrong = np.where(it.index == 0, 1, 0)  # which is what no answer counts as
    return _overlap(it.index[held], np.where(it.chosen < 0, wrong, it.chosen)[held], ids)


def _overlap(truth: Rows, said: Rows, ids: Any) -> float:
    """The mean of both over either (Jaccard), of the classes that there are in one of them."""
    held = [j for j in ids if ((truth == j) | (said == j)).any()]
    return float(np.mean([sk.jaccard_score(truth == j, said == j) for j in held])) if held else 0.0


# Answers


def _accuracy(it: Situation, arguments: Arguments) -> float:
    if it.exclusive:
        return (it.chosen == it.index).mean()
    return ((it.exact > it.cut) == (it.rows == 1))[it.answered].sum() / it.rows.size


def _categorical(it: Situation, arguments: Arguments) -> float:
    return sk.accuracy_score(it.index, it.chosen)


def _top(it: Situation, arguments: Arguments) -> float:
    order = np.argsort(-it.exact, axis=1, kind="stable")[:, : arguments.get("k", 5)]
    return ((order == it.index[:, None]).any(axis=1) & it.answered.all(axis=1)).mean()


# Means over the examples of what Keras computes of each


def _mean(formula: Callable[[Numbers, Numbers], Numbers]) -> Callable[[Situation, Arguments], float]:
    def mean(it: Situation, arguments: Arguments) -> float:
        return formula(*_numbers(it)).mean()

    return mean


def _log_cosh(truth: Numbers, values: Numbers) -> Numbers:
    return np.logaddexp(values - truth, truth - values) - np.log(2)


def _percentage(truth: Numbers, values: Numbers) -> Numbers:
    return 100 * abs((truth - values) / np.maximum(abs(truth), LEAST))


def _logarithms(truth: Numbers, values: Numbers) -> Numbers:
    return np.square(np.log1p(np.maximum(truth, LEAST)) - np.log1p(np.maximum(values, LEAST)))


def _root(it: Situation, arguments: Arguments) -> float:
    return float(np.sqrt(_mean(lambda t, v: np.square(t - v))(it, arguments)))


def _hinge(power: int) -> Callable[[Situation, Arguments], float]:
    def hinge(it: Situation, arguments: Arguments) -> float:
        """Numbers are compared as they stand, but 0 and 1 as -1 and 1, which is Keras's."""
        truth = 2.0 * it.rows - 1
        if it.task == "regression" and not np.isin(it.numbers, (0, 1)).all():
            truth = it.numbers
        return float((np.maximum(1 - truth * it.exact, 0) ** power).mean())

    return hinge


def _categorical_hinge(it: Situation, arguments: Arguments) -> float:
    right = (it.numbers * it.exact).sum(axis=1)
    others = ((1 - it.numbers) * it.exact).max(axis=1)
    return np.maximum(others - right + 1, 0).mean()


def _direction(it: Situation, arguments: Arguments) -> float:
    """Rows of length 0 have the direction 0."""
    a, b = _numbers(it)
    lengths = np.maximum(np.linalg.norm(a, axis=1), LEAST), np.maximum(np.linalg.norm(b, axis=1), LEAST)
    return ((a * b).sum(axis=1) / lengths[0] / lengths[1]).mean()


def _cross_entropy(it: Situation, truth: Numbers) -> Numbers:
    """Of each example, in nats. Keras divides probabilities by their sum and clips them; logits are taken as they are."""
    if it.view == "many logits":
        return -(truth * (it.exact - logsumexp(it.exact, axis=1, keepdims=True))).sum(axis=1)
    shares = it.probabilities / it.probabilities.sum(axis=1, keepdims=True)
    return -(truth * np.log(np.clip(shares, LEAST, MOST))).sum(axis=1)


def _categorical_crossentropy(it: Situation, arguments: Arguments) -> float:
    smoothing = arguments.get("label_smoothing", 0.0)
    truth = it.numbers * (1 - smoothing) + smoothing / it.units
    return _cross_entropy(it, truth).mean()


def _sparse_crossentropy(it: Situation, arguments: Arguments) -> float:
    """Keras clips probabilities, and divides what is left by its sum."""
    held = it.index != arguments.get("ignore_class")
    if not held.any():
        return 0.0
    values = it.exact if it.view == "many logits" else np.log(np.clip(it.probabilities, LEAST, MOST))
    found = logsumexp(values, axis=1) - values[np.arange(len(values)), it.index]
    return found[held].mean()


def _binary_crossentropy(it: Situation, arguments: Arguments) -> float:
    smoothing = arguments.get("label_smoothing", 0.0)
    truth = it.numbers * (1 - smoothing) + smoothing / 2
    if it.view == "log odds":
        found = np.logaddexp(0, it.exact) - truth * it.exact
    else:
        values = np.clip(it.probabilities, LEAST, MOST)
        found = -(truth * np.log(values) + (1 - truth) * np.log(1 - values))
    return found.mean()


def _divergence(it: Situation, arguments: Arguments) -> float:
    truth, values = np.clip(it.numbers, LEAST, 1), np.clip(it.probabilities, LEAST, 1)
    return (truth * np.log(truth / values)).sum(axis=1).mean()


# Numbers beside numbers


def _determination(it: Situation, arguments: Arguments) -> float:
    truth, values = _numbers(it)
    aggregation = arguments.get("class_aggregation", "uniform_average")
    varies = np.ptp(truth, axis=0) > 0
    if not np.isfinite(it.outputs).all() or not (
        varies.any() if aggregation == "variance_weighted_average" else varies.all()
    ):
        return float("nan")
    weighed = "variance_weighted" if aggregation == "variance_weighted_average" else "uniform_average"
    found = float(sk.r2_score(truth, values, multioutput=weighed))
    n, p = len(truth), arguments.get("num_regressors", 0)
    return 1 - (1 - found) * (n - 1) / (n - p - 1) if p and n - p > 1 else found


def _correlate(formula: Callable[[Numbers, Numbers], float]) -> Callable[[Situation, Arguments], float]:
    """Over the examples for each target, for one target in any case; over the targets of each example; or over all at once."""

    def correlate(it: Situation, arguments: Arguments) -> float:
        truth, values = _numbers(it)
        axis = arguments.get("axis", -1)
        axes = {each % 2 for each in (axis if isinstance(axis, list) else [axis])}
        if 0 in axes | ({0} if it.units == 1 else set()) and not np.isfinite(it.outputs).all():
            return float("nan")
        if axes == {0, 1}:
            return formula(truth.ravel(), values.ravel())
        pairs = zip(truth.T, values.T, strict=True) if axes == {0} or it.units == 1 else zip(truth, values, strict=True)
        return float(np.mean([formula(a, b) for a, b in pairs]))

    return correlate


def _pearson(a: Numbers, b: Numbers) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if np.ptp(a) > 0 and np.ptp(b) > 0 else float("nan")


def _concordance(a: Numbers, b: Numbers) -> float:
    """Lin 1989; Keras adds 1e-7 below."""
    shared = np.cov(a, b, bias=True)
    return float(2 * shared[0, 1] / (shared[0, 0] + shared[1, 1] + (a.mean() - b.mean()) ** 2 + LEAST))


def _numbers(it: Situation) -> tuple[Numbers, Numbers]:
    """Labels and outputs as numbers: signed scores are compared with -1 and 1, logits as probabilities."""
    return (2.0 * it.rows - 1 if it.view == "signed" else it.numbers), it.probabilities


METRICS: dict[str, Callable[..., Any]] = {
    "accuracy": _accuracy,
    "auc": compute_area,
    "binary_accuracy": _binary_accuracy,
    "binary_crossentropy": _binary_crossentropy,
    "binary_iou": _binary_overlap,
    "categorical_accuracy": _categorical,
    "categorical_crossentropy": _categorical_crossentropy,
    "categorical_hinge": _categorical_hinge,
    "concordance_correlation": _correlate(_concordance),
    "cosine_similarity": _direction,
    "f1_score": _f,
    "false_negatives": _count(1, 0),
    "false_positives": _count(0, 1),
    "fbeta_score": _f,
    "hinge": _hinge(1),
    "kl_divergence": _divergence,
    "log_cosh_error": _mean(_log_cosh),
    "mean_absolute_error": _mean(lambda t, v: abs(t - v)),
    "mean_absolute_percentage_error": _mean(_percentage),
    "mean_squared_error": _mean(lambda t, v: np.square(t - v)),
    "mean_squared_logarithmic_error": _mean(_logarithms),
    "one_hot_iou": _class_overlap,
    "one_hot_mean_iou": _class_overlap,
    "pearson_correlation": _correlate(_pearson),
    "poisson": _mean(lambda t, v: v - t * np.log(v + LEAST)),
    "precision": _precision,
    "precision_at_recall": compute_best_at("precision_at_recall"),
    "r2_score": _determination,
    "recall": _recall,
    "recall_at_precision": compute_best_at("recall_at_precision"),
    "root_mean_squared_error": _root,
    "sensitivity_at_specificity": compute_best_at("sensitivity_at_specificity"),
    "sparse_categorical_accuracy": _categorical,
    "sparse_categorical_crossentropy": _sparse_crossentropy,
    "sparse_top_k_categorical_accuracy": _top,
    "specificity_at_sensitivity": compute_best_at("specificity_at_sensitivity"),
    "squared_hinge": _hinge(2),
    "top_k_categorical_accuracy": _top,
    "true_negatives": _count(0, 0),
    "true_positives": _count(1, 1),
}

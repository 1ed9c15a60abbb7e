"""Draws what a metric may meet: tasks, losses, heads, labels and outputs; and the metrics with their arguments."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from .situations import DISTRIBUTIONS, INDEXED, SHARE, SHARES, SIGNED, YES_OR_NO, Situation

Random = np.random.Generator
COMPARING = (
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error", "huber",
    "log_cosh", "poisson", "cosine_similarity", "dice", "tversky",
)  # fmt: skip
ONE_HOT = (*DISTRIBUTIONS, *YES_OR_NO, *SIGNED, *COMPARING, "categorical_hinge")
TELLS_LOGITS = (*YES_OR_NO, *(name for name in DISTRIBUTIONS if name not in (*INDEXED[1:], "kl_divergence")))
HEADS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "linear": lambda x: x,
    "softmax": lambda x: softmax(x, axis=1),
    "sparsemax": lambda x: _project(x),
    "sigmoid": expit,
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
    "tanh": np.tanh,
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "softsign": lambda x: x / (1 + abs(x)),
    "relu": lambda x: np.maximum(x, 0),
    "softplus": lambda x: np.logaddexp(0, x),
    "exponential": lambda x: np.exp(np.minimum(x, 10)),
}
CURVES, METHODS = ("ROC", "PR", "PRGAIN"), ("interpolation", "minoring", "majoring")


def draw_situation(random: Random, spoilt: float = 0.06) -> Situation:
    """A task with labels and outputs; `spoilt` is how often some outputs are not finite."""
    task = str(random.choice(["binary", "multiclass", "multilabel", "regression"], p=[0.35, 0.35, 0.15, 0.15]))
    count, units, losses = _draw_size(random, task)
    # Of one share Keras says that it is none.
    loss = str(random.choice([loss for loss in losses if units > 1 or loss != "categorical_crossentropy"]))
    logits = loss in TELLS_LOGITS and random.random() < 0.4
    head = _draw_head(random, loss, logits, units)
    n = int(random.integers(1, 120))
    labels = _draw_labels(random, task, count, n, loss)
    outputs = _draw_outputs(random, head, labels, (n, units), task)
    if random.random() < spoilt:
        outputs[random.random(outputs.shape) < random.choice([0.02, 0.3])] = random.choice([np.nan, np.inf, -np.inf])
        if head in SHARES:  # one that is not finite spoils them all
            outputs[~np.isfinite(outputs).all(axis=1)] = np.nan
    return Situation(task, count, loss, logits, head, labels, outputs)


def _draw_size(random: Random, task: str) -> tuple[int, int, tuple[str, ...]]:
    """How many classes, labels or targets there are, how many outputs, and which losses take them."""
    if task == "regression":
        count = int(random.choice([1, 1, 2, 5]))
        return count, count, (*COMPARING, *COMPARING, "kl_divergence", "categorical_crossentropy", *YES_OR_NO, *SIGNED)
    if task == "multilabel":
        count = int(random.choice([1, 2, 3, 6]))
        others = ("categorical_crossentropy", "kl_divergence", "categorical_hinge", *COMPARING[:2], "poisson", "dice")
        return count, count, (*YES_OR_NO, *YES_OR_NO, *SIGNED, *others)
    count = 2 if task == "binary" else int(random.choice([3, 4, 7, 12]))
    if random.random() < 0.1:
        return count, count + int(random.integers(1, 9)), INDEXED
    if task == "binary" and random.random() < 0.5:
        return 2, 1, (*YES_OR_NO, *YES_OR_NO, *SIGNED, *COMPARING)
    return count, count, ONE_HOT


def _draw_head(random: Random, loss: str, logits: bool, units: int) -> str:
    usual: tuple[str, ...] = ("linear", "tanh", "sigmoid", "softmax", "relu", "softplus", "exponential", *SHARE[1:])
    if logits:
        usual = ("linear",)
    elif loss in DISTRIBUTIONS:
        usual = ("softmax", "softmax", "softmax", "sparsemax", "sigmoid", "softplus")
    elif loss in YES_OR_NO:
        usual = ("sigmoid", "sigmoid", "sigmoid", "hard_sigmoid", "softmax")
    elif loss in SIGNED:
        usual = ("tanh", "linear", "softsign", "hard_tanh")
    return str(random.choice([head for head in usual if units > 1 or head not in SHARES]))


def _draw_labels(random: Random, task: str, count: int, n: int, loss: str) -> NDArray[Any]:
    if task == "regression":
        bounded = loss in (*DISTRIBUTIONS, *YES_OR_NO, *SIGNED)
        drawn = random.random((n, count)) if bounded else random.normal(size=(n, count)) * 3 + random.choice([0, 5])
        drawn = drawn.round() if random.random() < 0.2 else drawn
        return (drawn[:, 0] if count == 1 and random.random() < 0.5 else drawn).astype(np.float32)
    if task == "multilabel":
        return (random.random((n, count)) < random.random(count)).astype(np.uint8)
    shares = random.dirichlet(np.full(count, random.choice([0.2, 1, 5])))  # small ones leave classes without an example
    if loss not in (*INDEXED, *SIGNED, "categorical_hinge") and random.random() < 0.12:
        return random.dirichlet(shares * 3 + 0.05, n).astype(np.float32)
    return random.choice(count, size=n, p=shares).astype(np.int32)


def _draw_outputs(
    random: Random, head: str, labels: NDArray[Any], shape: tuple[int, int], task: str
) -> NDArray[np.float32]:
    n, units = shape
    lean = random.choice([0, 1, 3])
    scale = random.choice([0.3, 1, 4, 40], p=[0.2, 0.5, 0.15, 0.15])
    inner = random.normal(size=shape)
    if task == "regression":
        inner = labels.reshape(shape) / 3 + inner
    elif task == "multilabel":
        inner += lean * (labels - 0.5)
    else:
        index = labels.argmax(axis=1) if labels.ndim == 2 else labels
        inner += lean * ((index[:, None] - 0.5) if units == 1 else np.eye(units)[index])
    inner *= scale
    form = random.random()
    if form < 0.2:  # ties, and outputs that are the threshold itself
        inner = inner.round()
    elif form < 0.25:
        inner = np.repeat(inner[:1], n, axis=0)
    with np.errstate(all="ignore"):
        found = HEADS[head](inner).astype(np.float32)
    return np.where(abs(found) < np.finfo(np.float32).tiny, found * 0, found)  # TensorFlow takes these for 0


def _project(x: NDArray[Any]) -> NDArray[Any]:
    """Onto the shares that lie closest (Martins and Astudillo 2016, algorithm 1)."""
    ordered = -np.sort(-x, axis=1)
    sums = np.cumsum(ordered, axis=1) - 1
    counts = np.arange(1, x.shape[1] + 1)
    held = (ordered > sums / counts).sum(axis=1)
    return np.maximum(x - (sums[np.arange(len(x)), held - 1] / held)[:, None], 0)


def draw_arguments(random: Random, name: str, it: Situation) -> dict[str, Any]:
    """Arguments of a metric, those that must be given and some of those that may be."""
    drawn = dict(_ARGUMENTS.get(name, lambda random, it: {})(random, it))
    if "from_logits" in drawn and random.random() < 0.8:
        del drawn["from_logits"]  # it follows from the loss
    return drawn


def _maybe(random: Random, **values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if random.random() < 0.45}


def _threshold(random: Random) -> float:
    return float(random.choice([0.1, 0.25, 0.3, 0.5, 0.7, 0.9]))


def _draw_auc(random: Random, it: Situation) -> dict[str, Any]:
    drawn = _maybe(
        random,
        curve=str(random.choice(CURVES)),
        summation_method=str(random.choice(METHODS)),
        num_thresholds=int(random.choice([2, 3, 50, 500])),
        from_logits=it.logits,
    )
    if it.units > 1 and random.random() < 0.4:
        drawn |= {"multi_label": True} | _maybe(random, num_labels=it.units)
    columns = it.units if drawn.get("multi_label") or (it.task, it.units) != ("binary", 2) else 1
    if columns > 1 and random.random() < 0.3:
        drawn["label_weights"] = [float(w) for w in random.integers(1, 5, columns)]
    return drawn


def _draw_share_at(bound: str) -> Callable[[Random, Situation], dict[str, Any]]:
    def draw(random: Random, it: Situation) -> dict[str, Any]:
        least = float(random.choice([0.0, 0.1, 0.5, 0.75, 0.9, 1.0]))
        return {bound: least} | _maybe(
            random, class_id=int(random.integers(it.units)), num_thresholds=int(random.choice([5, 80]))
        )

    return draw


def _draw_precision(random: Random, it: Situation) -> dict[str, Any]:
    drawn = _maybe(random, thresholds=_threshold(random), class_id=int(random.integers(it.units)))
    return drawn | (_maybe(random, top_k=int(random.integers(1, it.units))) if it.units > 1 else {})


def _draw_f(random: Random, it: Situation) -> dict[str, Any]:
    average = random.choice(["micro", "macro", "weighted", None])
    return _maybe(random, average=average, threshold=_threshold(random))


def _draw_axis(random: Random, it: Situation) -> dict[str, Any]:
    return _maybe(random, axis=[-1, 1, 0, [0], [-1], -2, [0, 1]][random.integers(7)])


_ARGUMENTS: dict[str, Callable[[Random, Situation], dict[str, Any]]] = {
    "auc": _draw_auc,
    "binary_accuracy": lambda random, it: _maybe(random, threshold=_threshold(random)),
    "binary_crossentropy": lambda random, it: _maybe(random, label_smoothing=0.2, from_logits=it.logits),
    "binary_iou": lambda random, it: _maybe(
        random, target_class_ids=[[0], [1], [0, 1]][random.integers(3)], threshold=_threshold(random)
    ),
    "categorical_crossentropy": lambda random, it: _maybe(
        random, label_smoothing=0.1, axis=int(random.choice([-1, 1])), from_logits=it.logits
    ),
    "concordance_correlation": _draw_axis,
    "cosine_similarity": lambda random, it: _maybe(random, axis=int(random.choice([-1, 1]))),
    "f1_score": _draw_f,
    "fbeta_score": lambda random, it: _draw_f(random, it) | _maybe(random, beta=float(random.choice([0.5, 2.0]))),
    **{
        name: lambda random, it: _maybe(random, thresholds=_threshold(random))
        for name in ("true_positives", "true_negatives", "false_positives", "false_negatives")
    },
    "one_hot_iou": lambda random, it: {
        "num_classes": it.units,
        "target_class_ids": sorted({int(j) for j in random.integers(it.units, size=2)}),
    } | _maybe(random, ignore_class=int(random.integers(it.units)), axis=int(random.choice([-1, 1]))),
    "one_hot_mean_iou": lambda random, it: {"num_classes": it.units}
    | _maybe(random, ignore_class=int(random.integers(it.units))),
    "pearson_correlation": _draw_axis,
    "precision": _draw_precision,
    "recall": _draw_precision,
    **{
        name: _draw_share_at(name.split("_at_")[1])
        for name in (
            "precision_at_recall", "recall_at_precision", "sensitivity_at_specificity", "specificity_at_sensitivity",
        )
    },
    "r2_score": lambda random, it: _maybe(
        random,
        class_aggregation=random.choice(["uniform_average", "variance_weighted_average", None]),
        num_regressors=int(random.choice([1, 5, 500])),
    ),
    "sparse_categorical_crossentropy": lambda random, it: _maybe(
        random, ignore_class=int(random.integers(it.units)), from_logits=it.logits
    ),
    "sparse_top_k_categorical_accuracy": lambda random, it: {"k": int(random.integers(1, max(it.units, 2)))},
    "top_k_categorical_accuracy": lambda random, it: {"k": int(random.integers(1, max(it.units, 2)))},
}  # fmt: skip

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from nnctl.errors import Place, Source
from nnctl.spec.network.meaning import find_meaning
from nnctl.spec.network.undefined import find_fault, find_problems
from nnctl.spec.sections import Component, Train
from tests.metrics.drawing import HEADS, draw_arguments, draw_situation
from tests.metrics.reference import METRICS, compute
from tests.metrics.situations import DISTRIBUTIONS, SIGNED, YES_OR_NO, Situation

NUMBERS = (
    "concordance_correlation", "log_cosh_error", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error",
    "mean_squared_logarithmic_error", "pearson_correlation", "poisson", "r2_score", "root_mean_squared_error",
)  # fmt: skip
ONE_OF_MANY = (
    "categorical_accuracy", "categorical_hinge", "one_hot_iou", "one_hot_mean_iou", "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy", "top_k_categorical_accuracy",
)  # fmt: skip


def means_something(name: str, it: Situation) -> bool:
    """Whether a metric says something about outputs, by what Keras says that it takes."""
    if it.view == "embedding":
        return False
    if name in NUMBERS:
        return True
    if name == "cosine_similarity":
        return it.units > 1
    if name in ("categorical_crossentropy", "kl_divergence"):
        return it.probable and it.units > 1 and it.task != "multilabel"
    if name == "sparse_categorical_crossentropy":
        return it.probable and it.units > 1 and it.exclusive
    if name == "binary_crossentropy":
        return it.probable
    if name in SIGNED and it.loss in SIGNED:
        return True
    return it.largest if name in ONE_OF_MANY else it.task != "regression"


def ask(it: Situation, name: str, /, **arguments: object) -> tuple[str, str] | None:
    loss = Component("loss", it.loss, {"from_logits": True} if it.logits else {})
    layers = [Component("layer", "dense", {"units": it.units, "activation": it.head})]
    metric = Component("metric", name, arguments)  # type: ignore[arg-type]
    return find_fault(metric, loss, find_meaning(loss, layers, it.task, it.units))


SITUATIONS = [draw_situation(np.random.default_rng(seed), spoilt=0) for seed in range(60)]


@pytest.mark.parametrize("name", sorted(METRICS))
def test_what_means_nothing_is_refused_and_nothing_else_is(name: str) -> None:
    random = np.random.default_rng(0)
    for it in SITUATIONS:
        k = {"k": 1} if "top_k" in name else {}
        needed = {**draw_arguments(random, name, it), **k} if name.startswith("one_hot") or "_at_" in name else k
        needed.pop("class_id", None)
        needed |= {bound: 0.5 for bound in needed if bound in name}
        assert (ask(it, name, **needed) is None) == means_something(name, it), (it.task, it.view, it.loss, it.units)


@pytest.mark.parametrize("name", sorted(METRICS))
def test_what_is_let_through_moves(name: str) -> None:
    """With the outputs, for whatever arguments, as far as these do not name what the data lack, or ask for less than chance."""
    random = np.random.default_rng(1)
    for it in (each for each in SITUATIONS if each.head != "sparsemax"):  # whose zeros are ties
        arguments = draw_arguments(random, name, it)
        if 0 < arguments.get("precision", 0) <= 0.5:
            continue
        beyond = {arguments.get("class_id", 0), *arguments.get("target_class_ids", [])} - {*range(it.count)}
        if ask(it, name, **arguments) is None and not beyond:
            found = {compute(name, arguments, other) for other in _draw_others(random, it)}
            assert len(found) > 1, (arguments, it)


def _draw_others(random: np.random.Generator, it: Situation) -> Iterator[Situation]:
    """Other outputs of the same head, for examples of every class."""
    n = 30
    if it.exclusive:
        labels = np.arange(n, dtype=np.int32) % it.count
    else:
        labels = random.permutation(np.arange(n * it.count) % 2).reshape(n, it.count).astype(np.float32)
    truth = replace(it, labels=labels, outputs=np.zeros((n, it.units), np.float32)).rows - 0.5
    for lean in (-40, -1, 0, 1, 40):  # from all wrong to all right
        outputs = HEADS[it.head](lean * truth + 3 * random.normal(size=truth.shape)).astype(np.float32)
        yield replace(it, labels=labels, outputs=outputs)


BINARY = Situation("binary", 2, "binary_crossentropy", False, "sigmoid", np.array([0]), np.zeros((1, 1), np.float32))
TWO = replace(BINARY, loss="categorical_crossentropy", head="softmax", outputs=np.zeros((1, 2), np.float32))
SEVEN = replace(TWO, task="multiclass", count=7, outputs=np.zeros((1, 7), np.float32))
ONE_NUMBER = replace(BINARY, task="regression", count=1, loss="kl_divergence")
REGRESSION = Situation("regression", 1, "mean_squared_error", False, None, np.array([0]), np.zeros((1, 1), np.float32))
LABELS = replace(SEVEN, task="multilabel", loss="binary_crossentropy", head="sigmoid")


@pytest.mark.parametrize(
    ("it", "name", "arguments", "said", "hint"),
    [
        (
            SEVEN,
            "top_k_categorical_accuracy",
            {"k": 7},
            "looks at the 7 largest outputs, and there are 7: it never",
            "`k: 6`",
        ),
        (TWO, "top_k_categorical_accuracy", {"k": 2}, "looks at the 2 largest", "there is `accuracy`"),
        (SEVEN, "precision", {"top_k": 9}, "looks at the 9 largest", "`top_k: 6`"),
        (SEVEN, "recall", {"class_id": 7}, "has class_id 7, and there are 7 outputs, from 0", "class_id: 6 at most"),
        (BINARY, "categorical_accuracy", {}, "takes the largest of several outputs", "`accuracy`"),
        (BINARY, "categorical_crossentropy", {}, "compares the shares of several classes", "`binary_crossentropy`"),
        (ONE_NUMBER, "categorical_crossentropy", {}, "compares the shares of several classes", ""),
        (ONE_NUMBER, "sparse_categorical_crossentropy", {}, "the shares of several classes", ""),
        (BINARY, "cosine_similarity", {}, "1 output has only a sign", ""),
        (SEVEN, "one_hot_iou", {"num_classes": 7, "target_class_ids": [7]}, "target_class_ids up to 7", "6 at most"),
        (
            SEVEN,
            "one_hot_iou",
            {"num_classes": 7, "target_class_ids": [3], "ignore_class": 3},
            "ignores all",
            "leave out one",
        ),
        (SEVEN, "one_hot_mean_iou", {"num_classes": 8}, "has num_classes 8, and there are 7 outputs", "num_classes: 7"),
        (SEVEN, "one_hot_mean_iou", {"num_classes": 7, "axis": -2}, "has axis -2", "leave it out"),
        (
            SEVEN,
            "cosine_similarity",
            {"axis": 2},
            "has axis 2, and an example's outputs have one axis, -1",
            "leave it out",
        ),
        (SEVEN, "pearson_correlation", {"axis": [0, 3]}, "has axis 3", "leave it out"),
        (
            SEVEN,
            "auc",
            {"label_weights": [1.0, 2.0]},
            "has 2 label_weights, and the outputs tell of 7 labels",
            "leave them",
        ),
        (
            TWO,
            "auc",
            {"label_weights": [1.0, 2.0]},
            "has 2 label_weights, and the outputs tell of 1 label",
            "leave them out",
        ),
        (
            SEVEN,
            "categorical_crossentropy",
            {"from_logits": True},
            "takes the outputs for no logits",
            "it goes by the loss",
        ),
        (
            BINARY,
            "recall_at_precision",
            {"precision": 0.0},
            "asks for a precision of 0, which every threshold has",
            "0.9",
        ),
        (LABELS, "sparse_categorical_accuracy", {}, "several labels an example", "`binary_accuracy`"),
    ],
)
def test_it_is_said_why(it: Situation, name: str, arguments: dict[str, object], said: str, hint: str) -> None:
    fault = ask(it, name, **arguments)
    assert fault is not None
    assert said in fault[0]
    assert hint in fault[1]


def test_weights_of_labels_fit_labels_that_are_told_apart() -> None:
    assert ask(SEVEN, "auc", label_weights=[1.0] * 7) is None
    assert ask(TWO, "auc", label_weights=[1.0, 2.0], multi_label=True) is None


def test_each_metric_is_named_at_its_line() -> None:
    place = Place(Source("spec.yaml", "metrics: [auc, hinge]\n"), 1, 11, 3)
    metrics = (Component("metric", "auc", {}, place), Component("metric", "mean_squared_error", {}))
    train = Train(Component("loss", "mean_squared_error", {}), Component("optimizer", "sgd", {}), metrics=metrics)
    (problem,) = find_problems(
        train, find_meaning(train.loss, [Component("layer", "dense", {"units": 1})], "regression", 1)
    )
    assert (problem.code, problem.place) == ("undefined-metric", place)
    assert problem.message.startswith("auc tells two kinds of example apart")


def test_losses_of_these_tests_are_told_apart() -> None:
    assert not set(DISTRIBUTIONS) & set(YES_OR_NO)


@pytest.mark.parametrize(
    ("it", "name", "called", "owner"),
    [
        (REGRESSION, "mean_absolute_error", "mse", "mean_squared_error"),
        (REGRESSION, "mean_squared_error", "r2_score", "r2_score"),
        (BINARY, "auc", "accuracy", "accuracy"),
        (BINARY, "precision", "Recall", "recall"),
        (BINARY, "binary_accuracy", "accuracy", None),
        (REGRESSION, "mean_squared_error", "mse", None),
        (BINARY, "auc", "area", None),
    ],
)
def test_a_metric_is_not_called_what_another_one_is(it: Situation, name: str, called: str, owner: str | None) -> None:
    fault = ask(it, name, name=called)
    assert (fault is None) == (owner is None)
    assert fault is None or f"is called {called!r}, which is what {owner} is called" in fault[0]


@pytest.mark.parametrize("cut", [0, 0.0, -0.5, 1.0, 1.5])
def test_a_threshold_that_every_probability_is_above_or_none_is_refused(cut: float) -> None:
    fault = ask(BINARY, "recall", thresholds=cut)
    assert fault is not None
    assert ("every probability" if cut <= 0 else "no probability") in fault[0]
    assert ask(BINARY, "recall", thresholds=1e-3) is None

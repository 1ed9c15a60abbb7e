"""Every number that is shown of outputs is the one that its definition gives: drawn by the thousand, and by hand."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from nnctl.metrics.answers import decide
from nnctl.predicting.naming import make_answers
from nnctl.spec.network.undefined import find_fault
from nnctl.spec.sections import Component
from tests.engine.network.feeding import Shown, describe, eager, feed, make_network, read_meaning
from tests.metrics.drawing import draw_arguments, draw_situation
from tests.metrics.expected import agree, expect_scores, find_differences
from tests.metrics.reference import METRICS, compute
from tests.metrics.situations import Situation

__all__ = ["eager"]
pytestmark = [
    pytest.mark.usefixtures("eager"),
    pytest.mark.filterwarnings("ignore:.*djusted R2 score"),  # Keras's, of more regressors than examples
    pytest.mark.filterwarnings("ignore::RuntimeWarning:nnctl"),  # NumPy's, of outputs that are not finite
]
# What is drawn has nothing that is simpler: a seed that fails is told, and not made smaller.
ONCE = (Phase.explicit, Phase.generate)
PER_SITUATION = 8


def draw_metrics(random: np.random.Generator, it: Situation) -> list[Component]:
    """Some metrics that mean something in a situation, each with a name of its own."""
    loss, meaning = describe(it, ())[0].loss, read_meaning(it)
    drawn = [
        Component("metric", str(name), {**draw_arguments(random, str(name), it), "name": f"drawn_{index}"})
        for index, name in enumerate(random.choice(sorted(METRICS), PER_SITUATION, replace=False))
    ]
    return [each for each in drawn if find_fault(each, loss, meaning) is None and not _is_unsettled(each, it)]


def _is_unsettled(metric: Component, it: Situation) -> bool:
    """Whether a correlation along outputs that are nearly one number is a matter of the last digits of float32."""
    spread = np.ptp(it.probabilities.astype(np.float32), axis=1)
    return metric.name == "pearson_correlation" and bool(((spread < 1e-3) & (np.ptp(it.exact, axis=1) > 0)).any())


def list_faults(it: Situation, metrics: list[Component], shown: Shown, tolerance: float) -> Iterator[str]:
    """Where what is shown is not what is defined."""
    for metric in metrics:
        name, arguments = str(metric.arguments["name"]), metric.arguments
        known, told = compute(metric.name, arguments, it), f"{metric.name} {dict(arguments)}"
        allowed = tolerance
        if metric.name == "binary_crossentropy" and it.view == "many logits":
            allowed = max(tolerance, 1e-2)  # the softmax is float32's, whose digits end at 6e-8 below 1
        if not agree(shown.validated[name], known, allowed):
            yield f"{told}: {known} is right, {shown.validated[name]} is validated"
        if name not in shown.whole and not agree(shown.running[name], known, allowed):
            yield f"{told}: {known} is right, {shown.running[name]} is counted in training"
        if shown.scores is not None and not agree(_read(shown, name), shown.validated[name], 0):
            yield f"{told}: {shown.validated[name]} is validated, {_read(shown, name)} is evaluated"
    if shown.scores is not None:
        yield from find_differences(shown.scores.overall, expect_scores(it), tolerance)


def _read(shown: Shown, name: str) -> float:
    assert shown.scores is not None
    value: Any = shown.scores.overall[name]
    return np.nan if value is None else float(value)


@given(seed=st.integers(0, 2**63))
@settings(phases=ONCE, max_examples=settings().max_examples if "NNCTL_FUZZ" in os.environ else 45)
def test_every_number_is_the_one_that_is_defined(seed: int) -> None:
    random = np.random.default_rng(seed)
    it = draw_situation(random)
    metrics = draw_metrics(random, it)
    with np.errstate(all="ignore"):
        shown = feed(it, metrics, random)
    assert list(list_faults(it, metrics, shown, 1e-5)) == [], it


@given(seed=st.integers(0, 2**63))
@settings(phases=ONCE, max_examples=settings().max_examples if "NNCTL_FUZZ" in os.environ else 8)
def test_half_precision_is_no_less_true(seed: int) -> None:
    random = np.random.default_rng(seed)
    drawn = draw_situation(random)
    with np.errstate(all="ignore"):
        it = replace(drawn, outputs=drawn.outputs.astype(np.float16).astype(np.float32))
        metrics = draw_metrics(random, it)
        shown = feed(it, metrics, random, "float16")
    assert list(list_faults(it, metrics, shown, 1e-3)) == [], it


@given(seed=st.integers(0, 2**63))
@settings(phases=ONCE, max_examples=settings().max_examples if "NNCTL_FUZZ" in os.environ else 8)
def test_what_stands_behind_an_activation_changes_no_number(seed: int) -> None:
    """Keras's cross-entropies look for it, and take that of a softmax for log odds of a yes."""
    random = np.random.default_rng(seed)
    while not (drawn := draw_situation(random, spoilt=0)).head.endswith(("softmax", "sigmoid")) or drawn.logits:
        pass
    before = random.normal(size=drawn.outputs.shape).astype(np.float32) * 2
    it = replace(drawn, outputs=np.asarray(make_network(drawn.units, "float32", drawn.head)(before)))
    metrics = draw_metrics(random, it)
    shown = feed(it, metrics, random, before=before)
    assert list(list_faults(it, metrics, shown, 1e-5)) == [], it


@given(seed=st.integers(0, 2**63))
@settings(phases=ONCE)
def test_evaluations_and_predictions_name_the_same_class(seed: int) -> None:
    it = draw_situation(np.random.default_rng(seed))
    meaning = read_meaning(it)
    if not meaning.chooses:
        return
    with np.errstate(all="ignore"):
        named, told = decide(it.outputs, meaning), make_answers(it.outputs, meaning)
    assert named.tolist() == it.chosen.tolist()
    assert told.shape == (len(named), max(it.units, 2))
    sure = np.sort(told, axis=1)
    clear = (named >= 0) & (sure[:, -1] > sure[:, -2])
    assert told.argmax(axis=1)[clear].tolist() == named[clear].tolist()


def show(
    metric: str,
    labels: object,
    outputs: object,
    loss: str,
    head: str = "linear",
    task: str = "binary",
    **arguments: Any,
) -> float:
    """What a validation shows of a metric."""
    given = np.asarray(outputs, np.float32)
    kind = {"regression": np.float32, "multilabel": np.uint8}.get(task, np.int32)
    count = {"binary": 2}.get(task, given.shape[1])
    it = Situation(task, count, loss.removesuffix("!"), loss.endswith("!"), head, np.asarray(labels, kind), given)
    component = Component("metric", metric, arguments)
    found = feed(it, [component], np.random.default_rng(0))
    return found.validated[str(arguments.get("name", metric))]


def test_one_target_without_an_axis_is_compared_with_its_own_output() -> None:
    truth, values = np.array([1.0, 2, 0, 5]), np.array([[0.5], [3], [1], [4]])
    known = np.mean(values[:, 0] - truth * np.log(values[:, 0] + 1e-7))
    assert agree(show("poisson", truth, values, "mean_squared_error", task="regression"), known)


def test_numbers_that_hinge_takes_stay_as_they_are() -> None:
    truth, values = np.array([-1.0, 1, 1, -1]), np.array([[-0.5], [0.25], [2], [1]])
    known = np.maximum(1 - truth * values[:, 0], 0).mean()
    assert agree(show("hinge", truth, values, "hinge", task="regression"), known)


def test_an_ignored_class_does_not_count_at_all() -> None:
    truth, values = (
        np.array([0, 1, 2, 1]),
        np.array([[0.5, 0.25, 0.25], [0.2, 0.3, 0.5], [0.1, 0.1, 0.8], [0.1, 0.8, 0.1]]),
    )
    known = -np.log([0.5, 0.8]).mean()
    told = show(
        "sparse_categorical_crossentropy", truth, values, "kl_divergence", "softmax", "multiclass", ignore_class=1
    )
    assert agree(told, known)


def test_the_largest_outputs_are_cut_at_the_threshold_too() -> None:
    logits = np.log([[0.6, 0.3, 0.1], [0.2, 0.35, 0.45], [0.1, 0.2, 0.7]])
    arguments = {"top_k": 2, "thresholds": 0.4}
    told = show("precision", [0, 1, 2], logits, "categorical_crossentropy!", task="multiclass", **arguments)
    assert agree(told, 2 / 3)  # .6, .45 and .7 are yes
    assert agree(show("recall", [0, 1, 2], logits, "categorical_crossentropy!", task="multiclass", top_k=2), 1)


def test_that_there_are_logits_may_be_said_and_changes_nothing() -> None:
    logits = np.array([[2.0, -1, 0.5], [0, 0.3, -2]])
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    known = -np.log(np.where(np.eye(3)[[0, 2]] == 1, shares, 1 - shares)).mean()
    for said in ({}, {"from_logits": True}):
        loss = "categorical_crossentropy!"
        assert agree(show("binary_crossentropy", [0, 2], logits, loss, task="multiclass", **said), known)


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_no_answer(lost: float) -> None:
    truth, values = [1, 1, 0, 0], [[lost], [0.9], [lost], [0.2]]
    counted = {
        name: show(name, truth, values, "binary_crossentropy", "sigmoid")
        for name in ("true_positives", "false_negatives", "true_negatives", "false_positives", "recall", "accuracy")
    }
    assert counted == {
        "true_positives": 1, "false_negatives": 1, "true_negatives": 1, "false_positives": 0, "recall": 0.5, "accuracy": 0.5,
    }  # fmt: skip
    overlap = {"num_classes": 2, "target_class_ids": [0], "axis": 1}
    rows = [[lost, 0.5], [0.3, 0.7]]
    assert show("one_hot_iou", [0, 1], rows, "categorical_crossentropy", "softmax", **overlap) == 0


def test_zero_is_zero_whatever_its_sign() -> None:
    values = [[-0.0, 0.0], [0.0, -0.0]]
    assert show("accuracy", [0, 0], values, "categorical_hinge") == 1
    assert show("f1_score", [0, 0], values, "categorical_hinge", average="micro") == 1


def test_signed_scores_are_compared_with_signed_labels() -> None:
    truth, values = np.array([1, 0, 1, 0]), np.array([[0.5], [-0.25], [1], [-1]])
    signed, x = 2.0 * truth - 1, values[:, 0]
    known = 2 * np.cov(signed, x, bias=True)[0, 1] / (signed.var() + x.var() + (signed.mean() - x.mean()) ** 2)
    assert agree(show("concordance_correlation", truth, values, "hinge", "tanh"), known)


def test_all_examples_and_targets_can_be_correlated_at_once() -> None:
    random = np.random.default_rng(0)
    truth, values = random.normal(size=(2, 30, 3)).astype(np.float32)
    for axis, known in (
        ([0, 1], [np.corrcoef(truth.ravel(), values.ravel())[0, 1]]),
        (-2, _correlate(truth.T, values.T)),
    ):
        told = show("pearson_correlation", truth, values, "mean_squared_error", task="regression", axis=axis)
        assert agree(told, np.mean(known))


def _correlate(truth: np.ndarray, values: np.ndarray) -> list[float]:
    return [float(np.corrcoef(a, b)[0, 1]) for a, b in zip(truth, values, strict=True)]


def test_a_saturated_softmax_still_orders_the_examples() -> None:
    logits = np.array([[30.0, 0], [25, 0], [40, 0], [20, 0]])
    truth = [0, 1, 0, 1]
    told = show("auc", truth, logits, "categorical_crossentropy!", multi_label=True)
    assert told == 1 == sk.roc_auc_score(np.array(truth) == 0, logits[:, 0])


def test_the_running_value_lies_near() -> None:
    """Keras counts at 200 thresholds."""
    random = np.random.default_rng(0)
    truth = random.integers(0, 2, 200).astype(np.int32)
    outputs = (1 / (1 + np.exp(-random.normal(size=(200, 1)) - truth[:, None]))).astype(np.float32)
    it = Situation("binary", 2, "binary_crossentropy", False, "sigmoid", truth, outputs)
    shown = feed(it, [Component("metric", "auc", {})], random)
    assert shown.validated["auc"] == pytest.approx(sk.roc_auc_score(truth, outputs[:, 0]), abs=1e-9)
    assert 0 < abs(shown.running["auc"] - shown.validated["auc"]) < 0.01

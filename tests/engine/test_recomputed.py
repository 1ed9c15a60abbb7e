"""Whole trainings, whose numbers are computed anew from the outputs of the model that they leave.

What is watched, monitored, stored and evaluated is one number, and it is the one that `tests.metrics.reference` gives.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import nnctl
from nnctl.data import Dataset, load, peek
from nnctl.spec import Spec, load_spec
from nnctl.spec.network.watched import name_metric
from tests.metrics.expected import agree, expect_scores, find_differences
from tests.metrics.reference import compute
from tests.metrics.situations import Situation

Make = Callable[[np.random.Generator], tuple[NDArray[np.generic], NDArray[np.generic]]]


def make_classes(k: int) -> Make:
    """Points around a centre for each class, not all of them apart."""

    def make(random: np.random.Generator) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
        y = random.integers(0, k, 203)
        return (random.normal(size=(203, 5)) + np.eye(k, 5)[y] * 1.5).astype(np.float32), y

    return make


def make_labels(random: np.random.Generator) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    x = random.normal(size=(203, 5)).astype(np.float32)
    return x, (x[:, :3] + random.normal(size=(203, 3)) > 0.4).astype(np.uint8)


def make_numbers(targets: int) -> Make:
    def make(random: np.random.Generator) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
        x = random.normal(size=(203, 5)).astype(np.float32)
        y = (x[:, :targets] * 20 + random.normal(size=(203, targets)) * 5 + 150).astype(np.float32)
        return x, y[:, 0] if targets == 1 else y

    return make


@dataclass(frozen=True)
class Case:
    """A training.

    Attributes:
        make: makes its data.
        head: its last layer.
        train: its `train` section but for the metrics.
        metrics: those.
        data: more of its `data` section.
        half: whether its products are in half precision.
        scaled: whether the loss compares standardised targets.
        source: how they are read.
        own: whether the loss is the metric of its name: Keras's binary cross-entropy takes softmax's logits for log odds.
    """

    make: Make
    head: str
    train: str
    metrics: str
    data: str = ""
    half: bool = False
    scaled: bool = False
    source: str = "npz"
    own: bool = True


EVERY_CLASS = (
    "[accuracy, {precision: {class_id: 1}}, {f1_score: {average: macro}}, {auc: {multi_label: true}}, categorical_crossentropy,"
    " {top_k_categorical_accuracy: 2}, {fbeta_score: {beta: 2.0, threshold: 0.3, average: weighted, name: f2}}]"
)
OF_TWO = (
    "[accuracy, precision, recall, auc, {auc: {curve: PR, name: pr}}, {f1_score: {name: f1}}, binary_accuracy, true_positives,"
    " false_negatives, {specificity_at_sensitivity: 0.8}, mean_absolute_error]"
)
CASES = {
    "many": Case(
        make_classes(4), "{units: 4, activation: softmax}", "loss: sparse_categorical_crossentropy, xla: true", EVERY_CLASS
    ),
    "logits in half": Case(
        make_classes(2), "1",
        "loss: {binary_crossentropy: {from_logits: true}}, precision: mixed_float16, monitor: val_auc, xla: false",
        OF_TWO[:-1] + ", binary_crossentropy]", half=True,
    ),
    "streamed numbers": Case(
        make_numbers(1), "1", "loss: mean_squared_error, xla: false",
        "[r2_score, pearson_correlation, concordance_correlation, poisson, root_mean_squared_error]",
        "target_scale: standard, ", scaled=True, source="{npz: {memory: stream}}",
    ),
    "averaged logits": Case(
        make_classes(4), "4",
        "loss: {categorical_crossentropy: {from_logits: true}}, optimizer: {adam: {use_ema: true, ema_momentum: 0.7}}",
        EVERY_CLASS[:-1] + ", {recall: {thresholds: 0.4}}, {one_hot_mean_iou: 4}, kl_divergence, mean_squared_error]",
    ),
    "brain floats": Case(
        make_classes(2), "{units: 1, activation: sigmoid}", "loss: binary_crossentropy, precision: mixed_bfloat16",
        OF_TWO[:-1] + ", binary_crossentropy]", half=True,
    ),
    "hinge with weights": Case(
        make_classes(2), "{units: 1, activation: tanh}", "loss: hinge, class_weight: {0: 3, 1: 0.5}, monitor: val_f1",
        OF_TWO[:-1] + ", hinge]",
    ),
    "two scores": Case(make_classes(2), "2", "loss: mean_squared_error", OF_TWO[:-1] + ", categorical_hinge]"),
    "two sigmoids": Case(make_classes(2), "{units: 2, activation: sigmoid}", "loss: binary_crossentropy", OF_TWO),
    "softmax, yes and no": Case(
        make_classes(2), "{units: 2, activation: softmax}", "loss: binary_crossentropy", OF_TWO[:-1] + ", binary_crossentropy]",
        own=False,
    ),
    "softmax, called logits": Case(
        make_classes(4), "{units: 4, activation: softmax}", "loss: {categorical_crossentropy: {from_logits: true}}",
        EVERY_CLASS,
    ),
    "labels": Case(
        make_labels, "{units: 3, activation: sigmoid}", "loss: binary_crossentropy, xla: true",
        "[accuracy, binary_accuracy, {f1_score: {average: macro, name: macro}}, {f1_score: {threshold: 0.3}}, precision,"
        " {auc: {multi_label: true, label_weights: [1.0, 2.0, 3.0]}}, {recall: {class_id: 2}}, binary_iou, binary_crossentropy]",
    ),
    "spare outputs": Case(
        make_classes(2), "{units: 6, activation: softmax}", "loss: sparse_categorical_crossentropy",
        "[accuracy, {top_k_categorical_accuracy: 3}, {f1_score: {average: weighted}}, sparse_categorical_crossentropy, recall]",
    ),
    "several numbers": Case(
        make_numbers(3), "3", "loss: mean_absolute_error",
        "[{r2_score: {class_aggregation: variance_weighted_average}}, {pearson_correlation: {axis: 0}}, cosine_similarity]",
    ),
    "embedding": Case(make_classes(4), "3", "loss: circle, batch_size: 100", "[]", own=False),
}  # fmt: skip
QUICK = ("many", "logits in half", "streamed numbers")


@pytest.mark.filterwarnings("ignore:.*received `from_logits=True`, but")
@pytest.mark.parametrize("name", [name for name in CASES if name in QUICK or "NNCTL_FUZZ" in os.environ])
def test_one_number_everywhere_and_the_right_one(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    run, dataset = _train(case, tmp_path)
    assert run.evaluation is not None
    row, model = run.metrics[int(run.manifest.best_epoch or 0) - 1], run.model()
    assert agree(float(run.manifest.best or 0), row[str(run.manifest.monitor)], 1e-8)  # a row has nine digits
    for examples, found in ((dataset.test, run.evaluation), (dataset.validation, nnctl.evaluate(run, "validation"))):
        assert examples is not None
        outputs = np.asarray(model.predict_on_batch(np.asarray(examples.x)), np.float32)
        assert found.predictions.output == pytest.approx(outputs, rel=2e-2 if case.half else 1e-5, abs=1e-5)
        it = _describe(run.spec, dataset, examples.y, found.predictions.output)
        known = {name_metric(each): compute(each.name, each.arguments, it) for each in run.spec.train.metrics or ()}
        if case.own:
            known["loss"] = _compute_loss(it, dataset, case.scaled)
        tolerance = 1e-3 if case.half else 1e-5
        assert find_differences(found.scores.overall, {**expect_scores(it), **known}, tolerance) == []
        assert np.isfinite(float(found.scores.overall["loss"] or np.nan))  # type: ignore[arg-type]
        if found.split == "validation":
            assert find_differences({name: row[f"val_{name}"] for name in known}, known, tolerance) == []


def _describe(spec: Spec, dataset: Dataset, labels: NDArray[np.generic], outputs: NDArray[np.float32]) -> Situation:
    loss, head = spec.train.loss, str(spec.layers[-1].arguments["activation"] or "linear")
    logits = loss.arguments.get("from_logits") is True and head == "linear"
    return Situation(dataset.task, dataset.outputs, loss.name, logits, head, labels, outputs)


def _train(case: Case, folder: Path) -> tuple[nnctl.Run, Dataset]:
    x, y = case.make(np.random.default_rng(4))
    np.savez(folder / "own.npz", x=x, y=y)
    train = case.train if "optimizer" in case.train else f"{case.train}, optimizer: adam"
    train = train if "batch_size" in train else f"{train}, batch_size: 32"
    (folder / "spec.yaml").write_text(
        f"data: {{source: {case.source}, path: {folder}/own.npz, {case.data}validation: 0.3, test: 0.2}}\n"
        f"model: {{layers: [{{dense: {{units: 8, activation: relu}}}}, {{dense: {case.head}}}]}}\n"
        f"train: {{{train}, epochs: 2, learning_rate: 0.02, metrics: {case.metrics}}}\n"
    )
    spec = load_spec(folder / "spec.yaml", peek=peek)
    return nnctl.train(spec, runs=folder / "runs"), load(spec.data, lambda label, share: None)


def _compute_loss(it: Situation, dataset: Dataset, scaled: bool) -> float:
    """The mean over the examples, without weights; of standardised targets on their scale."""
    names = {"sparse_categorical_crossentropy": "categorical_crossentropy"}
    found = compute(names.get(it.loss, it.loss), {}, it)
    return found / float(np.asarray(dataset.train.y, np.float64).var()) if scaled else found

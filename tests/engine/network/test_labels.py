from collections.abc import Callable

import numpy as np
import pytest

from nnctl.engine.loop.training import Training
from nnctl.errors import SpecError
from nnctl.spec import Spec
from tests.engine.conftest import Quiet, outputs_of

HEAD = "model.layers.2.dense.activation"


@pytest.mark.parametrize(
    ("settings", "form"),
    [
        (["train.loss=sparse_categorical_crossentropy"], "integer"),
        (["train.loss=categorical_crossentropy"], "one_hot"),
        (["train.loss=kl_divergence"], "one_hot"),
        (["train.loss=mse"], "one_hot"),
        (["train.loss=binary_crossentropy"], "one_hot"),
        (["train.loss=squared_hinge", f"{HEAD}=linear"], "signed"),
        (["train.loss=categorical_hinge", f"{HEAD}=linear"], "one_hot"),
        (["train.loss={categorical_crossentropy: {from_logits: true}}", f"{HEAD}=linear"], "one_hot"),
    ],
)
def test_labels_follow_the_loss_and_accuracy_counts_right_classes(
    training: Callable[..., Training], settings: list[str], form: str
) -> None:
    made = training(*settings, "train.epochs=6")
    assert made.targets.form == form
    made.run(Quiet())
    split = made.dataset.validation
    right = (outputs_of(made.model, split.x).argmax(axis=1) == split.y).mean()
    assert made.state.history[-1]["val_accuracy"] == pytest.approx(right, abs=1e-6)
    assert right > 0.6


def test_metrics_get_the_form_they_need_beside_any_loss(training: Callable[..., Training]) -> None:
    names = [
        "sparse_categorical_accuracy",
        "categorical_accuracy",
        "f1_score",
        "precision",
        "auc",
        "top_k_categorical_accuracy",
    ]
    for loss in ("categorical_crossentropy", "sparse_categorical_crossentropy"):
        made = training(f"train.loss={loss}", f"train.metrics=[{', '.join(names)}]", "train.epochs=4")
        made.run(Quiet())
        row = made.state.history[-1]
        assert row["val_sparse_categorical_accuracy"] == row["val_categorical_accuracy"]
        assert all(0.3 < row[f"val_{name}"] <= 1 for name in names)


def test_a_score_for_each_class_becomes_the_macro_average(training: Callable[..., Training]) -> None:
    from sklearn.metrics import f1_score

    made = training("train.metrics=[f1_score]", "train.epochs=4")
    made.run(Quiet())
    split = made.dataset.validation
    predicted = outputs_of(made.model, split.x).argmax(axis=1)
    expected = f1_score(split.y, predicted, average="macro")
    assert made.state.history[-1]["val_f1_score"] == pytest.approx(expected, abs=1e-6)


def test_a_metric_bears_the_name_it_was_given(training: Callable[..., Training]) -> None:
    metrics = "[{top_k_categorical_accuracy: {k: 2, name: top2}}, {top_k_categorical_accuracy: {k: 3, name: top3}}]"
    made = training(f"train.metrics={metrics}", "train.epochs=1")
    made.run(Quiet())
    row = made.state.history[-1]
    assert row["val_top2"] < row["val_top3"]


def binary(path: object) -> list[str]:
    return [
        "data.source=npz",
        f"data.path={path}",
        "model.layers=[{dense: 8}, {dense: {units: 1, activation: sigmoid}}]",
    ]


@pytest.fixture
def halves(tmp_path: object) -> object:
    """Two classes that a line divides, as floats."""
    x = np.random.default_rng(0).normal(size=(400, 3)).astype(np.float32)
    path = tmp_path / "halves.npz"  # type: ignore[operator]
    np.savez(path, x=x, y=(x.sum(axis=1) > 0).astype(np.int64))
    return path


@pytest.mark.parametrize(
    ("loss", "activation", "form"),
    [
        ("binary_crossentropy", "sigmoid", "binary"),
        ("{binary_crossentropy: {from_logits: true}}", "linear", "binary"),
        ("mse", "sigmoid", "binary"),
        ("hinge", "tanh", "signed"),
    ],
)
def test_one_output_for_two_classes(
    training: Callable[..., Training], halves: object, loss: str, activation: str, form: str
) -> None:
    settings = [*binary(halves), "data.test=0.2", f"train.loss={loss}", "train.epochs=10"]
    made = training(*settings, f"model.layers.1.dense.activation={activation}")
    assert made.targets.form == form
    made.run(Quiet())
    assert made.state.history[-1]["val_accuracy"] > 0.9


def test_numbers_are_fed_as_numbers(training: Callable[..., Training], tmp_path: object) -> None:
    x = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
    np.savez(tmp_path / "r.npz", x=x, y=(x @ [1.0, 2, 3, 4]).astype(np.float32))  # type: ignore[operator]
    made = training(
        "data.source=npz", f"data.path={tmp_path}/r.npz", "data.test=0.2", "model.layers=[{dense: 1}]",
        "train.loss=mse", "train.epochs=30", "train.learning_rate=0.1",
    )  # fmt: skip
    made.run(Quiet())
    assert "val_mean_absolute_error" in made.state.history[-1]
    assert made.state.history[-1]["val_loss"] < 0.1


def test_standardised_targets_change_the_loss_and_neither_metrics_nor_answers(
    training: Callable[..., Training],
) -> None:
    numbers = ["data.source=diabetes", "model.layers=[{dense: 1}]", "train.loss=mse", "train.metrics=[mse]"]
    plain = training(*numbers, "train.learning_rate=1e-9")
    scaled = training(*numbers, "train.learning_rate=0.03", "data.target_scale=standard", "train.epochs=8")
    for made in (plain, scaled):
        made.run(Quiet())
    row, y = scaled.state.history[-1], scaled.dataset.validation.y
    answers = outputs_of(scaled.model, scaled.dataset.validation.x)[:, 0]
    train = scaled.dataset.train.y
    assert row["val_mean_squared_error"] == pytest.approx(np.mean((answers - y) ** 2), rel=1e-4)
    assert row["val_loss"] == pytest.approx(row["val_mean_squared_error"] / train.var(), rel=1e-4)
    assert row["val_mean_squared_error"] < 0.3 * plain.state.history[-1]["val_mean_squared_error"]


def test_only_numbers_to_predict_can_be_standardised(read: Callable[..., Spec]) -> None:
    with pytest.raises(SpecError, match="target_scale is for numbers to predict, and the task is multiclass"):
        read("data.target_scale=standard")

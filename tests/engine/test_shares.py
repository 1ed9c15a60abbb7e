"""Labels that are shares, from the file to the scores: beside plain Keras, NumPy and scikit-learn on the same numbers."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from nnctl.data import Dataset, load
from nnctl.engine.evaluate import revisit
from nnctl.engine.loop.steps import make_order
from nnctl.engine.loop.training import Training
from nnctl.engine.probes.overfit import _pick_batch
from nnctl.engine.train import Trained
from nnctl.errors import SpecError
from nnctl.runs import RunDirectory

from .conftest import Quiet, Shelf, outputs_of, spec_in, train_in, trainable

TEXT = """\
data: {{source: {{npz: {{memory: {memory}}}}}, path: own.npz}}
model: {{layers: [{{dense: {{units: 5, activation: relu}}}}, {{dense: {{units: {units}, activation: {head}}}}}]}}
train: {{loss: {loss}, optimizer: sgd, learning_rate: 0.5, batch_size: 16, epochs: 3, metrics: [{metrics}]}}
"""
X = np.random.default_rng(0).normal(size=(150, 4)).astype(np.float32)
LOGITS = X @ np.random.default_rng(1).normal(size=(4, 3)) * 1.5
TEACHER = (np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)).astype(np.float32)
SEVERAL = (1 / (1 + np.exp(-LOGITS))).astype(np.float32)


def silent(label: str, share: float | None) -> None:
    """Says nothing."""


def write(folder: Path, y: np.ndarray, test: np.ndarray | None = None) -> None:
    held = {"x_test": X[120:], "y_test": y[120:] if test is None else test}
    np.savez(folder / "own.npz", x_train=X[:80], y_train=y[:80], x_val=X[80:120], y_val=y[80:120], **held)


def make(
    folder: Path, y: np.ndarray, loss: str, head: str, *settings: str, metrics: str = "accuracy", memory: str = "hold"
) -> Training:
    write(folder, y)
    units = 1 if y.ndim == 1 else y.shape[1]
    text = TEXT.format(memory=memory, units=units, head=head, loss=loss, metrics=metrics)
    return trainable(spec_in(folder, *settings, text=text))


def measure(training: Training, y: np.ndarray, weights: np.ndarray | None = None) -> tuple[list[float], keras.Model]:
    """The mean loss of each epoch in plain Keras, fed with the labels as they were written to the file."""
    spec = training.spec
    twin = keras.Sequential.from_config(training.model.get_config())
    twin.set_weights(training.model.get_weights())
    twin.compile(optimizer=keras.optimizers.SGD(0.5), loss=training.targets.build_loss().inner)
    losses = []
    for epoch in range(spec.train.epochs):
        order, sums = make_order(spec.seed, epoch, 80, True), []
        for start in range(0, 80, 16):
            rows = order[start : start + 16]
            twin.reset_metrics()
            weight = None if weights is None else weights[rows]
            sums.append(float(twin.train_on_batch(X[rows], y[rows], sample_weight=weight)))
        losses.append(float(np.mean(sums)))
    return losses, twin


@pytest.mark.parametrize("memory", ["hold", "stream"])
def test_a_teachers_shares_are_trained_on_as_plain_keras_does(tmp_path: Path, memory: str) -> None:
    made = make(
        tmp_path, TEACHER, "categorical_crossentropy", "softmax", "train.class_weight=balanced",
        metrics="accuracy, categorical_accuracy, kl_divergence, f1_score", memory=memory,
    )  # fmt: skip
    y = TEACHER[:80].astype(np.float64)
    losses, twin = measure(made, TEACHER, y @ (y.sum() / (3 * y.sum(axis=0))))
    made.run(Quiet())
    rows = made.state.history
    np.testing.assert_allclose([row["loss"] for row in rows], losses, rtol=1e-5)
    metric = keras.metrics.CategoricalAccuracy()
    metric.update_state(TEACHER[80:120], outputs_of(twin, X[80:120]))
    right = float(np.mean(outputs_of(made.model, X[80:120]).argmax(axis=1) == TEACHER[80:120].argmax(axis=1)))
    assert rows[-1]["val_accuracy"] == rows[-1]["val_categorical_accuracy"] == pytest.approx(right, abs=1e-6)
    assert right == pytest.approx(float(metric.result()), abs=1e-6)
    assert right > 0.6
    apart = keras.losses.KLDivergence()(TEACHER[80:120], outputs_of(made.model, X[80:120]))
    assert rows[-1]["val_kl_divergence"] == pytest.approx(float(apart), rel=1e-4)
    decided = TEACHER[80:120].argmax(axis=1), outputs_of(made.model, X[80:120]).argmax(axis=1)
    assert rows[-1]["val_f1_score"] == pytest.approx(f1_score(*decided, average="macro"), abs=1e-6)
    held = keras.losses.CategoricalCrossentropy()(TEACHER[80:120], outputs_of(made.model, X[80:120]))
    assert rows[-1]["val_loss"] == pytest.approx(float(held), rel=1e-5)


@pytest.mark.parametrize(
    ("y", "loss", "head"),
    [
        (SEVERAL[:, 0], "binary_crossentropy", "sigmoid"),
        (SEVERAL, "binary_crossentropy", "sigmoid"),
        (TEACHER, "kl_divergence", "softmax"),
        (TEACHER, "binary_crossentropy", "sigmoid"),
    ],
    ids=["one", "several", "divergence", "one of many"],
)
def test_other_losses_get_the_shares_and_accuracy_counts_decisions(
    tmp_path: Path, y: np.ndarray, loss: str, head: str
) -> None:
    made = make(tmp_path, y, loss, head)
    losses, _ = measure(made, y[:, None] if y.ndim == 1 else y)
    made.run(Quiet())
    np.testing.assert_allclose([row["loss"] for row in made.state.history], losses, rtol=1e-5)
    outputs = outputs_of(made.model, X[80:120])
    if y is TEACHER:
        right = np.mean(outputs.argmax(axis=1) == y[80:120].argmax(axis=1))
    else:
        right = np.mean((outputs > 0.5) == (y[80:120].reshape(outputs.shape) >= 0.5))
    assert made.state.history[-1]["val_accuracy"] == pytest.approx(right, abs=1e-6)
    assert right > 0.5


def test_shares_become_signs_for_a_loss_of_signs(tmp_path: Path) -> None:
    several = make(tmp_path, TEACHER, "hinge", "tanh").targets.make_conversion("signed")
    np.testing.assert_allclose(np.asarray(several(TEACHER)), 2 * TEACHER - 1, atol=1e-6)
    two = np.stack([1 - SEVERAL[:, 0], SEVERAL[:, 0]], axis=1)
    made = make(tmp_path, two, "squared_hinge", "tanh", "model.layers.1.dense.units=1")
    one = made.targets.make_conversion(made.targets.form)
    np.testing.assert_allclose(np.asarray(one(two)), 2 * two[:, 1:] - 1, atol=1e-6)


def test_a_loss_of_indices_refuses_shares_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        make(tmp_path, TEACHER, "sparse_categorical_crossentropy", "softmax")
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == ("loss-and-labels", "`categorical_crossentropy` takes shares")
    assert problem.place is not None
    assert (problem.place.source.name, problem.place.line) == (str(tmp_path / "spec.yaml"), 3)


def test_a_loss_of_numbers_takes_shares_for_numbers_unless_classes_are_asked_for(tmp_path: Path) -> None:
    assert make(tmp_path, TEACHER, "mse", "softmax", "train.metrics=[mae]").dataset.task == "regression"
    with pytest.raises(SpecError) as caught:
        make(tmp_path, TEACHER, "mse", "softmax", "train.metrics=[mae]", "train.class_weight=balanced")
    assert "`labels: one_hot`" in str(caught.value.problems[0].hint)
    insisting = make(tmp_path, TEACHER, "mse", "softmax", "data.labels=one_hot")
    assert (insisting.dataset.task, insisting.targets.form) == ("multiclass", "one_hot")


def test_the_batch_that_is_overfitted_has_each_class(tmp_path: Path) -> None:
    data: Dataset = load(spec_in(tmp_path, text=_write_text(tmp_path, TEACHER)).data, silent)
    batch = _pick_batch(data)
    assert set(np.bincount(batch.y.argmax(axis=1))[:2]) == {11}
    np.testing.assert_array_equal(batch.y, np.stack([TEACHER[X.tolist().index(row)] for row in batch.x.tolist()]))


def _write_text(folder: Path, y: np.ndarray) -> str:
    write(folder, y)
    return TEXT.format(
        memory="hold", units=3, head="softmax", loss="categorical_crossentropy", metrics="accuracy"
    ).replace("epochs: 3", "epochs: 8")


@pytest.fixture
def run(shelf: Shelf, tmp_path: Path) -> RunDirectory:
    """A run on a teacher's shares."""

    def train(folder: Path) -> Trained:
        return train_in(folder, spec_in(folder, text=_write_text(folder, TEACHER)))

    return shelf.copy("a teacher's shares", train, tmp_path).run


def score(predictions: Path) -> tuple[np.ndarray, np.ndarray]:
    table = np.genfromtxt(predictions, delimiter=",", names=True)
    return table["target"].astype(int), table["predicted"].astype(int)


def test_scores_count_the_class_with_the_largest_share(run: RunDirectory) -> None:
    target, predicted = score(run.evaluation("test") / "predictions.csv")
    held = json.loads((run.evaluation("test") / "metrics.json").read_text())
    assert target.tolist() == TEACHER[120:].argmax(axis=1).tolist()
    assert held["task"] == "multiclass"
    assert held["accuracy"] == pytest.approx(accuracy_score(target, predicted))
    assert held["f1_macro"] == pytest.approx(f1_score(target, predicted, average="macro"))
    told = json.loads(run.inputs.read_text())
    assert (told["task"], told["names"]) == ("multiclass", ["0", "1", "2"])
    assert run.manifest.data["task"] == "multiclass"
    assert str(run.manifest.data["notes"]).count("shares of 3 classes") == 1


def test_a_model_that_learned_shares_is_scored_on_plain_classes(run: RunDirectory, tmp_path: Path) -> None:
    classes = TEACHER[:40].argmax(axis=1)
    np.savez(tmp_path / "plain.npz", x=X[:40], y=classes)
    found = revisit(run, "test", tmp_path / "plain.npz", silent)
    assert found.predictions.target.tolist() == classes.tolist()


def test_a_run_that_took_shares_for_numbers_is_scored_as_it_was(shelf: Shelf, tmp_path: Path) -> None:
    """As version 0.1.0 did by itself, and `labels: raw` does today."""

    def train(folder: Path) -> Trained:
        return train_in(
            folder,
            spec_in(
                folder, "data.labels=raw", "data.test=0.2", "train.metrics=[mae]", text=_write_text(folder, TEACHER)
            ),
        )

    earlier = shelf.copy("a teacher's shares as numbers", train, tmp_path).run
    before = json.loads((earlier.evaluation("test") / "metrics.json").read_text())
    earlier.resolved.write_text(earlier.resolved.read_text().replace("labels: raw", "labels: auto"))
    assert before["task"] == "regression"
    assert revisit(earlier, "test", None, silent).scores.document() == before

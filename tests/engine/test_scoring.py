import numpy as np
import pytest

from nnctl.data import Dataset, Split
from nnctl.engine.scoring import make_predictions, pick_headline
from nnctl.metrics import score
from nnctl.spec.network.meaning import Kind, Meaning


@pytest.mark.parametrize(
    ("task", "kind", "y", "outputs", "names"),
    [
        ("binary", "probabilities", [0, 1], [[0.25], [0.75]], ("no", "yes")),
        ("binary", "shares", [0, 1], [[0.75, 0.25], [0.25, 0.75]], ("no", "yes")),
        ("binary", "shares", [0, 1], [[0.75, 0.25, 0.0], [0.25, 0.75, 0.0]], ("no", "yes", "2")),
        ("multiclass", "scores", [0, 1], [[0.75, 0.25, 0.0]] * 2, ("no", "yes", "2")),
        ("multiclass", "embedding", [0, 1], [[0.75, 0.25, 0.0]] * 2, ("no", "yes")),
        ("multilabel", "signed", [[0, 1], [1, 1]], [[0.5, 2.0]] * 2, ("no", "yes")),
        ("regression", "numbers", [3.0, 4.0], [[2.5], [9.0]], ("no",)),
    ],
)
def test_outputs_stand_beside_labels_with_their_names(
    task: str, kind: Kind, y: object, outputs: object, names: tuple[str, ...]
) -> None:
    dtype = {"multilabel": np.uint8, "regression": np.float32}.get(task, np.int32)
    split = Split(np.zeros((2, 4), np.float32), np.asarray(y, dtype), np.array([7, 8]))
    dataset = Dataset("npz", "npz", "t", "o", None, split, None, None, task, 2, ("no", "yes"), "")
    raw = np.asarray(outputs, np.float32)
    found = make_predictions(raw, Meaning(task, raw.shape[1], kind), dataset, split)
    assert (found.rows.tolist(), found.output.tolist(), found.class_names) == ([7, 8], outputs, names)
    assert found.target.ravel().tolist() == np.ravel(y).tolist()  # type: ignore[arg-type]
    scores = score(found, {"loss": 1.5})
    assert pick_headline(scores).items() <= scores.overall.items()
    assert pick_headline(scores)


@pytest.mark.parametrize(("watched", "value"), [("mse", 0.25), ("accuracy", 0.0), ("rmse", 9.0)])
def test_a_run_is_known_by_numbers_that_are_what_they_are_called(watched: str, value: float) -> None:
    split = Split(np.zeros((2, 4), np.float32), np.array([3.0, 4.0], np.float32), np.array([0, 1]))
    dataset = Dataset("npz", "npz", "t", "o", None, split, None, None, "regression", 1, ("0",), "")
    found = make_predictions(np.array([[2.5], [9.0]], np.float32), Meaning("regression", 1, "numbers"), dataset, split)
    scores = score(found, {watched: value})
    assert scores.overall[watched] == value
    assert scores.renamed == ({} if watched == "accuracy" else {watched: value})
    assert pick_headline(scores) == pytest.approx({"mse": (0.5**2 + 5**2) / 2, "mae": 2.75, "r2": 1 - 25.25 / 0.5})

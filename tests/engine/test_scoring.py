from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl import plots
from nnctl.data import Dataset, Split
from nnctl.engine.scoring import draw, make_predictions, pick_headline
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


@pytest.mark.parametrize(
    ("task", "kind", "y", "outputs", "drawn"),
    [
        ("binary", "probabilities", [0, 1], [[0.25], [0.75]], ([[0.25], [0.75]], [[False], [True]], ("yes",))),
        ("binary", "logits", [1, 0], [[1.0, 5.0], [3.0, 2.0]], ([[4.0], [-1.0]], [[True], [False]], ("yes",))),
        ("multilabel", "signed", [[0, 1]], [[0.5, 2.0]], ([[0.5, 2.0]], [[False, True]], ("no", "yes"))),
        ("binary", "probabilities", [0, 1], [[0.25], [np.nan]], None),
        ("multiclass", "scores", [0, 1], [[0.75, 0.25, 0.0]] * 2, None),
        ("regression", "numbers", [3.0, 4.0], [[2.5], [9.0]], None),
    ],
)
def test_two_classes_and_several_labels_are_ranked(
    task: str, kind: Kind, y: Any, outputs: Any, drawn: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Any] = []
    monkeypatch.setattr(plots, "draw_ranking", lambda *given: found.append(given))
    dtype = {"multilabel": np.uint8, "regression": np.float32}.get(task, np.int32)
    names = ("no",) if task == "regression" else ("no", "yes", "2") if task == "multiclass" else ("no", "yes")
    split = Split(np.zeros((len(y), 4), np.float32), np.asarray(y, dtype), np.arange(len(y)))
    dataset = Dataset("npz", "npz", "t", "o", None, split, None, None, task, len(names), names, "")
    raw = np.asarray(outputs, np.float32)
    table = make_predictions(raw, Meaning(task, raw.shape[1], kind), dataset, split)
    told = list(draw(table, score(table), split, tmp_path, "A title"))
    assert {path for path in told if path.name != "ranking.png"} == {*tmp_path.iterdir()}
    assert (tmp_path / "ranking.png" in told) == (drawn is not None)
    assert [(output.tolist(), true.tolist(), names) for output, true, names, *_ in found] == ([drawn] if drawn else [])
    assert all(path == tmp_path / "ranking.png" for *_, path, _ in found)


def test_numbers_to_predict_have_their_names_where_there_is_one_for_each() -> None:
    split = Split(np.zeros((2, 4), np.float32), np.array([3.0, 4.0], np.float32), np.array([0, 1]))
    dataset = Dataset("npz", "npz", "t", "o", None, split, None, None, "regression", 1, None, "")
    raw, meaning = np.array([[2.5], [9.0]], np.float32), Meaning("regression", 1, "numbers")
    for names, told in ((("price",), ("price",)), (("price", "rent"), ("0",)), ((), ("0",))):
        found = make_predictions(raw, meaning, dataset, split, names)
        assert (found.class_names, score(found).per_class[0]["class"]) == (told, told[0])

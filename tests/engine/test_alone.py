"""A file that is scored without the data that its run was trained with, beside the same file scored with them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.data.inputs import Inputs
from nnctl.engine.alone import _make_answers, load_alone
from nnctl.engine.evaluate import revisit
from nnctl.errors import NnctlError
from nnctl.runs.meaning import load_trained
from tests.engine.conftest import score_both_ways, spec_in, train_in


def report(label: str, share: float | None) -> None:
    pass


def _find_code(call: Callable[[], object]) -> str:
    with pytest.raises(NnctlError) as caught:
        call()
    return caught.value.problems[0].code


@pytest.mark.parametrize(
    ("label", "settings"),
    [
        ("kind", ("model.layers=[{dense: 8}, {dense: {units: 3, activation: softmax}}]",)),
        ("price", ("model.layers=[{dense: 1}]", "train.loss=mse", "data.target_scale=standard")),
    ],
)
def test_a_table_is_scored_alone_with_the_names_of_its_classes(
    tmp_path: Path, label: str, settings: tuple[str, ...]
) -> None:
    rng = np.random.default_rng(0)
    rows = [
        f"{rng.normal():.3f},{rng.integers(9)},{'xyz'[i % 3]},{('大', '中', '小')[i % 3]},{i % 7}.5" for i in range(90)
    ]
    head = "a,b,c,kind,price"
    (tmp_path / "own.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    (tmp_path / "new.csv").write_text("\n".join([head, *rows[1:40]]), encoding="utf-8")
    other = "price" if label == "kind" else "kind"
    own = (f"data={{source: {{csv: {{label: {label}, ignore: [{other}]}}}}, path: {tmp_path}/own.csv}}",)
    made = train_in(tmp_path, spec_in(tmp_path, *own, *settings, "train.epochs=1", "train.metrics=[]")).run
    found, beside = score_both_ways(made, tmp_path / "own.csv", tmp_path / "new.csv")
    assert found.scores.document() == beside.scores.document()
    assert found.predictions.class_names == (("中", "大", "小") if label == "kind" else ("price",))
    if label == "kind":  # a class that training has not is refused, as it is beside the data
        (tmp_path / "odd.csv").write_text(f"{head}\n1,2,x,巨,0.5\n", encoding="utf-8")
        assert _find_code(lambda: revisit(made, "test", tmp_path / "odd.csv", report)) == "unseen-class"


@pytest.mark.parametrize(
    ("task", "loss"), [("multilabel", "binary_crossentropy"), ("words", "categorical_crossentropy")]
)
def test_arrays_are_scored_alone_whatever_their_labels_are(task: str, loss: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(90, 4)).astype(np.float32)
    y: Any = (
        (x[:, :2] > 0).astype(np.uint8) if task == "multilabel" else np.array(["猫", "狗"])[(x[:, 0] > 0).astype(int)]
    )
    np.savez(tmp_path / "own.npz", x=x, y=y)
    np.savez(tmp_path / "new.npz", x=x[5:30], y=y[5:30])
    head = "{dense: {units: 2, activation: %s}}" % ("sigmoid" if task == "multilabel" else "softmax")
    own = (
        "data.source=npz",
        f"data.path={tmp_path}/own.npz",
        f"train.loss={loss}",
        "train.epochs=1",
        "train.metrics=[]",
    )
    made = train_in(tmp_path, spec_in(tmp_path, *own, f"model.layers=[{head}]")).run
    found, beside = score_both_ways(made, tmp_path / "own.npz", tmp_path / "new.npz")
    assert found.scores.document() == beside.scores.document()
    assert found.predictions.class_names == (("0", "1") if task == "multilabel" else ("狗", "猫"))
    np.savez(tmp_path / "wide.npz", x=np.zeros((3, 5), np.float32), y=y[:3])
    assert _find_code(lambda: revisit(made, "test", tmp_path / "wide.npz", report)) == "splits-differ"
    spec = load_trained(made)
    for name in ("inputs.json", "scaling.json"):  # a run of an earlier version has none
        kept = (made.path / name).rename(tmp_path / name)
        assert load_alone(made, spec.data, tmp_path / "new.npz", report) is None
        kept.rename(made.path / name)


@pytest.mark.parametrize(
    ("task", "y", "told"),
    [
        ("multiclass", np.array([1, 0], np.int8), [0, 1, 2]),
        ("multiclass", np.array([1.0, 0.0]), [0, 1, 2]),
        ("multiclass", np.array([b"a", b"b"]), [b"a", b"b", b"c"]),
        ("multiclass", np.eye(3, dtype=np.int32)[:2], np.eye(3).tolist()),
        ("multiclass", np.array([[0.2, 0.3, 0.5]]), None),  # shares
        ("binary", np.array([0.2, 0.7]), None),
        ("multilabel", np.array([[0.5, 1.0, 0.0]]), None),
        ("regression", np.array([0.2, 0.7]), [0.2, 0.7]),
    ],
)
def test_labels_stand_for_those_of_training_in_the_form_of_the_file(task: str, y: Any, told: Any) -> None:
    found = _make_answers(y, Inputs((4,), "float32", task, ("a", "b", "c"), 0, 1, 0, 1))
    assert found is None if told is None else (found.tolist(), found.dtype.kind) == (told, y.dtype.kind)

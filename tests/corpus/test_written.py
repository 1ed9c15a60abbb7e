"""Whatever nnctl writes it reads: every manifest, every table, every float there is."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.metrics import Predictions
from nnctl.runs import diagnostics, history
from nnctl.runs.diagnostics import Check, LayerCheck
from nnctl.runs.manifest import STATUSES, Manifest, read_manifest
from nnctl.spec.network.meaning import Kind, Meaning

# Those that are lost first: an infinity, a subnormal, one beyond float32, whole ones with few digits and a large exponent.
ODD = [
    *(0.0, -0.0, 5e-324, 1e-45, 1e-310, 0.1, 1e21, 1e38, 1e39, 1e308, sys.float_info.max),
    float("inf"),
    float("nan"),
]
FLOATS = st.one_of(st.sampled_from([*ODD, *(-number for number in ODD)]), st.floats())
FINITE = FLOATS.filter(np.isfinite)
TEXTS = st.text(st.characters(), max_size=20)  # lone surrogates among them, as in paths that are no UTF-8
WHOLE = st.integers(0, 2**63 - 1)
KINDS: dict[str, tuple[Kind, ...]] = {
    "regression": ("numbers",), "multiclass": ("shares", "logits", "scores", "embedding"),
    "multilabel": ("probabilities", "log_odds", "scores"), "binary": ("probabilities", "log_odds", "signed"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written")


SCORES = st.dictionaries(TEXTS, st.dictionaries(TEXTS, st.none() | FINITE, max_size=3), max_size=3)
SETS = st.just({}) | st.fixed_dictionaries(
    {"set": st.text("0123456789abcdef", min_size=16, max_size=16), "first": WHOLE, "count": st.integers(2, 10_000)}
)
MANIFESTS = st.builds(
    Manifest, id=TEXTS, name=TEXTS, status=st.sampled_from(STATUSES), spec=TEXTS, command=st.lists(TEXTS, max_size=3),
    overrides=st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=3), seed=WHOLE,
    created=st.datetimes().map(lambda moment: f"{moment.isoformat()}+00:00"), ended=st.none() | TEXTS,
    data=st.dictionaries(TEXTS, TEXTS, max_size=3), parameters=st.none() | WHOLE, monitor=st.none() | TEXTS, epochs=WHOLE,
    best_epoch=st.none() | WHOLE, best=st.none() | FINITE, scores=SCORES, scored=st.dictionaries(TEXTS, TEXTS, max_size=3),
    process=st.dictionaries(TEXTS, WHOLE, max_size=3), seconds=FINITE, seeds=SETS, message=st.none() | TEXTS,
)  # fmt: skip


@given(MANIFESTS)
def test_every_manifest_is_read_as_it_was_written(folder: Path, written: Manifest) -> None:
    written.write(folder / "run.json")
    assert repr(read_manifest(folder / "run.json")) == repr(written)  # which tells -0.0 from 0.0


NAMES = st.lists(st.text(st.characters(codec="utf-8"), max_size=8).map("val_".__add__), max_size=3, unique=True)


@given(NAMES, st.data())
def test_every_row_of_a_training_is_read_as_it_was_written(folder: Path, names: list[str], draw: st.DataObject) -> None:
    numbers = make_floats((3, len(names)), draw, np.float32).tolist()
    rows = [{"epoch": float(epoch), **dict(zip(names, row, strict=True))} for epoch, row in enumerate(numbers, 1)]
    history.write_history(rows, folder / "metrics.csv")
    back = [
        {name: np.float32(value) for name, value in row.items()} for row in history.read_history(folder / "metrics.csv")
    ]
    assert repr(back) == repr([{name: np.float32(value) for name, value in row.items()} for row in rows])


@given(st.lists(FLOATS, min_size=6, max_size=6), TEXTS)
def test_every_look_at_the_layers_is_read_to_six_digits(folder: Path, numbers: list[float], name: str) -> None:
    looked = Check(1, 2, numbers[0], numbers[1], {name: numbers[2]}, (LayerCheck(0, name, *numbers[2:]),))
    diagnostics.write_checks(folder / "diagnostics.jsonl", [looked])
    (back,) = diagnostics.read_checks(folder / "diagnostics.jsonl")
    found = [back.loss, back.penalties, *(getattr(back.layers[0], each) for each in LayerCheck.__slots__[2:])]
    known = [float(f"{number:.6g}") if np.isfinite(number) else float("nan") for number in numbers]
    assert (repr(found), back.layers[0].name) == (repr(known), name)


@pytest.mark.parametrize("task", KINDS)
@given(st.data())
def test_every_prediction_is_read_as_it_was_written(folder: Path, task: str, draw: st.DataObject) -> None:
    kind, n = draw.draw(st.sampled_from(KINDS[task])), draw.draw(st.integers(0, 4))
    k = 2 if task == "binary" else draw.draw(st.integers(1, 4))
    units = draw.draw(st.integers(1, 2)) if task == "binary" and kind != "signed" else 1 if task == "binary" else k
    written = Predictions(
        np.arange(n), make_target(task, n, k, draw), make_floats((n, units), draw), Meaning(task, units, kind),
        tuple(map(str, range(k))),
    )  # fmt: skip
    with np.errstate(all="ignore"):
        written.write(folder / "predictions.csv")
    back = Predictions.read(folder / "predictions.csv", task, written.class_names, kind)
    for name in ("rows", "target", "output"):
        told, known = getattr(back, name), getattr(written, name)
        assert told.shape == known.shape
        assert told.astype(np.float64).tobytes() == canonical(known).tobytes(), name


def make_floats(shape: tuple[int, int], draw: st.DataObject, *kinds: type) -> np.ndarray[Any, Any]:
    kind = draw.draw(st.sampled_from(kinds or (np.float32, np.float64)))
    numbers = draw.draw(st.lists(FLOATS, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    with np.errstate(over="ignore"):
        return np.array(numbers, np.float64).astype(kind).reshape(shape)


def make_target(task: str, n: int, k: int, draw: st.DataObject) -> np.ndarray[Any, Any]:
    if task == "regression":
        return make_floats((n, k), draw)
    if task == "multilabel":
        return np.array(draw.draw(st.lists(st.integers(0, 1), min_size=n * k, max_size=n * k)), np.uint8).reshape(n, k)
    return np.array(draw.draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n)), np.int32)


def canonical(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """As float64, with the one NaN that a text can name."""
    wide = array.astype(np.float64)
    return np.where(np.isnan(wide), np.nan, wide)


@given(MANIFESTS, st.text("\x00=,\"\n\r 'é", max_size=5))
def test_a_manifest_that_is_changed_keeps_what_is_not(folder: Path, written: Manifest, text: str) -> None:
    replace(written, message=text).write(folder / "run.json")
    assert read_manifest(folder / "run.json").message == text

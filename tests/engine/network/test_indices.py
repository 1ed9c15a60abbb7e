from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl import api
from nnctl.engine.loop.training import Training
from nnctl.engine.network.indices import IndexRange
from nnctl.errors import DataError, SpecError
from nnctl.spec.network.raw import find_reader
from nnctl.spec.sections import Component

EMBEDDING = Component("layer", "embedding", {"input_dim": 20, "output_dim": 2})


def settings(path: Path, front: str, rows: int, *more: str) -> list[str]:
    embedding, head = f"{{embedding: {{input_dim: {rows}, output_dim: 2}}}}", "{dense: {units: 1, activation: sigmoid}}"
    layers = f"[{front}{embedding}, flatten, {head}]"
    data = f"data={{source: npz, path: {path}, validation: 0.2, test: 0.2}}"
    return [data, f"model.layers={layers}", "train.loss=binary_crossentropy", "train.epochs=1", *more]


def write(path: Path, x: Any) -> Path:
    np.savez(path, x=x, y=np.arange(len(x)) % 2)
    return path


@pytest.mark.parametrize(
    "front",
    ["", "flatten, ", "{permute: [2, 1]}, ", "{reshape: {target_shape: [3, 2]}}, ", "{zero_padding1d: 1}, flatten, "],
)
@pytest.mark.parametrize("dtype", ["u1", "i8", "f4"])
def test_an_index_that_is_not_there_is_refused_wherever_the_embedding_stands(
    training: Callable[..., Training], tmp_path: Path, front: str, dtype: str
) -> None:
    x = np.random.default_rng(0).integers(0, 20, (60, 2, 3)).astype(dtype)
    x[41, 1, 2] = 20
    path = write(tmp_path / "d.npz", x)
    with pytest.raises(SpecError) as caught:
        training(*settings(path, front, 20))
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == ("index-range", "input_dim: 21")
    assert "the indices 0 to 20, and embedding has rows for 0 to 19" in problem.message


def find_problem(front: list[Component], x: np.ndarray) -> str | None:
    reader = find_reader([*front, EMBEDDING], x.shape[1:])
    assert reader is not None
    problem = IndexRange(reader, x.shape[1:], x.dtype).find_problem([x])
    return None if problem is None else problem.message


def test_what_stands_in_front_is_done_to_the_indices() -> None:
    x = np.array([[[3, 4], [-1, -1]], [[19, 0], [2, 2]]], np.int16)
    masking, shift = (
        Component("layer", "masking", {"mask_value": -1.0}),
        Component("layer", "rescaling", {"scale": 1, "offset": 1}),
    )
    assert "the indices -1 to 19" in str(find_problem([], x))
    assert find_problem([masking], x) is None
    assert "the indices 0 to 20" in str(find_problem([shift], x))
    assert find_problem([Component("layer", "cropping1d", {"cropping": [0, 1]})], np.array([[[1], [99]]])) is None


def test_bytes_need_not_be_looked_at_where_each_has_a_row() -> None:
    reader = find_reader([Component("layer", "embedding", {"input_dim": 256, "output_dim": 2})], (3,))
    assert reader is not None
    assert IndexRange(reader, (3,), np.dtype(np.uint8)).find_problem([]) is None


def test_other_files_are_asked_before_they_are_scored(read: Callable[..., Any], tmp_path: Path) -> None:
    x = np.random.default_rng(0).integers(0, 20, (60, 2, 3)).astype(np.int32)
    run = api.train(read(*settings(write(tmp_path / "d.npz", x), "flatten, ", 20)), tmp_path / "runs")
    good, bad = write(tmp_path / "good.npz", x[:7]), write(tmp_path / "bad.npz", x[:7] + 19)
    with pytest.raises(DataError) as caught:
        run.evaluate("test", bad)
    assert caught.value.problems[0].code == "index-range"
    told = api.predict(run, [str(bad), str(tmp_path / "none.npz"), str(good)]).blocks
    assert len(next(told).output) == 7
    with pytest.raises(DataError) as caught:
        next(told)
    assert sorted(problem.code for problem in caught.value.problems) == ["index-range", "unreadable-data"]


def test_indices_on_disk_are_asked_too(
    training: Callable[..., Training], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = np.random.default_rng(0).integers(0, 20, (60, 6)).astype(np.int32)
    x[-1, 0] = 77
    path = write(tmp_path / "d.npz", x)
    source = f"data={{source: {{npz: {{memory: stream}}}}, path: {path}, validation: 0.2, test: 0.2}}"
    with pytest.raises(SpecError) as caught:
        training(*settings(path, "{reshape: {target_shape: [2, 3]}}, ", 20), source)
    assert caught.value.problems[0].code == "index-range"

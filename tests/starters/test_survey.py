from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.errors import DataError, UsageError
from nnctl.starters.survey import survey

from .conftest import quiet

Npz = Callable[..., Path]
ROWS = np.arange(200)


@pytest.mark.parametrize(
    ("y", "task", "outputs", "labels"),
    [
        (ROWS % 2, "binary", 2, "auto"),
        (ROWS % 7, "multiclass", 7, "auto"),
        (np.array(["a", "b", "c", "d"] * 50), "multiclass", 4, "auto"),
        (ROWS / 3, "regression", 1, "auto"),
        (ROWS + 1900, "regression", 1, "raw"),
        (ROWS - 100, "regression", 1, "raw"),
        (ROWS, "regression", 1, "raw"),
        (np.stack([ROWS % 2, ROWS % 3 == 0, ROWS % 5 == 0], 1).astype(np.uint8), "multilabel", 3, "auto"),
        (np.stack([ROWS / 9, ROWS / 7], 1), "regression", 2, "auto"),
        (np.random.default_rng(0).dirichlet((1, 1, 1), 200), "multiclass", 3, "auto"),
        (np.random.default_rng(0).dirichlet((1, 1), 200).astype(np.float16), "binary", 2, "auto"),
    ],
)
def test_the_labels_tell_the_task(y: Any, task: str, outputs: int, labels: str, npz: Npz) -> None:
    found = survey(npz(y), False, quiet)
    assert (found.source, found.task, found.outputs, found.labels) == ("npz", task, outputs, labels)
    assert (found.shape, found.examples, found.own_test, found.scale) == ((4,), 200, False, "standard")


def test_classes_are_taken_as_numbers_if_asked(npz: Npz) -> None:
    found = survey(npz(ROWS % 3), True, quiet)
    assert (found.task, found.labels) == ("regression", "raw")


@pytest.mark.parametrize(
    ("shape", "dtype", "top", "pixels", "scale"),
    [
        ((28, 28), "uint8", 255, True, "unit"),
        ((32, 32, 3), "uint8", 255, True, "unit"),
        ((28, 28), "float32", 1, True, "none"),
        ((28, 28, 1), "float32", 255, True, "unit"),
        ((784,), "uint8", 255, False, "unit"),
        ((50, 3), "float32", 1, False, "standard"),
        ((6, 5, 9, 3), "float32", 1, False, "standard"),
    ],
)
def test_shape_type_and_range_tell_the_scale(
    shape: Any, dtype: str, top: int, pixels: bool, scale: str, npz: Npz
) -> None:
    x = (np.random.default_rng(0).random((40, *shape)) * top).astype(dtype)
    found = survey(npz(np.arange(40) % 2, x), False, quiet)
    assert (found.shape, found.pixels, found.scale) == (shape, pixels, scale)


def test_targets_far_from_zero_are_to_be_scaled(npz: Npz) -> None:
    found = survey(npz(ROWS * 100.0), False, quiet)
    assert 9000 < found.offset[0] < 11000
    assert 5000 < found.spread[0] < 6500
    near = survey(npz(ROWS / 100), False, quiet)
    assert (near.offset, near.spread) == ((), ())
    constant = survey(npz(np.full(200, 1000.0)), False, quiet)
    assert list(constant.spread) == [1]


def test_test_examples_of_its_own_are_kept_apart() -> None:
    x = np.zeros((50, 4), np.float32)
    np.savez("own.npz", x_train=x, y_train=np.arange(50) % 2, x_test=x[:3], y_test=np.arange(3) % 2)
    found = survey(Path("own.npz"), False, quiet)
    assert (found.own_test, found.examples) == (True, 50)


def test_what_was_found_is_told(npz: Npz) -> None:
    found = survey(npz(np.array(["cat"] * 180 + ["dog"] * 20)), False, quiet)
    told = " ".join(found.facts)
    assert "128 train, 32 validation, 40 test; 4 features, float32" in told
    assert "cat 115, dog 13" in told
    assert found.imbalance == pytest.approx(115 / 13)
    assert found.class_names == ("cat", "dog")


def test_a_class_too_rare_to_be_split_stays_a_class_and_is_told(npz: Npz) -> None:
    y = np.arange(200) % 2
    y[0] = 2
    with pytest.raises(DataError) as caught:
        survey(npz(np.arange(12)), False, quiet)
    assert caught.value.problems[0].code == "empty-class"
    assert survey(npz(y), False, quiet).outputs == 3


@pytest.mark.parametrize("path", ["nowhere.npz", "notes.docx", "empty", "x" * 300])
def test_what_is_not_there_or_not_read_is_the_users_mistake(path: str) -> None:
    Path("notes.docx").write_text("x")
    Path("empty").mkdir()
    with pytest.raises((UsageError, DataError)) as caught:
        survey(Path(path), False, quiet)
    assert path in str(caught.value)


def test_what_cannot_be_trained_on_is_told_as_training_would(npz: Npz) -> None:
    with pytest.raises(DataError) as caught:
        survey(npz(np.zeros(200, int)), False, quiet)
    assert caught.value.problems[0].code == "one-class"


@pytest.mark.parametrize(
    ("x", "told"),
    [
        (np.arange(2000).reshape(200, 10) % 50, True),
        (np.arange(2000).reshape(200, 10) % 50 - 1, False),
        (np.arange(2000).reshape(200, 10) % 50 / 1, False),
        (np.arange(800).reshape(200, 4) % 50, False),
    ],
)
def test_what_may_be_symbols_is_told(x: Any, told: bool, npz: Npz) -> None:
    facts = " ".join(survey(npz(ROWS % 2, x), False, quiet).facts)
    assert ("embedding: {input_dim: 50, output_dim: 32}" in facts) is told


@pytest.mark.parametrize(("names", "named"), [
    (["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
     "train-images-idx3-ubyte"),
    (["a.csv", "b.csv"], "a.csv"),
])  # fmt: skip
def test_of_a_folder_of_files_one_is_to_be_named(tmp_path: Path, names: list[str], named: str) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"\0\0\x08\x01\0\0\0\0")
    with pytest.raises(UsageError) as caught:
        survey(tmp_path, False, lambda label, share: None)
    (problem,) = caught.value.problems
    assert problem.code == "unknown-data"
    assert (problem.hint or "").endswith(f"{tmp_path / named}`")


@pytest.mark.parametrize(("format_day", "split"), [
    (lambda i: f"2024-{i // 28 + 1:02}-{i % 28 + 1:02}", "day"), (lambda i: f"{i % 12 + 1}.{i % 11 + 1}.2024", None),
])  # fmt: skip
def test_rows_with_dates_are_cut_by_them_where_they_can_be(
    tmp_path: Path, format_day: Callable[[int], str], split: str | None
) -> None:
    rows = "".join(f"{format_day(i)},{i / 7},{'ab'[i % 2]}\n" for i in range(100))
    (tmp_path / "own.csv").write_text(f"day,a,kind\n{rows}")
    found = survey(tmp_path / "own.csv", False, quiet)
    assert (found.split, found.options["ignore"]) == (split, ["day"])

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnctl.data import Dataset, Split
from nnctl.data.images.ink import Ink
from nnctl.data.inputs import Inputs, learn_inputs, list_targets, parse_inputs, read_inputs
from nnctl.errors import DataError, RunError
from nnctl.spec import load_spec
from tests.data.images.test_ink import drawings


def dataset(x: np.ndarray, task: str = "multiclass", outputs: int = 2, names: tuple[str, ...] | None = None) -> Dataset:
    split = Split(x, np.zeros(len(x), np.int32), np.arange(len(x)))
    return Dataset("npz", "npz", "t", "o", None, split, None, None, task, outputs, names, "")


def test_drawings_are_known_and_written_and_read_back() -> None:
    told = learn_inputs(dataset((drawings() * 255).astype(np.uint8), names=("bar", "none")))
    assert (told.shape, told.dtype, told.names) == ((20, 20), "uint8", ("bar", "none"))
    assert (told.lowest, told.highest) == (0, 229)
    assert told.ink is not None
    assert parse_inputs(told.dump()) == told


@given(st.floats(), st.floats(allow_nan=False))
def test_every_number_is_read_as_it_was_written(spread: float, number: float) -> None:
    ink = Ink(number, True, number, (number, 0.0, number), (number, number), number, (number, 1.0, number), number)
    told = Inputs((2, 2), "float64", "regression", ("a",), -number, number, number, spread, ink)
    assert repr(parse_inputs(told.dump())) == repr(told)  # NaN is not equal to itself


def test_tables_have_no_ink_and_classes_without_names_are_numbered() -> None:
    told = learn_inputs(dataset(np.arange(12, dtype=np.float32).reshape(3, 4), outputs=3))
    assert (told.ink, told.image, told.names) == (None, None, ("0", "1", "2"))
    assert told.mean == 5.5
    assert parse_inputs(told.dump()) == told


def test_targets_of_a_regression_have_the_names_of_their_columns() -> None:
    assert learn_inputs(dataset(np.ones((3, 4)), "regression", 1), ["price"]).names == ("price",)
    assert learn_inputs(dataset(np.ones((3, 4)), "regression", 2), ["price"]).names == ("0", "1")


@pytest.mark.parametrize(
    ("dtype", "lowest", "highest", "white"),
    [("uint8", 0, 254, 255), ("uint8", 0, 16, 16), ("float64", 0, 16, 16), ("float32", 0, 1, 1), ("float32", -1, 1, 1)],
)
def test_pixels_take_the_range_that_training_has(dtype: str, lowest: float, highest: float, white: float) -> None:
    told = Inputs((1, 2), dtype, "multiclass", ("a",), lowest, highest, 0, 1)
    stored = told.convert_pixels(np.array([[0.0, 1.0]]))
    assert stored.dtype == dtype
    assert stored.tolist() == [[lowest, white]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"ink": null}',
        '{"ink": 3}',
        '{"shape": [2, 2], "names": "ab", "dtype": "float99"}',
    ],
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(DataError) as caught:
        parse_inputs(text)
    assert caught.value.problems[0].code == "bad-inputs"


def test_the_inputs_of_a_run_are_read_from_its_file(tmp_path: Path) -> None:
    path, told = tmp_path / "inputs.json", Inputs((1,), "uint8", "multiclass", ("ä",), 0, 1, 0, 1)
    assert read_inputs(path) is None
    path.write_text(told.dump(), encoding="utf-8")
    assert read_inputs(path) == told
    path.write_bytes(b"\xff")
    with pytest.raises(RunError, match=r"inputs\.json cannot be read: it is not UTF-8"):
        read_inputs(path)


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("diabetes", ("progression",)),
        ("digits", ()),
        ("{csv: {label: price}}", ("price",)),
        ("{csv: {label: [price, 3]}}", ("price", "3")),
    ],
)
def test_the_numbers_to_predict_are_called_as_the_source_or_the_spec_has_them(
    section: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "spec.yaml"
    file = ", path: own.csv" if "csv" in section else ""
    loss = "train: {loss: mse, epochs: 1}"
    path.write_text(f"data: {{source: {section}{file}}}\nmodel: {{layers: [{{dense: 1}}]}}\n{loss}\n")
    assert list_targets(load_spec(path)) == names

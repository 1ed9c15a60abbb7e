from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.data.images.decoding import Conversion
from nnctl.data.images.pictures import Pictures
from nnctl.data.preparing.notes import collect_notes
from nnctl.data.preparing.stored import SplitLabels
from nnctl.data.source import Pair
from nnctl.errors import DataError
from nnctl.spec.sections import Data, DataFacts

CONVERSION = Conversion(2, 2, 1, resize=True)
TAKEN = SplitLabels("binary", 2, [np.array([0, 1], np.int32)])


def silent(label: str, share: float | None) -> None:
    """Says nothing."""


@pytest.fixture
def own(npz: Callable[..., Path], section: Callable[..., Data]) -> Callable[..., Data]:
    def own(y: Any, /, classes: bool = True, more: dict[str, Any] | None = None, **values: Any) -> Data:
        y = np.asarray(y)
        x = np.random.default_rng(0).random((len(y), 3), np.float32)
        return section("npz", path=npz("own.npz", x_train=x, y_train=y, **(more or {})), classes=classes, **values)

    return own


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("count", "task"), [(2, "binary"), (3, "multiclass")])
def test_whole_floats_are_classes_where_the_loss_says_so(own: Any, dtype: Any, count: int, task: str) -> None:
    data = own((np.arange(60) % count).astype(dtype), test=0.2)
    assert peek(data).task is None
    found = load(data, silent)
    assert (found.task, found.outputs, found.train.y.dtype) == (task, count, np.int32)
    assert [note for note in found.notes if "takes them for classes" in note] == list(found.notes)
    assert len(found.notes) == 1


@pytest.mark.parametrize(
    "y",
    [np.arange(60) % 2 / 2 + 0.25, np.arange(60) % 3 - 1.0, np.arange(60.0) * 7],
    ids=["shares", "negative", "each its own"],
)
def test_other_floats_stay_numbers(own: Any, y: np.ndarray) -> None:
    found = load(own(y, test=0.2), silent)
    assert (found.task, found.notes) == ("regression", ())


def test_without_such_a_loss_floats_are_numbers(own: Any) -> None:
    data = own(np.arange(60) % 2 * 1.0, classes=False, test=0.2)
    assert peek(data) == DataFacts((3,), "float32", "regression", 1, 48)
    assert load(data, silent).task == "regression"


def test_a_source_of_numbers_stays_one() -> None:
    assert load(Data("diabetes", {}, classes=True), silent).task == "regression"


@pytest.mark.parametrize(("subset", "told"), [(47, False), (48, False), (49, True), (5000, True)])
def test_a_subset_larger_than_the_data_is_told(own: Any, subset: int, told: bool) -> None:
    found = load(own(np.arange(60) % 2, test=0.2, subset=subset), silent)
    assert any("there are 48: all are taken" in note for note in found.notes) == told


def test_a_test_split_that_is_the_training_split_is_told(own: Any, npz: Callable[..., Path]) -> None:
    y = np.arange(60) % 2
    data = own(y, more={"x_test": np.random.default_rng(0).random((60, 3), np.float32), "y_test": y})
    (note,) = load(data, silent).notes
    assert note.startswith("test holds the very examples")
    assert load(own(y, more={"x_test": np.ones((60, 3), np.float32), "y_test": y}), silent).notes == ()


def test_missing_values_and_images_on_disk_are_compared_too(tmp_path: Path) -> None:
    x, y = np.array([[np.nan], [1]], np.float32), np.array([0, 1])
    held = {"train": Pair(x, y), "validation": Pair(x.copy(), y)}
    assert len(collect_notes(Data("csv", {}), held, 2, TAKEN)) == 1
    one, other = (Pictures([str(tmp_path / name)], CONVERSION) for name in ("a.png", "b.png"))
    assert len(collect_notes(Data("images", {}), {"train": Pair(one, y[:1]), "test": Pair(one, y[:1])}, 1, TAKEN)) == 1
    assert collect_notes(Data("images", {}), {"train": Pair(one, y[:1]), "test": Pair(other, y[:1])}, 1, TAKEN) == ()


def test_what_lies_between_classes_is_refused_beside_a_loss_of_classes(own: Any) -> None:
    with pytest.raises(DataError, match=r"is 0\.5 at row 0, which is no whole number and so no class"):
        load(own(np.arange(60) % 2 + 0.5, test=0.2), silent)


@pytest.mark.parametrize(("first", "options", "told"), [
    ("5.1,red,a", {}, True), ("5.1,red,a", {"header": False}, False), ("x,red,a", {}, False), ("5.1,colour,a", {}, False),
])  # fmt: skip
def test_a_header_that_looks_like_an_example_is_told(
    tmp_path: Path, section: Callable[..., Data], first: str, options: dict[str, Any], told: bool
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(first + "\n" + "".join(f"{i / 7},{'red' if i % 3 else 'blue'},{'ab'[i % 2]}\n" for i in range(60)))
    found = load(section("csv", path=path, test=0.2, options={"label": 3, **options}), silent)
    assert any("header: false" in note for note in found.notes) == told


def test_what_shares_are_taken_for_is_told(own: Any) -> None:
    shares = np.random.default_rng(0).dirichlet((1, 1, 1), 60).astype(np.float32)
    assert load(own(shares, test=0.2), silent).notes[0].endswith("`labels: raw` takes them for numbers")
    assert (
        load(own(shares, test=0.2, classes=False), silent).notes[0].endswith("`labels: one_hot` takes them for classes")
    )
    yes = load(own(shares[:, 0], test=0.2, probabilities=True), silent)
    assert yes.notes[0].startswith("the labels are shares of a yes")
    assert load(own(shares, test=0.2, labels="raw"), silent).notes == ()
    assert load(own(shares * 2, test=0.2, classes=False), silent).notes == ()

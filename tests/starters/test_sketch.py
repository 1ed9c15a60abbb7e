from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.errors import DataError
from nnctl.spec.sections import Data
from nnctl.starters.sketch import sketch_table


def write(labels: list[Any]) -> Data:
    path = Path("own.csv")
    path.write_text("x,z,y\n" + "".join(f"{at},{at % 3},{label}\n" for at, label in enumerate(labels)))
    return Data("csv", {"label": "y"}, path=path)


@pytest.mark.parametrize(
    ("labels", "task", "outputs", "names"),
    [
        (["a", "b", ""] * 10, "binary", 2, ("a", "b")),
        (["a", "b", "c", "NA"] * 10, "multiclass", 3, ("a", "b", "c")),
        ([0.5, "", 1.5, 2.25] * 10, "regression", 1, None),
        (["a"] * 9 + ["b"] * 20 + ["c"], "multiclass", 3, ("a", "b", "c")),
        (["1.5", "2.5"] * 10 + ["oops"], "multiclass", 3, ("1.5", "2.5", "oops")),
    ],
)
def test_rows_with_a_label_tell_the_task(labels: list[Any], task: str, outputs: int, names: Any) -> None:
    found = sketch_table(write(labels), "which", 0.2)
    assert (found.task, found.outputs, found.class_names) == (task, outputs, names)
    kept = sum(label not in ("", "NA") for label in labels)
    assert found.examples == round(0.8 * kept)
    assert found.facts == [f"own.csv: {kept} of its {len(labels)} rows have a label."]
    assert (found.shape, found.undecided) == ((2,), "which")


def test_a_targets_offset_is_that_of_the_rows_that_have_one() -> None:
    numbers = np.linspace(100.5, 300.5, 40)
    found = sketch_table(write([*numbers, "", ""]), "which", 0.2)
    np.testing.assert_allclose((found.offset[0], found.spread[0]), (np.mean(numbers), np.std(numbers)), rtol=1e-6)


def test_several_labels_a_row_are_an_output_each_and_none_is_one_as_well() -> None:
    found = sketch_table(write(["p", "p|q", "", "q"] * 10), "which", 0.2, ("p", "q"))
    assert (found.task, found.outputs, found.examples) == ("multilabel", 2, 32)
    assert found.options == {"label": ["p", "q"]}


def test_without_any_label_there_is_nothing_to_sketch() -> None:
    with pytest.raises(DataError, match="has no label in any row"):
        sketch_table(write(["", "NA"]), "which", 0.2)

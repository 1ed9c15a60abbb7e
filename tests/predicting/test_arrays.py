"""Arrays and data frames become what the network takes, or are refused as files are."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nnctl.data.inputs import Inputs
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.feature import Feature
from nnctl.errors import DataError
from nnctl.predicting.arrays import is_frame, read_array
from nnctl.predicting.reading import BLOCK, Reading

IMAGES = Reading(Inputs((4, 4, 1), "uint8", "multiclass", ("a", "b"), 0, 230, 20, 50))
COLUMNS = Columns((Feature("age", 30.0), Feature("town", None, ("Bonn", "Köln"))))
TABLE = Reading(Inputs((3,), "float32", "binary", ("no", "yes"), 0, 99, 0, 1), COLUMNS)


def whole(reading: Reading, x: object) -> np.ndarray:
    return np.concatenate([block.x for block in read_array(reading, x)])


def test_an_array_comes_through_as_it_is_block_by_block() -> None:
    x = np.random.default_rng(0).integers(0, 256, (2 * BLOCK + 3, 4, 4, 1), np.uint8)
    blocks = list(read_array(IMAGES, x))
    ends = [0, BLOCK, 2 * BLOCK, 2 * BLOCK + 3]
    assert [block.rows for block in blocks] == [range(*each) for each in pairwise(ends)]
    assert np.array_equal(whole(IMAGES, x), x)
    for same in (x[..., 0], x.reshape(len(x), 16), x.astype(np.float64), x.tolist()):
        found = whole(IMAGES, same)
        assert (found.dtype, found.tobytes()) == (np.uint8, x.tobytes())
    assert list(read_array(IMAGES, x[:0])) == []


@pytest.mark.parametrize(
    ("x", "told"),
    [
        (np.zeros((4, 4, 1)), r"has the shape \(4, 4, 1\), expected \(n, 4, 4, 1\)\n.*`x\[None\]` is one"),
        (np.zeros((2, 5, 5)), r"has the shape \(2, 5, 5\)"),
        (7, r"has the shape \(\)"),
        ([[1, 2], [3]], "lists of different lengths"),
        (np.full((1, 4, 4), "x"), "holds <U1, expected numbers"),
        (np.full((1, 4, 4), 0.5), "fractions, training has whole numbers"),
        (np.full((1, 4, 4), np.nan), "not finite|nan"),
    ],
)
def test_what_the_network_does_not_take_is_refused(x: object, told: str) -> None:
    with pytest.raises(DataError, match=told):
        list(read_array(IMAGES, x))


def test_values_that_somebody_has_scaled_are_told() -> None:
    (block,) = read_array(IMAGES, np.random.default_rng(0).integers(0, 2, (3, 4, 4, 1)))
    assert "the model scales them itself" in block.said[0]


def test_a_frame_goes_by_its_names_as_a_file_does(tmp_path: Path) -> None:
    frame = pd.DataFrame({"town": ["Köln", "Bonn", None, 'B"o,n\nn'], "other": 1, "age": [1.5, np.nan, 3, 4]})
    frame.to_csv(tmp_path / "same.csv", index=False)
    expected = np.concatenate([block.x for block in TABLE.read_blocks(tmp_path / "same.csv", "same.csv")])
    assert np.array_equal(whole(TABLE, frame), expected)
    assert expected.tolist()[:2] == [[1.5, 0, 1], [30, 1, 0]]
    said = [note for block in read_array(TABLE, frame) for note in block.said]
    assert any("'B" in note for note in said)
    with pytest.raises(DataError, match="the table has no column 'age'"):
        list(read_array(TABLE, frame.drop(columns="age")))


def test_an_array_has_the_columns_of_the_network_in_their_order() -> None:
    rows = np.array([[1.5, "Köln"], [None, "Bonn"]], dtype=object)
    assert whole(TABLE, rows).tolist() == [[1.5, 0, 1], [30, 1, 0]]
    assert whole(TABLE, rows.tolist()).tolist() == [[1.5, 0, 1], [30, 1, 0]]
    assert list(read_array(TABLE, rows[:0])) == []
    with pytest.raises(DataError, match=r"\(2, 1\), expected \(n, 2\): 'age', 'town'"):
        list(read_array(TABLE, rows[:, :1]))


@pytest.mark.parametrize("dialect", [Dialect(";", "'", True, ","), Dialect("\t", '"', False)])
def test_the_way_the_runs_table_is_written_changes_nothing(dialect: Dialect) -> None:
    columns = Columns(tuple(replace(each, name=str(i + 1)) for i, each in enumerate(COLUMNS.features)))
    reading = replace(TABLE, written=dialect, columns=COLUMNS if dialect.header else columns)
    assert whole(reading, [[-1234.5, "Bonn"], [1e-7, "Köln"]]).tolist() == [[-1234.5, 1, 0], [np.float32(1e-7), 0, 1]]


@pytest.mark.parametrize("none", [None, np.nan, pd.NA, pd.NaT])
def test_no_row_of_a_single_column_is_lost_where_it_has_no_value(none: object) -> None:
    reading = replace(TABLE, columns=Columns(COLUMNS.features[:1]))
    assert whole(reading, [[1.0], [none], [2.0]]).tolist() == [[1], [30], [2]]


def test_a_frame_is_known_by_what_it_can_do() -> None:
    assert is_frame(pd.DataFrame({"a": [1]}))
    assert not is_frame(np.zeros(3))

from pathlib import Path

import numpy as np
import pytest

from nnctl.data.source import Pair, StoredColumn
from nnctl.data.tables.columns import Columns, learn_columns, parse_columns, read_columns
from nnctl.data.tables.feature import Feature
from nnctl.errors import RunError

NAN = np.nan
COLUMNS = (StoredColumn("age"), StoredColumn("sex", ("m", "f", "x")))


def pair(x, columns=COLUMNS):
    x = np.array(x, np.float32)
    return Pair(x, np.zeros(len(x)), "own.csv", "y", columns)


@pytest.fixture
def learned():
    return learn_columns(pair([[1, 0], [9, 1], [100, 2], [NAN, NAN], [3, 0]]), np.array([0, 1, 3, 4]), None)


def test_medians_and_sorted_categories(learned):
    assert learned.features == (Feature("age", 3.0, None, 1), Feature("sex", None, ("", "f", "m"), 1))
    assert learned.names == ("age", "sex=(missing)", "sex=f", "sex=m")
    assert learned.numeric.tolist() == [True, False, False, False]


def test_encoding(learned):
    encoded = learned.encode(pair([[5, 0], [NAN, 1], [7, NAN], [8, 2]]), None)
    assert encoded.tolist() == [[5, 0, 0, 1], [3, 0, 1, 0], [7, 1, 0, 0], [8, 0, 0, 0]]
    assert encoded.dtype == np.float32


def test_columns_are_found_by_name_and_texts_by_text(learned):
    other = (StoredColumn("more"), StoredColumn("sex", ("f", "m")), StoredColumn("age"))
    assert learned.encode(pair([[0, 1, 2]], other), None).tolist() == [[2, 0, 0, 1]]


def test_what_was_not_missing_in_training_has_no_category():
    columns = learn_columns(pair([[0], [1]], COLUMNS[1:]), np.arange(2), None)
    assert columns.encode(pair([[NAN]], COLUMNS[1:]), None).tolist() == [[0, 0]]


def test_a_subset_without_a_value():
    columns = learn_columns(pair([[1, 0], [NAN, NAN], [NAN, NAN]]), np.array([1, 2]), None)
    assert columns.features == (Feature("age", 0.0, None, 2), Feature("sex", None, ("",), 2))


def test_a_column_that_is_missing_altogether_fits_any_kind(learned):
    empty = (StoredColumn("age"), StoredColumn("sex"))
    assert learned.encode(pair([[NAN, NAN]], empty), None).tolist() == [[3, 1, 0, 0]]


def test_what_does_not_fit(learned, refused):
    refused("missing-column", learned.encode, pair([[1]], COLUMNS[1:]), None)
    swapped = (StoredColumn("age", ("old",)), COLUMNS[1])
    assert "holds texts" in refused("splits-differ", learned.encode, pair([[0, 0]], swapped), None).message
    numbers = (COLUMNS[0], StoredColumn("sex"))
    assert "holds numbers" in refused("splits-differ", learned.encode, pair([[0, 0]], numbers), None).message


def test_what_cannot_be_learned(refused):
    assert (
        "'age' holds no value" in refused("empty-column", learn_columns, pair([[NAN, 0]]), np.arange(1), None).message
    )
    many = (StoredColumn("who", tuple(map(str, range(1001)))),)
    assert "1,001" in refused("too-many-categories", learn_columns, pair([[0]], many), np.arange(1), None).message


def test_embedded_columns_stand_last_and_are_one_number_each():
    stored = (StoredColumn("city", ("b", "a"), 4), StoredColumn("age"), COLUMNS[1])
    columns = learn_columns(pair([[0, 1, 0], [1, 2, 1]], stored), np.arange(2), None)
    assert columns.names == ("age", "sex=f", "sex=m", "city (as 4 numbers)")
    assert (columns.width, columns.outputs, columns.numeric.tolist()) == (4, 7, [True, False, False, False])
    assert columns.encode(pair([[NAN, 3, 0]], stored), None).tolist() == [[3, 0, 1, 0]]
    assert [feature.name for feature in columns.embedded] == ["city"]


def test_what_is_embedded_may_have_any_number_of_categories():
    many = (StoredColumn("who", tuple(map(str, range(1001))), 3),)
    assert learn_columns(pair([[0], [1]], many), np.arange(2), None).outputs == 3


def test_json_keeps_every_bit():
    fill = float(np.float32(0.1))
    columns = Columns(
        (
            Feature("größe", fill, None, 0),
            Feature('"', None, ("", "a\nb"), 3),
            Feature("city", None, ("a", "b"), 1, 5),
        )
    )
    assert parse_columns(columns.dump()) == columns


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "3", "{}", "[]", "[3]", "[" * 100_000, '[{"name": "a"}]', '[{"name": 3, "fill": 1, "missing": 0}]'),
        '[{"name": "a", "fill": "x", "missing": 0}]',
        '[{"name": "a", "categories": [1], "missing": 0}]',
        '[{"name": "a", "categories": ["x"], "missing": 0, "embed": "wide"}]',
    ],
)
def test_what_is_no_columns(text, refused):
    refused("bad-columns", parse_columns, text)


def test_the_columns_of_a_run_are_read_from_its_file(tmp_path: Path):
    path = tmp_path / "columns.json"
    assert read_columns(path) is None
    columns = Columns((Feature("größe", 0.5),))
    path.write_text(columns.dump(), encoding="utf-8")
    assert read_columns(path) == columns
    path.write_bytes(b"\xff")
    with pytest.raises(RunError, match=r"columns\.json cannot be read: it is not UTF-8"):
        read_columns(path)
    path.unlink()
    path.symlink_to(tmp_path / "other.json")
    (tmp_path / "other.json").write_text(columns.dump())
    with pytest.raises(RunError, match="it is a link"):
        read_columns(path)

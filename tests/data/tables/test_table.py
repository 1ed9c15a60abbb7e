from contextlib import nullcontext

import numpy as np
import pytest

from nnctl.data.tables import table
from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.table import Request, read_table
from nnctl.errors import DataError


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a,b,c\n1,x,0.5\n2,NA,\n3,y,1.5\n4,x,2\n")
    return path


def test_columns_of_numbers_and_of_texts(own):
    found = read_table(own, Dialect(), Request(["c", "b"]), None)
    assert list(found.columns) == ["c", "b"]
    np.testing.assert_array_equal(found.columns["c"], np.array([0.5, np.nan, 1.5, 2], np.float32))
    assert found.columns["b"].codes.tolist() == [0, -1, 1, 0]
    assert found.lines.tolist() == [2, 3, 4, 5]


def test_blocks_make_no_difference(own, monkeypatch):
    whole = read_table(own, Dialect(), Request(["a", "b", "c"]), None)
    monkeypatch.setattr(table, "_CELLS", 3)
    blocks = read_table(own, Dialect(), Request(["a", "b", "c"]), None)
    for name in ("a", "c"):
        np.testing.assert_array_equal(whole.columns[name], blocks.columns[name])
    assert blocks.columns["b"].words == whole.columns["b"].words
    assert blocks.lines.tolist() == whole.lines.tolist()


def test_the_first_rows_alone(own):
    found = read_table(own, Dialect(), Request(["a"], most=2), None)
    assert found.columns["a"].tolist() == [1, 2]


def test_numbers_as_texts(own):
    column = read_table(own, Dialect(), Request(["a"], texts=["a"]), None).columns["a"]
    assert isinstance(column, Texts)
    assert column.words == ("1", "2", "3", "4")


def test_dressed_numbers(tmp_path, refused):
    path = tmp_path / "own.csv"
    path.write_text("a,b\n5 kg,$1\n?,$2\n1.5 kg,$3\n")
    found = read_table(path, Dialect(), Request(["a", "b"], ["b"], units={"a": "kg", "b": "$"}), None)
    np.testing.assert_array_equal(found.columns["a"], np.array([5, np.nan, 1.5], np.float32))
    assert found.columns["b"].words == ("1", "2", "3")
    request = Request(["a"], units={"a": "g"})
    assert (
        "line 2, column 'a' holds '5 kg'" in refused("bad-number", read_table, path, Dialect(), request, None).message
    )


def test_texts_that_are_contents_and_no_categories(own, refused, monkeypatch):
    monkeypatch.setattr("nnctl.bounds.WORDS", 1)
    told = refused("bad-csv", read_table, own, Dialect(), Request(["b"]), None)
    assert (told.message.endswith("more than 1 characters of different texts"), "ignore" in told.hint) == (True, True)


@pytest.mark.parametrize(("free", "fits"), [(1000 * 50 * 4, False), (1000 * (50 * 4 + 300), True)])
def test_the_arrays_of_many_columns_count_as_memory(tmp_path, monkeypatch, free, fits):
    wide = tmp_path / "wide.csv"
    wide.write_text("".join(",".join(["0"] * 1000) + "\n" for _ in range(50)))
    monkeypatch.setattr(table, "_CELLS", 1000)
    monkeypatch.setattr("nnctl.data.memory.available.measure_available", lambda: free)
    names = [str(index + 1) for index in range(1000)]
    with nullcontext() if fits else pytest.raises(DataError, match="memory"):
        assert len(read_table(wide, Dialect(header=False), Request(names), None).columns) == 1000


def test_some_rows_keep_their_lines(own):
    some = read_table(own, Dialect(), Request(["c", "b"]), None).take(np.array([0, 3]))
    assert (some.lines.tolist(), some.columns["c"].tolist()) == ([2, 5], [0.5, 2])
    assert (some.columns["b"].words, some.columns["b"].codes.tolist()) == (("x",), [0, 0])

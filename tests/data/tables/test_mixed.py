import numpy as np
import pytest

from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.growing import GrowingTexts
from nnctl.data.tables.mixed import find_strange, is_none, refuse_mixed
from nnctl.data.tables.table import Request, read_table


def grown(texts):
    column = GrowingTexts({""})
    column.add(texts)
    return column.join()


def test_mixed_columns(tmp_path, refused):
    path = tmp_path / "own.csv"
    path.write_text("a,b,c\n1,1,1\nx,2,x\n2,x,y\n3,NA,2\n")
    found = read_table(path, Dialect(), Request(["a", "b", "c"]), None)
    problem = refused("mixed-column", refuse_mixed, found, "a", "mend it")
    assert problem.message == f"{path}, line 3, column 'a' holds 'x', and numbers in 3 other rows"
    assert problem.hint == '`missing: ["x"]` if it stands for no value; mend it'
    problem = refused("mixed-column", refuse_mixed, found, "b", "mend it")
    assert "line 4" in problem.message
    assert "numbers in 2 other rows" in problem.message
    assert problem.hint == '`missing: ["x", "NA"]` if it stands for no value; mend it'  # the usual words go on
    assert refused("mixed-column", refuse_mixed, found, "a", "mend it", label=True).hint == "mend it"
    refuse_mixed(found, "c", "")  # as many texts as numbers are categories


@pytest.mark.parametrize(
    ("texts", "strange"),
    [
        (["-"] * 60 + [str(i / 7) for i in range(40)], [0]),  # most rows have no value
        (["unknown"] * 5 + ["1", "2"], [0]),
        (["keine Zahl"] * 60 + [str(i) for i in range(40)], [0]),
        (["low"] * 9 + ["high"] * 9 + ["1", "2"], []),
        (["A", "B"] * 30 + [str(i) for i in range(7)], []),
        ([f"${i}" for i in range(40)] + [str(i) for i in range(15)], list(range(40))),  # half of them dressed
        (["1", "2"], []),
        (["a", "b"], []),
    ],
)
def test_words_beside_numbers(texts, strange):
    assert find_strange(grown(texts)) == strange


def test_in_older_runs_rows_alone_count():
    assert find_strange(grown(["-"] * 60 + [str(i) for i in range(40)]), older=True) == []
    assert find_strange(grown(["-"] * 3 + [str(i) for i in range(40)]), older=True) == [0]


def test_words_for_no_value():
    assert all(map(is_none, ("-", "Unknown", "N.A.", "#DIV/0!", "\\N")))
    assert not any(map(is_none, ("0", "low", "nobody")))
    assert np.all([not is_none(str(number)) for number in range(9)])

import unicodedata

from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.header import read_names


def test_names(tmp_path, refused):
    own = tmp_path / "own.csv"
    own.write_text("a,b,c\n1,x,0.5\n2,,y\n")
    assert read_names(own, Dialect(), None) == ("a", "b", "c")
    assert read_names(own, Dialect(header=False), None) == ("1", "2", "3")
    own.write_text("a\tb\n1\t2\n")
    assert refused("bad-header", read_names, own, Dialect(), None).hint == '`delimiter: "\\t"`'


def test_accents_are_composed(tmp_path, refused):
    own = tmp_path / "own.csv"
    both = "größe", unicodedata.normalize("NFD", "größe")
    own.write_text(f"{both[1]},b\n1,2\n")
    assert read_names(own, Dialect(), None) == ("größe", "b")
    own.write_text(",".join(both) + "\n1,2\n")
    assert "two columns" in refused("bad-header", read_names, own, Dialect(), None).message


def test_names_that_are_numbers_are_taken_where_they_are_expected(tmp_path, refused):
    own = tmp_path / "own.csv"
    own.write_text("410,400\n1,2\n")
    refused("no-header", read_names, own, Dialect(), None)
    refused("no-header", read_names, own, Dialect(), None, ["400", "420"])
    assert read_names(own, Dialect(), None, ["400", "410"]) == ("410", "400")


def test_a_column_without_a_name_is_told_by_its_place(tmp_path, refused):
    own = tmp_path / "own.csv"
    own.write_text(",a,b\n0,1,2\n")
    assert "index=False" in refused("bad-header", read_names, own, Dialect(), None).hint
    own.write_text("a;b;\n1;2;\n")
    assert "each line ends with ';'" in refused("bad-header", read_names, own, Dialect(";"), None).hint


def test_more_columns_than_a_table_has(tmp_path, refused):
    own = tmp_path / "own.csv"
    for count, taken in ((100_000, True), (100_001, False)):
        own.write_text(",".join(f"c{index}" for index in range(count)) + "\n")
        if taken:
            assert len(read_names(own, Dialect(), None)) == count
        else:
            assert "100,001 values" in refused("bad-csv", read_names, own, Dialect(), None).message

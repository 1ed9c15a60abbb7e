import pytest

from nnctl.data.images.cells import find_column, read_cells


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    path = tmp_path / "labels.csv"
    path.write_text(delimiter.join(("file", "label", "remark")) + "\n" + delimiter.join(("1.png", "cat", "")) + "\n")
    for columns in ((), ("file", "label")):
        table = read_cells(path, columns)
        assert (table.header, table.rows) == (["file", "label", "remark"], [(2, ["1.png", "cat", ""])])


@pytest.mark.parametrize(
    "text",
    [
        'file,label\n"a, b.png",cat\n',
        'file, label\n"a, b.png", cat\n',
        ' file ,label \r\n  "a, b.png", cat \r\n\r\n',
        "\ufefffile;label\na, b.png;cat\n",
        "sep=;\nfile;label\na, b.png;cat\n",
        "file\tlabel\n a, b.png \tcat\n",
    ],
)
def test_blanks_and_marks_make_no_difference(tmp_path, text):
    path = tmp_path / "labels.csv"
    path.write_text(text, encoding="utf-8")
    table = read_cells(path, ("file", "label"))
    assert (table.header, [cells for _, cells in table.rows]) == (["file", "label"], [["a, b.png", "cat"]])


def test_a_run_of_before_cuts_at_commas_and_keeps_blanks(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("file,label\n1.png, cat\n")
    assert read_cells(path, (), older=True).rows == [(2, ["1.png", " cat"])]


def test_a_column_is_found_by_its_very_name_first():
    assert find_column(["File", "file"], "file") == 1
    assert find_column(["File", "KLASSE"], "klasse") == 1
    assert find_column(["cafe\u0301"], "caf\u00e9") == 0
    assert find_column(["a"], "b") is None

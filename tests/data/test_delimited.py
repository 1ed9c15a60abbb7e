import pytest

from nnctl.data.delimited import Form, rows


@pytest.fixture
def read(tmp_path):
    def read(text, form=Form()):  # noqa: B008
        path = tmp_path / "own.csv"
        path.write_bytes(text.encode())
        return list(rows(path, form, None))

    return read


def test_rows_come_with_the_line_that_they_begin_on(read):
    text = 'a,b\n\n"one\ntwo",2\n  \n3,"4, ""5"""\n'
    assert read(text) == [(1, ["a", "b"]), (3, ["one\ntwo", "2"]), (6, ["3", '4, "5"'])]


def test_the_end_of_lines_and_the_mark_of_unicode_make_no_difference(read):
    assert read("\ufeffa,b\r\n1,2\r\n") == read("a,b\n1,2") == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_other_delimiters_and_quotes(read):
    assert read("a b\n'1 2' 3\n", Form(" ", "'"))[1] == (2, ["1 2", "3"])


def test_rows_before_the_fault_are_given(tmp_path, refused):
    path = tmp_path / "own.csv"
    path.write_text('a\n"b\n')
    found = rows(path, Form(), None)
    assert next(found) == (1, ["a"])
    assert "line 2" in refused("bad-csv", next, found).message


def test_what_cannot_be_opened(tmp_path, refused):
    refused("unreadable-data", list, rows(tmp_path / "none.csv", Form(), None))
    refused("unreadable-data", list, rows(tmp_path, Form(), None))


def test_a_field_that_never_ends(read, refused):
    assert "never closed" in refused("bad-csv", read, '"' + "a\n" * 100_000).message

import os
from pathlib import Path

import pytest

from nnctl.data.tables.delimited import Dialect, has_comma, read_rows
from nnctl.errors import DataError


@pytest.fixture
def read(tmp_path):
    def read(text, dialect=Dialect()):  # noqa: B008
        path = tmp_path / "own.csv"
        path.write_bytes(text.encode())
        return list(read_rows(path, dialect, None))

    return read


def test_rows_come_with_the_line_that_they_begin_on(read):
    text = 'a,b\n\n"one\ntwo",2\n  \n3,"4, ""5"""\n'
    assert read(text) == [(1, ["a", "b"]), (3, ["one\ntwo", "2"]), (6, ["3", '4, "5"'])]


def test_the_end_of_lines_and_the_mark_of_unicode_make_no_difference(read):
    assert read("\ufeffa,b\r\n1,2\r\n") == read("a,b\n1,2") == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_other_delimiters_and_quotes(read):
    assert read("a b\n'1 2' 3\n", Dialect(" ", "'"))[1] == (2, ["1 2", "3"])


def test_rows_before_the_fault_are_given(tmp_path, refused):
    path = tmp_path / "own.csv"
    path.write_text('a\n"b\n')
    found = read_rows(path, Dialect(), None)
    assert next(found) == (1, ["a"])
    assert "line 2" in refused("bad-csv", next, found).message


def test_what_cannot_be_opened(tmp_path, refused):
    refused("unreadable-data", list, read_rows(tmp_path / "none.csv", Dialect(), None))
    refused("unreadable-data", list, read_rows(tmp_path, Dialect(), None))


def test_a_field_that_never_ends(read, refused):
    assert "is never closed" in refused("bad-csv", read, '1,2\n3,"' + "a\n" * 1_000).message
    told = refused("bad-csv", read, '1,"2"\n3,"' + "a\n" * 100_000).message
    assert told.endswith(
        'line 2: a quote " opens in the row that begins here, and is not closed within 131,072 characters'
    )


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_value_without_an_open_quote_that_is_too_long(read, refused, quote):
    told = refused("bad-csv", read, f'a,"b"\n1,{quote}{"9" * 200_000}{quote},"x"\n')
    assert told.message.endswith("line 2: a value of over 131,072 characters")
    assert "quote" not in told.message + told.hint


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("1,5", "1.5"),
        ("-1.234,5", "-1234.5"),
        ("1.234", "1234"),
        ("12", "12"),
        (",5", ".5"),
        ("1,5e-3", "1.5e-3"),
        ("0.125", "0.125"),
        ("12.5", "12.5"),
        ("31.12.2024", "31.12.2024"),
        ("a, b", "a, b"),
        ("1,2,3", "1,2,3"),
        ("", ""),
    ],
)
def test_decimal_commas(read, stored, told):
    assert read(f"{stored};x\n", Dialect(";", decimal=",")) == [(1, [told, "x"])]
    assert read(f"{stored};x\n", Dialect(";")) == [(1, [stored, "x"])]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,5", True),
        ("1,234,567.8", True),
        ("1.234,5", True),
        ("1,2,3", False),
        ("12", False),
        (",", False),
        ("a,1", False),
    ],
)
def test_numbers_with_commas(text, told):
    assert has_comma(text) is told


@pytest.mark.parametrize(
    "content", [b'a,b\n"2"2,3\n4,5\n', b'a,b\n1,"x\n2,3\n', b"a,b\n1,2\n\xff,3\n", b"a,b\n1\0,2\n"]
)
def test_a_file_is_closed_while_its_fault_is_told(tmp_path, content):
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as kept:
        list(read_rows(path, Dialect(), None))
    opened = [each for each in Path("/proc/self/fd").iterdir() if each.exists() and each.resolve() == path]
    assert kept.value.problems
    assert opened == []


def test_a_first_line_may_name_the_delimiter(read, refused):
    assert read("sep=;\r\na;b\n", Dialect(";")) == [(2, ["a", "b"])]
    problem = refused("bad-header", read, "sep=;\na;b\n")
    assert (problem.hint, "line 1 says that ';'" in problem.message) == ('`delimiter: ";"`', True)
    assert read("sep=x1,b\n") == [(1, ["sep=x1", "b"])]


def test_quoted_names_with_another_delimiter_are_told_with_it(tmp_path):
    path = tmp_path / "wine.csv"
    path.write_text('"fixed acidity";"volatile acidity";"quality"\n7.4;0.7;5\n')
    with pytest.raises(DataError) as caught:
        list(read_rows(path, Dialect(), None))
    assert caught.value.problems[0].hint.startswith('`delimiter: ";"`')


@pytest.mark.parametrize("before", [b"", b"1,2\n" * 300_000], ids=["first-piece", "later-piece"])
@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xe2\x82"], ids=["no-byte-of-utf8", "half-a-letter", "at-the-end"])
def test_a_bad_byte_is_named_by_its_line_however_long_that_is(tmp_path, refused, before, bad):
    path = tmp_path / "own.csv"
    path.write_bytes(b"a,b\n" + before + b"1," + bad)
    line = 2 + before.count(b"\n")
    told = refused("not-utf8", list, read_rows(path, Dialect(), None)).message
    assert told.endswith(f"is not UTF-8: byte {bad[0]:#04x} on line {line}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a" + "," * 200_000 + "\n", "line 1: a row of over 100,000 values"),
        ("1,2\n" + '"\n",' * 250_000, "a row of over 100,000 values"),
        ("1,2\n" + '"' + "\n" * 300 + "x" * (1 << 24), "lines 2 to 302: a row of over 16,777,216 characters"),
    ],
    ids=["columns", "a-row-of-many-lines", "a-long-line-of-a-row"],
)
def test_a_row_without_end_is_refused_while_it_is_read(read, refused, text, told):
    assert told in refused("bad-csv", read, text).message


def test_a_text_of_many_lines_is_a_value(read):
    text = "line, and line\n" * 5000
    assert read(f'a,b\n1,"{text}"\n') == [(1, ["a", "b"]), (2, ["1", text])]


def test_a_pipe_is_not_waited_for(tmp_path, refused):
    os.mkfifo(tmp_path / "pipe")
    assert (
        "not a regular file" in refused("unreadable-data", list, read_rows(tmp_path / "pipe", Dialect(), None)).message
    )

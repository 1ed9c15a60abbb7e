import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnctl.errors import DataError
from nnctl.starters.tables import infer_options

Written = Callable[..., Path]


@pytest.fixture
def table() -> Written:
    """Writes sixty rows of three columns to `own.csv`: a number, a colour, a class."""

    def write(*names: str, delimiter: str = ",", columns: Any = None) -> Path:
        columns = columns or [[i / 7 for i in range(60)], ["red", "blue", ""] * 20, ["a", "b"] * 30]
        with Path("own.csv").open("w", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([names] * bool(names) + list(zip(*columns, strict=True)))
        return Path("own.csv")

    return write


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (("x", "colour", "kind"), "kind"),
        (("Species", "colour", "x"), "Species"),
        (("x", "TARGET", "z"), "TARGET"),
        (("y", "class", "z"), "class"),
    ],
)
def test_the_label_goes_by_its_name_or_is_the_last(names: tuple[str, ...], label: str, table: Written) -> None:
    found = infer_options(table(*names))
    assert dict(found.options) == {"label": label}
    assert repr(label) in found.facts[0]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str, table: Written) -> None:
    assert infer_options(table("a", "b, or c", "y", delimiter=delimiter)).options == {
        "label": "y",
        "delimiter": delimiter,
    }


def test_numbers_are_no_header(table: Written) -> None:
    columns = [[i / 7 for i in range(60)], range(60), [0, 1] * 30]
    assert infer_options(table(columns=columns)).options == {"label": 3, "header": False}


def test_a_first_row_that_looks_like_the_others_is_no_header(table: Written) -> None:
    numbers, kinds = [i % 7 / 7 for i in range(60)], ["a", "b"] * 30
    found = infer_options(table(columns=[numbers, ["", "red", "blue"] * 20, numbers, kinds]))
    assert found.options == {"label": 4, "header": False}
    assert found.facts[0] == "The first line is taken for an example, so that columns go by their numbers."
    assert infer_options(table(columns=[kinds, ["x", "y", "y"] * 20])).options == {"label": 2, "header": False}


@pytest.mark.parametrize("names", [("400", "450", "kind"), ("1.5", "red", "y"), ("a", "red", "b")])
def test_one_name_among_them_makes_a_header(names: tuple[str, ...], table: Written) -> None:
    assert (
        "header" not in infer_options(table(*names, columns=[range(60), ["red", "blue"] * 30, ["a", "b"] * 30])).options
    )


def test_what_tells_nothing_is_left_out_with_a_reason(table: Written) -> None:
    columns = [range(60), [f"name {i}" for i in range(60)], [""] * 60, [i / 7 for i in range(60)], ["a", "b"] * 30]
    found = infer_options(table("Id", "name", "cabin", "x", "y", columns=columns))
    assert found.options == {"label": "y", "ignore": ["Id", "name", "cabin"]}
    assert [fact.partition(": ")[2] for fact in found.facts[1:]] == [
        "it numbers the rows.",
        "60 different texts in 60 rows.",
        "it holds no value.",
    ]
    same = infer_options(table("a", "name", "cabin", "x", "y", columns=columns))
    assert same.options["ignore"] == ["name", "cabin"]


def test_an_id_that_repeats_is_kept_and_so_is_the_only_column(table: Written) -> None:
    assert "ignore" not in infer_options(table("id", "y", columns=[[1, 2] * 30, ["a", "b"] * 30])).options
    assert "ignore" not in infer_options(table("id", "y", columns=[range(60), ["a", "b"] * 30])).options


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"a,b\n1\n", b"\xff\xfe", b"a,a\n1,2\n"])
def test_a_file_that_is_no_table_is_told(content: bytes) -> None:
    Path("own.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"own\.csv"):
        infer_options(Path("own.csv"))


def test_a_header_in_quotes_is_no_mistake_of_another_delimiter() -> None:
    rows = "".join(f"{i / 7};{i % 3}\n" for i in range(60))
    Path("own.csv").write_text('"fixed acidity";"quality"\n' + rows)
    assert infer_options(Path("own.csv")).options == {"label": "quality", "delimiter": ";"}


def test_decimal_commas_are_seen_and_told() -> None:
    rows = "".join(f"{i},5;1.0{i:02d},25;{'ab'[i % 2]}\n" for i in range(60))
    Path("own.csv").write_text("x;price;kind\n" + rows)
    found = infer_options(Path("own.csv"))
    assert found.options["decimal"] == ","
    assert "Numbers are taken to have a decimal comma." in found.facts


def test_identities_and_dates_are_left_out(table: Written) -> None:
    dates, days = [f"2024-01-{i % 28 + 1:02d}" for i in range(60)], [f"{i % 28 + 1}.1.2024" for i in range(60)]
    columns = [range(9, 69), dates, days, [i / 7 for i in range(60)], range(60), ["a", "b"] * 30]
    found = infer_options(table("PassengerId", "date", "day", "x", "covid", "y", columns=columns))
    assert found.options["ignore"] == ["PassengerId", "date", "day"]
    assert "it holds dates" in found.facts[2]

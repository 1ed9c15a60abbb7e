import unicodedata
from pathlib import Path

import pytest

from nnctl.data.tables.columns import Columns
from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.feature import Feature
from nnctl.errors import DataError
from nnctl.predicting.headers import Beside, find_numbers, match_columns

NAMED = Columns((Feature("400", 1.0), Feature("größe", 2.0)))
NUMBERED = Columns((Feature("1", 1.0), Feature("3", 2.0)))
OPEN = Dialect(header=False)
POINTS = "0.5,1.5\n0.5,2.5\n1e-3,2.5\n"


def written(folder: Path, text: str) -> Path:
    (folder / "new.csv").write_text(text)
    return folder / "new.csv"


def refused(folder: Path, text: str, work: object, *arguments: object) -> tuple[str, str]:
    with pytest.raises(DataError) as caught:
        work(written(folder, text), *arguments)  # type: ignore[operator]
    (problem,) = caught.value.problems
    return problem.code, f"{problem.message}: {problem.hint}"


@pytest.mark.parametrize(
    ("text", "start", "places"),
    [
        ("a,b\n1,2\n", 1, (0, 1)),
        ("0.5,1.5\n1,2\n", 0, (0, 1)),
        ("5,3\n1,2\n3,4\n5,6\n", 0, (0, 1)),
        ("7,8\n9,10\n", 0, (0, 1)),  # of one step, and no numbering of columns
        ("0,1\n", 0, (0, 1)),  # nothing below
        ("0,1\n" + POINTS, 1, (0, 1)),
        ("2,1\n" + POINTS, 1, (1, 0)),
        ("400,410\n" + POINTS, 1, (0, 1)),
        ("3,3\n" + POINTS, 0, (0, 1)),
        ("5,3\n0.5,1.5\n", 0, (0, 1)),  # one row tells nothing
        ("5,3\n0.5,1\n0.5,2\n0.5,3\n", 0, (0, 1)),
    ],
)
def test_the_first_row_of_plain_numbers_is_a_header_or_an_example(
    text: str, start: int, places: tuple[int, ...], tmp_path: Path
) -> None:
    found = find_numbers(written(tmp_path, text), Dialect(), 2)
    assert (found.start, found.places) == (start, places)
    assert bool(found.said) == (start == 1)


@pytest.mark.parametrize(
    "text", ["0,1,2,3\n5,6,7,8\n1,1,1,1\n", ",".join(map(str, range(400, 500, 10))) + "\n" + ",".join("1" * 10) + "\n"]
)
def test_a_row_that_may_be_either_is_refused(text: str, tmp_path: Path) -> None:
    width = text.partition("\n")[0].count(",") + 1
    code, told = refused(tmp_path, text, find_numbers, Dialect(), width)
    assert code == "no-header"
    assert "put a line of names" in told


def test_columns_go_by_name_in_any_order_with_or_without_the_label(tmp_path: Path) -> None:
    other = unicodedata.normalize("NFD", "größe")
    beside = Beside(("kind",), (), more=False)
    for text, places in ((f"kind,{other},400\na,1,2\n", (2, 1)), ("400,größe\n1,2\n", (0, 1))):
        found = match_columns(written(tmp_path, text), Dialect(), NAMED, beside, {""})
        assert (found.start, found.places, found.said) == (1, places, ())
    found = match_columns(written(tmp_path, "id,400,größe\n7,1,2\n"), Dialect(), NAMED, beside, {""})
    assert found.said == ("it has columns that training has not, which are not used: 'id'",)


def test_names_that_are_numbers_all_are_a_header_if_training_has_them(tmp_path: Path) -> None:
    columns = Columns((Feature("400", 1.0), Feature("410", 2.0)))
    assert match_columns(written(tmp_path, "410,400\n1,2\n"), Dialect(), columns, Beside(), {""}).places == (1, 0)


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("1.5,2.5\n1,2\n", "no-header", "put the line of names in front"),
        ("1.5,Ulm\n1,2\n", "missing-column", "if that is an example, put the line of names in front"),
        ("400,größen\n1,2\n", "missing-column", "is it 'größen'?"),
    ],
)
def test_a_table_without_the_names_is_refused(text: str, code: str, told: str, tmp_path: Path) -> None:
    found = refused(tmp_path, text, match_columns, Dialect(), NAMED, Beside(), {""})
    assert found[0] == code
    assert told in found[1]


@pytest.mark.parametrize(
    ("text", "places"),
    [("1,9,3,9\n", (0, 2)), ("1,3,9\n", (0, 1))],
)
def test_columns_that_go_by_number_are_counted_with_the_label_or_without(
    text: str, places: tuple[int, ...], tmp_path: Path
) -> None:
    beside = Beside(("2",), ("4",), more=False)
    assert match_columns(written(tmp_path, text), OPEN, NUMBERED, beside, {""}).places == places


@pytest.mark.parametrize(
    ("text", "more", "told"),
    [
        ("1,3\n", False, "has 2 columns, the run's table 4, and 3 without the label"),
        ("1,9,3,9,9\n", False, "has 5 columns"),
        ("1,9\n", True, "has 2 columns, the run's table has at least 4"),
        ("a,b,c,d\n1,9,3,9\n", False, "line 1 holds 'a', 'b', 'c' and 1 more, as a line of names does"),
    ],
)
def test_columns_by_number_never_shift(text: str, more: bool, told: str, tmp_path: Path) -> None:
    code, message = refused(tmp_path, text, match_columns, OPEN, NUMBERED, Beside(("2",), ("4",), more), {""})
    assert code == ("no-header" if "line 1" in told else "wrong-input")
    assert told in message


def test_where_there_may_be_more_columns_their_numbers_are_said(tmp_path: Path) -> None:
    found = match_columns(written(tmp_path, "1,9,3,9,9\n"), OPEN, NUMBERED, Beside(("2",), (), more=True), {""})
    assert (found.places, found.said) == ((0, 2), ("columns go by number: 1, 3 of 5",))


def test_a_line_of_names_over_categories_is_no_example(tmp_path: Path) -> None:
    columns, beside = Columns((Feature("1", categories=("red", "blue")),)), Beside(("2",), (), more=False)
    assert refused(tmp_path, "colour\nred\nblue\n", match_columns, OPEN, columns, beside, {""})[0] == "no-header"
    assert match_columns(written(tmp_path, "blue\ngreen\n"), OPEN, columns, beside, {""}).start == 0
    assert match_columns(written(tmp_path, "green\n"), OPEN, columns, beside, {""}).start == 0


def test_a_first_row_of_dressed_numbers_is_an_example(tmp_path: Path) -> None:
    columns, beside = Columns((Feature("1", 1.0, unit="$"),)), Beside(("2",), (), more=False)
    assert match_columns(written(tmp_path, "$5\n$6\n"), OPEN, columns, beside, {""}).start == 0
    assert refused(tmp_path, "price\n$6\n", match_columns, OPEN, columns, beside, {""})[0] == "no-header"


@pytest.mark.parametrize(
    ("text", "fine"),
    [("0,1.5,2.5\n1.0,0.5,1\n", True), ("1.5,2.5,0\n0.7,0.2,1\n", False), ("1.5,2.5\n0.7,0.2\n", True)],
)
def test_a_label_that_stands_elsewhere_is_no_shifted_row(text: str, fine: bool, tmp_path: Path) -> None:
    (path := tmp_path / "new.csv").write_text(text)
    columns = Columns((Feature("2", 0.0), Feature("3", 0.0)))
    beside = Beside(("1",), (), False, ("0", "1"))
    if fine:
        assert match_columns(path, OPEN, columns, beside, ()).width == len(text.splitlines()[0].split(","))
        return
    with pytest.raises(DataError, match=r"column 1 holds '1\.5', and the run's table has the label there"):
        match_columns(path, OPEN, columns, beside, ())

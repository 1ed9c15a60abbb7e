from pathlib import Path

import numpy as np
import pytest

from nnctl.data.inputs import Inputs
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.delimited import Dialect
from nnctl.data.tables.feature import Feature
from nnctl.errors import DataError
from nnctl.predicting.encoding import convert_examples, encode_rows, read_numbers

COLUMNS = Columns((Feature("age", 30.0), Feature("city", categories=("Bonn", "Ulm"))))


def written(folder: Path, text: str) -> Path:
    (folder / "new.csv").write_text(text)
    return folder / "new.csv"


def refused(path: Path, width: int | None = None) -> tuple[str, str]:
    with pytest.raises(DataError) as caught:
        list(
            encode_rows(path, Dialect(), COLUMNS, None, 10)
            if width is None
            else read_numbers(path, Dialect(), width, 10)
        )
    return caught.value.problems[0].code, caught.value.problems[0].message


def test_columns_are_found_by_name_and_others_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, "id,city,age\n7,Ulm,20\n8,Bonn,40\n9,Ulm,50\n")
    first, second = encode_rows(path, Dialect(), COLUMNS, None, 2)
    assert np.concatenate([first[0], second[0]]).tolist() == [[20, 0, 1], [40, 1, 0], [50, 0, 1]]
    assert first[1] == second[1] == ()
    assert (first[2], second[2]) == ([2, 3], [4])


def test_what_training_does_not_have_is_said(tmp_path: Path) -> None:
    ((x, said, _),) = encode_rows(written(tmp_path, "age,city\n,Ulm\n1,Rome\n2,12\n"), Dialect(), COLUMNS, None, 9)
    assert x.tolist() == [[30, 0, 1], [1, 0, 0], [2, 0, 0]]
    assert said == (
        "column 'age' has missing values: they take training's median",
        "column 'city' holds 'Rome', '12', which training does not have, in 2 of 3 rows",
    )


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("age,town\n1,Ulm\n", "missing-column", "'city'"),
        ("age,city\n1,Ulm\nold,Ulm\n", "bad-number", "line 3, column 'age' holds 'old'"),
        ("age,city\n1,Ulm\n2\n", "ragged-row", "line 3"),
        ("age,city\n1e99,Ulm\n", "not-finite", "line 2"),
        ("age,city\n", "no-examples", "no rows"),
    ],
)
def test_a_wrong_table_is_refused_by_line(text: str, code: str, told: str, tmp_path: Path) -> None:
    found = refused(written(tmp_path, text))
    assert found[0] == code
    assert told in found[1]


@pytest.mark.parametrize("header", ["", "a,b\n"])
def test_plain_numbers_with_and_without_a_header(header: str, tmp_path: Path) -> None:
    blocks = list(read_numbers(written(tmp_path, header + "1,2\n3,4\n5,6\n"), Dialect(), 2, 2))
    assert [block.tolist() for block, *_ in blocks] == [[[1, 2], [3, 4]], [[5, 6]]]
    above = len(header.splitlines())
    assert [lines for *_, lines in blocks] == [[above + 1, above + 2], [above + 3]]


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [("1,2,3\n", "wrong-input", "3 columns, expected 2"), ("1,2\n3,x\n", "bad-number", "line 2, column 2 holds 'x'")],
)
def test_what_is_no_row_of_numbers_is_refused(text: str, code: str, told: str, tmp_path: Path) -> None:
    found = refused(written(tmp_path, text), 2)
    assert found[0] == code
    assert told in found[1]


def test_categories_are_known_in_whatever_form_they_are_written(tmp_path: Path) -> None:
    columns = Columns((Feature("zone", categories=("1", "2")), Feature("price", 1.0, unit="$")))
    path = written(tmp_path, 'price,zone\n"$1,234.50",1.0\n,2e0\n0,3\n')
    ((x, said, _),) = encode_rows(path, Dialect(), columns, None, 9)
    assert x.tolist() == [[1, 0, 1234.5], [0, 1, 1], [0, 0, 0]]
    assert said[-1] == "column 'zone' holds '3', which training does not have, in 1 of 3 rows"
    ((x, said, _),) = encode_rows(path, Dialect(), columns, None, 9, older=True)
    assert not x[:, :2].any()


def test_a_number_without_its_unit_is_refused(tmp_path: Path) -> None:
    columns = Columns((Feature("price", 1.0, unit="$"),))
    with pytest.raises(DataError, match="line 3, column 'price' holds '5', training has numbers with '\\$'"):
        list(encode_rows(written(tmp_path, "price\n$4\n5\n"), Dialect(), columns, None, 9))


def test_what_is_new_is_told_once_for_the_whole_file(tmp_path: Path) -> None:
    blocks = list(encode_rows(written(tmp_path, "age,city\n1,Rome\n2,Ulm\n3,Oslo\n"), Dialect(), COLUMNS, None, 1))
    assert [said for _, said, _ in blocks] == [
        (),
        (),
        ("column 'city' holds 'Rome', 'Oslo', which training does not have, in 2 of 3 rows",),
    ]


def test_a_row_of_numbers_above_numbers_with_points_is_no_example(tmp_path: Path) -> None:
    ((x, said, _),) = read_numbers(written(tmp_path, "1,0\n0.5,1.5\n2.5,3.5\n4.5,5.5\n"), Dialect(), 2, 9)
    assert x.tolist() == [[1.5, 0.5], [3.5, 2.5], [5.5, 4.5]]
    assert "the columns are put in its order" in said[0]


@pytest.mark.parametrize(
    ("x", "dtype", "told"),
    [
        ([1.0, 1e39], "float32", "big.npz is 1e+39 at row 8, index (0), too large for float32"),
        ([1.0, np.nan], "float64", "big.npz is nan at row 8, index (0), not finite"),
        ([1.0, 70000.0], "float16", "too large for float16"),
        ([1, 70000], "float16", "too large for float16"),
        ([1.0, 1e39], "uint8", "too large for float32"),
    ],
)
def test_what_the_network_cannot_hold_is_refused_before_the_cast(x: list[float], dtype: str, told: str) -> None:
    inputs = Inputs((1,), dtype, "binary", ("0", "1"), 0, 9, 1, 1)
    with pytest.raises(DataError) as caught:
        convert_examples(np.array(x)[:, None], inputs, "big.npz", (7, 8))
    assert caught.value.problems[0].code == "not-finite"
    assert told in caught.value.problems[0].message


def test_of_many_columns_with_missing_or_new_values_the_first_are_told(tmp_path: Path) -> None:
    numbers = [Feature(f"n{at}", 1.0) for at in range(20)]
    texts = [Feature(f"t{at}", categories=("a", "b")) for at in range(20)]
    header = ",".join(feature.name for feature in (*numbers, *texts))
    path = written(tmp_path, f"{header}\n" + ",".join([""] * 20 + ["new"] * 20) + "\n")
    ((x, said, _),) = encode_rows(path, Dialect(), Columns((*numbers, *texts)), None, 10)
    assert x.tolist() == [[1.0] * 20 + [0.0] * 40]
    assert len(said) == 18
    assert said[8] == "and 12 more columns have missing values in these rows"
    assert said[17] == "and 12 more columns hold what training does not have"


def test_a_text_among_many_numbers_is_told_by_its_line(tmp_path: Path) -> None:
    columns = Columns(tuple(Feature(f"n{at}", 1.0) for at in range(20)))
    header = ",".join(feature.name for feature in columns.features)
    row, odd = ["1"] * 20, ["1"] * 19 + ["x"]
    path = written(tmp_path, f"{header}\n" + "\n".join(map(",".join, (row, odd))) + "\n")
    with pytest.raises(DataError, match="line 3, column 'n19' holds 'x', training has numbers"):
        list(encode_rows(path, Dialect(), columns, None, 10))

import importlib
import unicodedata
from dataclasses import replace

import numpy as np
import pytest

from nnctl.data.memory.limit import Limit, PastLimitError
from nnctl.data.source import StoredColumn
from nnctl.data.tables.layout import Options
from nnctl.data.tables.reading import peek, read_csv
from nnctl.errors import DataError
from nnctl.spec.sections import DataFacts

PETS = "age,pet,owner\n1,cat,yes\n,dog,no\n3,cat,no\n4,,yes\n"


@pytest.fixture
def data(section, tmp_path):
    """Makes the section of a file with this text."""

    def make(text=PETS, **values):
        (tmp_path / "pets.csv").write_text(text)
        return section("csv", path=tmp_path / "pets.csv", **values)

    return make


def test_numbers_are_values_and_categories_are_indices(data):
    found = read_csv(data(), Options(label="owner"))
    np.testing.assert_array_equal(found.train.x, np.array([[1, 0], [np.nan, 1], [3, 0], [4, np.nan]], np.float32))
    assert found.train.columns == (StoredColumn("age"), StoredColumn("pet", ("cat", "dog")))
    assert found.train.y.tolist() == ["yes", "no", "no", "yes"]
    assert found.train.lines.tolist() == [2, 3, 4, 5]
    assert (found.title, found.class_names) == ("pets.csv (2 values missing)", None)
    assert "'owner'" in found.train.y_name


def test_several_label_columns_name_the_labels(data):
    text = "a,cat,dog\n1,0,1\n2,1,1\n3,1,0\n"
    found = read_csv(data(text), Options(label=["cat", "dog"]))
    assert (found.class_names, found.train.y.shape) == (("cat", "dog"), (3, 2))


@pytest.mark.parametrize(
    ("options", "labels", "facts"),
    [
        ({"label": "owner"}, "auto", DataFacts(None, "float32", "multiclass", None)),
        ({"label": "owner", "features": ["age"]}, "auto", DataFacts((1,), "float32", "multiclass", None)),
        ({"label": "owner", "embed": {"pet": 3}}, "auto", DataFacts((4,), "float32", "multiclass", None)),
        ({"label": "age", "features": [3], "embed": 2}, "raw", DataFacts((2,), "float32", "regression", 1)),
        ({"label": ["age", "owner"], "embed": 5}, "auto", DataFacts((5,), "float32", None, 2)),
    ],
)
def test_what_the_first_rows_tell(data, options, labels, facts):
    assert peek(data(labels=labels), Options(**options)) == facts


def test_to_embed_without_categories(data, refused):
    problem = refused("bad-value", read_csv, data("a,y\n1,2\n3,4\n"), Options(label="y", embed=True))
    assert "no column of categories" in problem.message


@pytest.mark.parametrize("work", [peek, read_csv])
def test_numbers_with_commas_are_told(data, refused, work):
    text = "a;y\n1,5;0\n2,5;1\n"
    assert "'1,5'" in refused("number-with-comma", work, data(text), Options(label="y", delimiter=";")).message
    work(data(text), Options(label="y", delimiter=";", decimal=","))


@pytest.mark.parametrize(("label", "numbers", "task"), [
    ("grade", True, "regression"), ("grade", False, None), ("flag", True, None), ("pet", True, "multiclass"),
])  # fmt: skip
def test_a_look_at_whole_numbers_goes_by_the_loss(data, label, numbers, task):
    text = "grade,flag,pet\n3,0,cat\n5,1,dog\n3,1,cat\n5,0,dog\n"
    assert peek(data(text, numbers=numbers), Options(label=label)).task == task


MONEY = "price,off,y\n" + "".join(f'"$1,{i:03d}",{i}%,{i % 2}\n' for i in range(40))


def test_dressed_numbers_are_read_if_asked(data):
    found = read_csv(data(MONEY), Options(label="y", numbers={"price": "$", 2: "%"}))
    np.testing.assert_array_equal(found.train.x, [[1000 + i, i] for i in range(40)])
    assert found.train.columns == (StoredColumn("price", unit="$"), StoredColumn("off", unit="%"))
    prices = read_csv(data(MONEY, labels="raw"), Options(label="price", ignore=["off"], numbers={"price": "$"})).train.y
    assert prices.tolist() == list(range(1000, 1040))


@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        (MONEY + "EUR 5,1%,0\n", "$", "line 42, column 'price' holds 'EUR 5', expected a number with '$'"),
        (MONEY, "€", "line 2, column 'price' holds '$1,000', expected a number with '€'"),
        (MONEY, None, "expected a number"),
    ],
)
def test_another_unit_is_refused_with_its_line(data, refused, text, unit, told):
    assert told in refused("bad-number", read_csv, data(text), Options(label="y", numbers={"price": unit})).message


def test_columns_of_numbers_must_be_read_as_such(data, refused):
    options = {"label": "owner", "features": ["pet"]}
    assert "nothing asks" in refused("bad-value", read_csv, data(), Options(numbers=["age"], **options)).message
    both = Options(label="owner", numbers=["pet"], categories=["pet"])
    assert "are to be categories" in refused("bad-value", read_csv, data(), both).message


def test_every_column_that_is_no_category_is_told_at_once(data):
    for work in (peek, read_csv):
        with pytest.raises(DataError) as caught:
            work(data(MONEY), Options(label="y"))
        assert [problem.hint.partition(" reads")[0] for problem in caught.value.problems] == [
            '`numbers: {price: "$"}`',
            '`numbers: {off: "%"}`',
        ]


def test_a_run_of_before_goes_on_with_them_as_categories(data):
    found = read_csv(replace(data(MONEY), older=True), Options(label="y"))
    assert [len(column.words) for column in found.train.columns] == [40, 40]
    text = "zone,y\n" + "1,900719925474099301\n1.0,900719925474099302\n" * 9
    for older, words, names in ((True, ("1", "1.0"), 1), (False, ("1",), 2)):
        found = read_csv(replace(data(text), older=older), Options(label="y", categories=["zone"]))
        assert found.train.columns[0].words == words
        assert len(set(found.train.y)) == names


def test_columns_that_nobody_speaks_of_are_named(data):
    said = read_csv(
        data("id,age,pet,owner\n1,2,cat,yes\n3,4,dog,no\n"), Options(label="owner", features=["age"], ignore=["pet"])
    )
    assert said.train.said == ("not used, as `features` does not name them: 'id'",)
    assert read_csv(data(), Options(label="owner", ignore=["pet"])).train.said == ()


def test_names_in_the_options_may_be_decomposed(data):
    other = unicodedata.normalize("NFD", "größe")
    found = read_csv(data("größe,y\n1,a\n2,b\n"), Options(label="y", features=[other]))
    assert found.train.columns == (StoredColumn("größe"),)


def test_a_few_classes_that_look_like_amounts_and_ordinals_are_passed_over(data):
    rows = "".join(f"{i % 3 + 1}{('st', 'nd', 'rd')[i % 3]},{('<=50K', '>50K')[i % 2]}\n" for i in range(60))
    assert read_csv(data("grade,y\n" + rows), Options(label="y")).train.said == ()


def test_forms_of_one_word_do_not_look_alike(data):
    rows = "".join(f"{('TRUE', 'true', 'False')[i % 3]},{i % 2}\n" for i in range(60))
    assert read_csv(data("ok,y\n" + rows), Options(label="y")).train.said == ()


def test_where_labels_alone_are_looked_at_no_feature_is_read(data):
    text = "a,b,y\n1,u,yes\n1e99,v,no\n"  # beyond float32: whoever reads it refuses it
    with pytest.raises(DataError, match="'a'"):
        read_csv(data(text), Options(label="y"))
    found = read_csv(data(text), Options(label="y"), Limit())
    assert (found.train.y.tolist(), found.train.x.shape, found.train.lines.tolist()) == (["yes", "no"], (2, 2), [2, 3])
    with pytest.raises(PastLimitError, match=r"pets\.csv"):
        read_csv(data(text), Options(label="y"), Limit(len(text) - 1))


def test_rows_without_a_label_are_left_out_where_the_spec_says_so(data):
    text = "a,b,y,z\n1,u,1,0\n2,v,,1\n3,w,0,NA\n4,u,0,1\n"
    with pytest.raises(DataError, match=r"line 3, column 'y' has no label"):
        read_csv(data(text), Options(label=["y", "z"]))
    for limit in (None, Limit()):
        found = read_csv(data(text, skip={"unlabelled": True}), Options(label=["y", "z"]), limit)
        assert (found.train.y.tolist(), found.train.lines.tolist()) == ([[1, 0], [0, 1]], [2, 5])
        assert found.train.x.shape == (2, 2)
    found = read_csv(data(text, skip={"unlabelled": True}), Options(label=["y", "z"]))
    assert (found.train.kept.tolist(), found.train.x[:, 0].tolist()) == ([0, 3], [1, 4])
    assert found.train.columns[1].words == ("u",)
    assert found.train.said[0].startswith("2 rows without a label are left out: lines 3, 4 of ")
    with pytest.raises(DataError, match="none of 2 rows has a label"):
        read_csv(data("a,y\n1,\n2,\n", skip={"unlabelled": True}), Options(label="y"))


@pytest.fixture
def count_calls(monkeypatch):
    """Makes a count of the calls of a function."""

    def count(where):
        room, _, name = where.rpartition(".")
        module, calls = importlib.import_module(room), []
        made = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args, **given: (calls.append(args), made(*args, **given))[1])
        return calls

    return count


def write_wide(columns, rows=40):
    """A table of numbers, every tenth column of two categories, and a label."""
    names = ",".join(f"c{at}" for at in range(columns))
    lines = (
        ",".join("xy"[(row + at) % 2] if at % 10 == 0 else f"{row * 0.37 + at:.3f}" for at in range(columns))
        for row in range(rows)
    )
    return f"{names},label\n" + "".join(f"{line},{'yn'[row % 2]}\n" for row, line in enumerate(lines))


@pytest.mark.parametrize("work", [peek, read_csv])
def test_the_work_on_a_wide_table_grows_with_its_cells(data, work, count_calls, monkeypatch):
    monkeypatch.setattr(
        "nnctl.data.tables.table._CELLS", 400
    )  # so that a block has 10 rows of 40 columns, or one of 400
    looked = {
        "blocks": count_calls("nnctl.data.tables.growing.find_coarse"),
        "numbers": count_calls("nnctl.data.tables.growing.parse_number"),
        "dates": count_calls("nnctl.data.tables.reading.could_be_date"),
        "rows": count_calls("nnctl.data.tables.delimited._replace_comma"),
    }
    counts = {}
    for columns in (40, 400):
        for calls in looked.values():
            calls.clear()
        work(data(write_wide(columns)), Options(label="label", decimal=","))
        counts[columns] = {name: len(calls) for name, calls in looked.items()}
    assert counts[40]["blocks"] == 5  # 9 rows each
    assert counts[400]["blocks"] == 40  # of one row each, not one for each of 360 columns
    for columns, found in counts.items():
        cells = 41 * (columns + 1)
        assert found["numbers"] <= cells
        assert found["dates"] <= columns  # the first row tells
        assert found["rows"] <= cells + 5 * (columns + 1)  # the rows once, the first ones a few times more

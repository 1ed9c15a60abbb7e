import numpy as np
import pytest

from nnctl.data.source import StoredColumn
from nnctl.data.tables.layout import Options
from nnctl.data.tables.reading import peek, read_csv
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

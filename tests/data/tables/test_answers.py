import numpy as np
import pytest

from nnctl.data.tables.answers import has_fractions, has_texts, make_column_labels, make_labels, make_row_labels
from nnctl.data.tables.growing import GrowingTexts
from nnctl.data.tables.table import Table


@pytest.fixture
def table(tmp_path):
    def table(**columns):
        found = {}
        for name, values in columns.items():
            column = GrowingTexts({""})
            column.add(list(map(str, values)))
            found[name] = column.join()
        count = len(next(iter(columns.values())))
        return Table(tmp_path / "own.csv", np.arange(2, 2 + count), found, None)

    return table


@pytest.mark.parametrize(
    ("values", "form", "kind"),
    [
        ([1, 2, 1, 2], "auto", "U"),
        ([1, 2, 3, 2], "auto", "f"),  # fewer than two examples of each
        ([*range(20)] * 2, "auto", "U"),
        ([*range(1, 22)] * 2, "auto", "f"),
        ([*range(21)] * 2, "auto", "U"),
        ([0.5, 1.5] * 2, "auto", "f"),
        ([0.5, 1.5] * 2, "one_hot", "U"),
        ([1, 2, 1, 2], "raw", "f"),
        (["a", "b"], "auto", "U"),
    ],
)
def test_classes_or_numbers(table, values, form, kind):
    y = make_column_labels(table(y=values), "y", form)
    assert (y.dtype.kind, y.tolist()) == (kind, [str(v) if kind == "U" else v for v in values])


def test_whole_numbers_are_one_class_however_they_are_written(table):
    assert make_column_labels(table(y=["1", "1.0", "2", "2.00"]), "y", "auto").tolist() == ["1", "1", "2", "2"]


def test_what_no_label_can_be(table, refused):
    refused("missing-value", make_column_labels, table(y=["a", ""]), "y", "auto")
    assert "line 3" in refused("bad-labels", make_column_labels, table(y=["1", "a"]), "y", "raw").message
    assert "line 5" in refused("mixed-column", make_column_labels, table(y=["1", "2", "1", "a"]), "y", "auto").message
    refused("not-finite", make_column_labels, table(y=["1e40", "0.5"]), "y", "auto")
    refused("not-finite", make_column_labels, table(y=["inf", "0.5"]), "y", "auto")


def test_several_columns(table, refused):
    both = table(a=[0, 1, 1], b=[1, 1, 0])
    y = make_row_labels(both, ("a", "b"), "auto")
    assert (y.dtype, y.tolist()) == (np.uint8, [[0, 1], [1, 1], [1, 0]])
    assert make_labels(both, ("a", "b"), "raw").dtype == np.float32
    assert make_labels(both, ("a",), "raw").shape == (3,)
    assert make_row_labels(table(a=[0, 1], b=[1, 2]), ("a", "b"), "auto").dtype == np.float32
    assert "line 3" in refused("bad-labels", make_row_labels, table(a=[0, 1], b=[1, "x"]), ("a", "b"), "auto").message


def test_what_a_look_tells(table):
    assert has_texts(table(y=["1", "a"]), "y")
    assert not has_texts(table(y=["1", "2"]), "y")
    assert has_fractions(table(y=["1", "2.5"]), "y")
    assert not has_fractions(table(y=["1", "2.0"]), "y")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, 1, 2], "f"),
        ([10, 20] * 5, "f"),
        ([*range(21)] * 2, "f"),
        ([0, 1] * 3, "U"),
        (["0.0", "1.0"] * 3, "U"),
        (["a", "b"], "U"),
        ([0.5, 1.5] * 2, "f"),
    ],
)
def test_whole_numbers_beside_a_loss_for_numbers(table, values, kind):
    assert make_column_labels(table(y=values), "y", "auto", numbers=True).dtype.kind == kind
    assert make_labels(table(y=values), ("y",), "one_hot", numbers=True).dtype.kind == "U"


def test_classes_keep_every_digit_and_codes_their_zeros(table):
    ids = ["900719925474099301", "900719925474099302", "900719925474199377"]
    assert make_column_labels(table(y=ids * 2), "y", "auto").tolist() == ids * 2
    assert make_column_labels(table(y=ids * 2), "y", "auto", older=True).tolist() != ids * 2
    assert make_column_labels(table(y=["01", "1", "1.0"] * 2), "y", "auto").tolist() == ["01", "1", "1"] * 2
    assert make_column_labels(table(y=["TRUE", "True", "FALSE"]), "y", "auto").tolist() == ["True", "True", "False"]


def test_a_class_that_is_called_as_what_is_missing_is_named(tmp_path, refused):
    column = GrowingTexts({"", "None", "NA"})
    column.add(["a", "None", "b", "None"])
    table = Table(tmp_path / "own.csv", np.arange(2, 6), {"y": column.join()}, None)
    problem = refused("missing-value", make_column_labels, table, "y", "auto")
    assert problem.message.endswith("line 3, column 'y' has no label, and on 1 other line: 'None' stands for no value")
    assert "if it is a class: `missing: []`" in problem.hint


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([900719925474099300 + 1000 * i for i in range(30)] * 2, "U"),
        ([f"0{i}" for i in range(100, 130)] * 2, "U"),
        ([900719925474099300 + 1000 * i for i in range(30)], "f"),  # one of each
        ([i / 2 for i in range(30)] * 2, "f"),
        ([*range(0, 60, 2)] * 2, "f"),
    ],
)
def test_whole_numbers_that_measure_nothing_are_classes(table, values, kind):
    assert make_column_labels(table(y=values), "y", "auto").dtype.kind == kind
    assert make_column_labels(table(y=values), "y", "auto", older=True).dtype.kind == "f"

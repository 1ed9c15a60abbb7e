from pathlib import Path

import numpy as np
import pytest

from nnctl.data.tables.growing import Texts
from nnctl.errors import UsageError
from nnctl.starters.labelling import choose_labels, find_label, find_separator


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (["标签", "岛", "体重"], "标签"),
        (["类别", "a", "b"], "类别"),
        (["x", "鸢尾花种类", "z"], "鸢尾花种类"),
        (["x", "true_label", "z"], "true_label"),
        (["Target", "x", "z"], "Target"),
        (["label", "x", "标签"], "label"),
        (["x", "label", "price"], "price"),
        (["x", "labelled_by", "z"], "z"),
        (["x", "y2", "id"], "y2"),  # of what tells nothing none is a label
    ],
)
def test_names_that_mean_a_label_come_before_the_last_column(names: list[str], label: str) -> None:
    idle = {"id"}
    if label == "price":  # the file's last, which is an amount
        names = [name for name in names if name != "label"]
    assert find_label(names, idle)[0] == label


@pytest.mark.parametrize(
    ("asked", "chosen"),
    [("b", ["b"]), ("b,c", ["b", "c"]), (" c , b ", ["c", "b"]), ("a, or so", ["a, or so"]), ("b,b", ["b"])],
)
def test_columns_are_chosen_by_their_names(asked: str, chosen: list[str]) -> None:
    assert choose_labels(Path("own.csv"), ["a, or so", "b", "c"], asked) == chosen


@pytest.mark.parametrize(
    ("asked", "code", "hint"),
    [
        ("specis", "missing-column", "did you mean 'species'?"),
        ("nothing", "missing-column", "its columns are"),
        ("", "missing-column", "its columns are"),
        ("x,species", "bad-value", "to be predicted"),
    ],
)
def test_what_is_no_column_or_all_of_them_is_refused(asked: str, code: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose_labels(Path("own.csv"), ["x", "species"], asked)
    assert caught.value.problems[0].code == code
    assert hint in str(caught.value.problems[0].hint)


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        (["rainy", "rainy|windy", "windy"], "|"),
        (["a;b", "a", "b", "b;c"], ";"),
        (["a,b", "b", "a"], ","),
        (["New York, NY", "Boston, MA"], None),  # nothing of it stands alone
        (["yes", "no"], None),
        (["a|", "a"], None),
        (["1|2"], None),
    ],
)
def test_several_labels_in_a_cell_are_those_that_stand_alone_elsewhere(words: list[str], mark: str | None) -> None:
    assert find_separator(Texts(np.arange(len(words), dtype=np.int32), tuple(words))) == mark
    assert find_separator(np.zeros(3, np.float32)) is None

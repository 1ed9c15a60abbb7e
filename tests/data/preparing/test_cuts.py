import numpy as np
import pytest

from nnctl.data.preparing.cuts import describe_cut
from nnctl.data.preparing.row_keys import RowKeys
from nnctl.spec.sections import Data

ROWS = {"train": np.arange(5), "validation": np.array([5, 6]), "test": np.array([7, 8, 9])}
DAYS = RowKeys(
    "time", "column 'day'", np.arange(10) // 2, ["mo", "tu", "we", "th", "fr"], "column 'day': so it is read"
)


def test_the_real_shares_are_told_of_what_they_are_cut_from() -> None:
    found = describe_cut(DAYS, Data("csv", {}), ROWS)
    assert found.notes == (
        "cut by time, column 'day': train mo to we (5 rows), validation we to th (2 rows, 0.286 of the rest), "
        "test th to fr (3 rows, 0.3 of all)",
        "column 'day': so it is read",
    )
    told = found.document()
    assert (told["kind"], told["name"]) == ("time", "column 'day'")
    assert told["parts"]["validation"] == {"rows": 2, "groups": None, "first": "we", "last": "th", "share": 2 / 7}
    assert told["parts"]["train"]["share"] is None


@pytest.mark.parametrize(("values", "rows", "said"), [
    ({}, {"train": ROWS["train"], "validation": np.arange(5, 10)}, "validation we to fr (5 rows, 0.5 of all)"),
    ({}, {"train": np.arange(8), "test": np.array([8, 9])}, "test fr (2 rows, 0.2 of all)"),
    ({"subset": 4}, {"train": np.arange(4), "test": np.array([8, 9])}, "test fr (2 rows)"),
])  # fmt: skip
def test_what_was_not_cut_has_no_part(values: dict[str, int], rows: dict[str, np.ndarray], said: str) -> None:
    found = describe_cut(DAYS, Data("csv", {}, **values), rows)  # type: ignore[arg-type]
    assert found.notes[0].endswith(said)
    assert set(found.parts) == set(rows)


def test_groups_are_counted_and_the_order_of_rows_has_no_texts() -> None:
    groups = RowKeys("group", "array 'who'", np.array([0, 0, 1, 1, 1, 2, 2, 3, 3, 3]), list("abcd"))
    (note,) = describe_cut(groups, Data("npz", {}), ROWS).notes
    assert note == (
        "cut by group, array 'who': train 2 groups (5 rows), validation 1 group (2 rows, 0.286 of the rest), "
        "test 1 group (3 rows, 0.3 of all)"
    )
    rows = RowKeys("time", "the order of the rows", np.arange(10), None)
    (note,) = describe_cut(rows, Data("npz", {}), ROWS).notes
    assert note.startswith("cut by time, the order of the rows: train (5 rows), validation (2 rows, ")

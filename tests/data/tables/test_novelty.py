import numpy as np

from nnctl.data.source import Pair, StoredColumn
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.feature import Feature
from nnctl.data.tables.novelty import Novelty, describe_novelty

COLUMNS = Columns(
    (Feature("age", 30.0), Feature("city", categories=("Bonn", "Ulm")), Feature("zip", None, ("1",), embed=2))
)


def pair(cities, x, *names):
    x = np.array(x, np.float32)
    held = (
        StoredColumn("city", cities),
        StoredColumn("zip", ("1.0", "2")),
        StoredColumn("age"),
        *map(StoredColumn, names),
    )
    return Pair(x, np.zeros(len(x)), columns=held)


def test_rows_with_new_categories_are_counted_by_column():
    told = describe_novelty(COLUMNS, pair(("Rome", "Ulm", "Oslo"), [[0, 0, 1], [1, 1, 1], [2, 0, 1], [0, 0, 1]]))
    assert told == (
        "column 'city' holds 'Rome', 'Oslo', which training does not have, in 3 of 4 rows",
        "column 'zip' holds '2', which training does not have, in 1 of 4 rows",
    )


def test_no_value_is_new_where_no_row_of_training_lacks_one_and_has_a_vector_otherwise():
    (told,) = describe_novelty(COLUMNS, pair(("Ulm",), [[np.nan, np.nan, 1], [0, 0, 1]]))
    assert told == "column 'city' holds no value, which training does not have, in 1 of 2 rows"


def test_other_columns_are_named():
    (told,) = describe_novelty(COLUMNS, pair(("Ulm",), [[0, 0, 1, 5]], "id"))
    assert told == "it has columns that training has not, which are not used: 'id'"


def test_blocks_are_counted_together():
    counted = Novelty(COLUMNS)
    for cities in (("Rome",), ("Ulm",), tuple("abcd")):
        counted.count(pair(cities, [[index, 0, 1] for index in range(len(cities))]))
    assert list(counted.describe()) == [
        "column 'city' holds 'Rome', 'a', 'b' and 2 more, which training does not have, in 5 of 6 rows"
    ]


def test_older_runs_know_a_category_in_its_own_form_alone():
    (told,) = describe_novelty(COLUMNS, pair(("Ulm",), [[0, 0, 1]]), exact=True)
    assert "'1.0'" in told

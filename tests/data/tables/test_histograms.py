import numpy as np
import pytest

from nnctl.data.tables.columns import Columns
from nnctl.data.tables.feature import Feature
from nnctl.data.tables.histograms import count_categories, count_columns, count_numbers


@pytest.mark.parametrize("n", [1, 5, 1000])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e30])
def test_every_number_is_counted_where_it_lies(n: int, scale: float) -> None:
    values = (scale * np.random.default_rng(n).normal(size=n)).astype(np.float32)
    found = count_numbers("x", values)
    assert found.edges is not None
    assert found.counts.sum() == n
    assert found.edges[0] <= values.min() <= values.max() <= found.edges[-1]
    for low, high, count in zip(found.edges[:-1], found.edges[1:-1], found.counts, strict=False):
        assert count == ((values >= low) & (values < high)).sum()


def test_few_whole_numbers_are_counted_each_by_itself() -> None:
    found = count_numbers("x", np.array([3, 5, 5, 3, 5, 4], np.uint8))
    assert found.counts.tolist() == [2, 1, 3]
    assert np.asarray(found.edges).tolist() == [2.5, 3.5, 4.5, 5.5]


@pytest.mark.parametrize("values", [[], [7.25] * 4, [1e300], [1e16, 1e16 + 2], [0.0, 5e-324]])
def test_nothing_one_value_and_extremes(values: list[float]) -> None:
    assert count_numbers("x", np.array(values)).counts.sum() == len(values)


def test_medians_that_stand_for_nothing_are_not_counted() -> None:
    learned = Columns((Feature("age", 2.5, missing=2),))
    (found,) = count_columns(np.array([[2.5], [1.25], [2.5], [2.5], [9.75]], np.float32), learned)
    assert (found.name, found.missing, found.counts.sum()) == ("age", 2, 3)


def test_categories_are_one_column_with_what_is_missing() -> None:
    features = (
        Feature("n", 0.0),
        Feature("city", None, ("", "Oslo", "Rome"), 1),
        Feature("street", None, ("a", "b"), 2, embed=3),
    )
    x = np.array([[1, 0, 1, 0, 1], [2, 1, 0, 0, 0], [3, 0, 1, 0, 2], [4, 0, 0, 0, 0]], np.float32)
    n, city, street = count_columns(x, Columns(features))
    assert n.counts.tolist() == [1, 1, 1, 1]
    assert (list(city.labels), city.counts.tolist()) == (["(missing)", "Oslo", "Rome"], [1, 2, 0])
    assert (list(street.labels), street.counts.tolist()) == (["(missing)", "a", "b"], [2, 1, 1])


def test_columns_without_names_have_numbers() -> None:
    assert [each.name for each in count_columns(np.zeros((2, 2)), None)] == ["feature 0", "feature 1"]
    found = count_categories("class", np.array([0, 2, 2]), ("a", "b", "c"))
    assert found.counts.tolist() == [1, 0, 2]

import numpy as np
import pytest

from nnctl.data.source import StoredColumn
from nnctl.data.tables.feature import Feature, compute_embedding_width, fill, learn_feature

NAN = np.nan
CITY = ("rome", "oslo", "bern")


@pytest.mark.parametrize(("vectors", "width"), [(1, 2), (2, 2), (3, 3), (10, 6), (100, 21), (1000, 77), (10**6, 600)])
def test_the_width_by_rule_is_fastais(vectors, width):
    assert compute_embedding_width(vectors) == width


def test_embedded_categories_leave_the_first_vector_to_what_is_missing_or_new():
    feature = learn_feature(StoredColumn("city", CITY, 0), np.array([0, 2, NAN, 2], np.float32))
    assert feature == Feature("city", None, ("bern", "rome"), 1, 3)
    assert (feature.width, feature.outputs, feature.vectors) == (1, 3, 3)
    assert feature.indices == {"bern": 1, "rome": 2}
    encoded = np.zeros((5, 1), np.float32)
    fill(encoded, feature, np.array([0, 1, 2, NAN, 3], np.float32), StoredColumn("city", (*CITY, "ulm")))
    assert encoded[:, 0].tolist() == [2, 0, 1, 0, 0]


def test_a_width_that_is_given_is_taken():
    assert learn_feature(StoredColumn("city", CITY, 7), np.array([0], np.float32)).embed == 7


def test_a_subset_without_a_category_still_has_a_vector():
    feature = learn_feature(StoredColumn("city", CITY, 0), np.array([NAN], np.float32))
    assert (feature.categories, feature.vectors) == ((), 1)


def test_names_tell_how_a_column_is_handed_on():
    assert Feature("city", None, ("a",), 0, 1).names == ("city (as 1 number)",)
    assert Feature("city", None, ("", "a"), 1).names == ("city=(missing)", "city=a")

import json

import numpy as np
import pytest

from nnctl.data.source import StoredColumn
from nnctl.data.tables.feature import (
    Feature,
    compute_embedding_width,
    dump_feature,
    fill,
    find_categories,
    learn_feature,
    parse_feature,
)

NAN = np.nan
CITY = ("rome", "oslo", "bern")


@pytest.mark.parametrize(("vectors", "width"), [(1, 2), (2, 2), (3, 3), (10, 6), (100, 21), (1000, 77), (10**6, 600)])
def test_the_width_by_rule_is_fastais(vectors, width):
    assert compute_embedding_width(vectors) == width


def test_embedded_categories_leave_the_first_vector_to_what_is_missing_or_new():
    feature = learn_feature(StoredColumn("city", CITY, 0), np.array([0, 2, NAN, 2], np.float32))
    assert feature == Feature("city", None, ("bern", "rome"), 1, 3)
    assert (feature.width, feature.outputs, feature.vectors) == (1, 3, 3)
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


def test_categories_are_found_in_whatever_form_they_are_written():
    feature = Feature("zone", None, ("", "1", "2.0", "café"), 1)
    column = StoredColumn("zone", ("1.0", "2", "cafe\u0301", "3"))
    values = np.array([0, 1, 2, 3, NAN], np.float32)
    assert find_categories(feature, values, column).tolist() == [1, 2, 3, -1, 0]
    assert find_categories(feature, values, column, exact=True).tolist() == [-1, -1, -1, -1, 0]
    encoded = np.zeros((5, 4), np.float32)
    fill(encoded, feature, values, column)
    assert encoded.argmax(axis=1)[[0, 1, 2, 4]].tolist() == [1, 2, 3, 0]
    assert not encoded[3].any()


def test_a_unit_is_kept():
    feature = learn_feature(StoredColumn("price", unit="$"), np.array([1, 2, NAN], np.float32))
    assert feature == Feature("price", 1.5, None, 1, unit="$")
    assert parse_feature(json.loads(dump_feature(feature))) == feature
    assert "unit" not in dump_feature(Feature("age", 1.0))
    with pytest.raises(TypeError):
        parse_feature({"name": "price", "fill": 1, "missing": 0, "unit": 3})


def test_numbers_that_float32_cannot_tell_apart_stay_float64():
    times = 1_700_000_000.0 + np.arange(9)
    feature = learn_feature(StoredColumn("time"), np.append(times, NAN))
    assert feature == Feature("time", 1_700_000_004.0, None, 1, wide=True)
    assert parse_feature(json.loads(dump_feature(feature))) == feature
    encoded = np.zeros((10, 1))
    fill(encoded, feature, np.append(times, NAN), StoredColumn("time"))
    assert encoded[:, 0].tolist() == [*times, 1_700_000_004.0]
    assert not learn_feature(StoredColumn("age"), np.linspace(0, 99, 50)).wide

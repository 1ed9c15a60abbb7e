import unicodedata

import pytest

from nnctl.data.tables.words import (
    Known,
    describe_lookalikes,
    is_code,
    merge_words,
    parse_number,
    standardise,
)

CAFE = ("café", unicodedata.normalize("NFD", "café"))


@pytest.mark.parametrize(
    ("words", "form"),
    [
        (("1", "1.0", "1.", "1e0", "+1", "1.00"), "1"),
        (("100000", "1E5", "1e+05", "100000.0"), "100000"),
        (("0.5", ".5", "0.50", "5e-1"), "0.5"),
        (("0", "-0", "0.0", "-0.0"), "0"),
        (("True", "TRUE", "true"), "True"),
        (("False", "FALSE", "false"), "False"),
        (CAFE, "café"),
        (("900719925474099301",), "900719925474099301"),
        (("123456789012345678901234567890.0",), "123456789012345678901234567890"),
    ],
)
def test_what_means_the_same_has_one_form(words, form):
    assert {standardise(word) for word in words} == {form}


@pytest.mark.parametrize("word", ["01", "007", "12E3", "1_0", "0x1", "nan", "inf", "yes", "t", "1.2.3", "00"])
def test_codes_and_words_stand_for_themselves(word):
    assert standardise(word) == word


@pytest.mark.parametrize(
    ("words", "alone", "merged"),
    [
        (("1.0", "2.0"), False, ([0, 1], ("1.0", "2.0"))),  # a form that is alone stays
        (("1.0", "2.0"), True, ([0, 1], ("1", "2"))),
        (("1.0", "2", "1", "x"), False, ([0, 1, 0, 2], ("1", "2", "x"))),
        (("01", "1"), True, ([0, 1], ("01", "1"))),
        (("1.1", "1.10"), False, ([0, 0], ("1.1",))),
        (("1.1", "1.10", "1.1.2"), True, ([0, 1, 2], ("1.1", "1.10", "1.1.2"))),  # versions
        ((CAFE[1], "x", CAFE[0]), False, ([0, 1, 0], ("café", "x"))),
        ((CAFE[1],), False, ([0], ("café",))),
        (("TRUE", "True", "FALSE"), False, ([0, 0, 1], ("True", "FALSE"))),
    ],
)
def test_words_of_a_column_are_merged(words, alone, merged):
    assert merge_words(words, alone) == merged


def test_words_are_known_in_any_form_unless_two_of_them_share_it():
    known = Known(["3.0", "café", "True", "1.1", "1.10", "01"])
    found = [known.find(word) for word in ("3", "3.0", CAFE[1], "TRUE", "1.1", "1.10", "1.100", "1", "x")]
    assert found == [0, 0, 1, 2, 3, 4, -1, -1, -1]


def test_words_are_known_exactly_if_asked():
    known = Known(["3.0", CAFE[1]], exact=True)
    assert [known.find(word) for word in ("3.0", "3", CAFE[1], CAFE[0])] == [0, -1, 1, -1]


def test_names_that_differ_in_capitals_or_blanks_are_told():
    told = describe_lookalikes(["NO", "Yes", "no", "ye s", "New  York", "New York", "x"], "classes")
    assert told is not None
    assert told.startswith("the classes 'NO' and 'no'; 'Yes' and 'ye s'; 'New  York' and 'New York' differ in capitals")
    assert describe_lookalikes(["a", "b"], "classes") is None
    assert "and 1 more differ" in str(describe_lookalikes("aAbBcCdD", "classes"))


def test_what_is_a_number():
    assert [parse_number(text) for text in ("1", "1e3", "x", "", "1_0")] == [1, 1000, None, None, None]


def test_codes_are_whole_numbers_that_measure_nothing():
    assert all(map(is_code, ("01", "-01", "00", "900719925474099301")))
    assert not any(map(is_code, ("0", "10", "-5", "0.5", "9007199254740992", "x", "", "-")))

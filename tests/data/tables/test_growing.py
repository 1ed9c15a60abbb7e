import numpy as np
import pytest

from nnctl.data.tables.growing import GrowingNumbers, GrowingTexts, Texts


def refuse(row, value):
    raise AssertionError(row, value)


def test_numbers_grow_by_blocks():
    column = GrowingNumbers({"", "NA"}, refuse)
    assert column.add(["1", " 2.5 ", "-3e2"])
    assert column.add(["", "NA", "4"])
    np.testing.assert_array_equal(column.join(), np.array([1, 2.5, -300, np.nan, np.nan, 4], np.float32))
    assert column.join().dtype == np.float32


@pytest.mark.parametrize("text", ["four", "1_000", "1,5", "--1"])
def test_a_block_with_a_text_is_left(text):
    column = GrowingNumbers({""}, refuse)
    assert column.add(["1", "2"])
    assert not column.add(["3", text])
    assert column.join().tolist() == [1, 2]


def test_a_number_may_stand_for_what_is_missing():
    column = GrowingNumbers({"", "-9"}, refuse)
    column.add(["-9", "-9.0", "9"])
    assert np.isnan(column.join()).tolist() == [True, True, False]


@pytest.mark.parametrize("text", ["inf", "1e999", "-4e38"])
def test_a_number_that_is_not_finite_is_refused_with_its_row(text):
    column = GrowingNumbers({""}, refuse)
    column.add(["1", "2"])
    with pytest.raises(AssertionError) as caught:
        column.add(["3", text])
    assert caught.value.args == (3, float(text))


def test_texts_are_indices_of_words():
    column = GrowingTexts({"", "?"})
    assert column.add(["b", " a", "?"])
    assert column.add(["a", "c", ""])
    found = column.join()
    assert (found.codes.tolist(), found.words) == ([0, 1, -1, 1, 2, -1], ("b", "a", "c"))
    assert found.codes.dtype == np.int32


def test_the_first_row_of_some_words():
    column = Texts(np.array([-1, 2, 0, 1], np.int32), ("a", "b", "c"))
    assert column.find_first(np.array([True, True, False])) == 2


def test_texts_that_stand_for_no_value_are_kept_in_mind():
    column = GrowingTexts({"", "?", "NA"})
    column.add(["a", " ? ", ""])
    column.add(["b"])
    assert column.join().absent == ("?",)


def test_words_that_mean_the_same_are_merged():
    column = Texts(np.array([-1, 2, 0, 1], np.int32), ("1", "x", "1.0"), ("?",))
    merged = column.merge()
    assert (merged.codes.tolist(), merged.words, merged.absent) == ([-1, 0, 0, 1], ("1", "x"), ("?",))
    plain = Texts(np.array([0], np.int32), ("1.0",))
    assert plain.merge() is plain
    assert plain.merge(alone=True).words == ("1",)


def test_the_characters_of_different_texts_are_counted():
    column = GrowingTexts({"", "NA"})
    assert column.size == 0
    for texts, size in ((["a", "bcd", "a", " NA"], 4), (["a", "", "bcd "], 4), (["ef"], 6)):
        column.add(texts)
        assert column.size == size


def test_some_rows_have_their_own_words_alone():
    column = Texts(np.array([2, -1, 0, 2], np.int32), ("a", "b", "c"), ("NA",))
    some = column.take(np.array([0, 1, 3]))
    assert (some.codes.tolist(), some.words, some.absent) == ([0, -1, 0], ("c",), ("NA",))

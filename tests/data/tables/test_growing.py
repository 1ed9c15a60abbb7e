import numpy as np
import pytest

from nnctl.data.tables.growing import GrowingNumbers, GrowingTexts, Texts, make_picker


def refuse(place, row, value):
    raise AssertionError(place, row, value)


def add(column, texts):
    """Adds a block of one column."""
    return not column.add([(text,) for text in texts])


def test_numbers_grow_by_blocks():
    column = GrowingNumbers([0], {"", "NA"}, refuse)
    assert add(column, ["1", " 2.5 ", "-3e2"])
    assert add(column, ["", "NA", "4"])
    np.testing.assert_array_equal(column.join()[0], np.array([1, 2.5, -300, np.nan, np.nan, 4], np.float32))
    assert column.join()[0].dtype == np.float32


@pytest.mark.parametrize("text", ["four", "1_000", "1,5", "--1"])
def test_a_block_with_a_text_is_left(text):
    column = GrowingNumbers([0], {""}, refuse)
    assert add(column, ["1", "2"])
    assert not add(column, ["3", text])
    assert column.join() == {}


def test_a_number_may_stand_for_what_is_missing():
    column = GrowingNumbers([0], {"", "-9"}, refuse)
    add(column, ["-9", "-9.0", "9"])
    assert np.isnan(column.join()[0]).tolist() == [True, True, False]


@pytest.mark.parametrize("text", ["inf", "1e999", "-4e38"])
def test_a_number_that_is_not_finite_is_refused_with_its_row(text):
    column = GrowingNumbers([0], {""}, refuse)
    add(column, ["1", "2"])
    with pytest.raises(AssertionError) as caught:
        add(column, ["3", text])
    assert caught.value.args == (0, 3, float(text))


def test_columns_of_numbers_that_stand_side_by_side():
    column = GrowingNumbers([5, 1, 2], {"", "NA"}, refuse)
    assert column.add([("x", "1", "2", "y", "z", "5"), ("x", " ", "16777217", "y", "z", "NA")]) == []
    assert column.add([("1", "3", "4_0", "1", "1", "6")]) == [2]
    assert column.add([("x", "16777219", "word", "y", "z", "7")]) == []
    found = column.join()
    assert {place: numbers.dtype.name for place, numbers in found.items()} == {1: "float64", 5: "float32"}
    np.testing.assert_array_equal(found[1], [1, np.nan, 3, 16777219])
    np.testing.assert_array_equal(found[5], [5, np.nan, 6, 7])


@pytest.mark.parametrize("seed", range(20))
def test_columns_side_by_side_are_what_each_is_alone(seed):
    rng = np.random.default_rng(seed)
    kinds = ("0.1", "0.1", "1", "16777217", "1e9", "2.5", "NA", "", " 7 ", "-9", "1_0", "word", "123456.789")
    weights = np.array([9] * 10 + [0.1, 0.1, 9])
    texts = rng.choice(kinds, (30, 12), p=weights / weights.sum())
    together = GrowingNumbers(range(12), {"", "NA", "-9"}, refuse)
    alone = [GrowingNumbers([place], {"", "NA", "-9"}, refuse) for place in range(12)]
    taken = [True] * 12
    for block in np.split(texts, [3, 4, 11, 20]):
        left = together.add(block.tolist())
        now = [taken[place] and not alone[place].add(block.tolist()) for place in range(12)]
        assert left == [place for place in range(12) if taken[place] and not now[place]]
        taken = now
    found = together.join()
    assert list(found) == [place for place in range(12) if taken[place]]
    for place, numbers in found.items():
        expected = alone[place].join()[place]
        assert numbers.dtype == expected.dtype
        np.testing.assert_array_equal(numbers, expected)


def test_what_picks_values_out_of_a_row():
    row = list("abcde")
    for places in ((), (2,), (1, 2, 3), (0, 2), (4, 0)):
        assert list(make_picker(places)(row)) == [row[place] for place in places]


def test_texts_are_indices_of_words():
    column = GrowingTexts({"", "?"})
    column.add(["b", " a", "?"])
    column.add(["a", "c", ""])
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

import pytest

from nnctl.data.tables.growing import GrowingTexts
from nnctl.data.tables.layout import Layout
from nnctl.data.tables.oddities import describe_oddities, find_unit, refuse_oddities
from nnctl.data.tables.table import Table
from nnctl.errors import DataError

MANY = range(10, 60)


@pytest.fixture
def table(tmp_path):
    """A table of one column of texts, and its layout."""

    def table(texts, **layout):
        column = GrowingTexts({""})
        column.add(list(texts))
        rows = list(range(2, 2 + len(column.codes)))
        held = {"labels": ("y",), "features": ("a b",), "categories": ()} | layout
        return Table(tmp_path / "own.csv", rows, {"a b": column.join()}, None), Layout(**held)

    return table


@pytest.mark.parametrize(
    ("texts", "code", "what", "option"),
    [
        ([f"${i}.50" for i in MANY], "dressed-number", "a number with '$'", '`numbers: {"a b": "$"}` reads them'),
        ([f"{i} kg" for i in MANY], "dressed-number", "a number with 'kg'", '`numbers: {"a b": kg}` reads them'),
        ([f"{i}%" for i in MANY] + ["-"], "dressed-number", "'10%'", '{"a b": "%"}'),
        ([f"{i},{i} €" for i in MANY], "dressed-number", "with '€'", "`decimal: ','` and `numbers: {"),
        ([f"{i},500 €" for i in MANY], "dressed-number", "with '€'", "beside `decimal: ','` if a comma begins"),
        ([f"1,{i},000" for i in MANY], "dressed-number", "'1,10,000'", '`numbers: ["a b"]` reads them'),
        ([f"{i}-" for i in MANY] + ["1", "2"], "dressed-number", "a minus behind", '`numbers: ["a b"]`'),
        ([f"{i},5" for i in MANY], "number-with-comma", "'10,5'", "`decimal: ','`"),
        ([f"12:{i}" for i in MANY], "date-or-time", "a time", "as minutes"),
        ([f"2024-01-{i}" for i in range(10, 31)], "date-or-time", "'2024-01-10', a date", '`ignore: ["a b"]`'),
        (
            [f"{i} {'kg' if i % 2 else 'KG'}" for i in MANY],
            "dressed-number",
            "units ('KG', 'kg')",
            "write all with one unit",
        ),
        (
            [f"{i} {'kg' if i % 2 else 'g'}" for i in MANY],
            "dressed-number",
            "units ('g', 'kg')",
            "write all with one unit",
        ),
        ([f"${i}{'KM'[i % 2]}" for i in MANY], "dressed-number", "units ('$ K', '$ M')", "write all with one unit"),
        ([f"{i}Q{i % 4 + 1}" for i in range(1990, 2020)], "date-or-time", "'1990Q3', a date", "the year"),
        ([f"{i} x {i + 1}" for i in MANY], "date-or-time", "another amount in several numbers", "as a column for each"),
        ([f"这家餐厅的菜非常好吃{i}" for i in MANY], "free-text", "a sentence, of 5 words on average", "ignore"),
        ([f"{i} birds sat on the roof" for i in MANY], "free-text", "of 6 words on average and of 6 at most", "ignore"),
    ],
)
def test_what_is_no_category_is_refused_with_what_reads_it(table, texts, code, what, option):
    with pytest.raises(DataError) as caught:
        refuse_oddities(*table(texts), "auto")
    (problem,) = caught.value.problems
    assert problem.code == code
    assert what in problem.message
    assert option in problem.hint
    assert code == "number-with-comma" or f"{len(texts)} different ones in {len(texts)} rows" in problem.message


@pytest.mark.parametrize(
    "texts",
    [
        [f"A{i}" for i in MANY],
        [f"{i}{letter}" for i in range(10, 16) for letter in "ABCDEF"],  # seats
        [f"{i} {name} Street" for i, name in enumerate("abcdefghijklmnopqrstuvwxyz")],
        ["a quick brown fox", "a slow red fox"] * 40,
        [f"1.2.{i}" for i in MANY],
        [f"张伟{i}" for i in MANY],
        [f"name {i}" for i in MANY],
    ],
)
def test_codes_names_and_what_comes_again_are_categories(table, texts):
    refuse_oddities(*table(texts), "auto")


def test_what_is_said_to_be_categories_or_classes_is_taken_so(table):
    texts = [f"${i}" for i in MANY]
    refuse_oddities(*table(texts, categories=("a b",)), "auto")
    refuse_oddities(*table(texts, labels=("a b",), features=("x",)), "integer")
    with pytest.raises(DataError, match="'a b' holds") as caught:
        refuse_oddities(*table(texts, labels=("a b",), features=("x",)), "auto")
    assert caught.value.problems[0].hint.endswith("; `labels: integer` takes each for a class")


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            ["36 months", "60 months"] * 30,
            "'36 months', a number with 'months', 2 different ones in 60 rows, each taken for a category of its own",
        ),
        (["12:30", "13:00"] * 30, "'12:30', a time"),
        ([f"the food was very good {i % 30}" for i in range(90)], "a sentence, of 6 words on average and of 6 at most"),
        ([f"name {i}" for i in MANY], "50 different texts in 50 rows: `ignore: "),
        (["Rome", "rome", "Ulm"] * 30, "the categories of 'a b' 'Rome' and 'rome' differ in capitals"),
    ],
)
def test_what_may_be_meant_is_told(table, texts, told):
    refuse_oddities(*table(texts), "auto")
    (said,) = describe_oddities(*table(texts), "auto")
    assert told in said


def test_plain_categories_are_not_spoken_of(table):
    assert describe_oddities(*table(["red", "blue"] * 30), "auto") == ()


def test_the_unit_of_most_words():
    assert find_unit(["5 kg", "6 kg", "x"]) == ("kg", ["5 kg", "6 kg"])
    assert find_unit(["(5)", "6", "x"]) == ("", ["(5)"])
    assert find_unit(["5 kg", "6 g"]) is None
    assert find_unit(["5", "6"]) is None


def make_wide(tmp_path, texts, columns=30):
    """A table of many columns of the same texts, and its layout."""
    column = GrowingTexts({""})
    column.add(texts)
    names = tuple(f"c{at}" for at in range(columns))
    held = dict.fromkeys(names, column.join())
    return Table(tmp_path / "own.csv", list(range(2, 2 + len(texts))), held, None), Layout(("y",), names, ())


def test_of_many_columns_that_are_no_categories_the_first_are_refused_by_name(tmp_path):
    with pytest.raises(DataError) as caught:
        refuse_oddities(*make_wide(tmp_path, [f"${i}.50" for i in MANY]), "auto")
    *named, rest = caught.value.problems
    assert [f"column 'c{at}'" in problem.message for at, problem in enumerate(named)] == [True] * 8
    assert (rest.code, "22 more columns" in rest.message) == ("dressed-number", True)


def test_of_many_columns_of_doubtful_texts_the_first_are_told(tmp_path):
    *named, rest = describe_oddities(*make_wide(tmp_path, [f"text{i}x" for i in MANY]), "auto")
    assert (len(named), rest) == (8, "and 22 more columns of texts are to be looked at")

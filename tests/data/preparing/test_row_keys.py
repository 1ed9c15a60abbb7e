import numpy as np
import pytest

from nnctl.data import load, peek, silent
from nnctl.data.sources import SOURCES
from nnctl.spec.sections import Data

ROWS = 200


@pytest.fixture
def table(tmp_path, section):
    """A table of 200 rows in no order: two a day, of 23 patients in turn."""
    days = np.random.default_rng(0).permutation(ROWS) // 2
    dates = [str(np.datetime64("2024-01-01") + int(day)) for day in days]

    def make(split, text=None, **values):
        rows = [
            f"{d},p{i % 23},{day},{i / 7:.3f},{'ab'[i % 2]}" for i, (d, day) in enumerate(zip(dates, days, strict=True))
        ]
        (tmp_path / "own.csv").write_text(text or "date,patient,day,a,kind\n" + "\n".join(rows) + "\n")
        options = values.pop("options", {"label": "kind"} if text else {"label": "kind", "ignore": ["date"]})
        return section("csv", options, path=tmp_path / "own.csv", split=split, **{"validation": 0.2, **values})

    make.days = days
    return make


def rows_of(found):
    return [set(part.rows.tolist()) for part in (found.train, found.validation, found.test)]


@pytest.mark.parametrize("column", ["date", "day", 1])
def test_the_last_days_are_test_and_those_before_them_validation(table, column):
    found = load(table({"time": column}), silent)
    train, validation, test = ([table.days[row] for row in rows] for rows in rows_of(found))
    assert (len(train), len(validation), len(test)) == (128, 32, 40)
    assert max(train) < min(validation) <= max(validation) < min(test)
    assert [name for name in found.columns.names if name.startswith(str(column))] == []  # what cuts is no feature
    assert found.cut["parts"]["test"] == {
        "rows": 40, "groups": None, "share": 0.2, "last": "2024-04-09" if column != "day" else "99",
        "first": "2024-03-21" if column != "day" else "80",
    }  # fmt: skip
    assert found.notes[0].startswith("cut by time, column ")


def test_equal_days_are_not_parted(table):
    found = load(table({"time": "date"}, validation=0.11, test=0.203), silent)
    train, validation, test = ({table.days[row] for row in rows} for rows in rows_of(found))
    assert not train & validation | validation & test | train & test
    assert found.cut["parts"]["test"]["share"] == len(found.test) / ROWS != 0.203
    assert found.cut["parts"]["validation"]["share"] == len(found.validation) / (ROWS - len(found.test))
    assert (
        f"{len(found.validation)} rows, {found.cut['parts']['validation']['share']:.3g} of the rest" in found.notes[0]
    )


def test_rows_may_stand_in_the_order_of_time(table, section, npz):
    found = load(table({"time": "rows"}), silent)
    assert [(part.rows.min(), part.rows.max()) for part in (found.train, found.validation, found.test)] == [
        (0, 127), (128, 159), (160, 199),
    ]  # fmt: skip
    arrays = load(section("npz", path=npz(x=np.arange(50.0), y=np.arange(50) % 2), split={"time": "rows"}), silent)
    assert arrays.test.rows.tolist() == list(range(40, 50))
    assert load(section("iris", split={"time": "rows"}, labels="raw"), silent).test.rows.min() == 120


def test_a_group_is_in_one_split(table):
    found, again = (load(table({"group": "patient"}), silent) for _ in range(2))
    train, validation, test = ({row % 23 for row in rows} for rows in rows_of(found))
    assert not train & validation | validation & test | train & test
    assert len(train | validation | test) == 23
    assert [part["groups"] for part in found.cut["parts"].values()] == [len(train), len(validation), len(test)]
    assert abs(len(found.test) - 40) <= 1
    assert found.fingerprint == again.fingerprint
    other = load(table({"group": "patient"}, split_seed=1), silent)
    assert rows_of(other) != rows_of(found)
    assert load(table(None), silent).cut is None


def test_what_cuts_is_a_feature_if_it_is_listed(table):
    listed = load(table({"time": "day"}, options={"label": "kind", "features": ["a", "day"]}), silent)
    assert listed.columns.names == ("a", "day")
    ignored = load(table({"time": "day"}, options={"label": "kind", "ignore": ["day", "date", "patient"]}), silent)
    assert ignored.columns.names == ("a",)
    assert [part.rows.tolist() for part in (ignored.train, ignored.test)] == [
        part.rows.tolist() for part in (listed.train, listed.test)
    ]


def test_a_subset_moves_neither_time_nor_group(table):
    whole = load(table({"group": "patient"}), silent)
    small = load(table({"group": "patient"}, subset=60), silent)
    assert (len(small.train) + len(small.validation), len(small.test)) == (60, len(whole.test))
    train, validation, test = ({row % 23 for row in rows} for rows in rows_of(small))
    assert not train & validation | validation & test | train & test
    late = load(table({"time": "day"}, subset=60), silent)
    train, validation, test = ([table.days[row] for row in rows] for rows in rows_of(late))
    assert max(train) <= min(validation)
    assert max(validation) < min(test)


def test_a_file_that_is_held_out_needs_no_such_column(table, tmp_path):
    held = tmp_path / "held.csv"
    held.write_text("a,day,date,kind\n1,3,2024-01-05,a\n2,4,2024-01-06,b\n")
    found = load(table({"group": "patient"}, test=held, options={"label": "kind", "ignore": ["date", "day"]}), silent)
    assert (len(found.test), set(found.cut["parts"])) == (2, {"train", "validation"})
    assert found.notes[0].count(" of all)") == 1


@pytest.mark.parametrize(
    ("groups", "count"),
    [
        (np.arange(100) // 10, 10),
        (np.arange(100) // 10 * 0.5, 10),
        (np.array([f"p{row // 10}" for row in range(100)]), 10),
        (np.array([f"p{row // 10}" for row in range(100)]).astype("S"), 10),
        ((np.arange(100) // 10)[:, None], 10),
        (np.arange(100) < 80, 2),
    ],
)
def test_an_array_may_hold_the_groups(section, npz, groups, count):
    path = npz(x=np.random.default_rng(0).random((100, 2)), y=np.arange(100) % 2, groups=groups)
    data = section("npz", path=path, split={"group": "groups"})
    assert peek(data).train == 80
    found = load(data, silent)
    names = [set(np.asarray(groups).ravel()[part.rows].tolist()) for part in (found.train, found.test)]
    assert not names[0] & names[1]
    assert (len(names[0] | names[1]), len(found.test)) == (count, 20)


def test_the_order_of_large_whole_numbers_is_exact(section, npz):
    times = 1706659200123456789 + np.random.default_rng(0).permutation(100)
    path = npz(x=np.random.default_rng(0).random((100, 2)), y=np.arange(100) % 2, when=times)
    found = load(section("npz", path=path, split={"time": "when"}), silent)
    assert times[found.train.rows].max() < times[found.test.rows].min()


def test_names_of_one_group_are_one(section, tmp_path):
    names = ["7", "7.0", "caf\u00e9", "cafe\u0301", "x", "y"]
    rows = "".join(f"{name},{i},{'ab'[i % 2]}\n" for i, name in enumerate(names * 10))
    (tmp_path / "own.csv").write_text(f"who,a,kind\n{rows}")
    found = load(section("csv", {"label": "kind"}, path=tmp_path / "own.csv", split={"group": "who"}), silent)
    assert sum(part["groups"] for part in found.cut["parts"].values()) == 4


TIMES = "when,a,kind\n" + "".join(f"{i % 12 + 1:02}/{(i + 3) % 12 + 1:02}/2024,{i},{'ab'[i % 2]}\n" for i in range(40))


@pytest.mark.parametrize(
    ("split", "text", "code", "said"),
    [
        ({"time": "dat"}, None, "missing-column", "no column 'dat' to cut by"),
        ({"group": 9}, None, "missing-column", "no column 9 to cut by"),
        ({"group": "kind"}, None, "bad-value", "is the label"),
        ({"time": "patient"}, None, "bad-time", "neither a number nor a date"),
        ({"time": "when"}, TIMES, "bad-time", "cannot be told apart"),
        ({"group": "when"}, TIMES.replace("01/04/2024", ""), "missing-value", "line 2 of"),
        ({"group": "when"}, "when,a,kind\n" + "x,1,a\nx,2,b\n" * 20, "one-key", "the same in all 40 rows"),
        ({"group": "kind2"}, "kind2,a,kind\n" + "x,1,a\ny,2,b\n" * 20, "empty-class", "leave class"),
        ({"time": "rows"}, "rows,a,kind\n" + "x,1,a\ny,2,b\n" * 20, "bad-value", "a column called 'rows'"),
    ],
)
def test_what_cannot_cut_is_refused(table, refused, split, text, code, said):
    problem = refused(code, load, table(split, text), silent)
    assert said in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    ("source", "values", "code"),
    [
        ("digits", {"split": {"group": "writer"}}, "no-column"),
        ("digits", {"split": {"time": "day"}}, "no-column"),
        ("mnist", {"split": {"time": "rows"}}, "contradiction"),
    ],
)
def test_what_has_nothing_to_cut_by_or_from_is_refused_at_once(section, refused, source, values, code):
    refused(code, peek, section(source, **values))


def test_an_array_of_another_length_is_refused_at_once(section, npz, refused):
    data = section("npz", path=npz(x=np.ones((9, 2)), y=np.arange(9) % 2, who=np.arange(8)), split={"group": "who"})
    for ask in (peek, lambda data: load(data, silent)):
        refused("lengths-differ", ask, data)


def test_sources_with_columns_say_so() -> None:
    assert {name for name, source in SOURCES.items() if source.column is not None} == {"csv", "npz"}
    assert Data("csv", {}).split is None

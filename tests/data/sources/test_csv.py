import json
from dataclasses import replace

import numpy as np
import pytest

from nnctl.data import decide_scaling, load, peek
from nnctl.data.tables.columns import parse_columns
from nnctl.errors import DataError
from nnctl.spec.sections import DataFacts

FLOWERS = """\
length,colour,petals,species
5.1,red,3,setosa
4.9,blue,,virginica
6.2,red,4,setosa
5.8,,5,virginica
6.0,blue,3,setosa
5.5,red,5,virginica
5.2,red,3,setosa
4.8,blue,4,virginica
6.1,red,4,setosa
5.7,blue,5,virginica
"""


def silent(label, fraction):
    pass


@pytest.fixture
def write(tmp_path):
    def write(text, name="own.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def table(section, write):
    """The section of a file with this text."""

    def table(text=FLOWERS, /, label="species", name="own.csv", values=None, **options):
        given = {"label": label, **options} if label is not None else options
        return section("csv", given, path=write(text, name), **(values or {}))

    return table


def numbered(y, x=None):
    """A table of a number and a label a row."""
    x = range(len(y)) if x is None else x
    return "x,y\n" + "".join(f"{a},{b}\n" for a, b in zip(x, y, strict=True))


def test_numbers_categories_and_names_of_classes(table):
    found = load(table(), silent)
    assert (found.task, found.outputs, found.class_names) == ("binary", 2, ("setosa", "virginica"))
    assert (len(found.train), len(found.test), found.train.x.dtype) == (8, 2, np.float32)
    assert found.title == "own.csv (2 values missing)"
    for split in (found.train, found.test):
        np.testing.assert_array_equal(split.y, split.rows % 2)
    colours = [name for name in found.columns.names if name.startswith("colour=")]
    assert {"colour=blue", "colour=red"} <= set(colours)
    hot = found.train.x[:, ~found.columns.numeric]
    assert hot.sum(axis=1).tolist() == [1.0] * 8


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "UTF-8"])
def test_a_file_in_another_encoding_holds_the_same(section, write, encoding):
    text = "喙长,标签\n" + "".join(f"{x},{'阿德利' if x % 2 else '帝企鹅'}\n" for x in range(20))
    usual, other = write(text), write(text.encode(encoding), "other.csv")
    found = [
        load(section("csv", {"label": "标签", **given}, path=path), silent)
        for path, given in ((usual, {}), (other, {"encoding": encoding}))
    ]
    assert found[1].class_names == found[0].class_names == ("帝企鹅", "阿德利")
    assert found[1].columns.names == ("喙长",)
    np.testing.assert_array_equal(found[1].train.x, found[0].train.x)
    marked = section("csv", {"label": "标签", "encoding": "gbk"}, path=write(b"\xef\xbb\xbf" + text.encode(), "m.csv"))
    assert load(marked, silent).class_names == found[0].class_names


def test_what_is_learned_is_of_training_alone(section, write):
    train = "x,kind,y\n" + "".join(f"{x},{k},{y}\n" for x, k, y in zip("1234", "abab", "pqpq", strict=True))
    test = "y,x,kind\np,100,a\nq,,c\np,4,\n"
    found = load(section("csv", {"label": "y"}, path=write(train), test=write(test, "test.csv")), silent)
    assert found.columns.names == ("x", "kind=a", "kind=b")
    # The median of 1, 2, 3, 4 fills the gap; a category that training has not is all zeros, and so is a missing one.
    assert found.test.x.tolist() == [[100, 1, 0], [2.5, 0, 0], [4, 0, 0]]
    assert found.test.y.tolist() == [0, 1, 0]


def test_what_was_learned_is_taken_back(section, write, table):
    first = load(table(), silent)
    columns = parse_columns(first.columns.dump())
    assert columns == first.columns
    other = FLOWERS.replace("4.9", "400").replace("red", "green")
    again = load(table(other, name="other.csv"), silent, columns)
    assert again.columns == columns
    assert again.train.x.shape[1] == first.train.x.shape[1]
    assert not again.train.x[:, columns.names.index("colour=red")].any()


def test_zeros_and_ones_of_categories_are_not_standardised(table):
    data = table()
    found = load(data, silent)
    scaled, hot = decide_scaling(data, found), ~found.columns.numeric
    assert scaled.kind == "standard"
    assert (scaled.mean[hot] == 0).all()
    assert (scaled.variance[hot] == 1).all()
    np.testing.assert_allclose(scaled.mean[~hot], found.train.x[:, ~hot].mean(axis=0), rtol=1e-6)


@pytest.mark.parametrize(
    ("y", "task", "outputs", "names"),
    [
        (["a", "b"] * 10, "binary", 2, ("a", "b")),
        ([0, 1] * 10, "binary", 2, ("0", "1")),
        ([1, 2, 3, 10] * 10, "multiclass", 4, ("1", "2", "3", "10")),
        ([-1, 1] * 10, "binary", 2, ("-1", "1")),
        (["1.0", "2.0"] * 10, "binary", 2, ("1", "2")),
        ([index % 30 for index in range(90)], "multiclass", 30, tuple(map(str, range(30)))),
        ([7 * index % 101 for index in range(101)], "regression", 1, None),
        ([0.5, 1, 2, 3, 4] * 4, "regression", 1, None),
    ],
)
def test_what_one_label_column_means(table, y, task, outputs, names):
    found = load(table(numbered(y), "y"), silent)
    assert (found.task, found.outputs, found.class_names) == (task, outputs, names)


def test_labels_as_the_section_insists(table):
    grades = numbered([1, 2, 3] * 10)
    assert load(table(grades, "y", values={"labels": "raw"}), silent).train.y.max() == 3
    halves = load(table(numbered([0.5, 1.5] * 10), "y", values={"labels": "integer"}), silent)
    assert halves.class_names == ("0.5", "1.5")


def test_several_label_columns(table):
    text = "x,a,b,c\n" + "".join(f"{i},{i % 2},{i % 3 // 2},{i / 4}\n" for i in range(24))
    labels = load(table(text, ["a", "b"], ignore=["c"]), silent)
    assert (labels.task, labels.outputs, labels.class_names) == ("multilabel", 2, ("a", "b"))
    assert (labels.train.y.dtype, labels.columns.names) == (np.uint8, ("x",))
    numbers = load(table(text, ["a", "c"]), silent)
    assert (numbers.task, numbers.outputs, numbers.class_names) == ("regression", 2, None)
    one_hot = "x,a,b\n" + "".join(f"{i},{i % 2},{1 - i % 2}\n" for i in range(24))
    classes = load(table(one_hot, ["a", "b"]), silent)
    assert (classes.task, classes.class_names) == ("binary", ("a", "b"))


def test_held_out_labels_are_what_they_are_in_training(section, write):
    prices = write(numbered(range(1000, 1100)))
    few = write(numbered([1, 2, 1, 2]), "few.csv")
    numbers = load(section("csv", {"label": "y"}, path=prices, test=few), silent)
    assert numbers.test.y.tolist() == [1, 2, 1, 2]
    grades = write(numbered([1, 2, 3, 4] * 5), "grades.csv")
    assert load(section("csv", {"label": "y"}, path=grades, test=few), silent).test.y.tolist() == [0, 1, 0, 1]


def test_held_out_categories_may_look_like_numbers(section, write):
    train = write("x,k,y\n" + "1,a,p\n2,7,q\n" * 5)
    test = write("x,k,y\n1,7,p\n2,7,q\n", "test.csv")
    found = load(section("csv", {"label": "y"}, path=train, test=test), silent)
    assert found.test.x.tolist() == [[1, 1, 0], [2, 1, 0]]


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (FLOWERS.replace(",", ";"), {"delimiter": ";"}),
        (FLOWERS.replace(",", "\t"), {"delimiter": "\t"}),
        ("\ufeff" + FLOWERS.replace("\n", "\r\n"), {}),
        (FLOWERS.replace("red", '"red"').replace("\n", "\n\n"), {}),
        (FLOWERS.replace("red", "'red'"), {"quote": "'"}),
        (FLOWERS.replace(",", ", "), {}),
        (FLOWERS.partition("\n")[2], {"header": False, "label": 4}),
        (FLOWERS, {"label": 4}),
        (
            FLOWERS.replace(",setosa", ",?,setosa").replace(",virg", ",?,virg").replace("petals", "petals,z"),
            {"ignore": [4]},
        ),
    ],
)
def test_ways_to_write_the_same_table(table, text, options):
    usual = load(table(), silent)
    found = load(table(text, name="same.csv", **options), silent)
    np.testing.assert_array_equal(found.train.x, usual.train.x)
    assert (found.class_names, found.fingerprint) == (usual.class_names, usual.fingerprint)


def test_values_that_stand_for_missing_ones(table):
    text = "x,y\n" + "1,p\n-999,q\n3,p\nnone,q\n" * 5
    found = load(table(text, "y", missing=[-999, "none"]), silent)
    assert found.columns.features[0].missing + np.isin(found.test.rows % 4, (1, 3)).sum() == 10
    assert set(found.train.x[:, 0]) == {1, 2, 3}


def test_held_out_files_may_miss_a_whole_column(section, write):
    test = write("x,y\n,0\n", "test.csv")
    found = load(section("csv", {"label": "y"}, path=write(numbered([0, 1] * 5)), test=test), silent)
    assert found.test.x.tolist() == [[4.5]]


def test_numbers_that_are_categories(table):
    text = "code,y\n" + "10115,p\n53111,q\n" * 5
    assert load(table(text, "y", categories=["code"]), silent).columns.names == ("code=10115", "code=53111")


def test_features_are_taken_in_the_order_asked_for(table):
    found = load(table(features=["petals", "length"]), silent)
    assert found.columns.names == ("petals", "length")


def test_texts_far_behind_numbers_make_categories(table, monkeypatch):
    monkeypatch.setattr("nnctl.data.tables.table._CELLS", 8)
    text = "x,y\n" + "1,p\n2,q\n" * 5 + "a,p\nb,q\n" * 10
    assert load(table(text, "y"), silent).columns.names == ("x=1", "x=2", "x=a", "x=b")


def test_ten_thousand_columns(table):
    names = ",".join(f"c{index}" for index in range(10_000))
    rows = "".join(",".join([str(row % 7)] * 10_000) + f",{'pq'[row % 2]}\n" for row in range(10))
    data = table(f"{names},y\n{rows}", "y")
    assert peek(data).shape == (10_000,)
    assert load(data, silent).train.x.shape == (8, 10_000)


@pytest.mark.parametrize(
    ("text", "label", "facts"),
    [
        (FLOWERS, "species", DataFacts(None, "float32", "multiclass", None)),
        (numbered("ab" * 5), "y", DataFacts((1,), "float32", "multiclass", None)),
        (numbered([0.5, 1.0]), "y", DataFacts((1,), "float32", "regression", 1)),
        (numbered([0, 1]), "y", DataFacts((1,), "float32", None, None)),
        ("x,a,b\n1,0,1\n", ["a", "b"], DataFacts((1,), "float32", None, 2)),
    ],
)
def test_what_the_first_rows_tell(table, text, label, facts):
    assert peek(table(text, label)) == facts


def test_a_look_reads_the_first_rows_only(table):
    assert peek(table(numbered([0.5] * 300) + "too,many,values\n", "y")).task == "regression"


@pytest.mark.parametrize(
    ("text", "options", "code", "told"),
    [
        ("", {}, "no-examples", "is empty"),
        ("x,species\n", {}, "no-examples", "a header and no rows"),
        ("x,x,species\n1,2,a\n", {}, "bad-header", "two columns are called 'x'"),
        (",x,species\n0,1,a\n", {}, "bad-header", "column 1 has no name"),
        ("1,2\n3,4\n", {}, "no-header", "numbers only"),
        ("x;species\n1;a\n", {}, "bad-header", "one column"),
        ("x,species\n1,a\n2\n", {}, "ragged-row", "line 3 has 1 value, the header names 2"),
        ("x,species\n1,a\n2,b,c\n", {}, "ragged-row", "line 3 has 3 values"),
        ('x,species\n1,a\n"2,b\n3,c\n', {}, "bad-csv", "line 3: a quote"),
        ('x,species\n1,a\n"2"2,b\n', {}, "bad-csv", "line 3"),
        ("x,species\n1,a\n\0,b\n", {}, "bad-csv", "line 3 holds a NUL"),
        (b"x,species\n1,a\n2,\xe9t\xe9\n", {}, "not-utf8", "0xe9 on line 3"),
        (b"x,species\n1,a\n2,\xff\n", {"encoding": "gbk"}, "not-utf8", "not gbk: byte 0xff on line 3"),
        (FLOWERS, {"encoding": "gbq"}, "bad-value", "encoding is 'gbq'"),
        (FLOWERS, {"encoding": "hex"}, "bad-value", "encoding is 'hex'"),
        ("x,species\n1e999,a\n2,b\n", {}, "not-finite", "line 2, column 'x' is inf"),
        ("x,species\n1,a\n1e39,b\n", {}, "not-finite", "line 3, column 'x' is 1e+39"),
        ("x,species\n1,a\n\n2,\n", {}, "missing-value", "line 4, column 'species' has no label"),
        ("x,species\n1,a\n2,b\n3,a\noops,b\n", {}, "mixed-column", "line 5, column 'x' holds 'oops'"),
        ("x,species\n1,1\n2,2\n3,1\n4,two\n", {}, "mixed-column", "line 5, column 'species' holds 'two'"),
        ("x,z,species\n1,,a\n2,NA,b\n3,,a\n4,,b\n", {}, "empty-column", "column 'z' holds no value"),
        ("x,species\n1,a\n2,a\n", {}, "one-class", "one class only"),
        (FLOWERS, {"label": "specis"}, "missing-column", "no column 'specis'"),
        (FLOWERS, {"label": 5}, "missing-column", "no column 5"),
        (FLOWERS, {"ignore": ["color"]}, "missing-column", "no column 'color'"),
        (FLOWERS, {"label": None}, "missing-label", "holds the labels?"),
        (FLOWERS, {"features": ["species"]}, "bad-value", "both label and feature"),
        (FLOWERS, {"ignore": ["length", "colour", "petals"]}, "bad-value", "no column left"),
        (FLOWERS, {"delimiter": ",,"}, "bad-value", "one character"),
        (FLOWERS, {"embed": {"color": 3}}, "missing-column", "no column 'color'"),
        (FLOWERS, {"embed": {"colour": 0}}, "bad-value", "embed is {'colour': 0}"),
        (FLOWERS, {"embed": {"colour": "wide"}}, "bad-value", "expected true or false"),
        (FLOWERS, {"embed": {"species": 3}}, "bad-value", "'species' is in `embed`, and the network does not get it"),
        ("x,species\n1,a\n2,b\n", {"embed": True}, "bad-value", "no column of categories"),
        (FLOWERS, {"label": ["length", "species"]}, "bad-labels", "line 2, column 'species' is 'setosa'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_column(table, refused, text, options, code, told):
    problem = refused(code, load, table(text, **options), silent)
    assert told in problem.message
    assert problem.place is not None


def test_classes_that_training_has_not_are_told_by_their_line(section, write, refused):
    data = section("csv", {"label": "y"}, path=write(numbered("abab")), test=write(numbered("ac"), "test.csv"))
    problem = refused("unseen-class", load, data, silent)
    assert "test.csv is 'c' on line 3" in problem.message
    assert problem.place.line == 5


def test_held_out_columns_must_be_there_and_of_the_same_kind(section, write, refused):
    own = write("age,y\n1,a\n2,b\n3,a\n4,b\n")
    data = section("csv", {"label": "y"}, path=own, test=write("Age,y\n1,a\n", "test.csv"))
    assert "is it 'Age'?" in refused("missing-column", load, data, silent).hint
    data = section("csv", {"label": "y"}, path=own, test=write("age,y\nold,a\n", "test.csv"))
    assert "holds texts" in refused("splits-differ", load, data, silent).message


@pytest.mark.parametrize(
    ("embed", "widths"),
    [
        (True, {"colour": 3}),
        (5, {"colour": 5}),
        (["petals"], {"petals": 3}),
        ([2], {"colour": 3}),
        ({"colour": 2, 3: None}, {"colour": 2, "petals": 3}),
        (False, {}),
    ],
)
def test_columns_are_embedded_by_name_or_number_with_widths_or_by_rule(table, embed, widths):
    found = load(table(embed=embed, values={"test": 0.1}), silent)
    assert {feature.name: feature.embed for feature in found.columns.embedded} == widths
    assert found.shape == (found.columns.outputs,)
    assert found.train.x.shape[1] == found.columns.width


def test_a_look_knows_the_width_where_the_spec_says_it(table):
    assert peek(table(embed={"colour": 4})).shape == (6,)
    assert peek(table(embed=4)).shape == (6,)
    assert peek(table(embed=True)).shape is None
    assert peek(table(embed={"petals": 4})).shape is None


def test_indices_are_not_scaled(table):
    data = table(embed=True, values={"test": 0.1})
    found = load(data, silent)
    scale = decide_scaling(data, found)
    assert scale.mean == pytest.approx(found.train.x[:, :2].mean(axis=0), rel=1e-6)
    assert decide_scaling(replace(data, scale="unit"), found).factor == pytest.approx(1 / 6.2)


def test_a_column_of_names_is_no_feature(table, refused):
    text = "who,y\n" + "".join(f"name {index},{'pq'[index % 2]}\n" for index in range(1200))
    assert "ignore: [who]" in refused("too-many-categories", load, table(text, "y"), silent).hint


def test_a_file_larger_than_memory(table, refused, monkeypatch):
    monkeypatch.setattr("nnctl.data.memory.available.measure_available", lambda: 100)
    refused("out-of-memory", load, table(), silent)


def test_a_line_without_an_end(table, refused, monkeypatch):
    monkeypatch.setattr("nnctl.bounds.LINE", 50)
    monkeypatch.setattr("nnctl.data.tables.delimited._SHORT", 10)
    assert "over 50 characters" in refused("bad-csv", load, table("x,species\n" + "1" * 60), silent).message


def test_columns_are_json(table):
    written = json.loads(load(table(), silent).columns.dump())
    assert [entry["name"] for entry in written] == ["length", "colour", "petals"]


EUROPE = "a;b;y\n" + "".join(f"{i},5;1.0{i:02d},25;{'no' if i % 2 else 'yes'}\n" for i in range(20))


def test_decimal_commas_make_numbers(table):
    found = load(table(EUROPE, label="y", delimiter=";", decimal=","), silent)
    assert found.columns.names == ("a", "b")
    np.testing.assert_allclose(found.train.x, np.stack([found.train.rows + 0.5, found.train.rows + 1000.25], axis=1))


@pytest.mark.parametrize("work", [peek, lambda data: load(data, silent)], ids=["peek", "load"])
def test_numbers_with_commas_are_not_taken_for_categories(table, refused, work):
    with pytest.raises(DataError) as caught:
        work(table(EUROPE, label="y", delimiter=";"))
    problem, other = caught.value.problems  # every such column at once
    assert (problem.code, other.code) == ("number-with-comma", "number-with-comma")
    assert "'0,5'" in problem.message
    assert "decimal: ','" in problem.hint
    quoted = "a,y\n" + "".join(f'"1,{i:03d},000",{i % 2}\n' for i in range(20))
    refused("number-with-comma", work, table(quoted, label="y"))
    refused("number-with-comma", work, table(EUROPE, label="a", delimiter=";", features=["y"]))


def test_numbers_with_commas_are_categories_or_classes_if_asked(table):
    options = {"label": "y", "delimiter": ";", "categories": ["a", "b"]}
    assert load(table(EUROPE, **options), silent).train.x.shape[1] > 2
    halves = "a;y\n" + "".join(f"{i};{i % 2},5\n" for i in range(20))
    found = load(table(halves, label="y", delimiter=";", values={"labels": "integer"}), silent)
    assert found.class_names == ("0,5", "1,5")

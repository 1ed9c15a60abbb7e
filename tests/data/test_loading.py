import hashlib
from dataclasses import replace

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.data.sources import mnist
from nnctl.spec.sections import DataFacts


def silent(label, fraction):
    pass


@pytest.fixture
def table():
    """100 examples that tell their own row, in four classes."""
    return {"x": np.arange(300, dtype=np.float32).reshape(100, 3), "y": np.arange(100) % 4}


def test_one_pair_is_cut_in_three(section, npz, table):
    found = load(section("npz", path=npz(**table), validation=0.25), silent)
    assert [len(part) for part in (found.train, found.validation, found.test)] == [60, 20, 20]
    for part in (found.train, found.validation, found.test):
        np.testing.assert_array_equal(part.x, table["x"][part.rows])
        np.testing.assert_array_equal(part.y, table["y"][part.rows])
        assert (part.y.dtype, part.rows.dtype) == (np.int32, np.int64)
    assert (found.task, found.outputs, found.class_names) == ("multiclass", 4, None)
    assert (found.source, found.requested, found.fallback, found.title) == ("npz", "npz", None, "own.npz")


def test_a_test_pair_is_kept_whole(section, npz, table):
    path = npz(x_train=table["x"], y_train=table["y"], x_test=table["x"][:7], y_test=table["y"][:7])
    found = load(section("npz", path=path), silent)
    assert (len(found.train), found.validation, len(found.test)) == (100, None, 7)
    assert found.test.rows.tolist() == list(range(7))


def test_a_share_for_test_takes_the_place_of_the_sources_own(section, npz, table):
    path = npz(x_train=table["x"], y_train=table["y"], x_test=table["x"][:7], y_test=table["y"][:7])
    found = load(section("npz", path=path, test=0.5), silent)
    assert (len(found.train), len(found.test)) == (50, 50)


def test_paths_hold_out_other_files(section, npz, table):
    own = npz(**table)
    other = npz("other.npz", x=table["x"][:8] + 1, y=table["y"][:8])
    both = npz("both.npz", x_train=table["x"], y_train=table["y"], x_test=table["x"][:6], y_test=table["y"][:6])
    found = load(section("npz", path=own, validation=other, test=both), silent)
    assert [len(part) for part in (found.train, found.validation, found.test)] == [100, 8, 6]
    np.testing.assert_array_equal(found.validation.x, table["x"][:8] + 1)


def test_a_subset_limits_every_split(section, npz, table):
    other = npz("other.npz", **table)
    found = load(section("npz", path=npz(**table), validation=other, test=other, subset=8), silent)
    for part in (found.train, found.validation, found.test):
        assert np.bincount(part.y).tolist() == [2, 2, 2, 2]
        np.testing.assert_array_equal(part.x, table["x"][part.rows])


def test_other_members_can_be_named(section, npz, table):
    path = npz(images=table["x"], digits=table["y"], x=np.zeros(1), y=np.zeros(1))
    found = load(section("npz", {"x": "images", "y": "digits"}, path=path), silent)
    assert len(found.train) == 80


def test_the_fingerprint_depends_on_the_data_and_the_split_alone(section, npz, table):
    first, second = npz(**table), npz("copy.npz", **table)
    same = {load(section("npz", path=path), silent).fingerprint for path in (first, second)}
    assert len(same) == 1
    assert load(section("npz", path=first, split_seed=1), silent).fingerprint not in same


@pytest.mark.parametrize(
    ("changes", "values", "code", "line"),
    [
        ({"x": np.full((100, 3), np.nan)}, {}, "not-finite", 2),
        ({"y": np.zeros(99, int)}, {}, "lengths-differ", 2),
        ({"y": np.zeros(100, int)}, {}, "one-class", 2),
        ({"x": np.zeros((0, 3)), "y": np.zeros(0, int)}, {}, "no-examples", 2),
        ({}, {"validation": 0.001}, "empty-split", 4),
        ({}, {"test": 0.999}, "empty-split", 5),
    ],
)
def test_what_is_wrong_is_shown_at_its_key(section, npz, table, refused, changes, values, code, line):
    path = npz(**{**table, **changes})
    assert refused(code, load, section("npz", path=path, **values), silent).place.line == line


def test_what_is_wrong_with_a_held_out_file_is_shown_at_its_key(section, npz, table, refused):
    own, narrow = npz(**table), npz("narrow.npz", x=table["x"][:, :2], y=table["y"])
    strange = npz("strange.npz", x=table["x"], y=table["y"] + 1)
    broken = npz("broken.npz", x=np.array([None]), y=np.zeros(1))
    assert refused("splits-differ", load, section("npz", path=own, validation=narrow), silent).place.line == 4
    problem = refused("unseen-class", load, section("npz", path=own, test=strange), silent)
    assert (problem.place.line, problem.message[:26]) == (5, "test's y is 4 at row 3, a ")
    assert refused("object-array", load, section("npz", path=own, test=broken), silent).place.line == 5


def test_regression_and_raw_labels(section, npz, table):
    numbers = load(section("npz", path=npz(x=table["x"], y=np.linspace(0, 1, 100))), silent)
    assert (numbers.task, numbers.outputs, numbers.train.y.dtype) == ("regression", 1, np.float32)
    raw = load(section("npz", path=npz(**table), labels="raw"), silent)
    assert (raw.task, raw.train.y.max()) == ("regression", 3)


def test_offline_stands_in_when_the_download_fails_and_says_why(section):
    found = load(section("mnist", offline="mnist_5k", validation=0.1), silent)
    assert (found.source, found.requested, len(found.train)) == ("mnist_5k", "mnist", 3600)
    assert "mnist.npz is not on disk" in found.fallback
    assert "5,000" in found.title


def test_offline_keeps_held_out_files_of_the_source_asked_for(section, npz, mnist_like):
    path = npz("few.npz", **mnist_like(20, 30))
    found = load(section("mnist", offline="mnist_5k", test=path), silent)
    assert (found.source, len(found.train), len(found.test)) == ("mnist_5k", 5000, 30)


def test_without_offline_a_failed_download_is_an_error(section, refused):
    assert "mnist_5k" in refused("download-failed", load, section("mnist"), silent).hint


def test_a_download_with_another_checksum_is_not_trained_on(section, server):
    server.files["mnist.npz"] = b"something else"
    found = load(section("mnist", offline="mnist_5k"), silent)
    assert found.source == "mnist_5k"
    assert "another checksum" in found.fallback


def test_a_damaged_file_on_disk_is_an_error_even_where_there_is_a_stand_in(section, tmp_path, monkeypatch, refused):
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    (tmp_path / "mnist.npz").write_bytes(b"half of a file")
    problem = refused("not-npz", load, section("mnist", offline="mnist_5k"), silent)
    assert str(tmp_path / "mnist.npz") in problem.message


def test_mnist_is_downloaded_and_read(section, server, npz, mnist_like, monkeypatch):
    content = npz("mnist.npz", **mnist_like(60_000, 10_000)).read_bytes()
    server.files["mnist.npz"] = content
    monkeypatch.setattr(mnist, "FILE", replace(mnist.FILE, sha256=hashlib.sha256(content).hexdigest()))
    seen = []
    found = load(section("mnist"), lambda label, fraction: seen.append(fraction))
    assert (len(found.train), len(found.test), found.source, found.fallback) == (60_000, 10_000, "mnist", None)
    assert seen[-1] == 1.0


def test_nothing_is_printed(section, capfd):
    load(section("mnist", offline="mnist_5k"), silent)
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def teacher(table):
    """The table with shares whose largest is the table's class."""
    y = np.random.default_rng(0).dirichlet(np.ones(4), 100).astype(np.float32)
    largest = y.argmax(axis=1)
    rows = np.arange(100)
    y[rows, largest], y[rows, table["y"]] = y[rows, table["y"]], y[rows, largest]
    return {"x": table["x"], "y": y}


def test_shares_are_cut_as_the_classes_with_the_largest(section, npz, table, teacher):
    cut = {"validation": 0.25, "test": 0.2, "subset": 40, "classes": True}
    found = load(section("npz", path=npz(**teacher), **cut), silent)
    plain = load(section("npz", path=npz("plain.npz", **table), **cut), silent)
    assert (found.task, found.outputs, found.shares, plain.shares) == ("multiclass", 4, True, False)
    for name in ("train", "validation", "test"):
        part, same = getattr(found, name), getattr(plain, name)
        np.testing.assert_array_equal(part.rows, same.rows)
        np.testing.assert_array_equal(part.y, teacher["y"][part.rows], strict=True)
        np.testing.assert_array_equal(found.decide(part), same.y, strict=True)
    assert found.facts.shares
    assert not plain.facts.shares
    assert found.fingerprint != plain.fingerprint


def test_shares_on_disk_are_those_in_memory(section, tmp_path, teacher):
    np.savez(tmp_path / "own.npz", **teacher)
    held, streamed = (
        load(section("npz", {"memory": memory}, path=tmp_path / "own.npz", classes=True, validation=0.2), silent)
        for memory in ("hold", "stream")
    )
    assert held.fingerprint == streamed.fingerprint
    np.testing.assert_array_equal(held.validation.y, streamed.validation.y)


def test_what_a_source_says_of_its_labels_no_loss_overrules(section):
    found = load(section("friedman", classes=True, probabilities=True), silent)
    assert found.task == "regression"


def test_label_columns_of_shares_are_classes_that_bear_their_names(section, tmp_path, teacher):
    lines = [",".join([*map(str, x), *(f"{share:.3f}" for share in y)]) for x, y in zip(*teacher.values(), strict=True)]
    path = tmp_path / "own.csv"
    path.write_text("\n".join(["u,v,w,ant,bee,cat,dog", *lines, ""]))
    data = section("csv", {"label": ["ant", "bee", "cat", "dog"]}, path=path, classes=True)
    assert peek(data) == DataFacts((3,), "float32", None, 4)
    found = load(data, silent)
    assert (found.task, found.class_names, found.train.y.dtype) == (
        "multiclass",
        ("ant", "bee", "cat", "dog"),
        np.float32,
    )
    np.testing.assert_allclose(found.test.y, teacher["y"][found.test.rows], atol=6e-4)
    assert load(replace(data, classes=False), silent).task == "regression"


def test_a_column_of_shares_of_a_yes_is_binary_beside_a_loss_of_probabilities(section, tmp_path):
    yes = np.round(np.random.default_rng(0).random(60), 2)
    (tmp_path / "own.csv").write_text("\n".join(["u,y", *(f"{row},{each:g}" for row, each in enumerate(yes)), ""]))
    data = section("csv", {"label": "y"}, path=tmp_path / "own.csv", classes=True, probabilities=True)
    assert peek(data) == DataFacts((1,), "float32", None, None)
    found = load(data, silent)
    assert (found.task, found.outputs, found.class_names) == ("binary", 2, None)
    np.testing.assert_array_equal(found.decide(found.test), yes[found.test.rows] >= 0.5)
    plain = replace(data, probabilities=False)
    assert (peek(plain).task, load(plain, silent).task) == ("regression", "regression")


def test_weights_go_with_their_examples(section, npz, table):
    weight = np.arange(100) / 10
    path = npz(**table, sample_weight=weight)
    found = load(section("npz", path=path, validation=0.25, subset=48), silent)
    np.testing.assert_array_equal(found.train.weight, weight.astype(np.float32)[found.train.rows])
    assert len(found.train.weight) == 36
    assert (found.validation.weight, found.test.weight) == (None, None)
    alike = load(section("npz", {"sample_weight": "none"}, path=path, validation=0.25, subset=48), silent)
    assert alike.train.weight is None
    assert alike.fingerprint == load(section("npz", path=npz(**table), validation=0.25, subset=48), silent).fingerprint
    assert alike.fingerprint != found.fingerprint
    assert alike.notes == ("arrays of own.npz that are not read: 'sample_weight'",)


def test_what_a_file_holds_out_is_used_or_named(section, npz, table):
    own = npz(**table, x_dev=table["x"][:9], y_dev=table["y"][:9], x_test=table["x"][:7], y_test=table["y"][:7])
    found = load(section("npz", path=own), silent)
    assert [len(part) for part in (found.train, found.validation, found.test)] == [100, 9, 7]
    assert found.notes == ("x_dev and y_dev of own.npz are taken for validation",)
    cut = load(section("npz", path=own, validation=0.25, test=0.2), silent)
    assert [len(part) for part in (cut.train, cut.validation, cut.test)] == [60, 20, 20]
    assert cut.notes[1:] == (
        "the data's own validation examples (9) are not used: the spec says `validation: 0.25`",
        "the data's own test examples (7) are not used: the spec says `test: 0.2`",
    )


def test_another_file_is_read_for_what_it_is_named_for(section, npz, table):
    own = npz(**table)
    both = npz(
        "both.npz", **table, x_dev=table["x"][:9], y_dev=table["y"][:9], x_test=table["x"][:7], y_test=table["y"][:7]
    )
    alone = npz("alone.npz", x_test=table["x"][:5], y_test=table["y"][:5], ids=np.arange(5), sample_weight=np.ones(3))
    found = load(section("npz", path=own, validation=both, test=alone), silent)
    assert [len(part) for part in (found.train, found.validation, found.test)] == [100, 9, 5]
    assert "arrays of alone.npz that are not read: 'ids', 'sample_weight'" in found.notes
    older = load(section("npz", path=own, validation=npz("b.npz", **table), older=True), silent)
    assert len(older.validation) == 100


def test_classes_that_no_example_has_are_told(section, npz):
    x = np.arange(60, dtype=np.float32).reshape(20, 3)
    for y, said in (
        (np.arange(20) % 3 + 1, "class 0"),
        (np.arange(20) % 2 * 3, "the classes 1, 2"),
        (np.arange(20) % 2, None),
    ):
        found = load(section("npz", path=npz(x=x, y=y)), silent)
        assert [said in note for note in found.notes] == ([] if said is None else [True])
        assert found.facts.absent == {"class 0": (0,), "the classes 1, 2": (1, 2), None: ()}[said]
    named = load(section("npz", path=npz(x=x, y=np.array(["1", "2", "3", "2"] * 5))), silent)
    assert (named.notes, named.facts.absent) == ((), ())


@pytest.mark.parametrize("form", ["csv", "npz"])
def test_whole_numbers_are_predicted_by_a_loss_for_numbers(section, npz, tmp_path, form):
    """In training, in a file held out with 0 and 1 alone, and in a look at the headers."""
    y, held = np.arange(60) % 6 + 3, np.arange(10) % 2
    paths = {}
    for name, values in (("train", y), ("test", held)):
        if form == "npz":
            paths[name] = npz(f"{name}.npz", x=np.random.default_rng(0).random((len(values), 2)), y=values)
        else:
            paths[name] = tmp_path / f"{name}.csv"
            paths[name].write_text("a,y\n" + "".join(f"{i / 7},{value}\n" for i, value in enumerate(values)))
    options = {"label": "y"} if form == "csv" else {}
    data = section(form, options, path=paths["train"], test=paths["test"], validation=0.1, numbers=True)
    assert peek(data).task == ("regression" if form == "csv" else None)
    found = load(data, silent)
    assert (found.task, found.outputs, found.class_names) == ("regression", 1, None)
    np.testing.assert_array_equal(found.test.y, held.astype(np.float32), strict=True)
    (note,) = found.notes
    assert note.startswith("the labels are whole numbers, taken for numbers")
    assert "`labels: one_hot`" in note
    classes = load(replace(data, numbers=False, test=0.2), silent)
    assert classes.task == "multiclass"


def test_zeros_and_ones_stay_classes_and_say_how_they_were_numbers(section, npz):
    data = section("npz", path=npz(x=np.random.default_rng(0).random((60, 2)), y=np.arange(60) % 2), numbers=True)
    found = load(data, silent)
    assert (found.task, found.train.y.dtype) == ("binary", np.int32)
    assert found.notes == ("the labels are 0 and 1, taken for two classes: `labels: raw` takes them for numbers",)
    assert load(replace(data, labels="raw"), silent).notes == ()
    assert load(section("iris", numbers=True), silent).task == "multiclass"  # its source says so


def test_what_only_a_file_of_its_own_holds_is_told_by_column_and_split(section, tmp_path):
    rows = "".join(f"{zone},{zone % 2}\n" for zone in (1, 2, 3, 4) * 9)
    (tmp_path / "own.csv").write_text("zone,y\n" + rows)
    (tmp_path / "test.csv").write_text("id,zone,y\n1,1.0,1\n2,2e0,0\n3,9,1\n4,9.0,1\n")
    options = {"label": "y", "categories": ["zone"]}
    data = section("csv", options, path=tmp_path / "own.csv", validation=0.2, test=tmp_path / "test.csv")
    found = load(data, silent)
    assert found.test.x.argmax(axis=1)[:2].tolist() == [0, 1]
    assert found.test.x.sum(axis=1).tolist() == [1, 1, 0, 0]
    assert found.new == {
        "test": (
            "column 'zone' holds '9', which training does not have, in 2 of 4 rows",
            "it has columns that training has not, which are not used: 'id'",
        )
    }
    assert found.notes == tuple(f"test: {said}" for said in found.new["test"])


def test_classes_that_look_alike_are_told(section, tmp_path):
    (tmp_path / "own.csv").write_text("x,y\n" + "1,Yes\n2,yes\n3,No\n" * 9)
    (told,) = load(section("csv", {"label": "y"}, path=tmp_path / "own.csv"), silent).notes
    assert told.startswith("the classes 'Yes' and 'yes' differ in capitals or blanks alone")


def test_rows_without_a_label_are_left_out_and_the_others_keep_their_number(section, npz, table):
    y = table["y"].astype(np.float32)
    y[[3, 50]] = np.nan
    path = npz(x=table["x"], y=y, g=np.arange(100) // 10, sample_weight=np.arange(1.0, 101))
    given = {"path": path, "validation": 0.25, "skip": {"unlabelled": True}, "classes": True}
    for split in (None, {"group": "g"}):
        found = load(section("npz", split=split, **given), silent)
        parts = [found.train, found.validation, found.test]
        assert sorted(row for part in parts for row in part.rows.tolist()) == [
            *range(3),
            *range(4, 50),
            *range(51, 100),
        ]
        for part in parts:
            np.testing.assert_array_equal(part.x, table["x"][part.rows])
            np.testing.assert_array_equal(part.y, table["y"][part.rows])
        np.testing.assert_array_equal(found.train.weight, found.train.rows + 1)
        assert "2 rows without a label are left out: rows 3, 50 of y, from 0" in found.notes
    groups = [{row // 10 for row in part.rows.tolist()} for part in parts]
    assert sum(map(len, groups)) == len(set.union(*groups))


def test_a_fault_behind_a_row_that_was_left_out_is_told_where_the_file_has_it(section, npz, table, refused):
    y = table["y"].astype(np.float32)
    y[3], y[50] = np.nan, -1
    given = {"path": npz(x=table["x"], y=y), "labels": "integer", "skip": {"unlabelled": True}}
    assert "at row 50" in refused("negative-label", load, section("npz", **given), silent).message

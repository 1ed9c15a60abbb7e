import numpy as np
import pytest

from nnctl.data import load, peek


def silent(label, fraction):
    pass


def test_a_training_pair_without_a_test_pair_is_cut(section, npz):
    path = npz(x_train=np.zeros((10, 2)), y_train=np.arange(10) % 2)
    found = load(section("npz", path=path), silent)
    assert (len(found.train), len(found.test), found.task) == (8, 2, "binary")
    assert peek(section("npz", path=path)).train == 8


@pytest.mark.parametrize("missing", ["x_train", "y_train", "x_test", "y_test"])
def test_half_a_pair(section, npz, refused, missing):
    arrays = {name: np.arange(4) for name in ("x_train", "y_train", "x_test", "y_test")}
    del arrays[missing]
    data = section("npz", path=npz(**arrays))
    for work in (lambda: peek(data), lambda: load(data, silent)):
        assert missing in refused("missing-array", work).message


def test_names_that_the_file_does_not_have(section, npz, refused):
    path = npz(pictures=np.zeros(3), kinds=np.zeros(3))
    assert "pictures" in refused("missing-array", peek, section("npz", path=path)).message
    near = refused("missing-array", peek, section("npz", {"x": "pictures", "y": "kind"}, path=path))
    assert near.hint == "did you mean 'kinds'?"


@pytest.mark.parametrize("labels", ["auto", "integer", "one_hot", "raw"])
@pytest.mark.parametrize(
    "y",
    [
        np.arange(20) % 3,
        np.arange(20) % 2 == 0,
        np.eye(3)[np.arange(20) % 3],
        np.eye(2)[np.arange(20) % 2],
        np.arange(20) % 3.0,
    ],
    ids=["classes", "booleans", "one-hot", "one-hot of two", "floats"],
)
def test_what_peek_tells_is_what_load_finds(section, npz, y, labels):
    data = section("npz", path=npz(x=np.zeros((20, 4), np.float32), y=y), labels=labels)
    told, found = peek(data), load(data, silent)
    assert told.shape == found.train.x.shape[1:]
    assert told.dtype == found.train.x.dtype.name
    assert told.train == len(found.train)
    assert told.task in (None, found.task)
    assert told.outputs in (None, found.outputs)


def test_a_pair_for_validation_is_taken_where_the_spec_names_no_share(section, npz):
    rows = {"train": 30, "val": 6, "test": 4}
    arrays = {f"{axis}_{name}": np.arange(count) % 2 for name, count in rows.items() for axis in "xy"}
    data = section("npz", path=npz(**arrays))
    found = load(data, silent)
    assert (len(found.train), len(found.validation), len(found.test)) == (30, 6, 4)
    assert peek(data).train == 30
    cut = load(section("npz", path=npz(**arrays), validation=0.1), silent)
    assert (len(cut.train), len(cut.validation)) == (27, 3)


@pytest.mark.parametrize("name", ["val", "valid", "validation"])
def test_half_a_pair_for_validation(section, npz, refused, name):
    arrays = {each: np.arange(4) % 2 for each in ("x_train", "y_train", f"x_{name}")}
    assert f"y_{name}" in refused("missing-array", peek, section("npz", path=npz(**arrays))).message


def test_capitals_make_no_difference(section, npz):
    arrays = {name: np.arange(8) % 2 for name in ("X_train", "Y_train", "X_test", "y_test")}
    assert len(load(section("npz", path=npz(**arrays)), silent).test) == 8
    both = npz(x=np.zeros(4), X=np.ones(4), y=np.arange(4) % 2)
    assert load(section("npz", path=both), silent).train.x.max() in (0, 1)


def test_the_hint_names_the_arrays_that_are_there(section, npz, refused):
    path = npz(signals=np.zeros(3), kinds=np.zeros(3))
    assert "{x: signals, y: kinds}" in refused("missing-array", peek, section("npz", path=path)).hint


def test_images_as_targets_are_refused_before_they_are_loaded(section, npz, refused):
    data = section("npz", path=npz(x=np.zeros((6, 4, 4, 1)), y=np.zeros((6, 4, 4, 1))))
    for work in (lambda: peek(data), lambda: load(data, silent)):
        problem = refused("bad-labels", work)
        assert "(6, 4, 4, 1)" in problem.message
    assert "y.reshape(len(y), -1)" in refused("bad-labels", peek, data).hint

import numpy as np
import pytest

from nnctl.data.arrays import npz_pairs
from nnctl.data.arrays.npz_pairs import find_pairs, peek, read_npz
from nnctl.data.arrays.npz_rows import Member
from nnctl.spec.sections import DataFacts


@pytest.fixture
def data(section, tmp_path):
    """Makes the section of a file that is not compressed."""

    def make(**arrays):
        np.savez(tmp_path / "own.npz", **arrays)
        return section("npz", path=tmp_path / "own.npz")

    return make


@pytest.mark.parametrize(
    ("held", "named"),
    [
        (["x", "y"], {"train": ("x", "y")}),
        (["X", "Y", "z"], {"train": ("X", "Y")}),
        (["y"], {"train": ("x", "y")}),
        (["x_train", "y_train", "x_test", "y_test"], {"train": ("x_train", "y_train"), "test": ("x_test", "y_test")}),
        (
            ["x_train", "y_train", "x_val", "y_val", "x_valid", "y_valid"],
            {"train": ("x_train", "y_train"), "validation": ("x_valid", "y_valid")},
        ),
        (["x_train", "y_train", "y_test"], {"train": ("x_train", "y_train"), "test": ("x_test", "y_test")}),
        (["images", "labels"], {}),
        ([], {}),
    ],
)
def test_the_usual_names(held, named):
    assert find_pairs(held) == named


def test_a_look_reads_shapes_types_and_rows(data):
    found = data(
        x_train=np.zeros((6, 4), np.float32), y_train=np.arange(6), x_test=np.zeros((2, 4)), y_test=np.arange(2)
    )
    assert peek(found) == (DataFacts((4,), "float32", "multiclass", None, 6), True)
    assert peek(data(x=np.zeros(5), y=np.zeros(5))) == (DataFacts((1,), "float64", "regression", 1, 5), False)
    assert peek(data(a=np.zeros((5, 2)), b=np.zeros((5, 3))), "a", "b") == (
        DataFacts((2,), "float64", None, 3, 5),
        False,
    )


def test_arrays_that_are_named_are_read(data):
    found = read_npz(data(a=np.arange(10).reshape(5, 2), b=np.arange(5), c=np.zeros(1)), "a", "b", "auto")
    assert found.train.x.tolist() == [[0, 1], [2, 3], [4, 5], [6, 7], [8, 9]]
    assert (found.train.x_name, found.train.y_name, found.test) == ("a", "b", None)


@pytest.mark.parametrize(
    ("memory", "free", "stays"),
    [
        ("auto", 1 << 30, False),
        ("auto", 1000, True),
        ("auto", None, False),
        ("hold", 1000, False),
        ("stream", None, True),
    ],
)
def test_examples_stay_on_the_disk_where_memory_is_short(data, monkeypatch, memory, free, stays):
    monkeypatch.setattr(npz_pairs, "measure_available", lambda: free)
    x = np.arange(400, dtype=np.float32).reshape(100, 4)  # 1,600 bytes
    found = read_npz(data(x=x, y=np.arange(100) % 2), None, None, memory)
    assert isinstance(found.train.x, Member) is stays
    np.testing.assert_array_equal(found.train.x[:], x)


def test_what_is_compressed_cannot_be_streamed(section, npz, refused):
    found = section("npz", path=npz(x=np.zeros((9, 2)), y=np.zeros(9)))
    assert "numpy.savez" in refused("not-streamable", read_npz, found, None, None, "stream").hint


@pytest.mark.parametrize(
    ("arrays", "code"),
    [
        ({"x": np.float32(1), "y": np.zeros(3)}, "bad-array"),
        ({"x": np.zeros((4, 2)), "y": np.zeros(3)}, "lengths-differ"),
        ({"x": np.zeros((3, 2)), "y": np.zeros((3, 2, 2))}, "bad-labels"),
        ({"images": np.zeros((3, 2)), "labels": np.zeros(3)}, "missing-array"),
    ],
)
def test_arrays_that_do_not_belong_together(data, refused, arrays, code):
    refused(code, peek, data(**arrays))

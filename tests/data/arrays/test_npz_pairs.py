import numpy as np
import pytest

from nnctl.data.arrays import npz_pairs
from nnctl.data.arrays.npz_pairs import peek, read_npz
from nnctl.data.arrays.npz_rows import Member
from nnctl.data.memory.limit import Limit, PastLimitError
from nnctl.spec.sections import DataFacts


@pytest.fixture
def data(section, tmp_path):
    """Makes the section of a file that is not compressed."""

    def make(**arrays):
        np.savez(tmp_path / "own.npz", **arrays)
        return section("npz", path=tmp_path / "own.npz")

    return make


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
        ({"pictures": np.zeros((3, 2)), "kinds": np.zeros(3)}, "missing-array"),
    ],
)
def test_arrays_that_do_not_belong_together(data, refused, arrays, code):
    refused(code, peek, data(**arrays))


X, Y = np.arange(24, dtype=np.float32).reshape(12, 2), np.arange(12) % 2


def test_a_test_pair_beside_x_and_y_is_test(data):
    found = data(x=X, y=Y, x_test=X[:5], y_test=Y[:5])
    assert peek(found)[1]
    arrays = read_npz(found, None, None, "auto")
    assert (len(arrays.train.y), len(arrays.test.y), arrays.validation, arrays.notes) == (12, 5, None, ())


def test_pairs_of_other_names_are_read_and_told(data):
    arrays = read_npz(data(X_train=X, y_train=Y, X_dev=X[:4], y_dev=Y[:4], groups=Y, ids=Y), None, None, "auto")
    assert (len(arrays.train.y), len(arrays.validation.y), arrays.test) == (12, 4, None)
    assert arrays.notes == (
        "X_dev and y_dev of own.npz are taken for validation",
        "arrays of own.npz that are not read: 'groups', 'ids'",
    )


def test_arrays_beside_those_that_are_named_are_told(data):
    arrays = read_npz(data(a=X, b=Y, x_test=X, y_test=Y), "a", "b", "auto")
    assert arrays.notes == ("arrays of own.npz that are not read: 'x_test', 'y_test'",)


def test_weights_are_those_of_training(data):
    found = data(x_train=X, y_train=Y, sample_weight=Y + 1.0, sample_weight_train=Y + 2.0, sample_weight_test=Y, w=Y)
    arrays = read_npz(found, None, None, "auto")
    assert arrays.train.weight.tolist() == (Y + 2.0).tolist()
    assert arrays.train.weight_name == "sample_weight_train"
    assert "sample_weight_train says how much each training example counts in the loss" in arrays.notes[0]
    assert arrays.notes[1] == "arrays of own.npz that are not read: 'sample_weight', 'sample_weight_test', 'w'"
    assert read_npz(found, None, None, "auto", "w").train.weight.tolist() == Y.tolist()
    assert read_npz(found, None, None, "auto", "none").train.weight is None
    assert read_npz(found, "x_train", "y_train", "auto").train.weight.tolist() == (Y + 2.0).tolist()
    assert peek(found)[0].train == 12


def test_a_run_of_before_reads_what_it_was_trained_with(data):
    from dataclasses import replace

    found = replace(data(x=X, y=Y, x_test=X, y_test=Y, sample_weight=Y), older=True)
    arrays = read_npz(found, None, None, "auto")
    assert (arrays.test, arrays.train.weight) == (None, None)
    assert not peek(found)[1]


def test_a_file_that_is_held_out_may_hold_one_split_alone(data, refused):
    from dataclasses import replace

    found = data(x_test=X, y_test=Y)
    refused("missing-array", read_npz, found, None, None, "auto")
    assert len(read_npz(replace(found, test=found.path), None, None, "auto").train.y) == 12


def test_what_may_be_weights_is_no_weight_unless_the_user_says_so(data):
    found = data(x=X, y=Y, weights=Y + 1.0)
    arrays = read_npz(found, None, None, "auto")
    assert arrays.train.weight is None
    assert "sample_weight: weights" in arrays.notes[1]
    assert len(read_npz(found, None, None, "auto", "weights").notes) == 1


def test_where_labels_alone_are_looked_at_examples_stay_unread(data):
    found = data(x=np.full((5, 2), np.nan, np.float32), y=np.arange(5), sample_weight=np.ones(5, np.float32))
    read = read_npz(found, None, None, "auto", limit=Limit(5 * 8 + 5 * 4))
    assert (read.train.x.shape, read.train.x.dtype, list(read.train.x.read_blocks())) == ((5, 2), np.float32, [])
    assert (read.train.y.tolist(), read.train.weight.tolist()) == ([0, 1, 2, 3, 4], [1.0] * 5)
    with pytest.raises(PastLimitError, match="labels"):
        read_npz(found, None, None, "auto", limit=Limit(5 * 8 + 5 * 4 - 1))

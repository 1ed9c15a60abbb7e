import gzip
import struct

import numpy as np
import pytest

from nnctl.data import load, peek
from nnctl.spec.sections import DataFacts

CODES = {"u1": 8, "i4": 12, "f4": 13}


def silent(label, fraction):
    pass


@pytest.fixture
def write(tmp_path):
    def write(name, array):
        content = bytes((0, 0, CODES[array.dtype.str[1:]], array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
        content += array.astype(array.dtype.newbyteorder(">")).tobytes()
        path = tmp_path / name
        path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        return path

    return write


@pytest.fixture
def images():
    return np.arange(20 * 12, dtype=np.uint8).reshape(20, 4, 3)


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
        ("my_images", "my_labels"),
    ],
)
def test_labels_are_found_by_the_usual_names(section, write, images, name, labels):
    path = write(name, images)
    write(labels, (np.arange(20) % 4).astype(np.uint8))
    data = section("idx", path=path)
    found = load(data, silent)
    assert (found.task, found.outputs, found.train.x.shape) == ("multiclass", 4, (16, 4, 3))
    np.testing.assert_array_equal(found.train.x, images[found.train.rows])
    assert peek(data) == DataFacts((4, 3), "uint8", "multiclass", None, 16)


def test_labels_can_be_named_and_be_numbers(section, write, images):
    path = write("pictures", images.astype(np.float32))
    write("heights", np.linspace(0, 1, 20).astype(np.float32))
    data = section("idx", {"labels": "heights"}, path=path)
    assert (load(data, silent).task, peek(data).task, peek(data).dtype) == ("regression", "regression", "float32")


def test_another_file_can_be_held_out(section, write, images):
    for part in ("train", "test"):
        write(f"{part}-images", images)
        write(f"{part}-labels", (np.arange(20) % 2).astype(np.int32))
    folder = write("train-images", images).parent
    found = load(section("idx", path=folder / "train-images", test=folder / "test-images"), silent)
    assert (len(found.train), len(found.test)) == (20, 20)


def test_labels_that_are_not_there(section, write, images, refused):
    path = write("train-images", images)
    problem = refused("missing-labels", peek, section("idx", path=path))
    assert (problem.place.line, "no train-labels" in problem.message) == (2, True)
    refused("missing-labels", peek, section("idx", path=write("pictures", images)))
    refused("missing-labels", load, section("idx", {"labels": "none"}, path=path), silent)


def test_lengths_that_differ(section, write, images, refused):
    path = write("train-images", images)
    write("train-labels", np.zeros(19, np.uint8))
    refused("lengths-differ", load, section("idx", path=path), silent)


def test_what_is_no_idx_file(section, tmp_path, refused):
    (tmp_path / "train-images").write_text("x,y\n")
    (tmp_path / "train-labels").write_text("x,y\n")
    refused("damaged-data", peek, section("idx", path=tmp_path / "train-images"))


@pytest.mark.parametrize("other", ["t10k-images-idx3-ubyte", "test-images-idx3-ubyte"])
def test_test_examples_that_lie_beside_are_named(section, write, images, other):
    path = write("train-images-idx3-ubyte", images)
    write("train-labels-idx1-ubyte", (np.arange(20) % 4).astype(np.uint8))
    held = write(other, images[:8] + 1)
    write(other.replace("images-idx3", "labels-idx1"), (np.arange(8) % 4).astype(np.uint8))
    (note,) = load(section("idx", path=path), silent).notes
    assert f"{other} lies beside train-images-idx3-ubyte and is not read: `test: {held}`" in note
    found = load(section("idx", path=path, test=held), silent)
    assert (found.notes, len(found.test)) == ((), 8)

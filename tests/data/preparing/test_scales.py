import numpy as np
import pytest

from nnctl.data import Dataset, Split, decide_scaling, decide_target_scaling
from nnctl.data.preparing import steps
from nnctl.data.sources import SOURCES
from nnctl.spec.sections import Data


def dataset(x, source="npz"):
    part = Split(np.asarray(x), np.zeros(len(x), np.int32), np.arange(len(x)))
    return Dataset(source, source, "", "", None, part, None, None, "multiclass", 2, None, "")


def scaled(x, kind="auto", source="npz"):
    return decide_scaling(Data(source, {}, scale=kind), dataset(x, source))


@pytest.mark.parametrize(
    ("shape", "dtype", "kind"),
    [
        ((4, 8, 8), np.uint8, "unit"),
        ((4, 8, 8, 3), np.uint8, "unit"),
        ((4, 64), np.uint8, "unit"),
        ((4, 8, 8), np.uint16, "unit"),
        ((4, 64), np.int64, "none"),
        ((4, 8, 8), np.float32, "none"),
        ((4, 64), np.float64, "none"),
        ((4, 8, 8), bool, "none"),
    ],
)
def test_what_auto_makes_of_arrays(shape, dtype, kind):
    assert scaled(np.ones(shape, dtype)).kind == kind


def test_tables_are_standardised(monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(SOURCES, "npz", replace(SOURCES["npz"], tables=True))
    assert scaled(np.ones((4, 3))).kind == "standard"
    assert scaled(np.ones((4, 3), np.int64)).kind == "standard"


@pytest.mark.parametrize(
    ("x", "source", "largest"),
    [
        (np.array([[0, 100]], np.uint8), "npz", 255),
        (np.array([[0, 100]], np.uint16), "npz", 65535),
        (np.array([[0, 100]], np.int8), "npz", 127),
        (np.array([[0, 200]], np.int64), "npz", 200),
        (np.array([[-300, 200]], np.int32), "npz", 300),
        (np.array([[0.0, 0.5]]), "npz", 0.5),
        (np.array([[0.0, 0.0]]), "npz", 1),
        (np.array([[True, False]]), "npz", 1),
        (np.array([[0, 9]], np.uint8), "digits", 16),
        (np.array([[0, 9]], np.uint8), "mnist", 255),
    ],
)
def test_unit_divides_by_the_largest_value(x, source, largest):
    found = scaled(x, "unit", source)
    assert (found.kind, found.factor) == ("unit", 1 / largest)


@pytest.mark.parametrize("dtype", ["f4", "f8", "u1", "i8"])
def test_standard_takes_mean_and_variance_over_training(dtype):
    x = (np.random.default_rng(0).normal(100, 20, (500, 3, 2))).astype(dtype)
    found = scaled(x, "standard")
    assert (found.mean.dtype, found.mean.shape, found.variance.dtype) == (np.float32, (3, 2), np.float32)
    np.testing.assert_array_equal(found.mean, x.astype("f8").mean(axis=0).astype("f4"))
    np.testing.assert_allclose(found.variance, x.astype("f8").var(axis=0), rtol=1e-7)


def test_standard_sums_in_float64_over_blocks(monkeypatch):
    x = (np.random.default_rng(0).normal(1e4, 1, (1000, 2))).astype(np.float32)
    whole = scaled(x, "standard")
    monkeypatch.setattr(steps, "_BLOCK", 14)
    blocks = scaled(x, "standard")
    np.testing.assert_allclose(blocks.variance, whole.variance, rtol=1e-6)
    np.testing.assert_allclose(blocks.variance, x.astype("f8").var(axis=0), rtol=1e-6)


def test_constant_columns_have_the_variance_1():
    x = np.array([[0.1, 0.0], [0.1, 1e-30], [0.1, 0.0]])
    assert scaled(x, "standard").variance.tolist() == [1, 1]


def test_none_is_none():
    found = scaled(np.ones((2, 2), np.uint8), "none")
    assert (found.kind, found.factor, found.mean, found.variance) == ("none", None, None, None)


def test_targets_are_standardised_by_train_alone():
    from dataclasses import replace

    y = np.array([[1.0, 5], [3, 5], [5, 5]], np.float32)
    data = dataset(np.ones((3, 2)))
    data = replace(data, train=replace(data.train, y=y), test=replace(data.train, y=100 * y))
    found = decide_target_scaling(Data("npz", {}, target_scale="standard"), data)
    assert found.mean.tolist() == [3, 5]
    np.testing.assert_allclose(found.variance, [8 / 3, 1], rtol=1e-6)
    assert decide_target_scaling(Data("npz", {}), data).kind == "none"

import numpy as np
import pytest

from nnctl.data import Dataset, Split, decide_scaling, decide_target_scaling, scale_examples
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
        (np.array([[0, 100]], np.uint16), "npz", 255),
        (np.array([[-3, 100]], np.int8), "npz", 127),
        (np.array([[0, 200]], np.int64), "npz", 255),
        (np.array([[-300, 200]], np.int32), "npz", 511),
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


def test_an_older_run_keeps_its_divisor():
    found = decide_scaling(Data("npz", {}, scale="unit", older=True), dataset(np.array([[0, 1]], np.uint8)))
    assert found.factor == 1 / 255


def test_what_reads_indices_gets_them_as_they_are():
    from nnctl.spec.sections import Component

    layers = [Component("layer", "flatten", {}), Component("layer", "embedding", {"input_dim": 9, "output_dim": 2})]
    x = dataset(np.ones((4, 3, 2), np.uint8))
    assert decide_scaling(Data("npz", {}), x, layers).kind == "none"
    assert decide_scaling(Data("npz", {}, older=True), x, layers).kind == "unit"


def test_padding_counts_in_no_statistic():
    from nnctl.spec.sections import Component

    random = np.random.default_rng(0)
    x, lengths = random.normal(50, 9, (40, 7, 2)), random.integers(2, 8, 40)
    for row, length in zip(x, lengths, strict=True):
        row[length:] = -1
    kept = np.concatenate([row[:length] for row, length in zip(x, lengths, strict=True)])
    masking = Component("layer", "masking", {"mask_value": -1.0})
    found = decide_scaling(Data("npz", {}, scale="standard"), dataset(x), [masking])
    np.testing.assert_allclose(found.mean, kept.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found.variance, kept.var(axis=0), rtol=1e-6)
    assert decide_scaling(Data("npz", {}, scale="unit"), dataset(x), [masking]).factor == 1 / np.abs(kept).max()


def test_what_float32_has_no_digits_for_is_shifted_first():
    times = 1_700_000_000 + 60 * np.arange(384)
    x = np.stack([times, np.linspace(0, 1, 384)], axis=1)
    found = scaled(x, "standard")
    assert found.shift[1] == 0
    np.testing.assert_allclose(found.shift.astype("f8") + found.mean, x.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(found.variance, x.var(axis=0), rtol=1e-6)
    made = scale_examples(x, found)
    np.testing.assert_allclose(made, (x - x.mean(axis=0)) / x.std(axis=0), atol=1e-6)
    assert len(np.unique(made[:, 0])) == 384
    assert scaled(x.astype(np.float32), "standard").shift is None


def test_the_scaling_of_another_training_is_kept_where_it_is_asked_for():
    from dataclasses import replace

    from nnctl.data import Scales, Scaling

    kept = Scales(Scaling("unit", 1 / 255), Scaling("none"))
    data = replace(dataset(np.ones((4, 3), np.uint8)), scales=kept)
    assert decide_scaling(Data("npz", {}), data) is kept.inputs
    assert decide_scaling(Data("npz", {}, scale="unit"), data) is kept.inputs
    assert decide_scaling(Data("npz", {}, scale="standard"), data).kind == "standard"


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

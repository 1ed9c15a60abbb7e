from types import SimpleNamespace

import numpy as np

from nnctl.data import Dataset, Split, decide_scales, describe_lost
from nnctl.spec.sections import Component, Data

TIMES = 1_700_000_000.0 + 60 * np.arange(384)
DENSE = Component("layer", "dense", {"units": 1})


def told(x, y=None, layers=(DENSE,), **data):
    y = np.zeros(len(x), np.float32) if y is None else y
    dataset = Dataset("npz", "npz", "", "", None, Split(x, y, np.arange(len(x))), None, None, "regression", 1, None, "")
    spec = SimpleNamespace(data=Data("npz", {}, **data), layers=layers)
    return describe_lost(spec, dataset, decide_scales(spec, dataset))


def test_what_is_lost_is_told_with_its_number_unless_it_is_standardised():
    x = np.stack([np.linspace(0, 1, 384), TIMES], axis=1)
    left = len(np.unique(TIMES.astype(np.float32)))
    expected = (
        f"column 1: 384 different values become {left} as float32: `scale: standard` standardises them in float64 first"
    )
    assert told(x) == (expected,)
    assert told(x, scale="unit") == (expected,)
    assert told(x, scale="standard") == ()
    assert told(x.astype(np.float32)) == ()


def test_targets_are_told_of_too():
    x = np.zeros((384, 1), np.float32)
    (line,) = told(x, TIMES)
    assert line.startswith("the target: 384 different values become ")
    assert "`target_scale: standard`" in line
    assert told(x, TIMES, target_scale="standard") == ()


def test_nothing_is_told_of_what_is_read_as_it_is_and_of_older_runs():
    x = (10**9 + np.arange(40)).reshape(40, 1)
    assert told(x, layers=(Component("layer", "hashing", {"num_bins": 4}), DENSE)) == ()
    assert len(told(x)) == 1
    assert told(x, older=True) == ()


def test_a_few_columns_are_named_and_the_others_counted():
    lines = told(np.stack([TIMES + index for index in range(5)], axis=1))
    assert len(lines) == 4
    assert lines[-1] == "2 more columns lose values so"
    assert told(np.repeat(TIMES.reshape(-1, 1, 1), 3, axis=1))[0].startswith("the column: 384 ")


def test_what_cannot_be_standardised_is_told():
    normal = np.random.default_rng(0).normal(size=200)
    for factor, size in ((1e-10, "small"), (1e-24, "small"), (1e25, "large")):
        (said,) = told(np.stack([normal, factor * normal], axis=1), scale="standard")
        assert said.startswith(f"column 1 has a deviation of {factor * normal.std():.1e}, too {size}")
    assert told(np.stack([normal, np.full(200, 1e-9)], axis=1), scale="standard") == ()
    assert told(np.stack([normal, 1e-4 * normal], axis=1), scale="standard") == ()
    (target,) = told(np.stack([normal], axis=1), 1e-24 * normal, scale="standard", target_scale="standard")
    assert target.startswith("target 0 has a deviation of")

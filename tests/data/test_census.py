import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnctl.data import Dataset, Split, Summary, compute_imbalance, load, summarise

Told = Callable[..., Summary]


@pytest.fixture
def told(npz: Callable[..., Path], section: Callable[..., Any]) -> Told:
    """The summary of a pair of arrays."""

    def told(x: Any, y: Any, **values: Any) -> Summary:
        data = section("npz", path=npz(x=x, y=y), **{"test": 0.2, **values})
        return summarise(load(data, lambda label, share: None))

    return told


def test_splits_and_classes_add_up(told: Told) -> None:
    x = np.arange(100 * 6, dtype=np.uint16).reshape(100, 2, 3)
    found = told(x, np.repeat(["cat", "dog"], [75, 25]), validation=0.25)
    assert list(found.splits) == ["train", "validation", "test"]
    assert [part.examples for part in found.splits.values()] == [60, 20, 20]
    assert {(part.shape, part.dtype) for part in found.splits.values()} == {((2, 3), "uint16")}
    assert min(part.low for part in found.splits.values()) == 0
    assert max(part.high for part in found.splits.values()) == 599
    assert [(c.name, dict(c.examples)) for c in found.classes] == [
        ("cat", {"train": 45, "validation": 15, "test": 15}),
        ("dog", {"train": 15, "validation": 5, "test": 5}),
    ]
    assert (found.features, found.targets) == ([], [])
    assert compute_imbalance(found) == 3


def test_features_and_targets_are_of_the_training_split(told: Told) -> None:
    x = np.stack([np.arange(50.0), np.full(50, 7.0)], axis=1)
    found = told(x, x[:, 0] / 2)
    first, second = found.features
    assert (second.low, second.mean, second.high) == (7, 7, 7)
    assert (first.low, first.high) == (found.splits["train"].low, found.splits["train"].high)
    (target,) = found.targets
    assert (target.low, target.mean, target.high) == (first.low / 2, first.mean / 2, first.high / 2)
    assert found.classes == []
    assert compute_imbalance(found) is None


def test_targets_have_the_names_of_their_columns_where_there_is_one_for_each() -> None:
    x = np.zeros((4, 2), np.float32)
    split = Split(x, np.arange(8, dtype=np.float32).reshape(4, 2), np.arange(4))
    dataset = Dataset("csv", "csv", "t", "o", None, split, None, None, "regression", 2, None, "")
    for names, told in ((("price", "rent"), ["price", "rent"]), (("price",), ["0", "1"]), ((), ["0", "1"])):
        assert [target.name for target in summarise(dataset, names).targets] == told


def test_a_mean_of_bytes_does_not_overflow(told: Told) -> None:
    found = told(np.full((50, 2), 255, np.uint8), np.arange(50.0))
    assert [column.mean for column in found.features] == [255, 255]


def test_labels_are_counted_one_by_one(told: Told) -> None:
    y = np.tile(np.array([[1, 1, 0], [0, 1, 0]], np.uint8), (300, 1))
    found = told(np.zeros((600, 4)), y)
    counts = [sum(each.examples.values()) for each in found.classes]
    assert (found.task, counts) == ("multilabel", [300, 600, 0])
    assert compute_imbalance(found) is None


def test_a_summary_is_json(told: Told) -> None:
    found = told(np.zeros((20, 3), np.float32), np.arange(20) % 2)
    assert json.loads(json.dumps(asdict(found)))["splits"]["train"] == {
        "examples": 16,
        "shape": [3],
        "dtype": "float32",
        "low": 0,
        "high": 0,
    }


def test_shares_are_counted_by_the_largest_and_told_as_shares(told: Told) -> None:
    shares = np.tile(np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]], np.float32), (50, 1))
    found = told(np.zeros((100, 2), np.float32) + np.arange(100)[:, None], shares, classes=True)
    assert [(c.name, dict(c.examples)) for c in found.classes] == [
        ("0", {"train": 40, "test": 10}), ("1", {"train": 0, "test": 0}), ("2", {"train": 40, "test": 10}),
    ]  # fmt: skip
    assert found.notes[0].startswith("the labels are shares of 3 classes")
    several = told(np.arange(100, dtype=np.float32)[:, None], shares * 1.4, classes=True, probabilities=True)
    assert several.task == "multilabel"
    assert [sum(c.examples.values()) for c in several.classes] == [50, 0, 50]
    assert several.notes[0].startswith("each of the 3 labels is a share of a yes")

from typing import Any

import pytest

from nnctl.starters.findings import DataProfile
from nnctl.starters.network import fits_convolutions, make_layers


def found(**values: Any) -> DataProfile:
    usual = {"source": "npz", "shape": (4,), "task": "multiclass", "outputs": 3, "examples": 500}
    return DataProfile(**{**usual, **values})


def names(lines: list[tuple[str, str]]) -> list[str]:
    return [line.removeprefix("- ").partition(":")[0] for line, _ in lines]


@pytest.mark.parametrize(("size", "blocks"), [(12, 1), (28, 2), (32, 2), (64, 3), (128, 4), (500, 4)])
def test_convolutions_halve_the_image_until_it_is_small(size: int, blocks: int) -> None:
    told = names(make_layers(found(shape=(size, size, 3), pixels=True), convolutions=True))
    assert told.count("conv2d") == told.count("max_pooling2d") == blocks
    assert ("global_average_pooling2d" in told) == (size / 2**blocks > 8)
    assert ("flatten" in told) != ("global_average_pooling2d" in told)


def test_small_images_and_rows_are_not_convolved() -> None:
    assert fits_convolutions(found(shape=(28, 28), pixels=True))
    assert not fits_convolutions(found(shape=(8, 8), pixels=True))
    assert not fits_convolutions(found(shape=(28, 28)))
    assert not fits_convolutions(found())


@pytest.mark.parametrize(
    ("values", "head"),
    [
        ({}, "- dense: {units: 3, activation: softmax}"),
        ({"task": "binary", "outputs": 2}, "- dense: {units: 1, activation: sigmoid}"),
        ({"task": "multilabel"}, "- dense: {units: 3, activation: sigmoid}"),
        ({"task": "regression", "outputs": 1}, "- dense: 1"),
    ],
)
def test_the_head_fits_the_task(values: dict[str, Any], head: str) -> None:
    assert make_layers(found(**values), convolutions=False)[-1][0] == head


def test_targets_far_from_zero_are_scaled_behind_the_head() -> None:
    one = found(task="regression", outputs=1, offset=[152.25], spread=[77.0])
    assert make_layers(one, False)[-1][0] == "- rescaling: {scale: 77, offset: 152.25}"
    two = found(task="regression", outputs=2, offset=[1, 2], spread=[3, 4])
    assert make_layers(two, False)[-1][0] == "- rescaling: {scale: [3, 4], offset: [1, 2]}"


def test_comments_name_the_classes_that_there_is_room_for() -> None:
    assert make_layers(found(class_names=("a", "b", "c")), False)[-1][1].endswith("a, b, c")
    assert make_layers(found(class_names=tuple("abcdefghij")), False)[-1][1] == "one output a class"
    assert make_layers(found(task="binary", outputs=2, class_names=("no", "yes")), False)[-1][1].endswith("'yes'")


def test_only_what_has_axes_is_flattened() -> None:
    assert "flatten" not in names(make_layers(found(), False))
    assert names(make_layers(found(shape=(50, 3)), False))[0] == "flatten"
    assert "lstm" in make_layers(found(shape=(50, 3)), False)[0][1]
    assert "permute" in make_layers(found(shape=(3, 32, 32)), False)[0][1]
    assert make_layers(found(shape=(3, 4, 4)), False)[0][1] == make_layers(found(shape=(32, 32, 5)), False)[0][1] == ""

from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.cli.shell.settable import list_settable
from nnctl.spec import catalogue


def proposed(text: str, path: Path | None = None) -> list[str]:
    return [word for word, _ in list_settable(text, path)]


@pytest.mark.parametrize(
    ("typed", "some"),
    [
        ("train.e", ["train.epochs=", "train.early_stopping="]),
        ("data.s", ["data.source=", "data.scale=", "data.subset=", "data.split_seed="]),
        ("train.shuffle=", ["train.shuffle=true", "train.shuffle=false"]),
        ("train.optimizer=ad", ["train.optimizer=adam", "train.optimizer=adamw"]),
        ("train.optimizer.sgd.", ["train.optimizer.sgd.momentum=", "train.optimizer.sgd.nesterov="]),
        ("data.source=mni", ["data.source=mnist", "data.source=mnist_5k"]),
    ],
)
def test_keys_go_on_to_their_sign_and_behind_it_values(typed: str, some: list[str]) -> None:
    found = proposed(typed)
    assert set(some) <= set(found)
    assert all(each.startswith(typed) for each in found)


def test_every_optimizer_is_proposed_with_what_it_is() -> None:
    found = dict(list_settable("train.optimizer=", None))
    names = catalogue.list_names("optimizer")
    assert [f"train.optimizer={name}" for name in names if f"train.optimizer={name}" not in found] == []
    assert all(found[f"train.optimizer={name}"] for name in names)


def test_what_can_go_on_in_one_way_only_goes_on() -> None:
    assert all(each.startswith("train.epochs=") for each in proposed("train.ep"))
    assert "train.optimizer.sgd.nesterov=true" in proposed("train.optimizer.sgd.nest")


def test_what_nothing_can_follow_has_no_proposal() -> None:
    assert proposed("no.such.key") == []
    assert proposed("train.epochs=three") == []


def test_the_spec_at_hand_has_layers_and_variables(write: Callable[..., Path]) -> None:
    path = write(
        "vars: {width: 3}\ndata: {source: digits}\n"
        "model: {layers: [flatten, {dense: {units: '${vars.width}', name: wide}}, {dense: 10}]}\n"
        "train: {loss: categorical_crossentropy, optimizer: {sgd: {momentum: 0.9}}}\n"
    )
    assert {"model.layers.0.", "model.layers.1.", "model.layers.wide."} <= set(proposed("model.layers.", path))
    assert proposed("vars.", path) == ["vars.width="]
    assert "model.layers.wide.units=" in proposed("model.layers.wide.u", path)
    assert proposed("train.optimizer.", path)[0].startswith("train.optimizer.sgd.")
    assert proposed("vars.w") == []  # of a spec that is not known nothing is known


def test_a_spec_that_cannot_be_read_is_none(write: Callable[..., Path]) -> None:
    assert proposed("train.e", write("a: [")) == proposed("train.e")

from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.cli.shell.flags import find_setting
from nnctl.cli.shell.settable import SECTIONS
from nnctl.spec import load_spec
from nnctl.spec.catalogue import tables


@pytest.mark.parametrize(
    ("flag", "value", "setting"),
    [
        ("--lr", "0.1", "train.learning_rate=0.1"),
        ("-lr", "0.1", "train.learning_rate=0.1"),
        ("--learning-rate", "0.1", "train.learning_rate=0.1"),
        ("--learning_rate", "0.1", "train.learning_rate=0.1"),
        ("--train.learning_rate", "0.1", "train.learning_rate=0.1"),
        ("--bs", "64", "train.batch_size=64"),
        ("--batch", "64", "train.batch_size=64"),
        ("--opt", "sgd", "train.optimizer=sgd"),
        ("--num-epochs", "3", "train.epochs=3"),
        ("--epoch", "3", "train.epochs=3"),
        ("--epochs", None, "train.epochs=20"),
        ("--seed", "1", "seed=1"),
        ("--dataset", "mnist", "data.source=mnist"),
        ("--patience", "3", "train.early_stopping.patience=3"),
        ("--monitor", "loss", "train.monitor=loss"),
        ("--metrics", "accuracy", "train.metrics=accuracy"),
        ("--no-shuffle", None, "train.shuffle=false"),
        ("--rmsprop", None, "train.optimizer=rmsprop"),
        ("--momentum", "0.9", "train.optimizer={sgd: {momentum: 0.9}}"),
        ("--beta_1", "0.8", "train.optimizer.adam.beta_1=0.8"),
    ],
)
def test_a_flag_of_other_programs_is_a_key_of_the_spec(flag: str, value: str | None, setting: str) -> None:
    assert find_setting(flag, value) == setting


def test_what_nothing_is_called_is_nothing() -> None:
    assert find_setting("--bogus", "1") is None
    assert find_setting("--opt", "sgd", near=False) is None


def test_arguments_are_those_of_the_spec_at_hand(write: Callable[..., Path]) -> None:
    path = write(**{"optimizer: adam": "optimizer: sgd"})
    assert find_setting("--units", "64", path) == "model.layers.1.units=64"
    assert find_setting("--units", "64") is None
    assert find_setting("--momentum", "0.9", path) == "train.optimizer.sgd.momentum=0.9"
    assert find_setting("--units", "64", path.parent / "absent.yaml") is None


def test_every_key_is_found_by_its_name_and_taken_with_its_example() -> None:
    for key, _ in tables.walk_keys():
        setting = find_setting(f"--{key}", None)
        assert key in SECTIONS or setting == f"{key}={tables.make_example(key)}", key


@pytest.mark.parametrize(
    ("flag", "value"), [("--lr", "0.1"), ("--momentum", "0.9"), ("--metrics", "accuracy"), ("--units", "8")]
)
def test_what_is_proposed_can_be_set(flag: str, value: str, write: Callable[..., Path]) -> None:
    path = write()
    setting = find_setting(flag, value, path)
    assert setting is not None
    load_spec(path, [("--set", setting)])

from collections.abc import Callable
from pathlib import Path

import pytest

from nnctl.spec import Path as Steps
from nnctl.spec import load_spec
from nnctl.spec.origins import Setting, document_setting, find_place, find_places, list_settings
from tests.conftest import SPEC

LINES = SPEC.splitlines()


def line(text: str) -> int:
    """The line (from 1) that a text stands on."""
    return next(number for number, each in enumerate(LINES, 1) if text in each)


def told(path: Path, *overrides: str) -> dict[str, Setting]:
    spec = load_spec(path, [("--set", text) for text in overrides])
    return {".".join(map(str, setting.path)): setting for setting in list_settings(spec)}


def test_every_value_says_where_it_is_from(write: Callable[..., Path]) -> None:
    found = told(write(), "train.epochs=9", "model.layers.1.units=3")
    assert {key: found[key].origin for key in ("name", "data.subset", "train.epochs", "train.shuffle")} == {
        "name": "file",
        "data.subset": "nnctl",
        "train.epochs": "flag",
        "train.shuffle": "nnctl",
    }
    dense = {name: found[f"model.layers.1.dense.{name}"] for name in ("units", "activation", "use_bias")}
    assert [(each.value, each.origin) for each in dense.values()] == [(3, "flag"), ("relu", "file"), (True, "keras")]
    place = dense["activation"].place
    assert place is not None
    assert (place.line, place.column) == (9, 38)
    assert found["train.optimizer.adam.beta_1"].origin == "keras"


def test_a_map_that_defaults_were_added_to_is_told_key_by_key(write: Callable[..., Path]) -> None:
    found = told(write(**{"epochs: 2": "epochs: 2\n  early_stopping: {min_delta: 0.1, monitor: loss}"}))
    origins = {key.removeprefix("train."): each.origin for key, each in found.items() if "stopping" in key}
    assert origins == {
        "early_stopping.patience": "nnctl",
        "early_stopping.min_delta": "file",
        "early_stopping.start_from_epoch": "nnctl",
        "early_stopping.baseline": "nnctl",
    }
    assert (found["train.monitor"].value, found["train.monitor"].origin) == ("loss", "file")
    short = told(write(**{"epochs: 2": "epochs: 2\n  early_stopping: 4"}))
    keys = ("train.early_stopping.patience", "train.early_stopping.min_delta")
    assert [(short[key].value, short[key].origin) for key in keys] == [(4, "file"), (0.0, "nnctl")]


def test_the_resolved_spec_has_no_defaults_left(write: Callable[..., Path]) -> None:
    from nnctl.spec.dump import dump

    first = write()
    again = told(write(dump(load_spec(first)), name="resolved.yaml"))
    assert {each.origin for each in again.values()} <= {"file", "nnctl"}  # `xla: auto` and the like are read as None
    assert again["model.layers.1.dense.use_bias"].origin == "file"


def test_for_json_a_setting_is_plain(write: Callable[..., Path]) -> None:
    found = told(path := write(), "train.epochs=9")
    assert document_setting(found["train.epochs"]) == {
        "key": "train.epochs",
        "value": 9,
        "origin": "flag",
        "place": {"file": None, "flag": "--set train.epochs=9", "line": 1, "column": 14, "width": 1, "from": None},
    }
    assert document_setting(found["seed"]) == {
        "key": "seed",
        "value": 3,
        "origin": "file",
        "place": {"file": str(path), "flag": None, "line": 2, "column": 7, "width": 1, "from": None},
    }
    default = {"key": "train.shuffle", "value": True, "origin": "nnctl", "place": None}
    assert document_setting(found["train.shuffle"]) == default


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("train", "epochs"), "epochs: 2"),
        (("data", "validation"), "validation: 0.2"),
        (("model", "layers", 1), "units: 16"),
        (("model", "layers", 1, "units"), "units: 16"),
        (("model", "layers", 1, "kernel_initializer"), "units: 16"),  # as much of it as is written
        (("train", "optimizer", "beta_1"), "optimizer: adam"),
    ],
)
def test_a_path_stands_where_it_is_written(path: Steps, text: str, write: Callable[..., Path]) -> None:
    found = find_place(load_spec(write()), path)
    assert found is not None
    assert found.line == line(text)


def test_what_nobody_wrote_stands_nowhere(write: Callable[..., Path]) -> None:
    assert find_place(load_spec(write()), ("train", "monitor")) is None
    assert find_place(load_spec(write()), ("model", "layers", 9)) is None
    assert find_place(load_spec(write()), ()) is None


def test_places_go_from_the_outside_in(write: Callable[..., Path]) -> None:
    found = [each.column for each in find_places(load_spec(write()), ("model", "layers", 2, "activation"))]
    assert found == sorted(found)
    assert len(found) == 3  # the layer, its argument, and the activation that the argument names

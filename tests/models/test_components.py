"""Keras's serialized objects, one by one; `test_admission.py` has what attackers make of them."""

from typing import Any

import pytest

from nnctl.errors import RunError
from nnctl.models.components import LONGEST_TEXT, read_layer, split_object

from .conftest import layer as written

L2 = {"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.01}, "registered_name": None}


@pytest.mark.parametrize(
    ("found", "name", "arguments"),
    [
        (written("Dense", {"units": 3, "activation": "relu"}), "dense", {"units": 3, "activation": "relu"}),
        (written("Dropout", {"rate": 0.5, "seed": None, "noise_shape": None}), "dropout", {"rate": 0.5}),
        (written("Flatten", {"data_format": "channels_last"}), "flatten", {"data_format": "channels_last"}),
        (written("RandomPosterization", {"factor": [1, 4]}), "random_posterization", {"factor": 4}),
    ],
)
def test_a_layer_is_a_component(found: dict[str, Any], name: str, arguments: dict[str, Any]) -> None:
    made = read_layer(found)
    assert made.name == name
    assert {key: getattr(value, "name", value) for key, value in made.arguments.items()}.items() >= arguments.items()


def test_what_stands_inside_is_a_component_as_well() -> None:
    penalty = read_layer(written("Dense", {"units": 3, "kernel_regularizer": L2})).arguments["kernel_regularizer"]
    assert (penalty.family, penalty.name, penalty.arguments) == ("regularizer", "l2", {"l2": 0.01})  # type: ignore[union-attr]


def test_statistics_are_arrays_of_any_rank() -> None:
    config = {"axis": None, "mean": [[1.0, 2.0]], "variance": [[4.0, 9.0]]}
    made = read_layer(written("Normalization", config))
    assert (made.arguments["mean"], made.arguments["variance"]) == ([[1.0, 2.0]], [[4.0, 9.0]])


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("dense", "where Keras writes a layer"),
        ({**written("Dense", {"units": 3}), "extra": 1}, "where Keras writes a layer"),
        (written("Dense", {"units": 3}, module=None), "which is no layer of Keras's"),
        ({**written("Dense", {"units": 3}), "registered_name": "mine>Dense"}, "registered as 'mine>Dense'"),
        (written("Lambda", {"function": "x"}), "which nnctl does not build"),
        (written("Dense", {"units": 3}, module="os"), "'os.Dense', which nnctl does not build"),
        (written("Dense", {"units": -3}), "no spec can have"),
        (written("Dense", {"units": 3, "load": "/etc/passwd"}), "the argument 'load'"),
        (written("Dense", {"units": 3, "name": "a/b"}), "gives an argument the text 'a/b'"),
        (written("Dense", {"units": 3, "name": "x" * (LONGEST_TEXT + 1)}), "gives an argument the text"),
        (written("Normalization", {"mean": [float("nan")], "variance": [1.0]}), "nan among its numbers"),
    ],
)
def test_what_no_spec_can_name_is_refused(found: Any, told: str) -> None:
    with pytest.raises(RunError, match=told):
        read_layer(found)


def test_the_parts_of_an_object() -> None:
    assert split_object(written("Dense", {"units": 3}, build_config={})) == ("keras.layers.Dense", {"units": 3})

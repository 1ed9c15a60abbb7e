from collections.abc import Callable

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.finding import Edit
from nnctl.diagnosis.fixes import has_argument, keep_last_activation, set_activation
from nnctl.spec.sections import Component

LAYERS = "model.layers=[flatten, %s, {dense: {units: 10, activation: softmax}}]"


@pytest.mark.parametrize(
    ("written", "edits"),
    [
        ("{dense: 8}", [Edit(("model", "layers", 1, "activation"), "tanh")]),
        ("{dense: {units: 8, activation: relu}}", [Edit(("model", "layers", 1, "activation"), "tanh")]),
        ("{dense: 8}, {activation: relu}", [Edit(("model", "layers", 2, "activation"), "tanh")]),
        ("{dense: 8}, relu", [Edit(("model", "layers", 2), {"activation": "tanh"})]),
        (
            "{dense: {units: 8, activation: relu}}, relu",
            [Edit(("model", "layers", 1, "activation"), "tanh"), Edit(("model", "layers", 2), kind="remove")],
        ),
    ],
)
def test_one_activation_is_left_where_the_first_one_stands(
    written: str, edits: list[Edit], facts: Callable[..., Facts]
) -> None:
    layer = facts(LAYERS % written).network.weighted[0]
    assert list(set_activation(layer, "tanh")) == edits


def test_the_last_of_several_activations_is_left_alone(facts: Callable[..., Facts]) -> None:
    layer = facts(LAYERS % "{dense: {units: 8, activation: relu}}, relu, {activation: tanh}").network.weighted[0]
    assert keep_last_activation(layer) == (
        Edit(("model", "layers", 2), kind="remove"),
        Edit(("model", "layers", 1, "activation"), "linear"),
    )


def test_whether_a_component_has_an_argument() -> None:
    assert has_argument(Component("optimizer", "sgd", {}), "momentum")
    assert not has_argument(Component("optimizer", "adam", {}), "momentum")

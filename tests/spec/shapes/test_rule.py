import pytest

from nnctl.spec.sections import Component
from nnctl.spec.shapes.rule import RULES, Layer, Outcome, rule


def test_a_layer_knows_what_the_user_wrote() -> None:
    assert Layer(Component("layer", "dense", {"units": 3}))["units"] == 3


def test_what_the_user_left_out_has_keras_default() -> None:
    assert Layer(Component("layer", "conv2d", {}))["padding"] == "valid"


def test_an_argument_that_keras_lacks_is_none() -> None:
    assert Layer(Component("layer", "flatten", {}))["units"] is None


@pytest.mark.parametrize("value", [2, [2, 2]])
def test_one_number_stands_for_all_axes(value) -> None:
    assert Layer(Component("layer", "conv2d", {"strides": value})).each("strides", 2) == (2, 2)


@pytest.mark.parametrize(
    ("weights", "count"),
    [((), 0), (((),), 1), (((3, 4), (4,)), 16), (((0, 4), (4,)), 4), (((None, 4),), None), (None, None)],
)
def test_parameters_are_the_values_of_all_weights(weights, count) -> None:
    assert Outcome((4,), weights).parameters == count


def test_two_rules_for_one_layer_are_a_bug() -> None:
    with pytest.raises(ValueError, match="'dense'"):
        rule("dense")(lambda layer, shape: Outcome(shape))
    assert RULES["dense"].outcome.__name__ == "dense"

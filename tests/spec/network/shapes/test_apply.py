from collections.abc import Callable

import pytest

from nnctl.spec.network.shapes import compute_outcome
from nnctl.spec.network.shapes.apply import apply
from nnctl.spec.network.shapes.rule import Layer, ShapeRule
from nnctl.spec.outcomes import Outcome, Shape, ShapeError
from nnctl.spec.sections import Component

Given = Callable[[Outcome], Layer]


@pytest.fixture(params=[{}, {"trainable": True}, {"trainable": False}], ids=str)
def arguments(request: pytest.FixtureRequest) -> dict:
    return request.param


@pytest.fixture
def given(arguments: dict) -> Given:
    """A `relu` that insists on one axis, and whose rule gives whatever it is told."""

    def make(outcome: Outcome) -> Layer:
        rule = ShapeRule(lambda layer, shape: outcome, lambda layer: ("features",))
        return Layer(Component("layer", "relu", arguments), {"keep": rule})

    return make


def test_what_the_rule_gives_is_given(given: Given) -> None:
    made = apply(given(Outcome((3,), ((4, 3), (3,)), ((3,),))), (4,))
    assert (made.shape, made.weights) == ((3,), ((4, 3), (3,)))


def test_weights_are_fixed_where_the_layer_is_not_to_be_trained(given: Given, arguments: dict) -> None:
    made = apply(given(Outcome((3,), ((4, 3), (3,)), ((3,),))), (4,))
    assert made.fixed == (((4, 3), (3,)) if arguments.get("trainable") is False else ((3,),))


@pytest.mark.parametrize("shape", [(), (4, 3)])
def test_another_rank_is_refused_before_the_rule_is_asked(given: Given, shape: Shape) -> None:
    with pytest.raises(ShapeError, match=r"relu needs examples of rank 1 \(features\), got"):
        apply(given(Outcome((3,))), shape)


def test_a_shape_that_holds_nothing_is_refused(given: Given) -> None:
    with pytest.raises(ShapeError, match=r"relu leaves nothing of an example of shape \(4,\): \(0,\)"):
        apply(given(Outcome((0,))), (4,))


def test_a_size_that_is_not_known_is_let_through(given: Given) -> None:
    assert apply(given(Outcome((None,))), (4,)).shape == (None,)


def test_an_empty_example_is_refused(refusal) -> None:
    error = refusal("conv2d", {"filters": 3, "kernel_size": 3, "padding": "same"}, (0, 8, 1))
    assert error.message == "conv2d leaves nothing of an example of shape (0, 8, 1): (0, 8, 3)"


def test_a_layer_that_is_not_to_be_trained_is_not() -> None:
    frozen = Component("layer", "dense", {"units": 5, "trainable": False})
    assert (compute_outcome(frozen, (3,)).parameters, compute_outcome(frozen, (3,)).trained) == (20, ())
    assert compute_outcome(Component("layer", "time_distributed", {"layer": frozen}), (4, 3)).trained == ()

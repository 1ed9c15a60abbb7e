from typing import Any

import pytest

from nnctl.spec.network.shapes import compute_outcome
from nnctl.spec.network.shapes.rule import Layer, ShapeRule
from nnctl.spec.outcomes import Outcome, Shape
from nnctl.spec.sections import Component


def test_a_layer_knows_what_the_user_wrote() -> None:
    assert Layer(Component("layer", "dense", {"units": 3}))["units"] == 3


def test_what_the_user_left_out_has_keras_default() -> None:
    assert Layer(Component("layer", "conv2d", {}))["padding"] == "valid"


def test_an_argument_that_keras_lacks_is_none() -> None:
    assert Layer(Component("layer", "flatten", {}))["units"] is None


@pytest.mark.parametrize("value", [2, [2, 2]])
def test_one_number_stands_for_all_axes(value) -> None:
    assert Layer(Component("layer", "conv2d", {"strides": value})).spread("strides", 2) == (2, 2)


def test_the_layer_inside_goes_by_the_same_rules() -> None:
    rules = {"keep": ShapeRule(lambda layer, shape: Outcome(shape), lambda layer: ("x",))}
    held = Layer(Component("layer", "time_distributed", {"layer": Component("layer", "relu", {})}), rules).get_inner(
        "layer"
    )
    assert (held.name, held.rule, held.axes) == ("relu", rules["keep"], ("x",))


def named(name: str, **arguments: Any) -> Component:
    return Component("layer", name, arguments)


@pytest.mark.parametrize(
    ("layer", "shape", "products"),
    [
        (named("dense", units=512), (784,), 784 * 512),
        (named("dense", units=5), (7, 3), 7 * 3 * 5),
        (named("dense", units=5, lora_rank=2), (3,), 15),  # the two thin matrices are multiplied once a step
        (named("conv2d", filters=32, kernel_size=3), (28, 28, 1), 26 * 26 * 9 * 32),
        (named("conv2d", filters=8, kernel_size=[3, 1], strides=2, padding="same"), (9, 8, 4), 5 * 4 * 3 * 4 * 8),
        (named("conv2d", filters=8, kernel_size=3, groups=2, padding="same"), (5, 5, 4), 25 * 9 * 2 * 8),
        (named("conv2d", filters=2, kernel_size=3, data_format="channels_first"), (4, 5, 5), 9 * 9 * 4 * 2),
        (named("conv1d", filters=6, kernel_size=5, dilation_rate=2), (20, 3), 12 * 5 * 3 * 6),
        (named("conv3d", filters=2, kernel_size=2), (4, 4, 4, 3), 27 * 8 * 3 * 2),
        (named("depthwise_conv2d", kernel_size=3, depth_multiplier=2), (6, 6, 4), 16 * 9 * 4 * 2),
        (named("separable_conv2d", filters=16, kernel_size=3), (6, 6, 4), 16 * (9 * 4 + 4 * 16)),
        (named("conv2d_transpose", filters=3, kernel_size=2, strides=2), (7, 7, 5), 49 * 4 * 5 * 3),
        (named("simple_rnn", units=8), (10, 3), 10 * (3 * 8 + 8 * 8)),
        (named("lstm", units=8), (10, 3), 10 * 4 * (3 * 8 + 8 * 8)),
        (named("gru", units=8, return_sequences=True), (10, 3), 10 * 3 * (3 * 8 + 8 * 8)),
        (named("conv_lstm2d", filters=2, kernel_size=3), (5, 8, 8, 1), 5 * 36 * 9 * (1 * 8 + 2 * 8)),
        (named("bidirectional", layer=named("lstm", units=8)), (10, 3), 2 * 10 * 4 * (3 * 8 + 8 * 8)),
        (named("time_distributed", layer=named("dense", units=4)), (10, 3), 10 * 3 * 4),
        (named("spectral_normalization", layer=named("dense", units=4)), (3,), 12),
        (named("embedding", input_dim=1000, output_dim=16), (20,), 0),
        (named("batch_normalization"), (8, 8, 3), 0),
        (named("dense", units=5), (None, 3), None),
    ],
    ids=lambda value: value.name if isinstance(value, Component) else None,
)
def test_products_are_counted_as_by_hand(layer: Component, shape: Shape, products: int | None) -> None:
    assert compute_outcome(layer, shape).products == products


@pytest.mark.parametrize(
    ("layer", "shape", "values"),
    [
        (named("dense", units=5), (3,), 5),
        (named("flatten"), (28, 28), 0),
        (named("reshape", target_shape=[4, 7]), (28,), 0),
        (named("max_pooling2d"), (8, 8, 2), 32),
        (named("lstm", units=8), (10, 3), 10 * (4 + 2) * 8 + 8),
        (named("gru", units=8), (10, 3), 10 * (3 + 1) * 8 + 8),
        (named("separable_conv2d", filters=16, kernel_size=3), (6, 6, 4), 16 * 4 + 16 * 16),
        (named("time_distributed", layer=named("flatten")), (10, 3, 2), 0),
        (named("dense", units=5), (None, 3), None),
    ],
    ids=lambda value: value.name if isinstance(value, Component) else None,
)
def test_what_is_remembered_for_the_gradient_is_counted(layer: Component, shape: Shape, values: int | None) -> None:
    assert compute_outcome(layer, shape).activations == values

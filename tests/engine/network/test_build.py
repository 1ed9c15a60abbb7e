from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnctl.engine.loop.training import Training
from nnctl.engine.network.build import build_component
from nnctl.errors import SpecError
from nnctl.spec import Spec
from nnctl.spec.sections import Component


def names(made: Training) -> list[str]:
    return [type(layer).__name__ for layer in made.model.layers]


def test_the_network_is_that_of_the_spec_behind_its_scaling(training: Callable[..., Training]) -> None:
    made = training()
    assert names(made) == ["Rescaling", "Flatten", "Dense", "Dense"]
    assert made.model.input_shape == (None, 8, 8)
    assert made.model.count_params() == 64 * 16 + 16 + 16 * 10 + 10


@pytest.mark.parametrize("name", ["企鹅", "пингвин-2", "Größe.1", "पेंगुइन", "𠀀"])
def test_a_run_of_any_name_makes_a_graph(name: str, training: Callable[..., Training]) -> None:
    """TensorFlow takes ASCII alone for the scope that a model's name becomes, and says so when a graph is made."""
    model = training(f"name={name}").model
    graph = tf.function(model).get_concrete_function(tf.TensorSpec((2, 8, 8)))
    assert graph.output_shapes == (2, 10)


def test_images_get_a_channel_axis_only_for_layers_that_want_one(training: Callable[..., Training]) -> None:
    tail = "flatten, {dense: {units: 10, activation: softmax}}"
    assert "Reshape" in names(training(f"model.layers=[{{conv2d: {{filters: 2, kernel_size: 3}}}}, {tail}]"))
    assert "Reshape" not in names(training(f"model.layers=[{{lstm: 4}}, {tail}]"))


def test_weights_are_drawn_from_the_seed(training: Callable[..., Training]) -> None:
    first, second, other = (training(f"seed={seed}").model.get_weights() for seed in (5, 5, 6))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_nested_components_become_keras_objects() -> None:
    l2 = Component("regularizer", "l2", {"l2": 0.5})
    he = Component("initializer", "he_normal", {"seed": 3})
    leaky = Component("activation", "leaky_relu", {"negative_slope": 0.3})
    layer = build_component(
        Component(
            "layer", "dense", {"units": 2, "kernel_regularizer": l2, "kernel_initializer": he, "activation": leaky}
        )
    )
    assert isinstance(layer.kernel_regularizer, keras.regularizers.L2)
    assert float(layer.kernel_regularizer.l2) == 0.5
    assert isinstance(layer.kernel_initializer, keras.initializers.HeNormal)
    assert float(layer.activation(np.float32(-1))) == pytest.approx(-0.3)


def test_keras_has_the_last_word_at_the_layers_line(training: Callable[..., Training]) -> None:
    with pytest.raises(SpecError) as caught:
        training(
            "model.layers.1.dense.kernel_initializer=identity", "model.layers.0=identity", "model.layers.2=flatten"
        )
    problem = caught.value.problems[0]
    assert problem.place is not None


def test_a_complaint_of_keras_is_one_line(read: Callable[..., Spec]) -> None:
    from nnctl.engine.network.build import _describe_refusal

    problem = _describe_refusal(
        Component("layer", "dense", {}), ValueError("Bad\n  shape.\n\nArguments received by Dense:\n x")
    )
    assert problem.message == "Keras refuses this layer: Bad shape."


@pytest.mark.parametrize("last", ["{units: 10, activation: softmax}", "{units: 10, activation: softmax, dtype: null}"])
def test_under_mixed_precision_the_last_layer_computes_in_float32(training: Callable[..., Training], last: str) -> None:
    made = training("train.precision=mixed_bfloat16", f"model.layers=[flatten, {{dense: 8}}, {{dense: {last}}}]")
    policies = [layer.dtype_policy.name for layer in made.model.layers if layer.name.startswith("dense")]
    assert policies == ["mixed_bfloat16", "float32"]

"""What nnctl.spec.network.cost says of optimizers, against Keras itself."""

import nnctl.engine  # noqa: F401, isort: skip  (first: it loads TensorFlow quietly)

import itertools
import math
from collections.abc import Callable

import keras
import pytest

from nnctl.engine.loop.training import Training
from nnctl.engine.network.build import build_component
from nnctl.spec import catalogue
from nnctl.spec.network.cost import count_optimizer_values
from nnctl.spec.sections import Component

NETWORKS = {
    "dense": "flatten, {dense: 16}, {batch_normalization: {}}, {dense: 10}",
    "frozen": "flatten, {dense: {units: 16, trainable: false}}, {dense: 10}",
    "convolutional": "{conv2d: {filters: 4, kernel_size: 3}}, {separable_conv2d: {filters: 4, kernel_size: 3}}, "
    "flatten, {dense: 10}",
    "recurrent": "{bidirectional: {lstm: 4}}, {dense: 10}",
}


@pytest.mark.parametrize("optimizer", ["{sgd: {momentum: 0.9}}", "{adamw: {amsgrad: true}}", "adafactor", "muon"])
@pytest.mark.parametrize("network", NETWORKS)
def test_the_memory_of_a_network_is_that_of_its_variables(
    training: Callable[..., Training], network: str, optimizer: str
) -> None:
    made = training(f"model.layers=[{NETWORKS[network]}]", f"train.optimizer={optimizer}", "data.scale=none")
    told, model = made.plan.cost.memory, made.model
    values = [variable for variable in model.optimizer.variables if len(variable.shape)]
    assert told["parameters"] == 4 * model.count_params()
    assert told["gradients"] == 4 * sum(math.prod(weight.shape) for weight in model.trainable_variables)
    assert told["optimizer"] == 4 * sum(math.prod(variable.shape) for variable in values)


SHAPES = [(7, 5), (5,), (3, 3, 4, 6), ()]
FLAGS = {"momentum": 0.9, "amsgrad": True, "centered": True, "use_ema": True, "gradient_accumulation_steps": 2}


@pytest.mark.parametrize("name", catalogue.list_names("optimizer"))
def test_an_optimizer_keeps_as_many_values_as_is_said(name: str) -> None:
    entry = catalogue.find_entry("optimizer", name)
    assert entry is not None
    flags = [flag for flag in FLAGS if flag in entry.arguments and not (name == "muon" and flag == "momentum")]
    for chosen in itertools.chain.from_iterable(itertools.combinations(flags, n) for n in range(3)):
        component = Component("optimizer", name, {flag: FLAGS[flag] for flag in chosen})
        optimizer = build_component(component, learning_rate=0.1)
        optimizer.build([keras.Variable(keras.ops.zeros(shape)) for shape in SHAPES])
        kept = sum(math.prod(variable.shape) for variable in optimizer.variables if len(variable.shape))
        single = count_optimizer_values(component, [()])
        assert kept == count_optimizer_values(component, SHAPES) - single, chosen

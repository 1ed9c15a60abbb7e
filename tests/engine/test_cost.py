"""What nnctl.spec.cost says of optimizers, against Keras itself."""

import nnctl.engine  # noqa: F401, isort: skip  (first: it loads TensorFlow quietly)

import itertools
import math

import keras
import pytest

from nnctl.engine.build import built
from nnctl.spec import catalogue
from nnctl.spec.cost import optimizer_values
from nnctl.spec.sections import Component

SHAPES = [(7, 5), (5,), (3, 3, 4, 6), ()]
FLAGS = {"momentum": 0.9, "amsgrad": True, "centered": True, "use_ema": True, "gradient_accumulation_steps": 2}


@pytest.mark.parametrize("name", catalogue.names("optimizer"))
def test_an_optimizer_keeps_as_many_values_as_is_said(name: str) -> None:
    entry = catalogue.entry("optimizer", name)
    assert entry is not None
    flags = [flag for flag in FLAGS if flag in entry.arguments and not (name == "muon" and flag == "momentum")]
    for chosen in itertools.chain.from_iterable(itertools.combinations(flags, n) for n in range(3)):
        component = Component("optimizer", name, {flag: FLAGS[flag] for flag in chosen})
        optimizer = built(component, learning_rate=0.1)
        optimizer.build([keras.Variable(keras.ops.zeros(shape)) for shape in SHAPES])
        kept = sum(math.prod(variable.shape) for variable in optimizer.variables if len(variable.shape))
        single = optimizer_values(component, [()])
        assert kept == optimizer_values(component, SHAPES) - single, chosen

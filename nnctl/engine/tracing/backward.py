"""The backward pass: the gradient at each layer, and of one weight of each the same number by finite differences.

The step of a central difference is the cube root of the type's rounding, where the error of the formula and that of rounding are
about equal: Press et al., Numerical Recipes, 3rd ed. 2007, 5.7.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnctl.engine.network.build import build_component
from nnctl.engine.network.labels import FormedLoss
from nnctl.engine.tracing.chain import Chain, run, widen
from nnctl.engine.tracing.passes import Passes, keep_draws, sum_penalties
from nnctl.engine.tracing.units import count_units, name_activation
from nnctl.engine.tracing.values import Difference, Shape, TracedSlope
from nnctl.spec.sections import Component
from nnctl.topics.formulas import find_gradient

# How far the engine's float32 may be from the difference, as a share of the larger, and in all.
_TOLERANCES, _LEAST = {"float64": 1e-3, "float32": 2e-2}, 1e-6


class Differences:
    """Finite differences of the loss of one example, by any weight of a network.

    Args:
        chain: the network.
        passes: what went through it.
        component: the loss in the spec.
        loss: the engine's.
        label: the example's label as it is loaded, and how much it counts or None.

    Attributes:
        type: what they are computed in.
    """

    def __init__(
        self, chain: Chain, passes: Passes, component: Component, loss: FormedLoss, label: tuple[Any, Any]
    ) -> None:
        self._chain, (self._y, self._weight) = chain, label
        self._layers, self._loss, self.type = chain.layers, loss, "float32"
        self._fed, self._outputs = passes.fed, passes.outputs
        fed = tf.cast(passes.fed, tf.float64) if passes.fed.dtype.is_floating else passes.fed
        try:
            copies = widen(chain.layers, fed)
            outputs = run(copies, fed)
            wide = replace(component, arguments={**component.arguments, "dtype": "float64"})
            exact = FormedLoss(build_component(wide), loss.convert, loss.scale)
            exact(self._y, outputs[-1], self._weight)
        except Exception:  # whatever Keras and TensorFlow raise of a layer or a loss that cannot compute in float64
            return
        self._layers, self._loss, self._fed, self._outputs, self.type = copies, exact, fed, outputs, "float64"

    def compute(self, place: int, index: Shape, step: float) -> tuple[float, float]:
        """What the loss grows by a step of a weight, to the one side and to the other, each as a slope.

        Args:
            place: of the layer in the chain; the weight is one of its first trainable ones.
            index: the weight's place among them.
            step: the step.
        """
        variable = self._layers[place].trainable_weights[0]
        kept = variable.numpy()
        losses = []
        for move in (-step, 0.0, step):
            moved = kept.copy()
            moved[index] += move
            variable.assign(moved)
            losses.append(self._compute_loss(place))
        variable.assign(kept)
        return (losses[2] - losses[1]) / step, (losses[1] - losses[0]) / step

    def _compute_loss(self, place: int) -> float:
        outputs = run(self._layers[place:], self._fed if place == 0 else self._outputs[place - 1])
        value = self._loss(self._y, outputs[-1], self._weight)
        return float(tf.cast(value, self.type) + sum_penalties(self._layers[place:], self.type))


def trace_back(
    chain: Chain, passes: Passes, components: tuple[Component, ...], differences: Differences, chosen: Any
) -> Iterator[TracedSlope]:
    """Each layer of the spec on the way back, the last first.

    Args:
        chain: the network.
        passes: what went through it.
        components: the layers of the spec.
        differences: of the example's loss.
        chosen: the layer and the unit that are written out, or None.
    """
    with keep_draws(chain):
        for number in reversed(range(len(components))):
            place = chain.places[number]
            layer, slope, gradients = chain.layers[place], passes.slopes[place], passes.gradients[place]
            unit, count = chosen[1] if chosen is not None and chosen[0] == number else None, 1
            if gradients:
                count = count_units(layer, passes.get_output(place))
            yield TracedSlope(
                number,
                find_gradient(components[number].name, name_activation(layer)),
                None if slope is None else _compute_rms(slope),
                _compute_rms(gradients[0]) if gradients else None,
                _check(layer, place, gradients[0], find_largest(gradients[0], unit, count), differences)
                if gradients
                else None,
            )


def find_largest(gradient: np.ndarray, unit: int | None, count: int) -> Shape:
    """The place of the largest gradient, among the weights of a unit where one is given: those of each of its gates.

    Args:
        gradient: of the weights, whose last axis counts units, or the units of one gate behind those of another.
        unit: the unit, or None for any.
        count: how many units there are.
    """
    sizes = np.abs(gradient).astype(np.float64)
    if unit is not None and gradient.shape[-1] % count == 0:
        sizes = np.where(np.arange(gradient.shape[-1]) % count != unit, -1.0, sizes)
    return tuple(int(each) for each in np.unravel_index(sizes.argmax(), sizes.shape))


def _check(layer: keras.Layer, place: int, gradient: np.ndarray, index: Shape, differences: Differences) -> Difference:
    variable, type_ = layer.trainable_weights[0], differences.type
    value, found = float(variable.numpy()[index]), float(gradient[index])
    step = float(np.finfo(type_).eps ** (1 / 3)) * max(1.0, abs(value))
    right, left = differences.compute(place, index, step)
    between, tolerance = (right + left) / 2, _TOLERANCES[type_]
    agrees = _is_close(found, between, tolerance)
    reason = None if agrees else _explain(layer, right, left, tolerance)
    return Difference(variable.name, index, value, found, between, step, type_, tolerance, agrees, reason)


def _is_close(first: float, second: float, tolerance: float) -> bool:
    return abs(first - second) <= max(tolerance * max(abs(first), abs(second)), _LEAST)


def _explain(layer: keras.Layer, right: float, left: float, tolerance: float) -> str:
    """Why the two may differ."""
    if layer.compute_dtype in ("float16", "bfloat16"):
        return f"the layer computes in {layer.compute_dtype}, which has few digits"
    if not _is_close(right, left, tolerance):
        return "the loss has a kink within the step, as relu, max and abs do: its slope differs to both sides"
    return "another type or another order of its sums; no kink was found"


def _compute_rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))

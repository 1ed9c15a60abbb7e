"""One unit written out: its products, their sum, the bias and the activation."""

from typing import Any

import keras
import numpy as np

from nnctl.engine.tracing.values import Shape, TracedUnit

# Whose unit is one sum: the last axis of the kernel counts the units. A transposed convolution is none of these.
_DENSE, _CONVOLUTIONS = keras.layers.Dense, (keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D)


def is_sum(layer: keras.Layer) -> bool:
    """Whether a unit of the layer is one weighted sum through an activation."""
    return isinstance(layer, (_DENSE, *_CONVOLUTIONS))


def count_units(layer: keras.Layer, output: np.ndarray) -> int:
    """How many units a layer has: the width of its output."""
    return int(output.shape[-1]) if output.ndim else 1


def write_out(
    layer: keras.Layer, index: int, unit: int, fed: Any, output: np.ndarray, slope: np.ndarray | None
) -> TracedUnit:
    """A unit of a layer, for one example.

    Args:
        layer: the layer.
        index: its place in the spec.
        unit: the unit's number.
        fed: what the layer gets, a tensor with the batch axis.
        output: what it gives, without the batch axis.
        slope: the gradient of the loss by `output`, which says at which place a convolution is looked at; or None.
    """
    outputs = output[..., unit] if output.ndim else output
    if not is_sum(layer):
        return TracedUnit(index, unit, (), None, None, (), None, None, "linear", outputs)
    position = _choose_position(outputs, None if slope is None else slope[..., unit])
    kernel, bias = np.asarray(layer.kernel.value), None if layer.bias is None else np.asarray(layer.bias.value)
    weights = kernel[..., unit]
    inputs, weights, offset = _cut(layer, np.asarray(fed)[0], weights, unit, position)
    total = _compute_sum(layer, fed)[(*position, unit)]
    return TracedUnit(
        index,
        unit,
        position,
        inputs,
        weights,
        offset,
        None if bias is None else float(bias[unit]),
        float(total),
        name_activation(layer) or "linear",
        np.asarray(outputs[position]),
    )


def name_activation(layer: keras.Layer) -> str | None:
    """The name of the activation that a layer applies itself; None where it has none to apply."""
    given = getattr(layer, "activation", None)
    if given is None:
        return None
    return str(getattr(given, "__name__", None) or getattr(given, "name", given))


def _choose_position(outputs: np.ndarray, slope: np.ndarray | None) -> Shape:
    """Where a unit that stands at many places is looked at: where the loss asks most of it, else where it gives most."""
    asked = outputs if slope is None or not np.any(slope) else slope
    return tuple(int(each) for each in np.unravel_index(np.abs(asked).argmax(), asked.shape)) if asked.ndim else ()


def _cut(
    layer: keras.Layer, fed: np.ndarray, weights: np.ndarray, unit: int, position: Shape
) -> tuple[np.ndarray, np.ndarray, Shape]:
    """What the unit reads at a position, its weights, and where that begins; beyond the edges there are zeros."""
    if isinstance(layer, _DENSE):
        return fed[position], weights, ()
    steps, spread = tuple(layer.strides), tuple(layer.dilation_rate)
    window = [(size - 1) * wide + 1 for size, wide in zip(layer.kernel_size, spread, strict=True)]
    before = [
        _count_padding(layer.padding, length, size, step)
        for length, size, step in zip(fed.shape[:-1], window, steps, strict=True)
    ]
    begin = [place * step - pad for place, step, pad in zip(position, steps, before, strict=True)]
    margin = max(window)
    padded = np.pad(fed, [(margin, margin)] * len(window) + [(0, 0)])
    cut = tuple(
        slice(at + margin, at + margin + size, wide) for at, size, wide in zip(begin, window, spread, strict=True)
    )
    patch = padded[cut]
    group = fed.shape[-1] // layer.groups
    first = unit // (layer.filters // layer.groups) * group
    return patch[..., first : first + group], weights, tuple(begin)


def _count_padding(padding: str, length: int, window: int, step: int) -> int:
    """The zeros in front of an axis, as TensorFlow pads: of `same` one more behind than in front where the number is odd."""
    if padding == "causal":
        return window - 1
    if padding != "same":
        return 0
    places = -(-length // step)
    return max((places - 1) * step + window - length, 0) // 2


def _compute_sum(layer: keras.Layer, fed: Any) -> np.ndarray:
    """What the layer gives before its activation, without the batch axis, as the layer itself computes it."""
    kept = layer.activation
    layer.activation = keras.activations.linear
    try:
        return np.asarray(layer(fed, training=False)).astype(np.float64)[0]
    finally:
        layer.activation = kept

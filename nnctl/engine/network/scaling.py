"""The layers that scale: in front of the user's, behind one that masks steps, and behind the last.

They are Keras's own, so that the model's file is read without nnctl.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from nnctl.data import Scaling
from nnctl.spec.network.raw import RawReader
from nnctl.spec.sections import Component


def make_input_scaling(x: np.ndarray, scaling: Scaling, reader: RawReader | None) -> list[keras.Layer]:
    """The layers in front of the user's that scale or cast; what masks steps compares them first, and is scaled behind."""
    if scaling.kind == "none":
        plain = x.dtype.kind == "f" or (reader is not None and not reader.masks)
        return [] if plain else [keras.layers.Rescaling(1.0, name="input_cast", dtype="float32")]
    if reader is not None and reader.masks:
        return []
    return _make_scaling_layers(scaling, tuple(range(1, x.ndim)))


def make_step_scaling(scaling: Scaling) -> list[keras.Layer]:
    """The layers behind one that masks steps, which hand its mask on."""
    return [] if scaling.kind == "none" else _make_scaling_layers(scaling, (-1,))


def _make_scaling_layers(scaling: Scaling, axis: tuple[int, ...]) -> list[keras.Layer]:
    if scaling.kind == "unit":
        return [keras.layers.Rescaling(scaling.factor, name="input_scaling", dtype="float32")]
    return [
        *_make_shift(scaling, axis, "input_shift"),
        _normalise(scaling.mean, scaling.variance, axis, "input_scaling", "float32"),
    ]


def _make_shift(scaling: Scaling, axis: int | tuple[int, ...], name: str, invert: bool = False) -> list[keras.Layer]:
    """The layer that takes away, or adds, in float64 what float32 has no digits for.

    Two layers, because Keras reads the mean of one as float32 from the model's file: the shift is one exactly.
    """
    if scaling.shift is None:
        return []
    return [_normalise(scaling.shift, np.ones_like(scaling.shift), axis, name, "float64", invert)]


def _normalise(
    mean: Any, variance: Any, axis: int | tuple[int, ...], name: str, dtype: str, invert: bool = False
) -> keras.Layer:
    more = {"invert": True} if invert else {}
    return keras.layers.Normalization(axis=axis, mean=mean, variance=variance, name=name, dtype=dtype, **more)


def keep_digits(
    layers: Sequence[Component], reader: RawReader | None, scaling: Scaling, precision: str
) -> Sequence[Component]:
    """The layers, those in front of what reads the data's own numbers in a type that has all of their digits.

    An index of 257 is 256 as bfloat16. What masks steps is in front of the scaling, and with it.
    """
    wide = "float64" if scaling.shift is not None else "float32"
    if reader is None or wide == precision:
        return layers
    count = reader.index + reader.masks
    kept = [replace(layer, arguments={**layer.arguments, "dtype": wide}) for layer in layers[:count]]
    return [*kept, *layers[count:]]


def make_output_scaling(scaling: Scaling) -> list[keras.layers.Layer]:
    """The layers behind the user's: from standardised numbers to those of the data."""
    if scaling.kind == "none":
        return []
    back = _normalise(scaling.mean, scaling.variance, -1, "output_scaling", "float32", invert=True)
    return [back, *_make_shift(scaling, -1, "output_shift", invert=True)]

"""The scaling of a network whose weights another one begins with: they mean something only behind the numbers they learned from.

It is read from the model itself, in front of its first layer and behind its last, so that a `.keras` file tells as much as a run.
"""

from dataclasses import replace
from typing import Any

import keras
import numpy as np

from nnctl.data import Dataset, Scales, Scaling, find_data_reader
from nnctl.spec.sections import Data, Spec


def read_model_scales(model: keras.Model) -> Scales | None:
    """How a network scales its examples and targets; None of a model that nnctl did not make: nothing tells what it was fed."""
    if model.inputs[0].name.split(":")[0] != "input":
        return None
    layers = {layer.name: layer for layer in model.layers}
    return Scales(_read_scaling(layers, "input"), _read_scaling(layers, "output"))


def carry_scales(
    known: Scales | None, own: Scales, spec: Spec, dataset: Dataset, model: keras.Model, ends: tuple[bool, bool],
    columns: tuple[str, ...] | None,
) -> tuple[Scales, tuple[str, ...]]:  # fmt: skip
    """What of another network's scaling a new one goes on with, and what a user should know of it.

    Args:
        known: how the other network scales, or None if nothing tells.
        own: how the new data would be scaled by themselves.
        spec: the new network's spec.
        dataset: the new data.
        model: the other network.
        ends: whether the first and the last layer with weights are taken from it.
        columns: the names of the other network's columns, () where it is not on a table; None if nothing tells.

    Returns:
        The scaling, and a sentence each.
    """
    if known is None:
        told = f"the examples are {own.inputs.describe()}: nothing tells how those of the model were scaled"
        return own, (told,)
    reader = find_data_reader(spec.data, dataset, spec.layers)
    inputs, first = own.inputs, tuple[str, ...]()
    if reader is None or reader.masks:
        inputs, first = _carry_inputs(known.inputs, own.inputs, spec.data, dataset, model, ends[0], columns)
    targets, last = _carry_targets(known.targets, own.targets, ends[1])
    return Scales(inputs, targets), (*first, *last)


def _carry_inputs(
    known: Scaling, own: Scaling, data: Data, dataset: Dataset, model: keras.Model, taken: bool,
    columns: tuple[str, ...] | None,
) -> tuple[Scaling, tuple[str, ...]]:  # fmt: skip
    x = dataset.train.x
    names = () if dataset.columns is None else dataset.columns.names
    if known.kind == own.kind and known.factor == own.factor and known.kind != "standard":
        return own, ()
    new = f"the examples are {own.describe()}, as new ones: "
    if not taken:
        return own, (f"{new}the first layer is new",)
    if columns is not None and columns != names:
        differing = [name for name in names if name not in columns] + [name for name in columns if name not in names]
        what = (
            f"columns differ ({', '.join(map(repr, differing[:3]))})" if differing else "columns stand in another order"
        )
        return own, (f"{new}its {what}",)
    if data.scale not in ("auto", known.kind):
        return own, (f"{new}`scale: {data.scale}` is asked for, and its examples are {known.describe()}",)
    if data.scale == "auto" and np.dtype(model.inputs[0].dtype).kind != x.dtype.kind and known.kind != own.kind:
        return own, (f"{new}they are {x.dtype}, and its examples {model.inputs[0].dtype}, {known.describe()}",)
    if known.mean is not None and not _fits(known, own, x):
        return own, (f"{new}its mean and deviation have the shape {known.mean.shape}",)
    if known.kind == "none":
        return known, (f"the examples are left as they are, as there; by themselves they would be {own.describe()}",)
    more = "" if known.kind == own.kind == "standard" else f"; by themselves they would be {own.describe()}"
    whose = "" if known.kind == "unit" else " by its own mean and deviation"
    return known, (f"the examples are {known.describe()}{whose}, as there{more}",)


def _carry_targets(known: Scaling, own: Scaling, taken: bool) -> tuple[Scaling, tuple[str, ...]]:
    if known.kind == own.kind == "none":
        return own, ()
    if not taken:
        return own, (f"the targets are {own.describe()}, as new ones: the last layer is new",)
    if known.kind != own.kind:
        say = f"`target_scale: {known.kind}` takes them as there"
        return own, (
            f"the targets are {own.describe()}, and there {known.describe()}: the answers begin elsewhere; {say}",
        )
    assert known.mean is not None
    assert own.mean is not None
    if known.mean.shape != own.mean.shape:
        return own, ("the targets are standardised as new ones: their number differs",)
    return known, ("the targets are standardised by its own mean and deviation, as there",)


def _fits(known: Scaling, own: Scaling, x: Any) -> bool:
    assert known.mean is not None
    if own.mean is not None:
        return known.mean.shape == own.mean.shape
    return known.mean.shape in (x.shape[1:], x.shape[-1:])


def _read_scaling(layers: dict[str, keras.Layer], side: str) -> Scaling:
    found, shift = layers.get(f"{side}_scaling"), layers.get(f"{side}_shift")
    if isinstance(found, keras.layers.Rescaling):
        return Scaling("unit", float(np.asarray(found.scale)))
    if not isinstance(found, keras.layers.Normalization):
        return Scaling("none")
    mean, variance = (np.asarray(each, np.float32) for each in (found.input_mean, found.input_variance))
    plain = Scaling("standard", None, mean, variance)
    return plain if shift is None else replace(plain, shift=np.asarray(shift.input_mean, np.float32))

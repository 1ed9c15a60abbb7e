"""The points of the curves that `nnctl explain` draws, as Keras computes them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np

from nnctl.spec import catalogue
from nnctl.topics.curves import COLUMNS
from nnctl.topics.prose import read_prose

_REACH = 5.0  # of the input of an activation, to both sides


def format_curves() -> str:
    """`curves.json`: for each component with a curve the first and the last x, and y at `COLUMNS` places between."""
    found = {"activation": dict(_sample_activations()), "loss": dict(_sample_losses())}
    parts = []
    for family, curves in found.items():
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(points)}" for name, points in curves.items())
        parts.append(f' "{family}": {{\n{lines}\n }}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _sample_activations() -> Iterator[tuple[str, list[float]]]:
    """Of those that answer each input by itself: the others have no one curve."""
    x = np.linspace(-_REACH, _REACH, COLUMNS)
    for name in catalogue.list_names("activation"):
        function = keras.activations.get(catalogue.get_entry("activation", name).name)
        beside = [
            np.asarray(function(np.stack([x, np.full_like(x, other)], axis=1).astype("float32"))) for other in (0, 2)
        ]
        if np.array_equal(beside[0][:, 0], beside[1][:, 0]):
            yield name, _round([-_REACH, _REACH, *beside[0][:, 0]])


def _sample_losses() -> Iterator[tuple[str, list[float]]]:
    """Of one example, over what the network answers: a number, or the share of the right one of two classes."""
    for name, told in read_prose("loss").items():
        asked: Mapping[str, Any] = (told or {}).get("curve", {})
        if asked:
            entry = catalogue.get_entry("loss", name)
            loss = getattr(keras.losses, str(entry.class_name))()
            x = np.linspace(asked["from"], asked["to"], COLUMNS)
            target = np.atleast_2d(np.array(asked["target"], "float32"))
            shares = isinstance(asked["target"], list)
            y = [float(loss(target, np.array([[p, 1 - p] if shares else [p]], "float32"))) for p in x]
            yield name, _round([asked["from"], asked["to"], *y])


def _round(values: list[float]) -> list[float]:
    """To four digits: a character of the curve is one thirteenth of its height."""
    return [float(f"{value:.4g}") for value in values]

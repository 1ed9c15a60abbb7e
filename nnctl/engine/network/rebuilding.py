"""A network built anew from a model file that was let through: Keras sees nnctl's own values, never the file."""

import tempfile
from pathlib import Path
from typing import Any

import h5py
import keras

from nnctl.engine.network.build import build_component
from nnctl.errors import NnctlError, Problem, RunError
from nnctl.models import Graph, ModelFile, Step, Weights


def rebuild(found: ModelFile) -> keras.Model:
    """The model of a file, with its weights; not compiled.

    The arrays go through a weights file of nnctl's own in a temporary folder: which array belongs to which variable is
    Keras's to know, and that file holds nothing but them.

    Raises:
        RunError: Keras refuses a layer, or the weights are not those of the network.
    """
    try:
        model = _build_network(found.graph)
        with tempfile.TemporaryDirectory(prefix="nnctl-") as folder:
            _write_weights(found.weights, path := Path(folder) / "checked.weights.h5")
            model.load_weights(path)
    except NnctlError as error:
        raise _damage(found.path, error.problems[0].message) from error
    except Exception as error:  # whatever Keras raises, it is about this file
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise _damage(found.path, reason) from error
    return model


def _build_network(graph: Graph) -> keras.Model:
    entry = keras.Input(graph.shape, dtype=graph.dtype, name=graph.input_name)
    if graph.kind == "Sequential":
        return keras.Sequential(
            [entry, *(build_component(step.component) for step in graph.steps if step.component)], name=graph.name
        )
    tensors = {graph.input_name: entry}
    for step in graph.steps:
        tensors[step.name] = _apply_step(step, [tensors[name] for name in step.sources])
    return keras.Model(entry, tensors[graph.output], name=graph.name)


def _apply_step(step: Step, given: list[Any]) -> Any:
    if step.index is not None:
        return given[0][tuple(item if isinstance(item, int) else slice(*item) for item in step.index)]
    assert step.component is not None
    if step.component.name == "concatenate":
        return keras.layers.Concatenate(**step.component.arguments)(given)
    return build_component(step.component)(given[0])


def _write_weights(weights: Weights, path: Path) -> None:
    with h5py.File(path, "w") as file:
        for group in weights.groups:
            file.require_group(group)
        for name, array in weights.arrays.items():
            made = file.create_dataset(name, data=array)
            if name in weights.bfloat16:
                made.attrs["dtype"] = "bfloat16"


def _damage(path: Path, reason: str) -> RunError:
    return RunError(Problem("bad-model", f"{path} is damaged or not a Keras model: {reason}"))

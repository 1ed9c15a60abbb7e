"""A network built anew from a model file that was let through: Keras sees nnctl's own values, never the file."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import ml_dtypes
import tensorflow as tf
from keras.src.backend.common import global_state
from keras.src.saving import saving_lib

from nnctl.data.memory.available import MOST, measure_available
from nnctl.engine.network.build import build_component
from nnctl.errors import NnctlError, Problem, RunError
from nnctl.models import Graph, ModelFile, Step, Weights

_FLOAT = 4  # bytes


def rebuild(found: ModelFile) -> keras.Model:
    """The model of a file, with its weights; not compiled. Nothing is written on the way.

    The network stands before any of its variables takes memory: each is first compared with the array that the file has for
    it. So a small file builds nothing large, whatever its layers ask for, and whether a rule knows their shapes or not.

    Raises:
        RunError: Keras refuses a layer, the weights are not those of the network, or memory runs out.
    """
    try:
        with _defer_variables() as scope:
            model = _build_network(found.graph)
            _require_room(model, found.path)
            _load(model, _Arrays(found.weights))
            values = [(variable, scope.get_current_value(variable)) for variable in model.weights]
            if (missing := next((each.path for each, value in values if value is None), None)) is not None:
                raise ValueError(f"it holds no weights for {missing}")
        for variable, value in values:
            variable.assign(value)
    except RunError:
        raise
    except NnctlError as error:
        raise _damage(found.path, error.problems[0].message) from error
    except (MemoryError, tf.errors.ResourceExhaustedError):
        raise RunError(Problem("out-of-memory", f"{found.path} does not fit into memory")) from None
    except Exception as error:  # whatever Keras raises, it is about this file
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
        raise _damage(found.path, reason) from error
    return model


@contextmanager
def _defer_variables() -> Iterator[keras.StatelessScope]:
    """Within the block variables have a shape and no memory, and what is assigned to them is kept aside.

    They get it behind the block; after an error never: Keras, which has noted them, would give it to them at the next turn.
    """
    try:
        with keras.StatelessScope(initialize_variables=False) as scope:
            yield scope
    except BaseException:
        global_state.set_global_attribute("uninitialized_variables", [])
        raise
    with keras.StatelessScope():
        pass  # its end gives them memory


class _Arrays(saving_lib.H5IOStore):
    """The arrays in the place of the file that Keras's own loading reads: which belong to which layer is Keras's to know."""

    def __init__(self, weights: Weights) -> None:
        self._held: dict[str, dict[str, Any]] = {}
        for path, array in weights.arrays.items():
            group, _, name = path.rpartition("/")
            self._held.setdefault(group, {})[name] = (
                array.view(ml_dtypes.bfloat16) if array.dtype.kind == "V" else array
            )

    def __bool__(self) -> bool:
        return True

    def get(self, path: str) -> dict[str, Any]:
        """The arrays of the layer that a path leads to, by their numbers."""
        return self._held.get(f"{path}/vars" if path else "vars", {})

    def has_path(self, path: str) -> bool:
        """Whether a list of layers at a path has arrays."""
        return any(group.startswith(f"{path}/") for group in self._held)


def _load(model: keras.Model, arrays: _Arrays) -> None:
    """Assigns the arrays as `Model.load_weights` does, which takes them from a file alone."""
    errors: dict[int, Any] = {}
    failed: set[int] = set()
    saving_lib._load_state(model, arrays, None, "", visited_saveables=set(), failed_saveables=failed, error_msgs=errors)
    if failed:
        layer, error = next(iter(errors.values()))
        raise ValueError(f"the weights of {layer.name!r}: {error}")


def _require_room(model: keras.Model, path: Path) -> None:
    """Refuses a network with an output, for one example, that does not fit into memory: some shapes only Keras knows."""
    shapes = [tensor.shape[1:] for layer in model.layers for tensor in keras.tree.flatten(layer.output)]
    largest, room = max(math.prod(size or 1 for size in shape) for shape in shapes), measure_available()
    if room is not None and _FLOAT * largest > MOST * room:
        asked = f"outputs of up to {largest:,} numbers an example: more memory than the {room:,} bytes that are free"
        raise RunError(Problem("refused-model", f"{path} asks for {asked}"))


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


def _damage(path: Path, reason: str) -> RunError:
    return RunError(Problem("bad-model", f"{path} is damaged or not a Keras model: {reason}"))

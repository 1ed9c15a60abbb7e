"""`train.init_from`: the weights of a trained network as the beginning of another one."""

from dataclasses import dataclass
from pathlib import Path

import keras

from nnctl.engine import saving
from nnctl.errors import Place, Problem, RunError


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was taken from where.

    Attributes:
        path: the model that the weights came from.
        taken: the names of the layers that have them now.
        left: the names of the layers with weights that have new ones.
    """

    path: Path
    taken: tuple[str, ...]
    left: tuple[str, ...]


def transfer(model: keras.Sequential, path: Path, place: Place | None) -> Transfer:
    """Copies weights from the best model of a run, or from a `.keras` file, into a new network.

    A layer takes the weights of the layer of the same name if there is one of the same class and shapes, otherwise those of
    the layer at its place among the layers with weights, counted from the input, as long as class and shapes agree: the
    first that does not, a new head say, ends the taking.

    Args:
        model: the new network; its weights are changed.
        path: a run directory or a model file.
        place: where the spec names it.

    Raises:
        RunError: there is no readable model, or not one layer agrees.
    """
    source = path / "model.keras" if path.is_dir() else path
    old, new = _weighted(saving.load(source)), _weighted(model)
    named = {layer.name: layer for layer in old}
    taken, ended = [], False
    for index, layer in enumerate(new):
        donor = named.get(layer.name) if layer.name in named and _agree(named[layer.name], layer) else None
        if donor is None and not ended and index < len(old) and _agree(old[index], layer):
            donor = old[index]
        ended = ended or donor is None
        if donor is not None:
            layer.set_weights(donor.get_weights())
            taken.append(layer.name)
    if not taken:
        message = f"no layer of {source} has the class and the shapes of the network's first layer with weights"
        raise RunError(Problem("init-from", message, place, "the layers below the head must be those of the run"))
    return Transfer(source, tuple(taken), tuple(layer.name for layer in new if layer.name not in taken))


def _weighted(model: keras.Sequential) -> list[keras.Layer]:
    """The layers with weights of the user's own, without the scaling in front of them."""
    return [layer for layer in model.layers if layer.weights and not layer.name.startswith("input_")]


def _agree(one: keras.Layer, other: keras.Layer) -> bool:
    return type(one) is type(other) and [w.shape for w in one.weights] == [w.shape for w in other.weights]

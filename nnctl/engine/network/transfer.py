"""`train.init_from`: the weights of a trained network as the beginning of another one."""

from dataclasses import dataclass, replace
from pathlib import Path

import keras

from nnctl.data import Dataset, Scales, read_scales
from nnctl.data.tables.columns import Columns, read_columns
from nnctl.engine.network import embedding, model_file
from nnctl.engine.network.carrying import carry_scales, read_model_scales
from nnctl.errors import Place, Problem, RunError
from nnctl.runs import RunDirectory
from nnctl.runs.beginning import find_weights
from nnctl.spec.sections import Spec

Names = tuple[str, ...]
Scaled = tuple[Spec, Dataset, Scales]
"""A spec, its data, and how they would be scaled by themselves."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was taken from where.

    Attributes:
        path: the model that the weights came from.
        taken: the names of the layers that have them now.
        left: the names of the layers with weights that have new ones.
        scales: how the network's examples and targets are scaled now.
        told: what a user should know of that scaling, a sentence each.
    """

    path: Path
    taken: tuple[str, ...]
    left: tuple[str, ...]
    scales: Scales | None = None
    told: tuple[str, ...] = ()


def transfer_weights(
    model: keras.Model, path: Path, place: Place | None, learned: Columns | None = None, scaled: Scaled | None = None
) -> Transfer:
    """Copies weights from the best model of a run, or from a `.keras` file, into a new network.

    A layer takes the weights of the layer of the same name if there is one of the same class and shapes, otherwise those of
    the layer at its place among the layers with weights, counted from the input, as long as class and shapes agree: the
    first that does not, a new head say, ends the taking. The vectors of embedded columns are taken category by category,
    from a run, which says what its categories are.

    Args:
        model: the new network; its weights are changed.
        path: a run directory or a model file.
        place: where the spec names it.
        learned: what was learned of the columns of the new network's table, or None.
        scaled: how the new network would be scaled by its own data, or None where that is not asked.

    Raises:
        RunError: there is no readable model, or not one layer agrees.
    """
    source = find_weights(path, place)
    loaded = model_file.load(source)
    old, new = _list_weighted(loaded), _list_weighted(model)
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
    carried, fresh = _take_vectors(loaded, source, model, learned)
    left = [layer.name for layer in new if layer.name not in taken]
    moved = Transfer(source, (*carried, *taken), (*fresh, *left))
    return moved if scaled is None else _carry(moved, scaled, loaded, (new[0].name in taken, new[-1].name in taken))


def _carry(moved: Transfer, scaled: Scaled, loaded: keras.Model, ends: tuple[bool, bool]) -> Transfer:
    """The transfer with the scaling that goes with its weights."""
    run = RunDirectory(moved.path.parent)
    known = read_scales(run.scaling) or read_model_scales(loaded)
    then = read_columns(run.columns) if run.inputs.is_file() or run.columns.is_file() else None
    columns = then.names if then is not None else () if run.inputs.is_file() else None
    spec, dataset, own = scaled
    scales, told = carry_scales(known, own, spec, dataset, loaded, ends, columns)
    return replace(moved, scales=scales, told=told)


def _take_vectors(old: keras.Model, path: Path, new: keras.Model, learned: Columns | None) -> tuple[Names, Names]:
    """Takes the vectors of embedded columns; the answer is which columns have taken ones, and which have new ones."""
    names = () if learned is None else tuple(feature.name for feature in learned.embedded)
    then = read_columns(path.parent / "columns.json") if names else None
    if learned is None or then is None:
        return (), names
    taken = embedding.carry_vectors(old, then, new, learned)
    return taken, tuple(name for name in names if name not in taken)


def _list_weighted(model: keras.Model) -> list[keras.Layer]:
    """The layers with weights of the user's own, without the scaling in front of them."""
    return [layer for layer in model.layers if layer.weights and not layer.name.startswith("input_")]


def _agree(one: keras.Layer, other: keras.Layer) -> bool:
    return type(one) is type(other) and [w.shape for w in one.weights] == [w.shape for w in other.weights]

"""The columns of a table that are embedded: the part of the saved model in front of the scaling and of the spec's layers.

It is made of Keras's own layers, so that the model loads without nnctl: the columns of numbers are cropped and scaled, each
embedded one is cropped, looked up in a table of vectors that is trained with the network, and all are joined.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from nnctl.data.tables.columns import Columns
from nnctl.data.tables.feature import find_known
from nnctl.spelling import compose

NAME = "input_columns"
JOINED = f"{NAME}_joined"


def embed_columns(entry: Any, columns: Columns, scaling: Sequence[keras.Layer]) -> Any:
    """What the first layer gets, of shape (n, outputs), of rows as they are encoded.

    The layers stand beside the user's own and not in a model of their own, which nothing that reads the file would have to
    look into.

    Args:
        entry: the rows, of shape (n, width), in the type that they are held in.
        columns: what was learned of the columns, some of them embedded.
        scaling: the layers that scale those that are not.
    """
    rows = keras.layers.Reshape((columns.width, 1), dtype=entry.dtype, name=f"{NAME}_rows")(entry)
    embedded = columns.embedded
    numbers = columns.width - len(embedded)
    parts = [_scale(_crop(rows, 0, numbers, f"{NAME}_numbers"), scaling)] if numbers else []
    for index, feature in enumerate(embedded, numbers):
        # A column may be called anything, and a layer may not.
        name = f"{NAME}_{index}"
        indices = _crop(rows, index, index + 1, name)
        vectors = keras.layers.Embedding(feature.vectors, feature.embed, dtype="float32", name=f"{name}_embedding")
        parts.append(keras.layers.Flatten(dtype="float32", name=f"{name}_vector")(vectors(indices)))
    if len(parts) == 1:
        return keras.layers.Identity(dtype="float32", name=JOINED)(parts[0])
    return keras.layers.Concatenate(dtype="float32", name=JOINED)(parts)


def carry_vectors(old: keras.Model, then: Columns, new: keras.Model, now: Columns) -> tuple[str, ...]:
    """Takes the vectors of those categories that an earlier training had, by the names of columns and categories.

    Args:
        old: the earlier model.
        then: what was learned of the columns it was made for.
        new: the model whose vectors are replaced.
        now: what was learned of its columns.

    Returns:
        The names of the columns that have vectors taken: those of one name and one width.
    """
    donors = {compose(each.name): (each, table) for each, table in zip(then.embedded, _find_tables(old), strict=True)}
    taken = []
    for feature, table in zip(now.embedded, _find_tables(new), strict=True):
        donor, given = donors.get(compose(feature.name), (None, None))
        if donor is None or given is None or donor.embed != feature.embed:
            continue
        vectors, source = np.array(table.get_weights()[0]), given.get_weights()[0]
        vectors[0], known = source[0], find_known(donor)
        for index, category in enumerate(feature.categories or (), 1):
            at = known.find(category)
            vectors[index] = source[at + 1] if at >= 0 else vectors[index]
        table.set_weights([vectors])
        taken.append(feature.name)
    return tuple(taken)


def _find_tables(model: keras.Model) -> list[keras.layers.Embedding]:
    """The layers of vectors, in the order of the columns; Keras lists layers by their depth."""
    found = [
        layer for layer in model.layers if layer.name.startswith(NAME) and isinstance(layer, keras.layers.Embedding)
    ]
    return sorted(found, key=lambda layer: int(layer.name.removeprefix(f"{NAME}_").removesuffix("_embedding")))


def _crop(rows: Any, start: int, stop: int, name: str) -> Any:
    """Some columns of a batch of shape (n, width, 1), as (n, stop - start)."""
    crop = keras.layers.Cropping1D((start, rows.shape[1] - stop), dtype=rows.dtype, name=f"{name}_cropped")
    return keras.layers.Flatten(dtype=rows.dtype, name=name)(crop(rows))


def _scale(numbers: Any, scaling: Sequence[keras.Layer]) -> Any:
    for layer in scaling:
        numbers = layer(numbers)
    return numbers

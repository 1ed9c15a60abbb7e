"""The indices that reach a layer which holds a row for each: found out before anything is trained, scored or predicted.

A gather of an index that is not there is an error in the middle of a training, or, compiled, a row of zeros or another one's.
"""

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from nnctl.data.memory.on_disk import OnDisk, read_blocks
from nnctl.engine.network.build import build_component
from nnctl.errors import Problem
from nnctl.spec.catalogue import traits
from nnctl.spec.network.meaning import unwrap
from nnctl.spec.network.raw import RawReader

INDEX_HINT = "the network was built for no others: number them as training's are"
_BLOCK = 1 << 22  # values looked at in one go


class IndexRange:
    """Which indices a network's layer holds, and whether examples keep to them.

    Args:
        reader: the layer that reads indices.
        shape: of an example as it is stored.
        dtype: the type that examples are stored in.
    """

    def __init__(self, reader: RawReader, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self.reader, self.count = reader, reader.count
        # What only gives indices another place need not be asked; what masks, shifts or cuts them off must be.
        plain = all(traits.get_layer(unwrap(layer).name).moves for layer, _ in reader.front)
        self._front = None if plain or self.count is None else self._build_front(shape, dtype)
        self._safe = self.count is None or (
            plain and (dtype.kind == "b" or (dtype.kind == "u" and np.iinfo(dtype).max < self.count))
        )

    def find_problem(self, arrays: "Iterable[NDArray[Any] | OnDisk]", name: str = "the data") -> Problem | None:
        """What is wrong with the indices of some examples, or None.

        Args:
            arrays: the examples, each of shape (n, ...), as they are stored.
            name: what they are called.
        """
        if self._safe or self.count is None:
            return None
        ranges = [self._find_range(block) for x in arrays for block in read_blocks(x, _BLOCK)]
        lowest, highest = min(low for low, _ in ranges), max(high for _, high in ranges)
        if lowest >= 0 and highest < self.count:
            return None
        layer = self.reader.layer
        message = f"{name} hold the indices {lowest} to {highest}, and {layer.name} has rows for 0 to {self.count - 1}"
        asked = str(traits.get_layer(layer.name).counted_by)
        hint = f"{asked}: {highest + 1}" if lowest >= 0 else "indices begin at 0"
        return Problem("index-range", message, layer.places.get(asked, layer.place), hint)

    def _find_range(self, block: NDArray[Any]) -> tuple[int, int]:
        read = block if self._front is None else np.asarray(self._front.predict_on_batch(block))
        return int(read.min()), int(read.max())

    def _build_front(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> keras.Model:
        """The layers in front of the one that reads, without names, which the network's own take."""
        entry = keras.Input(shape, dtype=dtype.name)
        return keras.Sequential([entry, *(build_component(layer) for layer, _ in self.reader.front)])

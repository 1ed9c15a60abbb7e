"""What a network's outputs mean: probabilities, scores or numbers, each with the name of a class, a label or a target."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.metrics import answers
from nnctl.spec.network.meaning import Meaning

Outputs = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """What a model says of some examples of one file.

    Attributes:
        name: the file, as the user calls it.
        rows: the number of each example in it, from 1, of a table its line; or None for a picture.
        output: float32 of shape (n, k), a probability or, where the network gives none, a score for each class or label, or the
            numbers of a regression or an embedding.
        chosen: int32 of shape (n,), the index of each example's class, or (n, k), whether it has each label; -1 where an output
            is not finite, which is no answer. None where nothing is chosen.
        said: what was found and done to the examples, a sentence each.
    """

    name: str
    rows: Sequence[int] | None
    output: Outputs
    chosen: Outputs | None
    said: tuple[str, ...]

    @property
    def lost(self) -> Outputs:
        """The examples with an output that is not finite, by their place in the block, int64 of shape (m,)."""
        return np.flatnonzero(~np.isfinite(self.output).all(axis=1))


def name_answers(known: Sequence[str], meaning: Meaning) -> tuple[str, ...]:
    """A name for each answer; those beyond the known ones are called by their index.

    Args:
        known: of the classes, labels or targets, as far as the data tell them.
        meaning: what the outputs are; one output for two classes has two names.
    """
    count = 2 if meaning.chooses and meaning.units == 1 else meaning.units
    named = () if meaning.kind == "embedding" else known[:count]
    return (*named, *(str(index) for index in range(len(named), count)))


def make_answers(outputs: Outputs, meaning: Meaning) -> Outputs:
    """Outputs with one column a name: probabilities where they can be made, else the outputs; of one output for both classes.

    Args:
        outputs: float32 of shape (n, units).
        meaning: what they are.

    Returns:
        float32 of shape (n, k).
    """
    found = answers.compute_probabilities(outputs, meaning) if meaning.probable else outputs
    return answers.spread_classes(found, meaning)

"""What a model says of examples of a program's own, as Python works on with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nnctl.api.notebooks import format_table, format_text, make_frame
from nnctl.metrics.answers import NO_ANSWER
from nnctl.spec.network.meaning import Meaning

if TYPE_CHECKING:
    import pandas

    from nnctl.predicting.naming import Predicted

_SHOWN = 20  # rows in a notebook


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a model says of n examples; k is the number of classes, labels or targets.

    Attributes:
        meaning: what the outputs are: their task and kind.
        names: of the classes, labels or targets, k of them; two for `binary`.
        output: float32 (float64 where that has not the digits) of shape (n, k): the probability of each class or label, or its
            score where the network gives no probabilities; of a regression the numbers, in the targets' own unit.
        chosen: int32 of shape (n,), the index of each example's class, or (n, k), 1 for each label that it has; -1 where the
            output is not finite, which is no answer. None for a regression and an embedding.
        notes: what was found and done to the examples, a sentence each.
        index: the labels of the rows, those of a data frame that was asked about; else None.
    """

    meaning: Meaning
    names: tuple[str, ...]
    output: NDArray[Any]
    chosen: NDArray[np.int32] | None
    notes: tuple[str, ...] = ()
    index: Any = None

    def __len__(self) -> int:
        return len(self.output)

    @property
    def labels(self) -> NDArray[np.object_] | None:
        """The answers by name, objects of shape (n,): a class each, or a tuple of labels; None where there is no answer.

        None for a regression and an embedding, whose answers are `output`.
        """
        if self.chosen is None:
            return None
        found = np.empty(len(self), dtype=object)
        for row, answer in enumerate(self.chosen.tolist()):
            if isinstance(answer, list):
                lost = NO_ANSWER in answer
                found[row] = None if lost else tuple(n for n, yes in zip(self.names, answer, strict=True) if yes)
            else:
                found[row] = None if answer == NO_ANSWER else self.names[answer]
        return found

    def to_frame(self) -> "pandas.DataFrame":
        """A row an example, with the columns of `nnctl predict --csv`: `predicted`, `confidence`, `p_` of each class, or numbers.

        Raises:
            UsageError: pandas is not installed.
        """
        return make_frame(self._list_columns(), list(self._list_rows(len(self))), self.index)

    def _repr_html_(self) -> str:
        """The first rows as a notebook shows them, and what was said of the examples."""
        shown = min(len(self), _SHOWN)
        index = range(shown) if self.index is None else self.index
        form = ".4f" if self.meaning.probable else ".6g"
        rows = [
            [index[row], *(_format_cell(cell, form) for cell in cells)]
            for row, cells in enumerate(self._list_rows(shown))
        ]
        more = [f"{len(self) - shown:,} more rows: to_frame() has all"] if len(self) > shown else []
        notes = "".join(f"<div>{format_text(note)}</div>" for note in (*more, *self.notes))
        return format_table(["", *self._list_columns()], rows) + notes

    def _list_columns(self) -> list[str]:
        if not self.meaning.decides:
            return list(self.names)
        letter = "p" if self.meaning.probable else "score"
        return ["predicted", *self._sure, *(f"{letter}_{name}" for name in self.names)]

    @property
    def _sure(self) -> list[str]:
        """The column that tells how sure each answer is, where there is one."""
        return ["confidence"] if self.meaning.chooses and self.meaning.probable else []

    def _list_rows(self, count: int) -> Iterator[list[Any]]:
        labels = self.labels
        for row, values in enumerate(self.output[:count].tolist()):
            if labels is None or self.chosen is None:
                yield values
                continue
            sure = [values[self.chosen[row]] if labels[row] is not None else float("nan") for _ in self._sure]
            yield [labels[row], *sure, *values]


def join_blocks(blocks: "Iterable[Predicted]", meaning: Meaning, names: Sequence[str], index: Any = None) -> Answers:
    """What was said of examples block by block, in one.

    Args:
        blocks: the blocks, in their order.
        meaning: what the outputs are.
        names: of the classes, labels or targets.
        index: the labels of the rows.
    """
    held = list(blocks)
    notes = tuple(dict.fromkeys(note for block in held for note in block.said))
    output = np.concatenate([np.empty((0, len(names)), np.float32), *(block.output for block in held)])
    wide = len(names) if meaning.task == "multilabel" else None
    none = np.empty((0,) if wide is None else (0, wide), np.int32)
    chosen = np.concatenate([none, *(block.chosen for block in held)]) if meaning.decides else None
    return Answers(meaning, tuple(names), output, chosen, notes, index)


def _format_cell(cell: Any, form: str) -> object:
    """A value of a row as it is shown."""
    if isinstance(cell, tuple):
        return ", ".join(cell)
    return format(cell, form) if isinstance(cell, float) else "no answer" if cell is None else cell

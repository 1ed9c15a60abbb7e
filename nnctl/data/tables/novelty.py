"""What a table holds that training has not: counted and told by column, the same of every file that is held out."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnctl.data.source import Pair, StoredColumn
from nnctl.data.tables.columns import Columns
from nnctl.data.tables.feature import Feature, find_categories
from nnctl.spelling import compose, format_names, limit

_TOLD = 3  # new categories that are named


class Novelty:
    """Counts, block by block, the rows with categories that training has not.

    Args:
        columns: what was learned of the columns.
        exact: whether a category is known in its own form alone: `nnctl.data.tables.words.Known`.
    """

    def __init__(self, columns: Columns, exact: bool = False) -> None:
        self.columns, self.exact, self.rows = columns, exact, 0
        self.words: dict[str, dict[str, None]] = {}
        self.counts: dict[str, int] = {}
        self.empty: set[str] = set()

    def count(self, pair: Pair) -> None:
        """Counts a block, in which all columns of training are."""
        stored = {column.name: index for index, column in enumerate(pair.columns or ())}
        self.rows += len(pair.x)
        for feature in self.columns.features:
            if feature.categories is not None:
                index = stored[compose(feature.name)]
                self._count_column(feature, pair.x[:, index], pair.columns[index])  # type: ignore[index]

    def describe(self) -> tuple[str, ...]:
        """What was found, a sentence a column; of very many the first ones, and their number."""
        return limit(list(self._describe_columns()), "columns hold what training does not have")

    def _describe_columns(self) -> Iterator[str]:
        for name, count in self.counts.items():
            words = list(self.words[name])
            told = [*map(repr, words[:_TOLD]), *(["no value"] if name in self.empty else [])]
            more = f" and {len(words) - _TOLD:,} more" if len(words) > _TOLD else ""
            rows = f"{count:,} of {self.rows:,} {'row' if self.rows == 1 else 'rows'}"
            yield f"column {name!r} holds {', '.join(told)}{more}, which training does not have, in {rows}"

    def _count_column(self, feature: Feature, values: NDArray[np.float32], column: StoredColumn) -> None:
        absent = np.isnan(values)
        new = find_categories(feature, values, column, self.exact) < 0
        if feature.embed is not None:
            new &= ~absent  # what is missing has a vector
        if not new.any():
            return
        self.counts[feature.name] = self.counts.get(feature.name, 0) + int(new.sum())
        if (new & absent).any():
            self.empty.add(feature.name)
        words = column.words or ()
        seen = (words[index] for index in np.unique(values[new & ~absent]).astype(np.int64))
        self.words.setdefault(feature.name, {}).update(dict.fromkeys(seen))


def describe_novelty(columns: Columns, pair: Pair, exact: bool = False) -> tuple[str, ...]:
    """What a whole table holds that training has not, other columns among it. The arguments are `Columns.encode`'s."""
    counted = Novelty(columns, exact)
    counted.count(pair)
    known = {compose(feature.name) for feature in columns.features}
    others = [column.name for column in pair.columns or () if column.name not in known]
    told = [f"it has columns that training has not, which are not used: {format_names(others)}"] if others else []
    return (*counted.describe(), *told)

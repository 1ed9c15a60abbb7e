"""What `data.split` cuts by: when each row was, or to which group it belongs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from nnctl.data.source import DataSource, KeyColumn, Pair, find_place
from nnctl.data.tables.dates import TimesError, parse_times
from nnctl.errors import DataError, Problem
from nnctl.spec.sections import ROWS, Data
from nnctl.spelling import compose

_WHOLE = re.compile(r"([+-]?\d+)\.0+", re.ASCII)  # 7.0, as pandas writes the 7 of a column in which one is missing


@dataclass(frozen=True, slots=True, eq=False)
class RowKeys:
    """What training's rows are cut by, before any split is cut from them.

    Attributes:
        kind: `time` or `group`.
        name: what messages call it: `column 'date'`.
        codes: int64 of shape (n,): of times their ranks, from 0 for the first; of groups their indices.
        texts: each time or group as it is written, by its code; None where that is the number of the row.
        told: how dates were read, where that had to be found out, or None.
    """

    kind: str
    name: str
    codes: NDArray[np.int64]
    texts: Sequence[str] | None
    told: str | None = None

    def take(self, rows: NDArray[np.int64] | None) -> "RowKeys":
        """The keys of some of the rows, in their order; None for all."""
        return self if rows is None else replace(self, codes=self.codes[rows])


def read_row_keys(data: Data, source: DataSource, pair: Pair) -> RowKeys | None:
    """The keys of the training rows; None where the spec cuts by none.

    Raises:
        DataError: there is no such column, a row has no value in it, all rows have one, or its times cannot be compared.
    """
    if data.split is None:
        return None
    ((kind, column),) = data.split.items()
    if kind == "time" and column == ROWS:
        return _number_rows(data, pair)
    assert source.column is not None  # `selection` refuses what has no columns
    found = source.column(data, pair, column)
    if (found.codes < 0).any():
        _refuse_missing(data, pair, found)
    keys = _rank_times(data, found) if kind == "time" else _number_groups(found)
    if len(np.unique(keys.codes)) < 2:
        _fail(
            data,
            "one-key",
            f"{found.name} is the same in all {len(pair.y):,} rows",
            "name another one, or leave `split` out",
        )
    return keys


def _number_rows(data: Data, pair: Pair) -> RowKeys:
    if any(column.name == ROWS for column in pair.columns or ()):
        message = f"`time: {ROWS}` is the order of the rows, and {pair.x_name} has a column called {ROWS!r}"
        _fail(data, "bad-value", message, "call the column otherwise, or leave it out: `ignore`")
    return RowKeys("time", "the order of the rows", np.arange(len(pair.y), dtype=np.int64), None)


def _rank_times(data: Data, found: KeyColumn) -> RowKeys:
    if isinstance(found.values, np.ndarray) and found.values.dtype.kind not in "US":
        return RowKeys("time", found.name, found.codes, [str(each) for each in found.values])
    words = [str(each) for each in found.values]
    try:
        times = parse_times(words)
    except TimesError as error:
        _fail(data, "bad-time", f"{found.name} holds {error.word!r}, {error.message}", error.hint)
    ordered, ranks = _rank(times.values)
    first = dict(reversed([*zip(ranks, words, strict=True)]))
    told = None if times.told is None else f"{found.name}: {times.told}"
    return RowKeys(
        "time", found.name, np.array(ranks, np.int64)[found.codes], [first[rank] for rank in range(ordered)], told
    )


def _rank(values: Sequence[Any]) -> tuple[int, list[int]]:
    """How many different values there are, and the rank of each; Python's own, since float64 does not hold all of them."""
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return len(ranks), [ranks[value] for value in values]


def _number_groups(found: KeyColumn) -> RowKeys:
    """One number a group, in the order of their names; composed and decomposed names, `7` and `7.0` are one group."""
    words = [_WHOLE.sub(r"\1", compose(str(each)).strip()) for each in found.values]
    names = sorted(set(words))
    places = {word: index for index, word in enumerate(names)}
    return RowKeys("group", found.name, np.array([places[word] for word in words], np.int64)[found.codes], names)


def _refuse_missing(data: Data, pair: Pair, found: KeyColumn) -> NoReturn:
    row, count = int(np.argmax(found.codes < 0)), int((found.codes < 0).sum())
    where = f"row {row}" if pair.lines is None else f"line {pair.lines[row]}"
    others = f", nor have {count - 1:,} others" if count > 1 else ""
    message = f"{where} of {pair.x_name} has no value in {found.name}{others}, and `split` has to know where it belongs"
    _fail(data, "missing-value", message, "fill it in, or remove these rows")


def _fail(data: Data, code: str, message: str, hint: str) -> NoReturn:
    raise DataError(Problem(code, message, find_place(data, "split"), hint))

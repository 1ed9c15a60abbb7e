"""What is known of a table that cannot be trained on yet: enough for a spec, beside what is to be decided."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.tables.answers import make_labels
from nnctl.data.tables.growing import Texts
from nnctl.data.tables.layout import Options, read_layout
from nnctl.data.tables.table import MISSING, Request, Table, read_table
from nnctl.errors import DataError
from nnctl.spec.sections import Data
from nnctl.starters.findings import DataProfile

_NEAR = 3  # of a target's mean and deviation: further away a fresh network is not soon


def sketch_table(data: Data, undecided: str, held_out: float, several: tuple[str, ...] = ()) -> DataProfile:
    """The profile of a table whose labels are not all there, or not all of use, by the rows that have one.

    Args:
        data: the section, whose options name the label.
        undecided: what keeps it from being trained on, and what can be done.
        held_out: the share of the rows that is not trained on.
        several: the labels that the label's column holds several of in a row; a row without any has none of them.

    Raises:
        DataError: the file cannot be read, or no row has a label.
    """
    assert data.path is not None
    options: dict[str, Any] = dict(data.options)
    dialect, layout = read_layout(data, Options(**options))
    missing = MISSING if options.get("missing") is None else tuple(map(str, options["missing"]))
    request = Request(layout.labels, layout.labels, missing, None, layout.units)
    whole = read_table(data.path, dialect, request, None)
    if several:
        return DataProfile(
            source=data.source,
            shape=(len(layout.features),),
            task="multilabel",
            outputs=len(several),
            examples=max(1, round(len(whole.lines) * (1 - held_out))),
            options={**data.options, "label": list(several)},
            path=data.path,
            scale="standard",
            class_names=several,
            facts=[f"{data.path.name}: {len(whole.lines):,} rows. Labels: {', '.join(several)}."],
            undecided=undecided,
        )
    table = _keep_labelled(whole)
    y = _read_labels(table, layout.labels, data)
    names = tuple(map(str, np.unique(y))) if y.dtype.kind == "U" else None
    if names is not None:
        task, outputs = ("multiclass", len(names)) if len(names) > 2 else ("binary", 2)
    else:
        task, outputs = "multilabel" if y.dtype.kind == "u" else "regression", 1 if y.ndim == 1 else y.shape[1]
    offset, spread = _measure(y) if task == "regression" else ((), ())
    return DataProfile(
        source=data.source,
        shape=(len(layout.features),),
        task=task,
        outputs=outputs,
        examples=max(1, round(len(y) * (1 - held_out))),
        options=data.options,
        path=data.path,
        labels=data.labels,
        scale="standard",
        class_names=names if names is not None and len(names) > 1 else None,
        offset=offset,
        spread=spread,
        facts=[f"{data.path.name}: {len(y):,} of its {len(whole.lines):,} rows have a label."],
        undecided=undecided,
    )


def _keep_labelled(table: Table) -> Table:
    """The rows in which no label is missing."""
    columns = {name: column for name, column in table.columns.items() if isinstance(column, Texts)}
    kept = np.logical_and.reduce([column.codes >= 0 for column in columns.values()])
    if not kept.any():
        table.fail("missing-value", next(iter(columns)), "has no label in any row")
    picked = {name: _narrow(column, kept) for name, column in columns.items()}
    return Table(table.path, table.lines[kept], dict(picked), table.place)


def _narrow(column: Texts, kept: NDArray[np.bool_]) -> Texts:
    used, codes = np.unique(column.codes[kept], return_inverse=True)
    return Texts(codes.astype(np.int32), tuple(column.words[at] for at in used))


def _read_labels(table: Table, names: Sequence[str], data: Data) -> NDArray[Any]:
    try:
        return make_labels(table, tuple(names), data.labels)
    except DataError:
        if len(names) > 1:
            raise
        column = table.columns[names[0]]
        assert isinstance(column, Texts)
        return np.array(column.words, np.str_)[column.codes]


def _measure(y: NDArray[Any]) -> tuple[Sequence[float], Sequence[float]]:
    """The mean and deviation of each target, where one of them is far from 0 and 1."""
    rows = y.reshape(len(y), -1).astype(np.float64)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    if (np.abs(mean) <= _NEAR).all() and ((deviation <= _NEAR) & (deviation * _NEAR >= 1)).all():
        return (), ()
    return mean.tolist(), np.where(deviation == 0, 1, deviation).tolist()

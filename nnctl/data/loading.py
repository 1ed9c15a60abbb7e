"""From a `data` section to a data set: read, check, label, cut."""

from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from nnctl.data.dataset import Dataset, Split, compute_fingerprint
from nnctl.data.download import UnreachableError
from nnctl.data.facts import count_left, find_test_share
from nnctl.data.images.keeping import keep_images
from nnctl.data.memory.on_disk import OnDisk
from nnctl.data.preparing import splits
from nnctl.data.preparing.cuts import describe_cut
from nnctl.data.preparing.labelled import find_split_place, take_labels
from nnctl.data.preparing.notes import collect_notes
from nnctl.data.selection import check_paths, select_source
from nnctl.data.source import Arrays, DataSource, Pair, Report, find_place
from nnctl.data.sources import SOURCES
from nnctl.data.tables.columns import Columns, learn_columns
from nnctl.data.tables.novelty import describe_novelty
from nnctl.spec.sections import Data


def load(data: Data, report: Report, columns: Columns | None = None) -> Dataset:
    """The data that the section describes.

    Reads what is on disk; downloads what is not, and says so to `report`. Shares are cut with `split_seed` alone.

    Args:
        data: the section.
        report: told of a download.
        columns: how a table's columns become numbers, as an earlier training learned it; None to learn it from these
            training examples.

    Raises:
        DataError: the data cannot be found, read, or trained on.
    """
    source = select_source(data)
    check_paths(data)
    arrays, used, fallback = _read_arrays(source, data, report)
    told = take_labels(arrays, data, source, used, lambda section: source.read(section, report, **section.options))
    pairs, answers, rows, found, keys = told.pairs, told.answers, told.rows, told.found, told.keys
    assert rows["train"] is not None
    cut = None if keys is None else describe_cut(keys, data, _find_cut(rows, answers))
    left = count_left(len(pairs["train"].y), find_test_share(data, "test" in pairs))
    seen = dict.fromkeys(each for pair in pairs.values() for each in pair.said)
    cutting = () if cut is None else cut.notes
    notes = (*arrays.notes, *told.said, *cutting, *collect_notes(told.asked, pairs, left, found), *seen)
    pairs, columns, new = _encode_tables(pairs, rows["train"], data, columns)
    parts = keep_images(_make_splits(pairs, answers, rows), report)
    return Dataset(
        source=used.name,
        requested=data.source,
        title=arrays.title,
        origin=arrays.origin,
        fallback=fallback,
        **parts,  # type: ignore[arg-type]
        task=found.task,
        outputs=found.outputs,
        class_names=told.class_names,
        fingerprint=compute_fingerprint(parts, report),
        columns=columns,
        notes=(*notes, *(f"{key}: {each}" for key, lines in new.items() for each in lines)),
        new=new,
        dates=arrays.dates,
        cut=None if cut is None else cut.document(),
    )


def _read_arrays(source: DataSource, data: Data, report: Report) -> tuple[Arrays, DataSource, str | None]:
    """The arrays, the source that they are from, and why that is not the one asked for."""
    try:
        return source.read(data, report, **data.options), source, None
    except UnreachableError as error:
        if data.offline is None:
            raise
        other = SOURCES[data.offline]
        alone = replace(data, source=other.name, options={}, path=None)
        return other.read(alone, report), other, error.problems[0].message


def _find_cut(rows: dict[str, splits.Rows | None], y: dict[str, NDArray[Any]]) -> dict[str, splits.Rows]:
    """The rows of those splits that are training's: of train, and of what was cut from it."""
    return {key: picked for key, picked in rows.items() if picked is not None and (key == "train" or key not in y)}


def _encode_tables(
    pairs: dict[str, Pair], rows: splits.Rows, data: Data, columns: Columns | None
) -> tuple[dict[str, Pair], Columns | None, dict[str, tuple[str, ...]]]:
    """The pairs with tables turned into numbers by what the training rows tell, or by `columns`; how; and what is new.

    What is new to training is told of each file that is held out.
    """
    train = pairs["train"]
    if train.columns is None:
        return pairs, None, {}
    how, exact = columns or learn_columns(train, rows, find_place(data, "path")), data.older
    encoded = {
        key: replace(pair, x=how.encode(pair, find_split_place(data, key), exact)) for key, pair in pairs.items()
    }
    return encoded, how, {key: describe_novelty(how, pair, exact) for key, pair in pairs.items() if key != "train"}


def _make_splits(
    pairs: dict[str, Pair], y: dict[str, NDArray[Any]], rows: dict[str, splits.Rows | None]
) -> dict[str, Split | None]:
    """The three splits, from the arrays of `train` and of those splits that are not cut from it."""
    parts: dict[str, Split | None] = {}
    for key, picked in rows.items():
        own = key if key in y else "train"
        weight = pairs[own].weight if key == "train" else None
        parts[key] = None if picked is None else _take_rows(pairs[own], y[own], weight, picked)
    return parts


def _take_rows(pair: Pair, y: NDArray[Any], weight: NDArray[Any] | None, rows: splits.Rows) -> Split:
    """The rows of all arrays; all of them without a copy."""
    x, stored = pair.x, rows if pair.kept is None else pair.kept[rows]
    if len(rows) == len(x):
        return Split(x, y, stored, weight)
    some = x.take(rows) if isinstance(x, OnDisk) else x[rows]
    return Split(some, y[rows], stored, None if weight is None else weight[rows])

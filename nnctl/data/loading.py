"""From a `data` section to a data set: read, check, label, cut."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data import checks, splits, targets
from nnctl.data.dataset import Dataset, Split, fingerprint
from nnctl.data.download import UnreachableError
from nnctl.data.facts import test_share
from nnctl.data.selection import at, place, present, select
from nnctl.data.source import Arrays, DataSource, Pair, Report, sources
from nnctl.errors import Place
from nnctl.spec.sections import Data


def load(data: Data, report: Report) -> Dataset:
    """The data that the section describes.

    Reads what is on disk; downloads what is not, and says so to `report`. Shares are cut with `split_seed` alone.

    Raises:
        DataError: the data cannot be found, read, or trained on.
    """
    source = select(data)
    present(data)
    arrays, used, fallback = _read(source, data, report)
    pairs = {"train": arrays.train, **_held_out(source, arrays, data, report)}
    pairs = {key: checks.examples(pair, _place(data, key)) for key, pair in pairs.items()}
    for key, pair in pairs.items():
        checks.alike(pairs["train"], pair, _place(data, key))
    places = [_place(data, key) for key in pairs]
    found = targets.interpret(list(pairs.values()), data.labels, _known(used), places)
    labels = dict(zip(pairs, found.values, strict=True))
    parts = _split({key: pair.x for key, pair in pairs.items()}, labels, data)
    return Dataset(
        source=used.name,
        requested=data.source,
        title=arrays.title,
        origin=arrays.origin,
        fallback=fallback,
        **parts,  # type: ignore[arg-type]
        task=found.task,
        outputs=found.outputs,
        class_names=None if found.task == "regression" else found.class_names or used.class_names,
        fingerprint=fingerprint(parts),
    )


def _read(source: DataSource, data: Data, report: Report) -> tuple[Arrays, DataSource, str | None]:
    """The arrays, the source that they are from, and why that is not the one asked for."""
    try:
        return source.read(data, report, **data.options), source, None
    except UnreachableError as error:
        if data.offline is None:
            raise
        other = sources()[data.offline]
        alone = replace(data, source=other.name, options={}, path=None)
        return other.read(alone, report), other, error.problems[0].message


def _held_out(source: DataSource, arrays: Arrays, data: Data, report: Report) -> dict[str, Pair]:
    """The examples of validation and test that are not cut from the training examples."""
    held = {}
    for key, value in (("validation", data.validation), ("test", data.test)):
        if isinstance(value, Path):
            read = source.read(at(data, key, value), report, **data.options)
            # A file with two pairs holds out its second.
            pair = read.test or read.train
            held[key] = replace(pair, x_name=f"{key}'s {pair.x_name}", y_name=f"{key}'s {pair.y_name}")
    if data.test is None and arrays.test is not None:
        held["test"] = arrays.test
    return held


def _known(source: DataSource) -> int | None:
    """The number of classes, where the source tells it."""
    return source.facts.outputs if source.facts.task in ("multiclass", "binary") else None


def _place(data: Data, key: str) -> Place | None:
    return place(data, "path") if key == "train" else place(data, key, "path")


def _split(x: dict[str, NDArray[Any]], y: dict[str, NDArray[Any]], data: Data) -> dict[str, Split | None]:
    """The three splits, from the arrays of `train` and of those splits that are not cut from it."""
    cut = splits.cut(y["train"], data, test_share(data, "test" in y))
    parts: dict[str, Split | None] = {}
    for key, rows in (("train", cut.train), ("validation", cut.validation), ("test", cut.test)):
        own = key if key in y else "train"
        if rows is None and own == key:
            rows = _limited(y[key], data, key)
        parts[key] = None if rows is None else _taken(x[own], y[own], rows)
    return parts


def _limited(y: NDArray[Any], data: Data, key: str) -> splits.Rows:
    """The rows of a split that is not cut from training: all of them, or as many as the subset has."""
    rows = np.arange(len(y), dtype=np.int64)
    purpose = splits.SUBSET_OF_TEST if key == "test" else splits.SUBSET_OF_VALIDATION
    if data.subset is None:
        return rows
    return splits.sample(splits.by_class(y), rows, data.subset, data.split_seed, purpose)


def _taken(x: NDArray[Any], y: NDArray[Any], rows: splits.Rows) -> Split:
    """The rows of both arrays; all of them without a copy."""
    return Split(x, y, rows) if len(rows) == len(x) else Split(x[rows], y[rows], rows)

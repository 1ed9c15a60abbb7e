"""From a `data` section to a data set: read, check, label, cut."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.data.dataset import Dataset, Split, compute_fingerprint, decide_labels
from nnctl.data.download import UnreachableError
from nnctl.data.facts import count_left, find_test_share, refuse_idle_split
from nnctl.data.images.keeping import keep_images
from nnctl.data.memory.on_disk import OnDisk
from nnctl.data.preparing import checks, labels, splits
from nnctl.data.preparing.cuts import describe_cut
from nnctl.data.preparing.notes import collect_notes
from nnctl.data.preparing.row_keys import RowKeys, read_row_keys
from nnctl.data.selection import check_paths, replace_path, select_source
from nnctl.data.source import Arrays, DataSource, Pair, Report, find_place
from nnctl.data.sources import SOURCES
from nnctl.data.tables.columns import Columns, learn_columns
from nnctl.data.tables.novelty import describe_novelty
from nnctl.errors import Place
from nnctl.spec.sections import CLASS_TASKS, Data


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
    held, said = _read_held_out(source, arrays, data, report)
    pairs = _check_pairs({"train": arrays.train, **held}, data)
    places = [_find_place(data, key) for key in pairs]
    # What a source says of its labels, the loss need not guess; in a table texts are classes, and numbers are none.
    asked = data if used.facts.task is None else replace(data, classes=False, probabilities=False, numbers=False)
    whole = pairs["train"].columns is None
    found = labels.interpret_labels(list(pairs.values()), asked, _count_classes(arrays, used), places, whole)
    if data.older and found.task == "regression":
        found = replace(found, values=[y.astype(np.float32) for y in found.values])
    answers = dict(zip(pairs, found.values, strict=True))
    refuse_idle_split(data, "test" in pairs)
    keys = read_row_keys(data, used, pairs["train"])
    rows = _split_rows({key: decide_labels(y, found.task) for key, y in answers.items()}, data, keys)
    assert rows["train"] is not None
    cut = None if keys is None else describe_cut(keys, data, _find_cut(rows, answers))
    left = count_left(len(pairs["train"].y), find_test_share(data, "test" in pairs))
    seen = dict.fromkeys(each for pair in pairs.values() for each in pair.said)
    told = (*arrays.notes, *said, *(() if cut is None else cut.notes), *collect_notes(asked, pairs, left, found), *seen)
    pairs, columns, new = _encode_tables(pairs, rows["train"], data, columns)
    parts = keep_images(_make_splits(pairs, answers, rows), report)
    names = found.class_names or arrays.class_names or used.class_names
    return Dataset(
        source=used.name,
        requested=data.source,
        title=arrays.title,
        origin=arrays.origin,
        fallback=fallback,
        **parts,  # type: ignore[arg-type]
        task=found.task,
        outputs=found.outputs,
        class_names=None if found.task == "regression" else names,
        fingerprint=compute_fingerprint(parts, report),
        columns=columns,
        notes=(*told, *(f"{key}: {each}" for key, lines in new.items() for each in lines)),
        new=new,
        dates=arrays.dates,
        cut=None if cut is None else cut.document(),
    )


def _check_pairs(pairs: dict[str, Pair], data: Data) -> dict[str, Pair]:
    """The pairs, each fit to be trained on and of the training examples' shape and type."""
    pairs = {key: checks.check_examples(pair, _find_place(data, key)) for key, pair in pairs.items()}
    pairs["train"] = checks.check_weights(pairs["train"], _find_place(data, "train"))
    for key, pair in pairs.items():
        checks.check_alike(pairs["train"], pair, _find_place(data, key))
    return pairs


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


def _read_held_out(source: DataSource, arrays: Arrays, data: Data, report: Report) -> tuple[dict[str, Pair], list[str]]:
    """The examples of validation and test that are not cut from the training examples; and what is told of the rest."""
    held: dict[str, Pair] = {}
    said: list[str] = []
    for key, value, own in (("validation", data.validation, arrays.validation), ("test", data.test, arrays.test)):
        if isinstance(value, Path):
            section = _adapt_section(replace_path(data, key, value), arrays.train)
            read = source.read(section, report, **_adapt_options(source, data, arrays.train))
            pair = _choose_pair(read, key, data.older)
            held[key] = replace(pair, x_name=f"{key}'s {pair.x_name}", y_name=f"{key}'s {pair.y_name}")
            said += [note for note in read.notes if note not in (*arrays.notes, *said)]
        if value is None and own is not None:
            held[key] = own
        elif own is not None:
            said.append(f"the data's own {key} examples ({len(own.y):,}) are not used: the spec says `{key}: {value}`")
    return held, said


def _choose_pair(read: Arrays, key: str, older: bool) -> Pair:
    """What a file is named for: of several splits its own of that name, or what it holds out."""
    own = None if older else read.validation if key == "validation" else read.test
    return own or read.test or read.train


def _adapt_section(data: Data, train: Pair) -> Data:
    """The section of another file of a table, whose labels are taken for what they are in training."""
    if train.columns is None or data.labels != "auto":
        return data
    return replace(data, labels="raw" if train.y.dtype.kind == "f" else "integer")


def _adapt_options(source: DataSource, data: Data, train: Pair) -> dict[str, Any]:
    """The options that another file is read with: in a table, columns of texts are texts there too; nothing is weighed."""
    if "sample_weight" in source.options:
        return {**data.options, "sample_weight": "none"}
    texts = [column.name for column in train.columns or () if column.words is not None]
    return {**data.options, "categories": texts} if texts else dict(data.options)


def _count_classes(arrays: Arrays, source: DataSource) -> int | None:
    """The number of classes, where the source tells it."""
    if arrays.class_names is not None:
        return len(arrays.class_names)
    return source.facts.outputs if source.facts.task in CLASS_TASKS else None


def _find_place(data: Data, key: str) -> Place | None:
    return find_place(data, "path") if key == "train" else find_place(data, key, "path")


def _split_rows(y: dict[str, NDArray[Any]], data: Data, keys: RowKeys | None) -> dict[str, splits.Rows | None]:
    """The rows of the three splits: in the arrays of the split itself, or, if it is cut from training, in training's."""
    cut = splits.split_rows(y["train"], data, find_test_share(data, "test" in y), keys)
    rows: dict[str, splits.Rows | None] = {"train": cut.train, "validation": cut.validation, "test": cut.test}
    own = {key: _limit_rows(y[key], data, key) for key in rows if rows[key] is None and key in y}
    return {**rows, **own}


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
    how, exact = columns or learn_columns(train, rows, _find_place(data, "train")), data.older
    encoded = {key: replace(pair, x=how.encode(pair, _find_place(data, key), exact)) for key, pair in pairs.items()}
    return encoded, how, {key: describe_novelty(how, pair, exact) for key, pair in pairs.items() if key != "train"}


def _make_splits(
    pairs: dict[str, Pair], y: dict[str, NDArray[Any]], rows: dict[str, splits.Rows | None]
) -> dict[str, Split | None]:
    """The three splits, from the arrays of `train` and of those splits that are not cut from it."""
    parts: dict[str, Split | None] = {}
    for key, picked in rows.items():
        own = key if key in y else "train"
        weight = pairs[own].weight if key == "train" else None
        parts[key] = None if picked is None else _take_rows(pairs[own].x, y[own], weight, picked)
    return parts


def _limit_rows(y: NDArray[Any], data: Data, key: str) -> splits.Rows:
    """The rows of a split that is not cut from training: all of them, or as many as the subset has."""
    rows = np.arange(len(y), dtype=np.int64)
    purpose = splits.SUBSET_OF_TEST if key == "test" else splits.SUBSET_OF_VALIDATION
    if data.subset is None:
        return rows
    return splits.sample(splits.find_strata(y), rows, data.subset, data.split_seed, purpose)


def _take_rows(x: NDArray[Any], y: NDArray[Any], weight: NDArray[Any] | None, rows: splits.Rows) -> Split:
    """The rows of all arrays; all of them without a copy."""
    if len(rows) == len(x):
        return Split(x, y, rows, weight)
    some = x.take(rows) if isinstance(x, OnDisk) else x[rows]
    return Split(some, y[rows], rows, None if weight is None else weight[rows])

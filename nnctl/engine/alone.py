"""A file that is scored by itself: what a run has kept of its training stands where the training examples were."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nnctl.data import Dataset, Report, Split, read_scales
from nnctl.data.images.keeping import keep_images
from nnctl.data.inputs import Inputs, read_inputs
from nnctl.data.preparing import checks, labels
from nnctl.data.selection import adapt_section, check_paths, replace_path, select_source
from nnctl.data.source import Pair, find_place
from nnctl.data.tables import columns
from nnctl.data.tables.novelty import describe_novelty
from nnctl.runs import RunDirectory
from nnctl.spec.sections import CLASS_TASKS, Data

_MOST = 1_000_000  # training examples that are counted: more are in no batch, and a run may say any number


def load_alone(run: RunDirectory, data: Data, path: Path, report: Report) -> Dataset | None:
    """The examples of a file as the test split of a run's data, of which nothing else is read.

    The training split has as many examples as it had, of the form that they had, all alike: they are there to be counted.

    Args:
        run: the run.
        data: the `data` section of its spec.
        path: the file, read as the run's own source.
        report: told of what takes a while.

    Returns:
        None where the run has not kept enough for it: one of an earlier version, or one whose labels are shares.

    Raises:
        DataError: the file cannot be read, or is not what the network takes.
        RunError: what the run has kept cannot be read.
    """
    inputs, learned, scales = read_inputs(run.inputs), columns.read_columns(run.columns), read_scales(run.scaling)
    told = run.manifest.data.get("examples")
    count = told.get("train") if isinstance(told, dict) else None
    if inputs is None or scales is None or type(count) is not int or count < 1:
        return None
    source, place = select_source(data), find_place(data, "path")
    own = replace(replace_path(data, "path", path), validation=None, test=None, subset=None, split=None)
    check_paths(own)
    texts = None if learned is None else [each.name for each in learned.features if each.categories is not None]
    own = adapt_section(own, source.options, texts, inputs.task == "regression")
    arrays = source.read(own, report, **own.options)
    pair = checks.check_examples(arrays.test or arrays.train, place)
    known = _make_answers(pair.y, inputs)
    if known is None:
        return None
    blank = np.zeros((1, *(inputs.shape if learned is None else pair.x.shape[1:])), inputs.dtype)
    trained = Pair(
        np.broadcast_to(blank, (len(known), *blank.shape[1:])), known, "training", "training's labels", pair.columns
    )
    checks.check_alike(trained, pair, place)
    forms = {"regression": "raw", "multilabel": "multilabel"}
    asked = replace(data, labels=forms.get(inputs.task, data.labels))
    classes = len(inputs.names) if inputs.task in CLASS_TASKS else None
    found = labels.interpret_labels([trained, pair], asked, classes, [place, place], learned is None)
    new = () if learned is None else describe_novelty(learned, pair, data.older)
    x = pair.x if learned is None else learned.encode(pair, place, data.older)
    split = keep_images({"test": Split(x, found.values[1], np.arange(len(x), dtype=np.int64))}, report)["test"]
    rows = np.arange(min(count, _MOST), dtype=np.int64)
    train = Split(np.broadcast_to(blank if learned is None else np.zeros((1, *x.shape[1:]), x.dtype), (len(rows), *x.shape[1:])),
                  found.values[0][rows % len(known)], rows)  # fmt: skip
    return Dataset(
        source=source.name, requested=data.source, title=arrays.title, origin=arrays.origin, fallback=None, train=train,
        validation=None, test=split, task=inputs.task, outputs=found.outputs,
        class_names=None if inputs.task == "regression" else inputs.names, fingerprint="", columns=learned,
        new={"test": new} if new else {}, scales=scales,
    )  # fmt: skip


def _make_answers(y: NDArray[np.generic], inputs: Inputs) -> NDArray[np.generic] | None:
    """Labels of which each class, label or number is one, stored as those of the file are; None where these are shares."""
    names, count = inputs.names, len(inputs.names)
    if inputs.task == "regression":
        return y
    if inputs.task == "multilabel":
        whole = y.ndim == 2 and bool(((y == 0) | (y == 1)).all())
        return (
            np.concatenate([np.eye(count), np.ones((1, count)), np.zeros((1, count))]).astype(y.dtype)
            if whole
            else None
        )
    if y.dtype.kind in "US":
        words = np.array(names, np.str_)
        return words if y.dtype.kind == "U" else np.char.encode(words, "utf-8")
    if y.ndim == 2:  # a row of a 1 for its class, or shares
        return np.eye(count).astype(y.dtype) if y.dtype.kind in "bui" else None
    return np.arange(count).astype(y.dtype) if y.dtype.kind in "bui" or bool((y == np.floor(y)).all()) else None

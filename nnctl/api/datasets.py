"""Data sets from Python: what one holds, as training sees it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nnctl import plots
from nnctl.api.specs import Written, take_spec
from nnctl.data import Dataset, Report, Summary, decide_scales, describe_lost, load, silent, summarise
from nnctl.data.inputs import list_targets
from nnctl.data.tables.histograms import Histogram, count_categories, count_columns, count_numbers
from nnctl.errors import Problem, UsageError
from nnctl.plots.fonts import explain_letters
from nnctl.plots.samples import Change
from nnctl.spec import Spec
from nnctl.spec.sections import CLASS_TASKS

_MOST_READ = 100_000  # examples of a file that is not held in memory


def summarise_data(spec: Spec | Written, sheet: Path | None = None, report: Report | None = None) -> Summary:
    """What the data of a spec hold: splits, types, ranges, classes, columns.

    Args:
        spec: the spec, or what `load_spec` takes.
        sheet: a PNG to draw into: of examples of one axis a histogram of each column; of images some of each class, as they
            are and, where the spec augments them, changed at random, which takes TensorFlow. Nothing is drawn if it is left out.
        report: told of a download.

    Raises:
        DataError: the data cannot be had, read or trained on.
        UsageError: a sheet is to be drawn and the examples have neither columns nor are images of classes, or the file cannot be
            written.
        SpecError: a layer cannot augment such images, or the spec cannot be read.
    """
    spec = take_spec(spec)
    dataset = load(spec.data, report or silent)
    scales = decide_scales(spec, dataset)
    notes = (*dataset.notes, *describe_lost(spec, dataset, scales))
    if sheet is not None and (told := explain_letters(_list_names(dataset))):
        notes = (*notes, told)
    found = replace(summarise(dataset, list_targets(spec)), notes=notes, scale=scales.inputs.describe())
    if sheet is not None:
        _draw(dataset, sheet, spec)
    return found


def _list_names(dataset: Dataset) -> tuple[str, ...]:
    """What stands in a picture of the data."""
    return dataset.title, *dataset.names, *(() if dataset.columns is None else dataset.columns.names)


def _change(spec: Spec, dataset: Dataset) -> Change | None:
    """What augmentation makes of images, which takes TensorFlow; None without any."""
    if not spec.train.augment:
        return None
    from nnctl.engine.network.augmentation import preview

    return preview(spec, dataset)


def _draw(dataset: Dataset, sheet: Path, spec: Spec) -> None:
    """Draws a histogram of each column, or some training images of each class and, where they are, the same ones augmented."""
    shape = dataset.train.x.shape[1:]
    images = dataset.task in CLASS_TASKS and len(shape) in (2, 3)
    if len(shape) != 1 and not images:
        fault = "holds neither columns nor images of classes, so there is nothing to draw: its examples have the shape"
        raise UsageError(Problem("no-images", f"{dataset.title} {fault} {shape}", hint="leave out `--out`"))
    title = f"{dataset.title}: training examples"
    try:
        if images:
            draw, change = dataset.decide(dataset.train), _change(spec, dataset)
            plots.draw_samples(dataset.train.x, draw, dataset.names, sheet, title, change)
        else:
            plots.draw_columns(*_count_columns(dataset, list_targets(spec)), sheet, title)
    except OSError as error:
        message = f"{sheet} cannot be written: {error.strerror}"
        raise UsageError(Problem("unwritable-file", message)) from None


def _count_columns(dataset: Dataset, columns: Sequence[str]) -> tuple[list[Histogram], list[Histogram]]:
    """The features and what is predicted, each counted; of examples on disk at most 100,000, evenly chosen."""
    train = dataset.train
    rows = np.linspace(0, len(train) - 1, min(len(train), _MOST_READ)).astype(np.int64)
    features = count_columns(train.x if isinstance(train.x, np.ndarray) else train.x[rows], dataset.columns)
    found = dataset.decide(train)
    if found.ndim == 1 and dataset.task in CLASS_TASKS:
        name = columns[0] if len(columns) == 1 else "class"
        return features, [count_categories(name, found, dataset.names)]
    table = found.reshape(len(found), -1)
    told = dataset.class_names or tuple(f"target {index}" for index in range(table.shape[1]))
    names = columns if len(columns) == table.shape[1] else told
    if dataset.task == "regression":
        return features, [count_numbers(name, values) for name, values in zip(names, table.T, strict=True)]
    return features, [
        count_categories(name, values, ("no", "yes")) for name, values in zip(names, table.T, strict=True)
    ]

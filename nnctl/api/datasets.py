"""Data sets from Python: what one holds, as training sees it."""

from dataclasses import replace
from pathlib import Path

from nnctl import plots
from nnctl.api.specs import Written, take_spec
from nnctl.data import Dataset, Report, Summary, decide_scales, describe_lost, load, silent, summarise
from nnctl.errors import Problem, UsageError
from nnctl.plots.samples import Change
from nnctl.spec import Spec
from nnctl.spec.sections import CLASS_TASKS


def summarise_data(spec: Spec | Written, sheet: Path | None = None, report: Report | None = None) -> Summary:
    """What the data of a spec hold: splits, types, ranges, classes, columns.

    Args:
        spec: the spec, or what `load_spec` takes.
        sheet: a PNG to draw some training images of each class into, as they are and, where the spec augments them, changed
            at random, which takes TensorFlow; nothing is drawn if it is left out.
        report: told of a download.

    Raises:
        DataError: the data cannot be had, read or trained on.
        UsageError: a sheet is to be drawn and the examples are no images of classes, or the file cannot be written.
        SpecError: a layer cannot augment such images, or the spec cannot be read.
    """
    spec = take_spec(spec)
    dataset = load(spec.data, report or silent)
    scales = decide_scales(spec, dataset)
    notes = (*dataset.notes, *describe_lost(spec, dataset, scales))
    found = replace(summarise(dataset), notes=notes, scale=scales.inputs.describe())
    if sheet is not None:
        _draw(dataset, sheet, _change(spec, dataset))
    return found


def _change(spec: Spec, dataset: Dataset) -> Change | None:
    """What augmentation makes of images, which takes TensorFlow; None without any."""
    if not spec.train.augment:
        return None
    from nnctl.engine.network.augmentation import preview

    return preview(spec, dataset)


def _draw(dataset: Dataset, sheet: Path, change: Change | None) -> None:
    """Draws some training images of each class into a PNG, and under them, where `change` says how, the same ones augmented."""
    shape = dataset.train.x.shape[1:]
    if dataset.task not in CLASS_TASKS or len(shape) not in (2, 3):
        fault = "holds no images of classes, so there is no sheet to draw: its examples have the shape"
        raise UsageError(Problem("no-images", f"{dataset.title} {fault} {shape}", hint="leave out `--out`"))
    title = f"{dataset.title}: training examples"
    try:
        plots.draw_samples(dataset.train.x, dataset.decide(dataset.train), dataset.names, sheet, title, change)
    except OSError as error:
        message = f"{sheet} cannot be written: {error.strerror}"
        raise UsageError(Problem("unwritable-file", message)) from None

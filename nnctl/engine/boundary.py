"""What a network answers all over the plane of two features."""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from nnctl import plots
from nnctl.data import Dataset, Split, find_data_reader
from nnctl.metrics import Predictions
from nnctl.plots.boundary import Regions
from nnctl.spec.sections import Spec

SIDE = 200  # points of the grid, along each feature
_MARGIN = 0.06  # of a feature's range, on either side
_BATCH = 8_000


def has_plane(spec: Spec, dataset: Dataset, predictions: Predictions) -> bool:
    """Whether there is a plane of answers: examples are two numbers each, and the network decides something.

    A column of categories has no numbers between two of them, and an index no neighbours.
    """
    learned = dataset.columns
    numbers = learned is None or bool(learned.numeric.all())
    plane = dataset.train.x.shape[1:] == (2,) and isinstance(dataset.train.x, np.ndarray)
    return (
        plane and numbers and predictions.meaning.decides and find_data_reader(spec.data, dataset, spec.layers) is None
    )


def draw_plane(
    model: keras.Model, dataset: Dataset, split: Split, predictions: Predictions, path: Path, title: str
) -> None:
    """Draws where a model changes its answer, with the examples of a split.

    Args:
        model: a model that takes examples as they are stored.
        dataset: the data, of two features.
        split: the examples that are drawn, which say how far the plane reaches.
        predictions: what the model says of them.
        path: the PNG to write.
        title: the heading.

    Raises:
        OSError: the file cannot be written.
    """
    grid, ends = make_grid(np.asarray(split.x))
    outputs = np.concatenate(
        [np.asarray(model(grid[i : i + _BATCH], training=False)) for i in range(0, len(grid), _BATCH)]
    )
    unknown = np.zeros((len(grid), *predictions.target.shape[1:]), predictions.target.dtype)
    kept = outputs.reshape(len(grid), -1).astype(predictions.output.dtype)
    answered = Predictions(np.arange(len(grid)), unknown, kept, predictions.meaning, predictions.class_names)
    names = (
        ("Feature 0", "Feature 1") if dataset.columns is None else (dataset.columns.names[0], dataset.columns.names[1])
    )
    plots.draw_boundary(_list_panels(answered, predictions), np.asarray(split.x), ends, names, path, title)


def make_grid(x: NDArray[np.generic]) -> tuple[NDArray[np.generic], tuple[float, float, float, float]]:
    """Points all over the plane of two features, in the type of the examples.

    Args:
        x: the examples, of shape (n, 2).

    Returns:
        The points, of shape (SIDE * SIDE, 2), the first feature running fastest; and the ends of both features. Whole numbers
        keep within the range of the examples: others may be none of their type.
    """
    lines, ends = [], []
    for values in x.T:
        low, high = float(values.min()), float(values.max())
        wide = _MARGIN * (high - low) or 0.5
        ends += [low - wide, high + wide]
        line = np.linspace(ends[-2], ends[-1], SIDE)
        lines.append(np.clip(np.rint(line), low, high) if x.dtype.kind in "iub" else line)
    points = np.stack([each.ravel() for each in np.meshgrid(*lines)], axis=1)
    return points.astype(x.dtype), (ends[0], ends[1], ends[2], ends[3])


def _list_panels(answered: Predictions, predictions: Predictions) -> list[Regions]:
    """One panel of classes, or one for each label."""
    shape, names = (SIDE, SIDE), answered.class_names
    if answered.classes:
        sure = answered.confidence.reshape(shape) if answered.proper else None
        return [Regions("", names, answered.predicted.reshape(shape), sure, predictions.target)]
    sures = np.maximum(answered.probabilities, 1 - answered.probabilities) if answered.proper else None
    return [
        Regions(
            name,
            ("no", "yes"),
            answered.predicted[:, index].reshape(shape),
            None if sures is None else sures[:, index].reshape(shape).astype(np.float32),
            predictions.target[:, index],
        )
        for index, name in enumerate(names[: plots.boundary.MOST_PANELS])
    ]

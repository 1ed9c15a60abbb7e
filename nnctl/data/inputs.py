"""What a network takes and tells, kept in its run, so that predictions need neither the data nor the spec's sources."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl import bounds
from nnctl.data.dataset import Dataset
from nnctl.data.images.ink import Ink, measure_ink
from nnctl.data.sources import SOURCES
from nnctl.errors import DataError, Problem
from nnctl.files import read_kept
from nnctl.spec.sections import Spec
from nnctl.spelling import dump_json

MEASURED = 1_000  # training examples, evenly over all


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was learned of the training examples.

    Attributes:
        shape: of an example as it is stored.
        dtype: the NumPy name of its type.
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        names: of the classes, labels or targets.
        lowest: the smallest value of the examples that were measured.
        highest: the largest.
        mean: the mean of their values.
        deviation: the standard deviation of their values.
        ink: what they have in common as drawings, or None.
    """

    shape: tuple[int, ...]
    dtype: str
    task: str
    names: tuple[str, ...]
    lowest: float
    highest: float
    mean: float
    deviation: float
    ink: Ink | None = None

    @property
    def image(self) -> tuple[int, int, int] | None:
        """Height, width and channels if an example can be a picture, else None."""
        if len(self.shape) == 2:
            return self.shape[0], self.shape[1], 1
        if len(self.shape) == 3 and self.shape[2] in (1, 3):
            return self.shape[0], self.shape[1], self.shape[2]
        return None

    @property
    def span(self) -> tuple[float, float]:
        """What black and white are among the stored values: of bytes 0 and 255, of other types the values that occur."""
        if self.dtype == "uint8" and self.highest > 127:
            return 0.0, 255.0
        return min(0.0, self.lowest), self.highest if self.highest > min(0.0, self.lowest) else 1.0

    def convert_pixels(self, brightness: NDArray[Any]) -> NDArray[Any]:
        """Pixels from 0 (black) to 1 (white) as an example of the stored shape, type and range."""
        low, high = self.span
        values = low + brightness.reshape(self.shape).astype(np.float64) * (high - low)
        return (np.rint(values) if np.dtype(self.dtype).kind in "iu" else values).astype(self.dtype)

    def dump(self) -> str:
        """As JSON; `parse_inputs` reads it back."""
        return dump_json(asdict(self), indent=2) + "\n"


def learn_inputs(dataset: Dataset, names: Sequence[str] | None = None) -> Inputs:
    """What the training examples of a data set tell.

    Args:
        dataset: the data.
        names: the names of the targets of a regression, where these are known.

    Raises:
        DataError: an image cannot be decoded.
    """
    train = dataset.train
    x = train.x[np.linspace(0, len(train) - 1, min(MEASURED, len(train))).astype(np.int64)]
    given = (dataset.class_names if dataset.task != "regression" else None) or (names or ())
    known = given if len(given) == dataset.outputs else [str(index) for index in range(dataset.outputs)]
    values = x.astype(np.float64)
    lowest, highest, mean, deviation = (float(f(values)) for f in (np.min, np.max, np.mean, np.std))
    plain = Inputs(tuple(x.shape[1:]), x.dtype.name, dataset.task, tuple(known), lowest, highest, mean, deviation)
    image = plain.image
    if image is None or image[2] == 3 or x.dtype.kind not in "iuf":
        return plain
    low, high = plain.span
    grey = ((values - low) / (high - low)).reshape(len(x), *image[:2]).astype(np.float32)
    return replace(plain, ink=measure_ink(grey))


def list_targets(spec: Spec) -> tuple[str, ...]:
    """The names of the numbers to predict, as far as the source or the spec says them: of a table its label columns; else ()."""
    label = spec.data.options.get("label")
    if label is None:
        return SOURCES[spec.data.source].targets
    return tuple(map(str, label)) if isinstance(label, list) else (str(label),)


def read_inputs(path: Path) -> Inputs | None:
    """What a run has learned of its examples; None where there is no such file: the run is older.

    Raises:
        RunError: the file cannot be read.
        DataError: it says something else.
    """
    return read_kept(path, bounds.INPUTS, parse_inputs)


def parse_inputs(text: str) -> Inputs:
    """What `Inputs.dump` has written.

    Raises:
        DataError: the text is something else.
    """
    try:
        entry: dict[str, Any] = json.loads(text)
        ink = entry.pop("ink")
        shape, names = tuple(map(int, entry.pop("shape"))), tuple(map(str, entry.pop("names")))
        dtype, task = np.dtype(entry.pop("dtype")).name, str(entry.pop("task"))
        numbers = {name: float(entry.pop(name)) for name in ("lowest", "highest", "mean", "deviation")}
        return Inputs(shape, dtype, task, names, **numbers, ink=None if ink is None else _parse_ink(ink))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        hint = "remove it: what it tells is then taken from the data"
        raise DataError(Problem("bad-inputs", "inputs.json is not as nnctl writes it", hint=hint)) from None


def _parse_ink(entry: dict[str, Any]) -> Ink:
    lists = {name: tuple(map(float, entry[name])) for name in ("side", "centre", "mass")}
    if [len(each) for each in lists.values()] != [3, 2, 3] or type(entry["light"]) is not bool:
        raise ValueError(entry)
    numbers = {name: float(entry[name]) for name in ("paper", "level", "drift", "wide")}
    return Ink(light=entry["light"], **lists, **numbers)  # type: ignore[arg-type]

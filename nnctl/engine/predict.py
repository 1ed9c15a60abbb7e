"""`nnctl predict`, without the terminal: files of examples go through a run's model, block by block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import keras
import numpy as np

from nnctl.data import Report, columns, inputs, load, peek
from nnctl.data.columns import Columns
from nnctl.data.delimited import Form
from nnctl.data.inputs import Inputs
from nnctl.engine import saving
from nnctl.engine.evaluation import probabilities
from nnctl.errors import DataError, NnctlError, Problem, UsageError
from nnctl.predicting.keeping import kept
from nnctl.predicting.reading import Block, Reading
from nnctl.runs import Run
from nnctl.spec import Spec, load_spec

INVERT = ("auto", "yes", "no")


@dataclass(frozen=True, slots=True, eq=False)
class Predicted:
    """What a model says of some examples of one file.

    Attributes:
        name: the file, as the user calls it.
        first: the number (from 0) of the first example in it, or None for a picture.
        output: float32 of shape (n, k), a probability for each class or label, or the numbers of a regression.
        said: what was found and done to the examples, a sentence each.
    """

    name: str
    first: int | None
    output: np.ndarray
    said: tuple[str, ...]


class Predictor:
    """A run's model, ready for files.

    Args:
        run: the run.
        invert: whether light and dark of pictures change places: `auto`, `yes` or `no`.
        fit: whether what is drawn is scaled and moved to where training has it.
        report: told of what takes a while.

    Attributes:
        task: `multiclass`, `binary`, `multilabel` or `regression`.
        names: of the classes, labels or targets, one for each column of the output.

    Raises:
        UsageError: `invert` is something else.
        SpecError, DataError, RunError: the run's spec, model or what it tells of its data cannot be read.
    """

    def __init__(self, run: Run, invert: str, fit: bool, report: Report) -> None:
        if invert not in INVERT:
            hint = f"there are {', '.join(INVERT)}"
            raise UsageError(Problem("bad-value", f"--invert is {invert!r}, expected one of three words", hint=hint))
        run.confine()
        self.spec = load_spec(run.resolved)
        self.model: keras.Model = saving.load(run.model)
        known = _inputs(run, self.spec, report)
        self.task = known.task
        self.reading = _reading(self.spec, known, columns.read(run.columns), invert, fit)
        units = 2 if self.task == "binary" else int(self.model.output_shape[-1])
        self.names = (*known.names[:units], *(str(index) for index in range(len(known.names), units)))

    def predict(self, files: Sequence[str], stdin: BinaryIO) -> Iterator[Predicted]:
        """What the model says, file by file. A file that is wrong keeps no other from its turn.

        Args:
            files: their paths; `-` is the standard input.
            stdin: the standard input.

        Raises:
            DataError: at the end, with what is wrong with each file.
        """
        problems: list[Problem] = []
        for name in files:
            try:
                with kept(name, stdin) as (path, told):
                    yield from self._file(path, told)
            except NnctlError as error:
                problems += error.problems
        if problems:
            raise DataError(*problems)

    def _file(self, path: Path, name: str) -> Iterator[Predicted]:
        try:
            yield from map(self._predicted, self.reading.blocks(path, name))
        except NnctlError as error:  # a copy's path is no name that the user knows
            clean = [replace(each, message=each.message.replace(str(path), name)) for each in error.problems]
            raise DataError(*clean) from None

    def _predicted(self, block: Block) -> Predicted:
        outputs = np.asarray(self.model.predict_on_batch(block.x), np.float32).reshape(len(block.x), -1)
        if self.task != "regression":
            outputs = probabilities(outputs, self.spec, self.task)
        if self.task == "binary" and outputs.shape[1] == 1:
            outputs = np.hstack([1 - outputs, outputs])
        return Predicted(block.name, block.first, outputs, block.said)


def _inputs(run: Run, spec: Spec, report: Report) -> Inputs:
    """What the run tells of its data, or, of a run from before it was kept, the data themselves."""
    if (known := inputs.read(run.inputs)) is not None:
        return known
    report("the run has no inputs.json: reading its data", None)
    spec = load_spec(run.resolved, peek=peek)
    return inputs.inputs(load(spec.data, report, columns.read(run.columns)), inputs.targets(spec))


def _reading(spec: Spec, known: Inputs, learned: Columns | None, invert: str, fit: bool) -> Reading:
    options = spec.data.options
    told = {
        name: options[name] for name in ("delimiter", "quote", "header", "decimal") if options.get(name) is not None
    }
    missing, array = options.get("missing"), options.get("x")
    words = tuple(map(str, missing)) if isinstance(missing, list) else None
    written = Form(**told) if learned is not None else Form()  # type: ignore[arg-type]
    return Reading(known, learned, written, words, None if array is None else str(array), invert, fit)

"""`nnctl predict`, without the terminal: files of examples go through a run's model, block by block."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

import keras
import numpy as np

from nnctl.data import Report
from nnctl.engine.network import model_file
from nnctl.engine.network.indices import INDEX_HINT, IndexRange
from nnctl.errors import DataError, Problem
from nnctl.metrics.answers import decide
from nnctl.predicting.arrays import read_array
from nnctl.predicting.learned import make_reading
from nnctl.predicting.naming import Predicted, make_answers, name_answers
from nnctl.predicting.reading import Block
from nnctl.runs import RunDirectory
from nnctl.runs.meaning import load_trained
from nnctl.spec.network.meaning import find_meaning
from nnctl.spec.network.raw import find_reader


class Predictor:
    """A run's model, ready for files.

    Args:
        run: the run.
        invert: whether light and dark of pictures change places: `auto`, `yes` or `no`.
        fit: whether what is drawn is scaled and moved to where training has it.
        report: told of what takes a while.

    Attributes:
        meaning: what the outputs are.
        names: of the classes, labels or targets, one for each column of the output.
        kept: the type that outputs are kept in.

    Raises:
        UsageError: `invert` is something else.
        SpecError, DataError, RunError: the run's spec, model or what it tells of its data cannot be read.
    """

    def __init__(self, run: RunDirectory, invert: str, fit: bool, report: Report) -> None:
        run.confine()
        self.spec = load_trained(run)
        self.reading = make_reading(run, self.spec, invert, fit, report)
        self.model: keras.Model = model_file.load(run.model)
        units, task = int(self.model.output_shape[-1]), self.reading.inputs.task
        self.meaning = find_meaning(self.spec.train.loss, self.spec.layers, task, units)
        reader = find_reader(self.spec.layers, self.reading.inputs.shape, self.spec.data.older)
        shape, dtype = self.reading.inputs.shape, np.dtype(self.reading.inputs.dtype)
        self._range = None if reader is None or reader.masks else IndexRange(reader, shape, dtype)
        # Numbers that float32 has no digits for come as float64; half precision is answered as float32.
        self.kept = np.float64 if self.model.outputs[0].dtype == "float64" else np.float32
        self.names = name_answers(self.reading.inputs.names, self.meaning)
        if (older := run.manifest.older) and self.meaning.decides and not self.meaning.probable:
            report(
                f"trained by nnctl {older}, which clipped such outputs to 0 and 1: these are the scores themselves",
                None,
            )

    def predict(self, files: Sequence[str], stdin: BinaryIO) -> Iterator[Predicted]:
        """What the model says, file by file. A file that is wrong keeps no other from its turn.

        Args:
            files: their paths; `-` is the standard input.
            stdin: the standard input.

        Raises:
            DataError: at the end, with what is wrong with each file.
        """
        problems: dict[str, Problem] = {}
        yield from map(self._answer, self._hold(self.reading.read_files(files, stdin), problems))
        if problems:
            raise DataError(*problems.values())

    def predict_array(self, x: Any) -> Iterator[Predicted]:
        """What the model says of the examples of an array or a data frame, as `nnctl.predicting.arrays.read_array` takes them.

        Raises:
            DataError: they are not what the network takes.
        """
        problems: dict[str, Problem] = {}
        for block in self._hold(read_array(self.reading, x), problems):
            yield self._answer(block)
        if problems:
            raise DataError(*problems.values())

    def _answer(self, block: Block) -> Predicted:
        outputs = np.asarray(self.model.predict_on_batch(block.x), self.kept).reshape(len(block.x), -1)
        chosen = decide(outputs, self.meaning) if self.meaning.decides else None
        found = Predicted(block.name, block.rows, make_answers(outputs, self.meaning), chosen, block.said)
        return replace(found, said=(*block.said, *_name_lost(found)))

    def _hold(self, blocks: Iterator[Block], problems: dict[str, Problem]) -> Iterator[Block]:
        """The blocks of files whose indices the network holds; of the others, and of those that cannot be read, why not."""
        try:
            for block in blocks:
                if self._range is not None and (problem := self._range.find_problem([block.x], block.name)):
                    problems.setdefault(block.name, replace(problem, place=None, hint=INDEX_HINT))
                if block.name not in problems:
                    yield block
        except DataError as error:
            problems |= {f"{index}: {each.message}": each for index, each in enumerate(error.problems)}


def _name_lost(block: Predicted) -> Iterator[str]:
    """What must be said of outputs that are not finite."""
    if len(lost := block.lost):
        rows = "" if block.rows is None else f" (row {', '.join(str(block.rows[row]) for row in lost[:5])})"
        yield f"{len(lost):,} of {len(block.output):,} outputs are not finite{rows}: there is no answer"

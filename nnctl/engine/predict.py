"""`nnctl predict`, without the terminal: files of examples go through a run's model, block by block."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import keras
import numpy as np

from nnctl.data import Report
from nnctl.engine.network import model_file
from nnctl.predicting.learned import make_reading
from nnctl.predicting.naming import make_answers, name_answers
from nnctl.runs import RunDirectory
from nnctl.spec import load_spec


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

    def __init__(self, run: RunDirectory, invert: str, fit: bool, report: Report) -> None:
        run.confine()
        self.spec = load_spec(run.resolved)
        self.reading = make_reading(run, self.spec, invert, fit, report)
        self.model: keras.Model = model_file.load(run.model)
        self.task = self.reading.inputs.task
        self.names = name_answers(self.reading.inputs.names, self.task, int(self.model.output_shape[-1]))

    def predict(self, files: Sequence[str], stdin: BinaryIO) -> Iterator[Predicted]:
        """What the model says, file by file. A file that is wrong keeps no other from its turn.

        Args:
            files: their paths; `-` is the standard input.
            stdin: the standard input.

        Raises:
            DataError: at the end, with what is wrong with each file.
        """
        for block in self.reading.read_files(files, stdin):
            outputs = np.asarray(self.model.predict_on_batch(block.x), np.float32).reshape(len(block.x), -1)
            yield Predicted(block.name, block.first, make_answers(outputs, self.spec, self.task), block.said)

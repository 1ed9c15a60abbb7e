"""What a network said about each example, beside what was true: the one table that every score is computed from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.errors import Problem, RunError
from nnctl.files import write_text

CLASS_TASKS = ("binary", "multiclass")
"""The tasks whose examples have one class each."""

TASKS = (*CLASS_TASKS, "multilabel", "regression")
"""Every task."""

_TARGET: dict[str, type] = {"multilabel": np.uint8, "regression": np.float32}


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Predictions for n examples; k is the number of classes, labels or targets.

    Attributes:
        rows: int64 of shape (n,), where each example stands in its split.
        target: the truth: int32 of shape (n,) with class indices for `binary` and `multiclass`, uint8 of shape (n, k)
            with 0 and 1 for `multilabel`, float32 of shape (n, k) for `regression`.
        output: float32 of shape (n, k), probabilities or, for `regression`, numbers; of shape (n, 1) for `binary`,
            the probability of class 1.
        task: one of `TASKS`.
        class_names: a name for each class, label or target; two for `binary`.

    Raises:
        ValueError: the shapes do not belong together, a class index has no name, or a label is neither 0 nor 1.
    """

    rows: NDArray[np.int64]
    target: NDArray[Any]
    output: NDArray[np.float32]
    task: str
    class_names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise ValueError(f"no task is called {self.task!r}")
        n, k = len(self.rows), len(self.class_names)
        shapes = self.rows.shape, self.target.shape, self.output.shape
        if shapes != ((n,), (n,) if self.classes else (n, k), (n, 1 if self.task == "binary" else k)):
            raise ValueError(f"{self.task} predictions with {k} names cannot have arrays of shapes {shapes}")
        highest = {"regression": None, "multilabel": 1}.get(self.task, k - 1)
        if n and highest is not None and not 0 <= self.target.min() <= self.target.max() <= highest:
            raise ValueError(f"a target lies outside 0 to {highest}")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def classes(self) -> bool:
        """Whether each example has one class."""
        return self.task in CLASS_TASKS

    @property
    def predicted(self) -> NDArray[Any]:
        """The answers, in the form of `target`.

        The class of the highest output, of equals the first; for `binary` and `multilabel` 1 above 0.5, not at it, as
        `keras.metrics.BinaryAccuracy` has it; for `regression` the output itself.
        """
        if self.task == "regression":
            return self.output
        if self.task == "multilabel":
            return (self.output > 0.5).astype(np.uint8)
        chosen = self.output[:, 0] > 0.5 if self.task == "binary" else self.output.argmax(axis=1)
        return chosen.astype(np.int32)

    @property
    def confidence(self) -> NDArray[np.float32]:
        """The output for the predicted class, float32 of shape (n,); for tasks of one class an example only."""
        if self.task == "binary":
            return np.maximum(self.output[:, 0], 1 - self.output[:, 0])
        highest: NDArray[np.float32] = self.output.max(axis=1)
        return highest

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """The output as float64 with a column for each class, shape (n, k), `binary` included."""
        output = self.output.astype(np.float64)
        return np.hstack([1 - output, output]) if self.task == "binary" else output

    @property
    def proper(self) -> bool:
        """Whether the outputs are probabilities: finite, from 0 to 1, and for one class an example with a sum of 1.

        A network that ends in a linear layer, or in a sigmoid for each of several exclusive classes, is not proper, and
        scores of probabilities say nothing about it. The sum may be off by 1e-3: half-precision softmax is, by 5e-4.
        """
        output = self.probabilities if self.classes else self.output
        inside = bool(np.all((output >= 0) & (output <= 1)))
        return inside and (not self.classes or bool(np.all(abs(output.sum(axis=1) - 1) <= 1e-3)))

    def write(self, path: Path) -> None:
        """Writes the table as CSV, atomically.

        Columns for one class an example: `row,target,predicted,confidence,p_0,p_1,...`, for `binary` only `p_1`; for
        `multilabel` `row,target_0,...,p_0,...`; for `regression` `row,target_0,...,predicted_0,...`. Classes are
        indices; floats have nine significant digits, which tell any two float32 apart (IEEE 754-2019, 5.12.2).

        Raises:
            OSError: the folder cannot be written to, or the disk is full.
        """
        columns = self._make_columns()
        form = ",".join("%.9g" if column.dtype.kind == "f" else "%d" for column in columns.values())
        cells = zip(*(column.tolist() for column in columns.values()), strict=True)
        write_text(path, "\n".join([",".join(columns), *(form % row for row in cells), ""]))

    def _make_columns(self) -> dict[str, NDArray[Any]]:
        columns: dict[str, NDArray[Any]] = {"row": self.rows}
        if self.classes:
            columns |= {"target": self.target, "predicted": self.predicted, "confidence": self.confidence}
        else:
            columns |= {f"target_{j}": column for j, column in enumerate(self.target.T)}
        return columns | dict(zip(_name_outputs(self.task, len(self.class_names)), self.output.T, strict=True))

    @classmethod
    def read(cls, path: Path, task: str, class_names: tuple[str, ...]) -> "Predictions":
        """The predictions that `write` wrote, bit for bit.

        Raises:
            RunError: the file is missing, or is not a table of predictions for this task and these classes.
        """
        try:
            header, *lines = path.read_text(encoding="utf-8").splitlines()
            return cls._parse(header.split(","), lines, task, class_names)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or f"it is not a table of {task} predictions"
            raise RunError(Problem("bad-run", f"{path} cannot be read: {reason}")) from None

    @classmethod
    def _parse(cls, names: list[str], lines: list[str], task: str, class_names: tuple[str, ...]) -> "Predictions":
        kind, outputs = _TARGET.get(task, np.int32), _name_outputs(task, len(class_names))
        targets = [name for name in names if name.startswith("target")]
        kinds = {"row": np.int64, "predicted": np.int32, **dict.fromkeys(targets, kind)}
        form = np.dtype([(name, kinds.get(name, np.float32)) for name in names])
        # NumPy warns of an empty table, which is one of no examples here.
        table = np.loadtxt(lines, dtype=form, delimiter=",", comments=None, ndmin=1) if lines else np.empty(0, form)
        target = _stack(table, targets) if task not in CLASS_TASKS else table["target"].copy()
        return cls(table["row"].copy(), target, _stack(table, outputs), task, class_names)


def _name_outputs(task: str, k: int) -> list[str]:
    if task == "binary":
        return ["p_1"]
    return [f"{'predicted' if task == 'regression' else 'p'}_{j}" for j in range(k)]


def _stack(table: NDArray[Any], names: list[str]) -> NDArray[Any]:
    return np.stack([table[name] for name in names], axis=1)

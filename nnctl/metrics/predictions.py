"""What a network said about each example, beside what was true: the one table that every score is computed from."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.errors import Problem, RunError
from nnctl.files import write_text
from nnctl.metrics import answers
from nnctl.spec.network.meaning import Kind, Meaning
from nnctl.spec.sections import CLASS_TASKS

TASKS = (*CLASS_TASKS, "multilabel", "regression")
"""Every task."""

_FORMS = {"float16": "%.9g", "float32": "%.9g", "float64": "%.17g"}
_TARGET: dict[str, type] = {"multilabel": np.uint8, "regression": np.float64}
# What the columns of an output are called in the file; the shares and probabilities of logits stand beside them.
_COLUMNS = {
    "logits": "logit",
    "log_odds": "logit",
    "signed": "score",
    "scores": "score",
    "numbers": "predicted",
    "embedding": "output",
}
_USUAL: dict[str, Kind] = {
    "binary": "probabilities", "multiclass": "shares", "multilabel": "probabilities", "regression": "numbers",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Predictions:
    """Predictions for n examples; k is the number of classes, labels or targets.

    Attributes:
        rows: int64 of shape (n,), where each example stands in its split.
        target: the truth: int32 of shape (n,) with class indices for `binary` and `multiclass`, uint8 of shape (n, k)
            with 0 and 1 for `multilabel`, float32 or float64 of shape (n, k) for `regression`.
        output: float32 (float64 where that has not the digits) of shape (n, k), what the network gave, as it gave it; for
            `binary` of shape (n, 1) or (n, 2), for an embedding of any width.
        meaning: what the output is.
        class_names: a name for each class, label or target; two for `binary`.

    Raises:
        ValueError: the shapes do not belong together, a class index has no name, or a label is neither 0 nor 1.
    """

    rows: NDArray[np.int64]
    target: NDArray[Any]
    output: NDArray[np.float32]
    meaning: Meaning
    class_names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise ValueError(f"no task is called {self.task!r}")
        n, k, units = len(self.rows), len(self.class_names), self.meaning.units
        shapes = self.rows.shape, self.target.shape, self.output.shape
        fits = units == k or (self.task == "binary" and units == 1) or self.meaning.kind == "embedding"
        if not fits or shapes != ((n,), (n,) if self.classes else (n, k), (n, units)):
            raise ValueError(f"{self.task} predictions with {k} names cannot have arrays of shapes {shapes}")
        highest = {"regression": None, "multilabel": 1}.get(self.task, k - 1)
        if n and highest is not None and not 0 <= self.target.min() <= self.target.max() <= highest:
            raise ValueError(f"a target lies outside 0 to {highest}")

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def task(self) -> str:
        """One of `TASKS`."""
        return self.meaning.task

    @property
    def classes(self) -> bool:
        """Whether each example has one class."""
        return self.task in CLASS_TASKS

    @cached_property
    def predicted(self) -> NDArray[Any]:
        """The answers, in the form of `target`, as `nnctl.metrics.answers.decide` makes them; -1 stands for none.

        For `regression` the output itself, or the probabilities that logits stand for.

        Raises:
            ValueError: the output is an embedding.
        """
        if self.task != "regression":
            return answers.decide(self.output, self.meaning)
        return answers.compute_probabilities(self.output, self.meaning) if self.meaning.probable else self.output

    @cached_property
    def answered(self) -> NDArray[np.bool_]:
        """Whether each output is finite, all of those that an example's answer is made of: of shape (n,)."""
        found = answers.find_answered(self.output, self.meaning)
        return found if found.ndim == 1 else np.all(found, axis=1)

    @cached_property
    def confidence(self) -> NDArray[np.float32]:
        """How sure each answer is, float32 of shape (n,); for tasks of one class an example only.

        The probability of the predicted class; where there are no probabilities its score, of one output the distance from the
        threshold.
        """
        if self.proper:
            highest: NDArray[np.float32] = self.probabilities.max(axis=1).astype(np.float32)
            return highest
        if self.meaning.units == 1:
            return abs(self.output[:, 0] - np.float32(self.meaning.threshold))
        return np.asarray(self.output.max(axis=1))

    @cached_property
    def probabilities(self) -> NDArray[np.float64]:
        """Probabilities as float64 with a column for each class, `binary` included, or label: of shape (n, k).

        Raises:
            ValueError: the output is none, and none can be made of it.
        """
        found = answers.compute_probabilities(self.output, self.meaning).astype(np.float64)
        return answers.spread_classes(found, self.meaning)

    @cached_property
    def proper(self) -> bool:
        """Whether there are probabilities: from 0 to 1, and for one class an example with a sum of 1, wherever they are finite.

        A network that ends in a linear layer, or in a sigmoid for each of several exclusive classes, is not proper, and
        scores of probabilities say nothing about it. The sum may be off by 1e-3: half-precision softmax is, by 5e-4.
        """
        if not self.meaning.probable:
            return False
        held = self.probabilities[self.answered]
        inside = bool(np.all((held >= 0) & (held <= 1)))
        return inside and (not self.classes or bool(np.all(abs(held.sum(axis=1) - 1) <= 1e-3)))

    def write(self, path: Path) -> None:
        """Writes the table as CSV, atomically.

        Columns for one class an example: `row,target,predicted,confidence`; for `multilabel` `row,target_0,...`; for
        `regression` `row,target_0,...`. Then the output: `p_0,p_1,...` for probabilities, `logit_0,...` and `p_0,...` for logits,
        `score_0,...` for scores, `predicted_0,...` for numbers, `output_0,...` for an embedding; of one output for two classes
        only `p_1`. Classes are indices, -1 for no answer; there is a `confidence` where there are probabilities. Floats have nine
        significant digits, float64 seventeen, which tell any two apart (IEEE 754-2019, 5.12.2).

        Raises:
            OSError: the folder cannot be written to, or the disk is full.
        """
        columns = self._make_columns()
        form = ",".join(_FORMS.get(column.dtype.name, "%d") for column in columns.values())
        cells = zip(*(column.tolist() for column in columns.values()), strict=True)
        write_text(path, "\n".join([",".join(columns), *(form % row for row in cells), ""]))

    def _make_columns(self) -> dict[str, NDArray[Any]]:
        columns: dict[str, NDArray[Any]] = {"row": self.rows}
        if self.classes:
            columns |= {"target": self.target}
        else:
            columns |= {f"target_{j}": column for j, column in enumerate(self.target.T)}
        if self.meaning.chooses:
            columns |= {"predicted": self.predicted} | ({"confidence": self.confidence} if self.proper else {})
        raw = dict(zip(_name_outputs(self.meaning), self.output.T, strict=True))
        if self.meaning.kind not in ("logits", "log_odds"):
            return columns | raw
        made = answers.compute_probabilities(self.output, self.meaning)
        return columns | raw | dict(zip(_name_columns("p", self.meaning), made.T, strict=True))

    @classmethod
    def read(cls, path: Path, task: str, class_names: tuple[str, ...], kind: Kind | None = None) -> "Predictions":
        """The predictions that `write` wrote, bit for bit.

        Args:
            path: the file.
            task: their task.
            class_names: the names of the classes, labels or targets.
            kind: what the outputs are; what they were taken for before that was told, if left out.

        Raises:
            RunError: the file is missing, or is not a table of predictions for this task and these classes.
        """
        try:
            header, *lines = path.read_text(encoding="utf-8").splitlines()
            return cls._parse(header.split(","), lines, task, class_names, kind or _USUAL[task])
        except (OSError, ValueError, KeyError) as error:
            reason = getattr(error, "strerror", None) or f"it is not a table of {task} predictions"
            raise RunError(Problem("bad-run", f"{path} cannot be read: {reason}")) from None

    @classmethod
    def _parse(
        cls, names: list[str], lines: list[str], task: str, class_names: tuple[str, ...], kind: Kind
    ) -> "Predictions":
        word = _find_word(Meaning(task, 1, kind))
        outputs = [name for name in names if name.rpartition("_")[0] == word]
        targets = [name for name in names if name.startswith("target")]
        whole: dict[str, type] = {"row": np.int64, "predicted": np.int32, "target": np.int32}
        whole |= dict.fromkeys(targets, _TARGET[task]) if task in _TARGET else {}
        form = np.dtype([(name, whole.get(name, np.float64)) for name in names])
        # NumPy warns of an empty table, which is one of no examples here.
        table = np.loadtxt(lines, dtype=form, delimiter=",", comments=None, ndmin=1) if lines else np.empty(0, form)
        target = _stack(table, targets) if task not in CLASS_TASKS else table["target"].copy()
        meaning = Meaning(task, len(outputs), kind)
        return cls(table["row"].copy(), _narrow(target), _narrow(_stack(table, outputs)), meaning, class_names)


def _narrow(numbers: NDArray[Any]) -> NDArray[Any]:
    """Numbers of a file as float32, if that is what they were: then each is what nine digits of it say."""
    if numbers.dtype != np.float64:
        return numbers
    with np.errstate(over="ignore"):
        found = numbers.astype(np.float32)
    form = _FORMS["float32"]
    told = np.array([float(form % number) for number in found.ravel().tolist()]).reshape(found.shape)
    return found if np.array_equal(told, numbers, equal_nan=True) else numbers


def _name_outputs(meaning: Meaning) -> list[str]:
    return _name_columns(_find_word(meaning), meaning)


def _find_word(meaning: Meaning) -> str:
    """What the columns of an output are called, without their number."""
    return _COLUMNS.get(meaning.kind, "predicted" if meaning.task == "regression" else "p")


def _name_columns(word: str, meaning: Meaning) -> list[str]:
    """A name for each output: by its index; one output for two classes tells of class 1."""
    if meaning.task == "binary" and meaning.units == 1:
        return [f"{word}_1"]
    return [f"{word}_{j}" for j in range(meaning.units)]


def _stack(table: NDArray[Any], names: list[str]) -> NDArray[Any]:
    return np.stack([table[name] for name in names], axis=1)

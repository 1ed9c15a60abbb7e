"""Predictions on stdout, as they come: a line each, JSON or CSV; what was done to the examples goes to stderr."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nnctl.cli.shell import terminal
from nnctl.errors import Problem, UsageError, sanitize

if TYPE_CHECKING:
    import numpy as np

Show = Callable[[str, int | None, "np.ndarray", Sequence[str]], None]


def choose_form(as_csv: bool, as_json: bool) -> str:
    """`text`, `csv` or `json`. Raises UsageError if both flags are given."""
    if as_csv and as_json:
        raise UsageError(Problem("contradiction", "--csv and --json ask for two forms", hint="leave one of them out"))
    return "csv" if as_csv else "json" if as_json else "text"


@contextmanager
def open_printer(form: str, task: str, names: Sequence[str], top: int) -> Iterator[Show]:
    """A function that prints a block of predictions, with its file, the number of its first example, and remarks.

    What was begun (a list of JSON) is ended, even if an error ends the predictions.

    Args:
        form: `text`, `csv` or `json`.
        task: the task of the run.
        names: of the classes, labels or targets.
        top: how many classes are told in text and JSON.
    """
    printer = {"text": _Text, "csv": _Csv, "json": _Json}[form](task, names, top)
    notes, said = terminal.notes(), set[tuple[str, str]]()

    def show(file: str, first: int | None, output: "np.ndarray", remarks: Sequence[str]) -> None:
        for index, row in enumerate(output.tolist()):
            printer.print_row(file, None if first is None else first + index, row, remarks)
        for remark in remarks if form != "json" else ():
            if (file, remark) not in said:
                sys.stdout.flush()
                notes.print(f"  {sanitize(file)}: {sanitize(remark)}", style="quiet", markup=False)
            said.add((file, remark))

    try:
        yield show
    finally:
        printer.end()


class _Text:
    """A line an example: its file, its number, and what it is."""

    def __init__(self, task: str, names: Sequence[str], top: int) -> None:
        self.task, self.names, self.top = task, names, top

    def print_row(self, file: str, number: int | None, row: list[float], remarks: Sequence[str]) -> None:
        where = file if number is None else f"{file}:{number}"
        print(f"{sanitize(where)}  {sanitize(self._format_answer(row))}")

    def end(self) -> None:
        pass

    def _format_answer(self, row: list[float]) -> str:
        if self.task == "regression":
            return "  ".join(f"{name} {value:.6g}" for name, value in zip(self.names, row, strict=True))
        if self.task == "multilabel":
            told = [f"{name} {value:.3f}" for name, value in zip(self.names, row, strict=True) if value > 0.5]
            return ", ".join(told) or "none of the labels"
        return "  ".join(f"{name} {value:.3f}" for name, value in rank_top(row, self.names, self.top))


class _Json(_Text):
    """A list of objects, one a line, so that it need not be held in memory."""

    def __init__(self, task: str, names: Sequence[str], top: int) -> None:
        super().__init__(task, names, top)
        self.between = "[\n"

    def print_row(self, file: str, number: int | None, row: list[float], remarks: Sequence[str]) -> None:
        told: dict[str, object] = {"file": file, "row": number, **self._document_row(row)}
        told |= {"notes": list(remarks)} if number is None else {}
        print(self.between + json.dumps(told, ensure_ascii=False, allow_nan=False), end="")
        self.between = ",\n"

    def end(self) -> None:
        print("[]" if self.between == "[\n" else "\n]")

    def _document_row(self, row: list[float]) -> dict[str, object]:
        if self.task == "regression":
            return {"values": dict(zip(self.names, map(_finite, row), strict=True))}
        if self.task == "multilabel":
            chosen = [name for name, value in zip(self.names, row, strict=True) if value > 0.5]
            return {"labels": chosen, "probabilities": dict(zip(self.names, map(_finite, row), strict=True))}
        told = [{"class": name, "probability": _finite(value)} for name, value in rank_top(row, self.names, self.top)]
        return {"predicted": told[0]["class"], "confidence": told[0]["probability"], "top": told}


class _Csv(_Text):
    """A row an example, with every probability: `file,row,predicted,confidence,p_...`, or the numbers of a regression."""

    def __init__(self, task: str, names: Sequence[str], top: int) -> None:
        super().__init__(task, names, top)
        self.writer = csv.writer(sys.stdout, lineterminator="\n")
        answers = {"regression": [], "multilabel": ["predicted"]}.get(task, ["predicted", "confidence"])
        columns = names if task == "regression" else [f"p_{name}" for name in names]
        self.writer.writerow(["file", "row", *answers, *columns])

    def print_row(self, file: str, number: int | None, row: list[float], remarks: Sequence[str]) -> None:
        values = [f"{value:.9g}" for value in row]
        answer: list[str] = []
        if self.task == "multilabel":
            answer = [";".join(name for name, value in zip(self.names, row, strict=True) if value > 0.5)]
        elif self.task != "regression":
            name, value = rank_top(row, self.names, 1)[0]
            answer = [name, f"{value:.9g}"]
        self.writer.writerow([file, "" if number is None else number, *answer, *values])


def rank_top(row: Sequence[float], names: Sequence[str], top: int) -> list[tuple[str, float]]:
    """The classes with the highest outputs, highest first, of equals the first."""
    ordered = sorted(range(len(row)), key=lambda index: (-row[index], index))
    return [(names[index], row[index]) for index in ordered[:top]]


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None

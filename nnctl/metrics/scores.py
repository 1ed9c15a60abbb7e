"""The whole table of scores, as `evaluate` shows it and writes it."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnctl.errors import sanitize
from nnctl.files import write_text
from nnctl.spelling import dump_json, quote_formula

Value = int | float | list[float] | None
"""A score: a number, the two ends of an interval, or None where it is undefined."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What needs no network, and was not beaten by one.

    Attributes:
        name: what it is: `the commonest class`, `the mean`, `a linear model`.
        score: what it scores on the examples that the network was scored on, in the metric of `own`.
        own: what the network scores: the accuracy, of several labels the share of examples with all of them right, or R².
    """

    name: str
    score: float
    own: float


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What a table of predictions is worth. A score that is undefined, NaN or infinite is None.

    Attributes:
        task: the predictions' task.
        overall: scores by name, in the order in which to show them; `accuracy_interval` is a list of two numbers.
        per_class: a row for each class, label or target: `class`, its name, and its scores.
        confusion: int64 of shape (k, k), rows true and columns predicted; None for tasks without exclusive classes.
        remarks: what must be said beside them, a sentence each: outputs that are not finite, scores that are undefined.
        own: the scores of `overall` as they are computed here, where a metric of the spec has the name of one and shows another
            number under it. A run is known by these, so that one name means one thing in all runs.
        output: what the outputs are, a `nnctl.spec.network.meaning.Kind`; None of scores from before that was told.
    """

    task: str
    overall: Mapping[str, Value]
    per_class: tuple[Mapping[str, str | int | float | None], ...]
    confusion: NDArray[np.int64] | None = None
    remarks: tuple[str, ...] = ()
    own: Mapping[str, Value] = field(default_factory=dict)
    output: str | None = None

    @property
    def renamed(self) -> dict[str, Value]:
        """What metrics of the spec show under the names of scores that are other numbers."""
        return {name: self.overall[name] for name, v in self.own.items() if self.overall.get(name, v) is not v}

    def document(self) -> dict[str, Any]:
        """All of it as what JSON can hold."""
        matrix = {} if self.confusion is None else {"confusion": self.confusion.tolist()}
        found = {"task": self.task, "output": self.output, **self.overall, "remarks": list(self.remarks)}
        return {**found, "per_class": [dict(row) for row in self.per_class], **matrix}

    def write(self, folder: Path) -> None:
        """Writes `metrics.json`, `per_class.csv` and, for tasks of exclusive classes, `confusion.csv`, each atomically.

        Raises:
            OSError: the folder cannot be written to, or the disk is full.
        """
        write_text(folder / "metrics.json", _format_json(self.document()))
        table: list[Iterable[object]] = [self.per_class[0], *(row.values() for row in self.per_class)]
        write_text(folder / "per_class.csv", _format_csv(table))
        if self.confusion is not None:
            names = [row["class"] for row in self.per_class]
            rows = ([name, *counts] for name, counts in zip(names, self.confusion.tolist(), strict=True))
            write_text(folder / "confusion.csv", _format_csv([["true \\ predicted", *names], *rows]))


def _format_json(document: Mapping[str, Any]) -> str:
    """JSON with a line for each key, and for each row of a table."""
    lines = []
    for key, value in document.items():
        text = dump_json(value, allow_nan=False)
        if isinstance(value, list) and value and isinstance(value[0], dict | list):
            rows = (dump_json(row, allow_nan=False) for row in value)
            text = "[\n    " + ",\n    ".join(rows) + "\n  ]"
        lines.append(f"  {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _format_csv(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_make_cell, row) for row in rows)
    return text.getvalue()


def _make_cell(value: object) -> object:
    """A cell; a name that would steer the terminal or a spreadsheet that shows the file is a text there."""
    return quote_formula(sanitize(value)) if isinstance(value, str) else value

"""Predictions on stdout, as they come: a line each, JSON or CSV; what was done to the examples goes to stderr, at the end."""

import csv
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nnctl.cli.shell import envelope, output, terminal
from nnctl.errors import Problem, UsageError
from nnctl.metrics.answers import NO_ANSWER
from nnctl.spec.network.meaning import Meaning
from nnctl.spelling import quote_formula

if TYPE_CHECKING:
    from nnctl.predicting.naming import Predicted

Show = Callable[["Predicted"], bool]

_PLACE = ("file", "row")  # the columns that tell where an example stands
_USUAL = 3  # classes that are told where nobody says how many
_SHOWN = 3  # files that a remark names
_NUMBER = re.compile(r"\d[\d.,]*")


def choose_form(as_csv: bool, as_json: bool) -> str:
    """`text`, `csv` or `json`. Raises UsageError if both flags are given."""
    if as_csv and as_json:
        raise UsageError(Problem("contradiction", "--csv and --json ask for two forms", hint="leave one of them out"))
    return "csv" if as_csv else "json" if as_json else "text"


@contextmanager
def open_printer(form: str, meaning: Meaning, names: Sequence[str], top: int | None) -> Iterator[Show]:
    """A function that prints a block of predictions, and tells whether an example of it has no answer.

    At the end of the context each remark is printed once, with the files that it holds of.

    Args:
        form: `text`, `csv` or `json`.
        meaning: what the outputs are.
        names: of the classes, labels or targets.
        top: how many classes are told in text and JSON; in text those of 1 % and more of the first three if None.
    """
    printer = {"text": _Text, "csv": _Csv, "json": _Json}[form](meaning, names, top)
    remarks = _Remarks()

    def show(block: "Predicted") -> bool:
        chosen = [None] * len(block.output) if block.chosen is None else block.chosen.tolist()
        numbers = [None] * len(block.output) if block.rows is None else block.rows
        for number, *row in zip(numbers, block.output.tolist(), chosen, strict=True):
            printer.print_row(block.name, number, *row)
        remarks.add(block.name, block.said)
        return len(block.lost) > 0

    try:
        yield show
    finally:
        sys.stdout.flush()
        for line in remarks.format_lines():
            terminal.notes().print(f"  {line}", style="quiet")


class _Remarks:
    """What was said of each file, told at the end: once for all files of which the same was said, but for its numbers."""

    def __init__(self) -> None:
        self._files = set[str]()
        self._said: dict[str, dict[str, str]] = {}  # the remark of each file, by what all such remarks have in common

    def add(self, file: str, remarks: Sequence[str]) -> None:
        """Takes what was said of some examples of a file; in JSON it is told of each file."""
        self._files.add(file)
        for remark in remarks:
            held = self._said.setdefault(_NUMBER.sub("#", remark), {})
            if file not in held:
                envelope.append("notes", {"file": file, "note": remark})
                held[file] = remark

    def format_lines(self) -> Iterator[str]:
        """A line a remark: the files, and what was said of them, of the first where it has other numbers for others."""
        for held in self._said.values():
            (first, remark), count = next(iter(held.items())), len(self._files)
            files = f"all {count:,} files" if len(held) == count else f"{len(held):,} of {count:,} files"
            if len(set(held.values())) > 1:
                yield f"{files}, such as {first}: {remark}"
            else:
                yield f"{', '.join(held) if len(held) <= _SHOWN else files}: {remark}"


class _Text:
    """A line an example: its file, its number, and what it is."""

    def __init__(self, meaning: Meaning, names: Sequence[str], top: int | None) -> None:
        self.meaning, self.names, self.top = meaning, names, top or _USUAL
        self.unlikely = top is not None or not meaning.probable  # whether what is rounded to 0 % is told
        self.word = "probability" if meaning.probable else "score"

    def print_row(self, file: str, number: int | None, row: list[float], chosen: Any) -> None:
        where = file if number is None else f"{file}:{number}"
        output.write_line(f"{where}  {self._format_answer(row, chosen)}")

    def _format_answer(self, row: list[float], chosen: Any) -> str:
        if chosen is None:
            return "  ".join(f"{name} {value:.6g}" for name, value in zip(self.names, row, strict=True))
        if isinstance(chosen, list):
            told = [
                self._format_sure(name, value)
                for name, value, yes in zip(self.names, row, chosen, strict=True)
                if yes == 1
            ]
            lost = [f"{name}: no answer" for name, yes in zip(self.names, chosen, strict=True) if yes == NO_ANSWER]
            return ", ".join([*told, *lost]) or "none of the labels"
        if chosen == NO_ANSWER:
            return "no answer: the output is not finite"
        first, *others = rank_top(row, chosen, self.names, self.top)
        likely = [each for each in others if self.unlikely or round(100 * each[1]) >= 1]
        return ", ".join(self._format_sure(*each) for each in [first, *likely])

    def _format_sure(self, name: str, value: float) -> str:
        return f"{name} ({format_share(value) if self.meaning.probable else f'score {value:.3g}'})"

    def _list_chosen(self, chosen: list[int]) -> list[str]:
        return [name for name, yes in zip(self.names, chosen, strict=True) if yes == 1]


class _Json(_Text):
    """An object an example, one a line, so that they need not be held in memory."""

    def __init__(self, meaning: Meaning, names: Sequence[str], top: int | None) -> None:
        super().__init__(meaning, names, top)
        self.add = envelope.open_rows("predictions")
        envelope.tell({"notes": []})

    def print_row(self, file: str, number: int | None, row: list[float], chosen: Any) -> None:
        self.add({"file": file, "row": number, **self._document_row(row, chosen)})

    def _document_row(self, row: list[float], chosen: Any) -> dict[str, object]:
        values = dict(zip(self.names, map(_finite, row), strict=True))
        if chosen is None:
            return {"values": values}
        if isinstance(chosen, list):
            return {"labels": self._list_chosen(chosen), "probabilities" if self.meaning.probable else "scores": values}
        if chosen == NO_ANSWER:
            return {"predicted": None, **({"confidence": None} if self.meaning.probable else {}), "top": []}
        told = [{"class": name, self.word: value} for name, value in rank_top(row, chosen, self.names, self.top)]
        sure = {"confidence": told[0][self.word]} if self.meaning.probable else {}
        return {"predicted": told[0]["class"], **sure, "top": told}


class _Csv(_Text):
    """A row an example, with every probability or score: `file,row,predicted,confidence,p_...`, or the numbers alone.

    A name that a spreadsheet would read as a formula has a `'` in front.
    """

    def __init__(self, meaning: Meaning, names: Sequence[str], top: int | None) -> None:
        super().__init__(meaning, names, top)
        self.writer = csv.writer(output.Lines(), lineterminator="\n")
        letter = "p" if meaning.probable else "score"
        columns = [f"{letter}_{name}" for name in names] if meaning.decides else name_columns(names)
        sure = ["confidence"] if meaning.chooses and meaning.probable else []
        self._write([*_PLACE, *(["predicted", *sure] if meaning.decides else []), *columns])

    def print_row(self, file: str, number: int | None, row: list[float], chosen: Any) -> None:
        values = [f"{value:.9g}" for value in row]
        answer: list[str] = []
        if isinstance(chosen, list):
            answer = [";".join(self._list_chosen(chosen))]
        elif chosen is not None:
            lost = chosen == NO_ANSWER
            answer = ["" if lost else self.names[chosen]]
            answer += [("" if lost else values[chosen])] if self.meaning.probable else []
        self._write([file, "" if number is None else str(number), *answer, *values])

    def _write(self, cells: Sequence[str]) -> None:
        self.writer.writerow(map(quote_formula, cells))


def name_columns(targets: Sequence[str]) -> list[str]:
    """The columns of numbers to predict: the targets' own names, but for those that the place of an example has, or another one.

    A reader that goes by names would lose one of two equal ones.
    """
    columns = list[str]()
    for name in targets:
        while name in _PLACE or name in columns:
            name += "_predicted"
        columns.append(name)
    return columns


def format_share(value: float) -> str:
    """A probability in whole per cent; what is not quite 0 or 1 is not told as that."""
    share = round(100 * value)
    if share < 1 and value > 0:
        return "<1 %"
    return ">99 %" if share > 99 and value < 1 else f"{share} %"


def rank_top(row: Sequence[float], chosen: int, names: Sequence[str], top: int) -> list[tuple[str, float]]:
    """The class that was chosen, then those with the highest outputs, highest first, of equals the first."""
    ordered = sorted(range(len(row)), key=lambda index: (index != chosen, -row[index], index))
    return [(names[index], row[index]) for index in ordered[:top]]


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None

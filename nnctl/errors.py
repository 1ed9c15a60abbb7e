"""What can go wrong, as data: a problem is found deep down and turned into text only where `main` catches it.

NnctlError                 one or more problems; exit code 2
├── UsageError             a flag or an argument of the command line is wrong
├── SpecError              a spec cannot be read, built or fed
├── DataError              a data set cannot be found, read or used
└── RunError               a run directory cannot be found, read or written
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, east_asian_width

# What ends a line of a spec, as PyYAML has it (YAML 1.1, 4.1.4): fewer than end one for `str.splitlines`.
LINE_ENDS = "\n\r\x85\u2028\u2029"
_LINE = re.compile(f"[^{LINE_ENDS}]*(?:\r\n|[{LINE_ENDS}])|[^{LINE_ENDS}]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A text that people wrote: a spec's file, or what stood behind `--set`.

    Attributes:
        name: what errors call it, a path as the user typed it or `--set`.
        text: the whole text, without a byte order mark.
        marked: whether the file begins with a byte order mark.
    """

    name: str
    text: str
    marked: bool = False

    @property
    def written(self) -> str:
        """The text as the file has it, byte for byte in UTF-8."""
        return f"\ufeff{self.text}" if self.marked else self.text

    def find_line(self, number: int) -> str:
        """The text of line `number` (from 1), without its end."""
        lines = split_lines(self.text)
        return lines[number - 1].rstrip(LINE_ENDS) if 0 < number <= len(lines) else ""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of characters on one line of a source; line and column count from 1.

    Attributes:
        source: the text.
        line: the line.
        column: the column of the first character.
        width: the number of characters.
        origin: where the value was written, if what stands here only refers to it (`${vars.width}`).
    """

    source: Source
    line: int
    column: int
    width: int = 1
    origin: "Place | None" = None

    def document(self) -> dict[str, Any]:
        """It as JSON has it: `file` is None for what stands behind a flag, `flag` for what stands in a file."""
        name = self.source.name
        flag = f"{name} {self.source.text}" if name.startswith("--") else None
        where = {"file": name if flag is None else None, "flag": flag, "line": self.line, "column": self.column}
        return {**where, "width": self.width, "from": None if self.origin is None else self.origin.document()}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake.

    Attributes:
        code: stable, in kebab-case (`unknown-key`); what tests and editors go by.
        message: what was found and what was expected, one sentence without a full stop.
        place: where in a source, or None where no text is to blame.
        hint: what to do next, or None.
        meant: what surely was meant in the place of what stands there, so that `check --fix` may write it; None where more
            than one thing may have been.
    """

    code: str
    message: str
    place: Place | None = None
    hint: str | None = None
    meant: str | None = None

    def document(self) -> dict[str, Any]:
        """It as JSON has it."""
        place = None if self.place is None else self.place.document()
        return {"code": self.code, "message": self.message, "hint": self.hint, "place": place}


class NnctlError(Exception):
    """Raised with every problem that was found; on the command line `main` alone catches it.

    As a text it is what the command line shows, below the name of the error where a traceback has it; a notebook shows that
    alone.

    Attributes:
        problems: what is wrong, one or more.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)  # so that it can be pickled: a pool of processes hands it over
        self.problems = problems

    def __str__(self) -> str:
        told = render(self.problems)
        return f"\n{told}" if "\n" in told else told

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in the place of a traceback: a frame of nnctl's would tell its user nothing."""
        return render(self.problems).split("\n")


class UsageError(NnctlError):
    """A flag or an argument of the command line is wrong."""


class SpecError(NnctlError):
    """A spec cannot be read, built or fed."""


class DataError(NnctlError):
    """A data set cannot be found, read or used."""


class RunError(NnctlError):
    """A run directory cannot be found, read or written."""


def split_lines(text: str) -> list[str]:
    """The lines of a spec's text, each with what ends it."""
    return _LINE.findall(text)


def sanitize(text: str) -> str:
    """The text with whatever does not print escaped, so that a name from a file cannot steer a terminal, or read as another.

    That is control characters, line ends and tabs among them, marks of direction and other characters without a shape, spaces
    but the usual one, and bytes of a file's name that are no text, which are shown as such (`\\xe9`).
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    kept_byte = 0xDC80 <= code <= 0xDCFF  # os.fsdecode's way to keep a byte that is no UTF-8
    return f"\\x{code - 0xDC00:02x}" if kept_byte else character.encode("unicode_escape").decode()


def render(problems: Iterable[Problem]) -> str:
    """The problems as text, each a headed line, its source line with a caret under the fault, and its hint.

    A tab becomes one space, so that the caret stands under what it means; a long line is cut around the fault.
    """
    return "\n".join(_render(problem) for problem in problems)


def _render(problem: Problem) -> str:
    place = problem.place
    if place is None:
        head = f"{problem.code}: {sanitize(problem.message)}"
        return head if problem.hint is None else f"{head}\n  {sanitize(problem.hint)}"
    head = f"{sanitize(place.source.name)}:{place.line}:{place.column} {problem.code}: {sanitize(problem.message)}"
    text, start = _cut_around(place)
    caret = " " * _count_columns(text[:start]) + "^" * max(1, _count_columns(text[start : start + place.width]))
    hint = "" if problem.hint is None else f" {sanitize(problem.hint)}"
    return f"{head}\n{place.line:>5} | {text}\n      | {caret}{hint}{_format_origin(place.origin)}"


def _count_columns(text: str) -> int:
    """The columns of a terminal that a text takes: letters of double width take two, marks on others none."""
    wide = (0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
    return sum(wide)


def _format_origin(origin: Place | None) -> str:
    """A line about where the value behind a reference was written, the last of a chain of references."""
    if origin is None:
        return ""
    while origin.origin is not None:
        origin = origin.origin
    text, _ = _cut_around(origin)
    return f"\n      = from {sanitize(origin.source.name)}:{origin.line}:{origin.column}: {text.strip()}"


def _cut_around(place: Place, room: int = 100) -> tuple[str, int]:
    """The source line cut to `room` characters around the place, and the place's column (from 0) in what is left."""
    raw = place.source.find_line(place.line).replace("\t", " ")
    before = sanitize(raw[: place.column - 1])
    text = before + sanitize(raw[place.column - 1 :])
    start = len(before)
    cut = max(0, start - room // 2) if len(text) > room else 0
    return text[cut : cut + room], start - cut

"""Where a command writes: results to stdout, progress and notes to stderr, plain text when no terminal listens."""

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from rich.console import Console
from rich.theme import Theme

from nnctl.data import Report

_THEME = Theme({"good": "green", "bad": "red", "warn": "yellow", "quiet": "dim", "name": "bold"})


class _Patient(Console):
    """A console whose reader may leave, as in `nnctl train 2>&1 | head`: it goes quiet, and work goes on."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


def results() -> Console:
    """The console of what a command answers."""
    return _make_console(sys.stdout)


def notes() -> Console:
    """The console of progress and remarks."""
    return _make_console(sys.stderr)


def open_stdin() -> BinaryIO:
    """The standard input; one that is closed is empty."""
    return io.BytesIO() if sys.stdin is None else sys.stdin.buffer


def _make_console(file: IO[str]) -> Console:
    # A pipe has no width: what a machine or a log reads is not folded.
    width = None if file.isatty() else 10_000
    return _Patient(
        file=file, theme=_THEME, highlight=False, markup=True, emoji=False, width=width, soft_wrap=width is not None
    )


def print_json(value: object) -> None:
    """Prints a value as JSON on stdout; NaN and infinity, which JSON does not have, raise ValueError."""
    print(json.dumps(value, indent=2, allow_nan=False))


@contextmanager
def report_progress(console: Console) -> Iterator[Report]:
    """Shows what takes a while (a download, a slow file) as one line with its share done."""
    if not console.is_terminal:
        seen: set[str] = set()

        def said(label: str, share: float | None) -> None:
            if label not in seen:
                console.print(label, markup=False)
            seen.add(label)

        yield said
        return
    with console.status("loading the data") as status:
        yield lambda label, share: status.update(label if share is None else f"{label} {share:.0%}")

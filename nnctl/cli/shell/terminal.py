"""Where a command writes: results to stdout, progress and notes to stderr, plain text when no terminal listens.

Everything printed goes through the consoles that are made here, or through the streams of `nnctl.cli.shell.output`. A text is
a text: it has no markup, and is one line whatever stands in it. What is to have a style, or lines, is put together by
`assemble` and `stack`.
"""

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any, BinaryIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text
from rich.theme import Theme

from nnctl.cli.shell import output
from nnctl.data import Report
from nnctl.errors import sanitize

_THEME = Theme({"good": "green", "bad": "red", "warn": "yellow", "quiet": "dim", "name": "bold"})

Part = str | tuple[str, str]
"""A text, or a text and its style: `good`, `bad`, `warn`, `quiet`, `name`."""


class _Plainspoken(Console):
    """A console on which nothing but its own styles steers the terminal.

    Control characters are shown as escapes: in a text before it is laid out, so that its width is right, and once more in
    whatever was laid out. A reader may leave, as in `nnctl train 2>&1 | head`: it goes quiet, and work goes on.
    """

    def render_str(self, text: str, **asked: Any) -> Text:
        return super().render_str(sanitize(text), **{**asked, "markup": False, "emoji": False, "highlight": False})

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for each in super().render(renderable, options):
            yield each if each.control else Segment(output.sanitize_lines(each.text), each.style)

    def on_broken_pipe(self) -> None:
        self.quiet = True
        output.discard(self.file.fileno())


def results() -> Console:
    """The console of what a command answers."""
    return make_console(sys.stdout)


def notes() -> Console:
    """The console of progress and remarks; with `--quiet` it prints nothing."""
    return make_console(sys.stderr, quiet=output.is_quiet())


def faults() -> Console:
    """The console of what went wrong, which is told whatever was asked for."""
    return make_console(sys.stderr)


def open_stdin() -> BinaryIO:
    """The standard input; one that is closed is empty."""
    return io.BytesIO() if sys.stdin is None else sys.stdin.buffer


def make_console(file: IO[str], **asked: Any) -> Console:
    """A console that writes to a stream.

    Args:
        file: the stream.
        asked: what Rich's own takes, such as `width`.
    """
    while (
        behind := getattr(file, "rich_proxied_file", None)
    ) is not None:  # a display stands before it, or what keeps it plain
        file = behind
    # A pipe has no width: what a machine or a log reads is not folded.
    wide = {} if file.isatty() or "width" in asked else {"width": 10_000, "soft_wrap": True}
    # In a notebook's kernel a console of Rich's writes to the output of the cell, whatever file it was given.
    plain = {"highlight": False, "markup": False, "emoji": False, "force_jupyter": False}
    return _Plainspoken(file=file, theme=_THEME, **{**plain, **wide, **asked})


def make_log(file: IO[str]) -> Console:
    """A console that writes a log: no colour, no folding."""
    return make_console(file, width=10_000, color_system=None, soft_wrap=True)


def assemble(*parts: Part | Text) -> Text:
    """One line of a console: its parts side by side."""
    return Text.assemble(*(_clean(part) for part in parts))


def stack(lines: Iterable[Part | Text]) -> Text:
    """Lines below each other, as one cell of a table or one text of a console holds them."""
    return Text("\n").join(assemble(line) for line in lines)


def _clean(part: Part | Text) -> Part | Text:
    match part:
        case str():
            return sanitize(part)
        case (text, style):
            return sanitize(text), style
    return part


@contextmanager
def report_progress(console: Console) -> Iterator[Report]:
    """Shows what takes a while (a download, a slow file) as one line with its share done."""
    if not console.is_terminal:
        seen: set[str] = set()

        def said(label: str, share: float | None) -> None:
            if label not in seen:
                console.print(label)
            seen.add(label)

        yield said
        return
    with console.status(assemble("loading the data")) as status:
        yield lambda label, share: status.update(assemble(label if share is None else f"{label} {share:.0%}"))

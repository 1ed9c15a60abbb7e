"""The standard streams, made fit for what anybody may have written: open, able to encode it, and plain.

Names of files, columns and classes, texts of specs and runs, and the words of errors are other people's. A control character
among them would steer the terminal, and a direction mark would let it read as something else. So whatever Python writes to
the two streams has them shown as escapes (`\\x1b`); the console of `nnctl.cli.shell.terminal` alone sends colours past this.
"""

import errno
import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from contextvars import ContextVar
from typing import IO, Any

from nnctl.errors import sanitize

_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


def ask_quiet(value: bool) -> bool:
    """What `--quiet` calls when it is read: whether progress and remarks are left out from now on."""
    _QUIET.set(value)
    return value


def is_quiet() -> bool:
    """Whether only results and errors are to be printed."""
    return _QUIET.get()


class _Sink(io.FileIO):
    """An open descriptor that is written to; one that nobody is behind any more swallows what comes.

    Args:
        number: the descriptor.
        needed: whether the output is what was asked for: then only a terminal that was closed (EIO) swallows, and a full
            disk and a closed pipe are told to the caller.
    """

    def __init__(self, number: int, needed: bool) -> None:
        super().__init__(number, "w", closefd=False)
        self._spared = (errno.EIO,) if needed and os.isatty(number) else () if needed else tuple(errno.errorcode)

    def write(self, content: Any) -> int:
        try:
            return super().write(content)
        except OSError as error:
            if error.errno not in self._spared:
                error.filename = "stdout"
                raise
            discard(self.fileno())
            return len(content)


class _Plain:
    """A text stream that shows control characters as escapes.

    Attributes:
        rich_proxied_file: the stream behind it, by the name under which a Rich console looks for it.
    """

    def __init__(self, stream: IO[str]) -> None:
        self.rich_proxied_file = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)

    def write(self, text: str) -> int:
        self.rich_proxied_file.write(sanitize_lines(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)


def prepare_streams() -> None:
    """Opens the standard descriptors that are closed, and puts plain streams in place of Python's.

    A descriptor that is closed would be given to the next file that is opened, a run's weights perhaps, into which TensorFlow
    would then write its log. What an encoding does not have is shown as an escape as well.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this one
    sys.stdout, sys.stderr = _open_plain(1, sys.stdout), _open_plain(2, sys.stderr)


def _open_plain(number: int, stream: Any) -> Any:
    """A plain stream on a descriptor, buffered and encoded as the one that Python has made, if it has."""
    if stream is not None and not _leads_to(stream, number):
        return stream
    text = io.TextIOWrapper(
        io.BufferedWriter(_Sink(number, needed=number == 1)),
        encoding=getattr(stream, "encoding", "utf-8"),
        errors="backslashreplace",
        line_buffering=getattr(stream, "line_buffering", True),
        write_through=getattr(stream, "write_through", False),
    )
    return _Plain(text)


def _leads_to(stream: Any, number: int) -> bool:
    """Whether a stream writes to a descriptor, and is not what a caller has put in its place."""
    try:
        return isinstance(stream, io.TextIOWrapper) and stream.fileno() == number
    except (OSError, ValueError):
        return False


def sanitize_lines(text: str) -> str:
    """A text of several lines, each with its control characters escaped."""
    return text if text.isprintable() else "\n".join(map(sanitize, text.split("\n")))


def write_line(text: str, end: str = "\n") -> None:
    """Writes a line to stdout, as fast as it goes: no style, no folding."""
    sys.stdout.write(f"{sanitize(text)}{end}")


class Lines:
    """Stdout for a writer of lines, such as that of `csv`: what stands inside of a line stays on it."""

    def write(self, line: str) -> None:
        """Writes a line, whose end it may have."""
        write_line(line.removesuffix("\n"))


def complain(text: str) -> None:
    """Writes the lines of a text to stderr; where that cannot be, there is nobody to tell."""
    with suppress(OSError, ValueError):  # ValueError: it is closed
        sys.stderr.write(f"{sanitize_lines(text)}\n")
        sys.stderr.flush()


def discard(number: int) -> None:
    """Points a descriptor to nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)

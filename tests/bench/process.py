"""A program run to its end on a terminal of its own: what it said and when, how long it took, how much memory it held."""

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_SIZE = 50, 240  # rows and columns: wide enough that no line is folded
_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes that ru_maxrss counts in, getrusage(2)


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that has ended.

    Attributes:
        lines: seconds from its start, and what it said then, without colour; what a progress bar showed included.
        seconds: of the whole process.
        peak: bytes of memory that it held at most (the resident set); at least as many as its parent held when it began
            it, since Linux counts these in (`exec` keeps the mark of what was there before it).
    """

    lines: tuple[tuple[float, str], ...]
    seconds: float
    peak: int


class FailedError(Exception):
    """A program ended with an exit code that is not 0; its last words follow."""


def run(
    command: Sequence[str],
    folder: Path,
    settings: Mapping[str, str] | None = None,
    enough: Callable[[str], bool] = lambda line: False,
) -> Ended:
    """Runs a program as a user would, at a terminal, so that its progress bar moves.

    Args:
        command: the program and its arguments.
        folder: where it runs.
        settings: environment variables that are set for it.
        enough: asked for each line whether the program may be ended early.

    Raises:
        FailedError: it failed.
    """
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", **(settings or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    lines, stopped = [], False
    for line in _said(master):
        lines.append((time.perf_counter() - start, line))
        if not stopped and enough(line):
            stopped = True
            process.terminate()
    # `wait4` tells of this child alone, and `Popen.wait` tells of no memory.
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    os.close(master)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not stopped:
        raise FailedError(f"{' '.join(command)}\n" + "\n".join(line for _, line in lines[-20:]))
    return Ended(tuple(lines), seconds, used.ru_maxrss * _UNIT)


def _said(terminal: int) -> Iterator[str]:
    """The lines that arrive at a terminal, as they arrive; a progress bar that is drawn anew is a line each time."""
    rest = ""
    while True:
        try:
            content = os.read(terminal, 65536)
        except OSError:  # EIO: the last process that held the other end has ended
            content = b""
        if not content:
            yield from filter(None, [plain(rest)])
            return
        *whole, rest = re.split(r"[\r\n]+", rest + content.decode("utf-8", errors="replace"))
        yield from (line for each in whole if (line := plain(each)))


def plain(line: str) -> str:
    """A line without what moves the cursor and colours it, and without the blanks around it."""
    return _CONTROL.sub("", line).strip()

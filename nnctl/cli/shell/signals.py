"""SIGINT, SIGTERM and SIGHUP: the first asks, the second ends the process within half a second.

A terminal that is closed sends SIGHUP, and its shell often once more: these are one. Where it is ignored from outside, as behind
`nohup`, work goes on.

Python's own handlers run between two of its instructions, so never inside a compiled call, which may take long. The second
signal is therefore seen by a thread, which the system wakes through a descriptor (`signal.set_wakeup_fd`).

Where nothing is lost by it SIGINT raises KeyboardInterrupt. A compiled library that happens to be calling Python just then may
drop it, or raise another error instead (matplotlib's renderer: "Invalid bounding box"); so it is remembered as well.
"""

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none
SIGNALS: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM, *(() if _HANGUP is None else (_HANGUP,)))
CODES = {number: 128 + number for number in SIGNALS}  # as shells have it
_PATIENCE = 0.3  # seconds that the last words may take


class Interrupt:
    """A handler of SIGINT that raises KeyboardInterrupt and remembers it; a second one ends the process on the spot.

    Attributes:
        heard: whether one has come; whatever is raised after that is an echo of it.
    """

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, number: int, frame: object) -> None:
        if self.heard:
            os._exit(CODES[signal.SIGINT])
        self.heard = True
        raise KeyboardInterrupt


@contextmanager
def remember_interrupt() -> Iterator[Interrupt]:
    """Remembers a SIGINT in the block, unless whoever started the process has it ignored."""
    interrupt = Interrupt()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


class Wish:
    """What signals have asked for.

    Attributes:
        number: the first signal, or None.
        eager: whether a first signal is to break off what runs, by a KeyboardInterrupt, instead of waiting for its end.
    """

    def __init__(self) -> None:
        self.number: signal.Signals | None = None
        self.eager = False

    def hasten(self) -> None:
        """From now on nothing is lost by breaking off; one that has asked already need not wait.

        Raises:
            KeyboardInterrupt: a signal has come.
        """
        self.eager = True
        if self.number is not None:
            raise KeyboardInterrupt

    def _handle(self, number: int, frame: object) -> None:
        """Python's handler. It prints nothing: the signal may have come in the middle of another print."""
        if self.number is None:
            self.number = signal.Signals(number)
            if self.eager:
                raise KeyboardInterrupt


@contextmanager
def heed_signals(last: Callable[[signal.Signals], None]) -> Iterator[Wish]:
    """Heeds SIGINT, SIGTERM and, unless whoever started the process has it ignored, SIGHUP in the block.

    Args:
        last: called in a thread of its own at the second signal, to say where things stand; what it has not done in
            0.3 s is left undone, and the process ends.
    """
    wish = Wish()
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    watcher = threading.Thread(target=_watch, args=(reader, last), name="signals", daemon=True)
    spared = [_HANGUP] if _HANGUP is not None and signal.getsignal(_HANGUP) is signal.SIG_IGN else []
    kept = {number: signal.signal(number, wish._handle) for number in SIGNALS if number not in spared}
    before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    watcher.start()
    if isinstance(dropped := kept[signal.SIGINT], Interrupt) and dropped.heard:
        wish.number = signal.SIGINT
    try:
        yield wish
    finally:
        signal.set_wakeup_fd(before)
        for number, handler in kept.items():
            signal.signal(number, handler)
        writer.close()
        watcher.join(timeout=1)
        reader.close()


def _watch(reader: socket.socket, last: Callable[[signal.Signals], None]) -> None:
    """Reads the number of each signal; ends when the other end is closed, and ends the process at the second signal."""
    heard = list[int]()
    while numbers := reader.recv(64):
        for number in numbers:
            if number in SIGNALS and not (number == _HANGUP and number in heard):
                heard.append(number)
            if len(heard) >= 2:
                _leave(signal.Signals(number), last)


def _leave(number: signal.Signals, last: Callable[[signal.Signals], None]) -> None:
    def words() -> None:
        with suppress(Exception):  # there is nobody left to tell
            last(number)

    speaker = threading.Thread(target=words, daemon=True)
    speaker.start()
    speaker.join(_PATIENCE)
    os._exit(CODES[number])

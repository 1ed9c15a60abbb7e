import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# A process whose main thread waits for ever.
STUCK = """
import signal, sys, threading, time
from nnctl.cli.shell.signals import heed_signals
def last(number):
    print("last words", number.name, flush=True)
    time.sleep(int(sys.argv[1]))
with heed_signals(last) as wish:
    lock = threading.Lock(); lock.acquire()
    try:
        print("ready", flush=True)
        while True:
            lock.acquire()
    except KeyboardInterrupt:
        print("broken off", flush=True)
        raise SystemExit(9)
"""


def started(seconds: int = 0, code: str = STUCK) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(seconds)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("words", [0, 30])  # words that take too long are not waited for
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_asks_and_the_second_ends_it(number: int, code: int, words: int) -> None:
    with started(words) as process:
        process.send_signal(number)
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(number)
        told, _ = process.communicate(timeout=20)
    assert process.returncode == code
    assert told == f"last words {signal.Signals(number).name}\n"


def test_a_terminal_that_is_closed_asks_once_however_often_it_says_so() -> None:
    with started() as process:
        for _ in range(3):
            process.send_signal(signal.SIGHUP)
            time.sleep(0.1)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=20)
    assert (process.returncode, told) == (143, "last words SIGTERM\n")


def test_behind_nohup_it_asks_for_nothing() -> None:
    ignoring = STUCK.replace("with heed", "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nwith heed")
    with started(code=ignoring) as process:
        process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=20)
    assert (process.returncode, told) == (130, "last words SIGINT\n")


def test_once_nothing_is_lost_by_it_the_first_breaks_off() -> None:
    with started(code=STUCK.replace('print("ready"', 'wish.hasten(); print("ready"')) as process:
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=20)
    assert (process.returncode, told) == (9, "broken off\n")


def test_handlers_are_put_back() -> None:
    from nnctl.cli.shell.signals import heed_signals

    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with heed_signals(lambda number: None) as wish:
        assert signal.getsignal(signal.SIGINT) == wish._handle
        signal.raise_signal(signal.SIGTERM)
        assert wish.number is signal.SIGTERM
        with pytest.raises(KeyboardInterrupt):
            wish.hasten()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_an_interrupt_is_remembered_even_if_whatever_it_met_drops_it() -> None:
    from nnctl.cli.shell.signals import heed_signals, remember_interrupt

    before = signal.getsignal(signal.SIGINT)
    with remember_interrupt() as interrupt:
        assert not interrupt.heard
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interrupt.heard
        with heed_signals(lambda number: None) as wish:
            assert wish.number is signal.SIGINT
    assert signal.getsignal(signal.SIGINT) is before
    with remember_interrupt() as interrupt, heed_signals(lambda number: None) as wish:
        assert wish.number is None


def test_what_is_ignored_from_outside_stays_ignored() -> None:
    from nnctl.cli.shell.signals import remember_interrupt

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with remember_interrupt() as interrupt:
            signal.raise_signal(signal.SIGINT)
            assert not interrupt.heard
    finally:
        signal.signal(signal.SIGINT, before)

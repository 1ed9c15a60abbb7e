"""nnctl in processes that begin with TensorFlow already imported, but not yet started: a fork instead of four seconds."""

import ctypes
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_NEW_NAMESPACE = 0x00020000  # CLONE_NEWNS of unshare(2)
# Calls by which a file, a folder or a name reaches the disk.
_STAGES = ("mkdir", "fsync", "rename", "replace", "rmdir", "unlink")


def preload() -> None:
    """Imports all that takes long and starts no thread; the devices are set up in each process."""
    os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", MPLBACKEND="agg")
    sys.modules["sklearn"] = None  # type: ignore[assignment]
    import keras  # noqa: F401
    import tensorflow  # noqa: F401

    del sys.modules["sklearn"]
    import matplotlib.figure  # noqa: F401
    import sklearn.datasets  # noqa: F401

    import nnctl.cli.main
    import nnctl.data.loading
    import nnctl.metrics
    import nnctl.plots  # noqa: F401


@contextmanager
def quiet() -> Iterator[None]:
    """Sets file descriptor 2 aside while TensorFlow loads, which logs to it."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)


def unshare_mounts(try_only: bool = False) -> bool:
    """Gives this process mounts of its own, so that what it mounts is gone with it; False where it may not.

    Args:
        try_only: whether it is tried in a process that ends at once.
    """
    if not sys.platform.startswith("linux") or os.getuid() != 0:
        return False
    if try_only:
        if (pid := os.fork()) == 0:
            os._exit(0 if unshare_mounts() else 1)
        return os.waitpid(pid, 0)[1] == 0
    private = ["mount", "--make-rprivate", "/"]
    return (
        ctypes.CDLL(None).unshare(_NEW_NAMESPACE) == 0
        and subprocess.run(private, capture_output=True, check=False).returncode == 0
    )


class Process:
    """One `nnctl ...` in a folder; what it prints goes to `said.txt` there.

    Args:
        folder: where it runs.
        arguments: the command line.
        sabotage: called in the new process before nnctl begins.
    """

    def __init__(self, folder: Path, *arguments: str, sabotage: Callable[[], None] = lambda: None) -> None:
        self.begun, self.log = time.monotonic(), folder / "said.txt"
        self.code: int | None = None
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            _become(folder, arguments, self.log, sabotage)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Sends a signal, if it still runs."""
        if self.code is None:
            os.kill(self.pid, number)

    def wait(self, timeout: float = 300) -> int | None:
        """The exit code, negative for a signal, or None if it still runs after so many seconds."""
        end = time.monotonic() + timeout
        while self.code is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.code = os.waitstatus_to_exitcode(status)
                break
            if time.monotonic() > end:
                return None
            time.sleep(0.005)
        return self.code

    @property
    def said(self) -> str:
        """What it and those before it in its folder have printed."""
        return self.log.read_text(errors="replace")


def at_stage(number: int, act: Callable[[], None]) -> Callable[[], None]:
    """A sabotage that acts in front of the n-th call (from 0) that changes the disk inside a run directory."""

    def sabotage() -> None:
        count = [0]
        for name in _STAGES:
            setattr(os, name, _counted(getattr(os, name), count, number, act))

    return sabotage


def die() -> None:
    """As power does."""
    signal.raise_signal(signal.SIGKILL)


def _counted(
    call: Callable[..., object], count: list[int], number: int, act: Callable[[], None]
) -> Callable[..., object]:
    def counted(*arguments: object, **more: object) -> object:
        if sys._getframe(1).f_globals.get("__name__", "").startswith(("nnctl", "pathlib", "shutil")):
            count[0] += 1
            if count[0] == number + 1:
                act()
        return call(*arguments, **more)

    return counted


def _become(folder: Path, arguments: tuple[str, ...], log: Path, sabotage: Callable[[], None]) -> None:
    """Turns this fork into nnctl, and ends it."""
    code = 70
    try:
        os.chdir(folder)
        os.environ.update(NNCTL_RUNS="runs", NNCTL_THREADS="1", TERM="dumb")
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        sys.argv = ["nnctl", *arguments]
        import nnctl.engine.loop.steps

        nnctl.engine.loop.steps.CALL_SECONDS = (
            0.01  # more calls, so more places to be killed at; bits do not depend on it
        )
        sabotage()
        from nnctl.__main__ import main

        main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

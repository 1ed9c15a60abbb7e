"""Who trains a run: a lock that the kernel releases when its process ends, however it ends, and who holds it."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from nnctl.errors import Problem, RunError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_FILE = ".lock"


@contextmanager
def hold_lock(run: Path) -> Iterator[None]:
    """Holds the right to train a run in the block, or until the process ends.

    Args:
        run: the run's directory.

    Raises:
        RunError: another process holds it, or the directory cannot be written to.
    """
    try:
        descriptor = os.open(run / _FILE, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError as error:
        message = f"{run} cannot be written to: {error.strerror}"
        raise RunError(Problem("cannot-write", message, hint="a run is resumed where it lies")) from None
    try:
        if not _take(descriptor):
            message = f"another process is training {run}"
            raise RunError(Problem("run-busy", message, hint="wait for it, or stop it first; `nnctl runs` shows it"))
        yield
    finally:
        os.close(descriptor)


def describe_process() -> dict[str, Any]:
    """This process: its id, host, and, where Linux tells, the boot and the time since boot (in ticks) that it began in."""
    return {"pid": os.getpid(), "host": platform.node(), "boot": _read_boot(), "started": _read_start(os.getpid())}


def is_gone(holder: dict[str, Any]) -> bool:
    """Whether a process that `describe_process` described has surely ended; of another host's nothing is sure."""
    if holder.get("host") != platform.node() or not isinstance(holder.get("pid"), int):
        return False
    if holder.get("boot") != _read_boot():
        return True
    return _read_start(holder["pid"]) != holder.get("started")


def _take(descriptor: int) -> bool:
    """Takes the lock if nobody has it; where the system has no such locks (Windows), everybody gets it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _read_boot() -> str | None:
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return None


def _read_start(pid: int) -> int | None:
    """When a process began, in ticks since boot (field 22 of proc_pid_stat(5)); None if it has ended or cannot be seen."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else int(fields[19])

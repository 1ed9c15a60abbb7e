"""Who trains a run and who changes it: locks that the kernel releases when a process ends, however it ends."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from nnctl.errors import Problem, RunError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_FILE = ".lock"
_RETRIES = 10  # of whoever takes the lock of a run, which another process may hold for an instant to see if it is free
_PAUSE = 0.01  # seconds between two tries
_PATIENCE = 30.0  # seconds that a change waits for another one, which takes milliseconds unless its process was stopped


@contextmanager
def hold_lock(run: Path, name: str = _FILE, what: str = "") -> Iterator[None]:
    """Holds the right to train a run in the block, or until the process ends.

    Args:
        run: the run's directory, or the folder of several runs.
        name: the file in it that is locked.
        what: what is trained, if it is not this run.

    Raises:
        RunError: another process holds it, or the directory cannot be written to.
    """
    try:
        descriptor = _open(run / name)
    except OSError as error:
        message = f"{run} cannot be written to: {error.strerror}"
        raise RunError(Problem("cannot-write", message, hint="a run is resumed where it lies")) from None
    try:
        if not _wait(descriptor, _RETRIES * _PAUSE):
            message = f"another process is training {what or run}"
            raise RunError(Problem("run-busy", message, hint="wait for it, or stop it first; `nnctl runs` shows it"))
        yield
    finally:
        os.close(descriptor)


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Holds the right to change a file of a folder in the block; whoever else wants to waits until it ends.

    Where that takes too long, or the file system has no locks, it goes on all the same: a training must not end of it.
    """
    with ExitStack() as stack:
        with suppress(OSError):  # Windows; or what follows will say that it is not there
            descriptor = os.open(folder, os.O_RDONLY | os.O_NONBLOCK)
            stack.callback(os.close, descriptor)
            _wait(descriptor, _PATIENCE)
        yield


def describe_process() -> dict[str, Any]:
    """This process: its id, host, and, where Linux tells, the boot and the time since boot (in ticks) that it began in.

    `space` is the space of process ids, of which each container has its own.
    """
    began = {"boot": _read_boot(), "started": _read_start(os.getpid()), "space": _read_space()}
    return {"pid": os.getpid(), "host": platform.node(), **began}


def is_lost(run: Path, holder: dict[str, Any]) -> bool:
    """Whether a process that `describe_process` described, and that was to train a run, has surely ended.

    Nobody who trains a run is without its lock. Of another machine's locks and processes nothing is sure.

    Args:
        run: the run's directory.
        holder: the process, as the run's manifest has it; it may say anything.
    """
    boot, here = _read_boot(), holder.get("host") == platform.node()
    if holder.get("boot") != boot:
        return here and isinstance(holder.get("pid"), int)
    if boot is None and not here:
        return False
    held = _is_held(run)
    return _is_gone(holder) if held is None else not (held or _is_alive(holder))


def _is_gone(holder: dict[str, Any]) -> bool:
    """Whether a process of this machine can be seen to have ended."""
    seen = isinstance(holder.get("pid"), int) and holder.get("started") is not None
    return seen and holder.get("space", _read_space()) == _read_space() and not _is_alive(holder)


def _is_alive(holder: dict[str, Any]) -> bool:
    """Whether a process of this machine can be seen to live."""
    pid, started = holder.get("pid"), holder.get("started")
    return isinstance(pid, int) and started is not None and _read_start(pid) == started


def _is_held(run: Path) -> bool | None:
    """Whether somebody has the lock of a run; None where that cannot be told."""
    try:
        descriptor = os.open(run / _FILE, os.O_RDONLY | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    try:
        if fcntl is None:
            return None
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return False


def _open(path: Path) -> int:
    """Opens the file of a lock; one that belongs to another user of the group can be locked, if not written to."""
    follow = getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | follow, 0o666)
    except PermissionError:
        if not os.access(path.parent, os.W_OK):
            raise
        return os.open(path, os.O_RDONLY | follow)


def _wait(descriptor: int, seconds: float) -> bool:
    """Takes a lock as soon as nobody has it; False if somebody still has it after so many seconds."""
    end = time.monotonic() + seconds
    while not _take(descriptor):
        if time.monotonic() > end:
            return False
        time.sleep(_PAUSE)
    return True


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


def _read_space() -> int | None:
    with suppress(OSError):
        return Path("/proc/self/ns/pid").stat().st_ino
    return None


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

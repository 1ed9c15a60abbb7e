"""How much memory the machine has left, and the refusal of arrays that would not fit."""

import os
from pathlib import Path

from nnctl.errors import DataError, Place, Problem

MOST = 0.75  # of what is available: the splits are copied once while they are cut, a part at a time
_MEMINFO = Path("/proc/meminfo")
_LIMIT = Path("/sys/fs/cgroup/memory.max")


def measure_available() -> int | None:
    """Bytes that can be had without swapping, or None where the system does not tell.

    Linux's `MemAvailable`, and no more than the container's own limit; elsewhere half of the machine's memory.
    """
    found = [value for value in (_read_meminfo(), _read_limit()) if value is not None]
    return min(found) if found else _compute_half()


def afford(name: str, count: int, place: Place | None) -> None:
    """Refuses to load `count` bytes called `name` where they would take more than 75 % of the available memory.

    Raises:
        DataError: they would.
    """
    room = measure_available()
    if room is None or count <= MOST * room:
        return
    message = f"{name} takes {format_bytes(count)} in memory, more than 75 % of the {format_bytes(room)} that are free"
    raise DataError(Problem("out-of-memory", message, place, "use fewer examples or a smaller type, such as uint8"))


def _read_meminfo() -> int | None:
    try:
        lines = _MEMINFO.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None


def _read_limit() -> int | None:
    try:
        text = _LIMIT.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _compute_half() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return None


def format_bytes(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 2**30:,.1f} GiB" if count >= 2**30 else f"{count / 2**20:,.1f} MiB"

"""How much memory this process may still have, and the refusal of arrays that would not fit."""

import os
from collections.abc import Iterator
from pathlib import Path

try:
    import resource
except ImportError:  # Windows has no limits of a process
    resource = None  # type: ignore[assignment]

from nnctl.errors import DataError, Place, Problem

MOST = 0.75  # of what is available: the splits are copied once while they are cut, a part at a time
_MEMINFO = Path("/proc/meminfo")
_GROUPS, _LIMITS = Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")
_SIZES = Path("/proc/self/statm")


def measure_available() -> int | None:
    """Bytes that can be had without swapping, or None where the system does not tell.

    Linux's `MemAvailable`, elsewhere half of the machine's memory; and no more than the limits of the control groups that
    this process is in, and than what is left of its address space.
    """
    machine = _read_meminfo()
    found = [_compute_half() if machine is None else machine, measure_address_space(), *_read_limits()]
    return min((value for value in found if value is not None), default=None)


def measure_address_space() -> int | None:
    """Bytes of addresses that this process may still take (`ulimit -v`), or None where there is no limit.

    What it has taken is known on Linux; elsewhere all of the limit counts.
    """
    limit = -1 if resource is None else resource.getrlimit(resource.RLIMIT_AS)[0]
    if resource is None or limit in (-1, resource.RLIM_INFINITY):
        return None
    try:
        taken = int(_SIZES.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        taken = 0
    return max(0, limit - taken)


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


def _read_limits() -> Iterator[int]:
    """The limits of the control groups that this process is in, and of those above them; both versions of them."""
    for folder, name in _list_groups():
        for group in (folder, *folder.parents):
            if group.is_relative_to(_LIMITS):
                try:
                    text = (group / name).read_text(encoding="ascii").strip()
                except OSError:
                    continue
                if text.isdigit():
                    yield int(text)


def _list_groups() -> Iterator[tuple[Path, str]]:
    """The folder of each group, and the file in it that holds its limit; a container sees its own at the top."""
    try:
        lines = _GROUPS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in ("0::/", "0:memory:/", *lines):
        _, kinds, path = line.split(":", 2)
        if not kinds:
            yield _LIMITS / path.strip("/"), "memory.max"
        elif "memory" in kinds.split(","):
            yield _LIMITS / "memory" / path.strip("/"), "memory.limit_in_bytes"


def _compute_half() -> int | None:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        return None


def format_bytes(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 2**30:,.1f} GiB" if count >= 2**30 else f"{count / 2**20:,.1f} MiB"

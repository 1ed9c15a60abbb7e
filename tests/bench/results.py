"""`results.json`: the newest figures of each part of the benchmark, and what machine and versions they are from."""

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.programs import HERE, Setting, versions

PATH = HERE / "results.json"
Part = dict[str, Any]


def machine() -> dict[str, Any]:
    """The processor, its cores that may be used, and the memory in bytes."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"processor": _processor(), "cores": len(os.sched_getaffinity(0)), "memory": memory}


def part(setting: Setting, figures: Any, seconds: float) -> Part:
    """The figures of a part, with when and on what they were measured, and how long that took."""
    known = {"python": platform.python_version(), **versions(setting)}
    told = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "minutes": round(seconds / 60, 1), "machine": machine()}
    return {**told, "versions": known, "figures": figures}


def read(path: Path = PATH) -> dict[str, Part]:
    """The parts that have been measured."""
    return json.loads(path.read_text()) if path.is_file() else {}


def write(parts: dict[str, Part], path: Path = PATH) -> None:
    """Writes parts; those that were not measured this time stay as they are.

    So do the figures of a part that were not measured (`--only`), if they are from the same machine and no version differs.
    What is not installed this time, PyTorch or JAX, took no part and makes no difference; its version stays with its figures.
    """
    kept = read(path)
    for name, part in parts.items():
        kept[name] = _joined(kept.get(name), part)
    path.write_text(_text(kept) + "\n")


def _joined(older: Part | None, newer: Part) -> Part:
    """A part with the figures of an older one that it has none of; the newer one alone if the two do not compare."""
    if older is None or older["machine"] != newer["machine"]:
        return newer
    before, now = ({name: each for name, each in part["versions"].items() if each} for part in (older, newer))
    if any(before[name] != now[name] for name in before.keys() & now.keys()):
        return newer
    return {
        **newer,
        "versions": {**newer["versions"], **before, **now},
        "figures": {**older["figures"], **newer["figures"]},
    }


def _text(value: Any, depth: int = 0) -> str:
    """JSON with a map a block, but what fits on a line on one: a figure and its rounds stand together."""
    flat = json.dumps(value, allow_nan=False)
    if not isinstance(value, dict) or len(flat) + depth <= 110:
        return flat
    inner = (f"{' ' * (depth + 1)}{json.dumps(key)}: {_text(each, depth + 1)}" for key, each in value.items())
    return "{\n" + ",\n".join(inner) + f"\n{' ' * depth}}}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    named = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), None)
    return named or platform.processor() or platform.machine()

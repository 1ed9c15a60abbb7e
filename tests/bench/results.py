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

    So do the figures of a part that were not measured (`--only`), if they are from the same machine and versions.
    """
    kept = read(path)
    for name, part in parts.items():
        older = kept.get(name, {})
        alike = all(older.get(key) == part.get(key) for key in ("machine", "versions"))
        kept[name] = {**part, "figures": {**(older.get("figures", {}) if alike else {}), **part["figures"]}}
    path.write_text(_text(kept) + "\n")


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

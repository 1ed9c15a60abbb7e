"""What nnctl finds where it is installed: versions, processor, memory, disk, data; TensorFlow is not loaded for it."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from nnctl.cores import count_cores
from nnctl.data import stock
from nnctl.data.memory.available import measure_available
from nnctl.spec.network.precision import multiplies_bfloat16
from nnctl.version import __version__

# TensorFlow alone takes 0.4 GB, a training of all of MNIST 0.8 (measured); a checkpoint of the largest example is 30 MB.
LITTLE_MEMORY, LITTLE_DISK = 2 * 2**30, 2**30
_VARIABLES = ("NNCTL_DATA_DIR", "NNCTL_RUNS", "NNCTL_THREADS")


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that nnctl needs or uses.

    Attributes:
        name: what it is, in one word.
        told: what was found.
        fault: what is wrong with it and what to do, or None.
        hint: what could be had besides, or None.
    """

    name: str
    told: str
    fault: str | None = None
    hint: str | None = None


def find_conditions(runs: Path) -> list[Condition]:
    """Everything but TensorFlow.

    Args:
        runs: the folder of the run directories.
    """
    machine = [_check_python(), _check_packages(), _check_processor(), _check_memory(), _check_disk(runs)]
    return [*machine, _check_data(), *_check_variables()]


def _check_python() -> Condition:
    return Condition("nnctl", f"{__version__}, Python {platform.python_version()} in {sys.prefix}")


def _check_packages() -> Condition:
    """The packages that nnctl depends on, against the bounds that it declares."""
    needed = [Requirement(text) for text in metadata.requires("nnctl") or ()]
    told, wrong = list[str](), list[str]()
    for each in (each for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})):
        try:
            version = metadata.version(each.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{each.name} is not installed")
            continue
        told.append(f"{each.name} {version}")
        if not each.specifier.contains(version, prereleases=True):
            wrong.append(f"{each.name} {version} is not {each.specifier}, which nnctl was tested with")
    fault = f"{'; '.join(wrong)}: install nnctl anew" if wrong else None
    return Condition("packages", ", ".join(told), fault)


def _check_processor() -> Condition:
    cores = count_cores()
    able = "multiplies bfloat16: `precision: auto` can use it" if multiplies_bfloat16() else "no bfloat16"
    return Condition("processor", f"{platform.machine()}, {cores} core{'s' * (cores != 1)}, {able}")


def _check_memory() -> Condition:
    free = measure_available()
    if free is None:
        return Condition("memory", "the system does not tell")
    fault = "little is left for TensorFlow and a network: end other programs" if free < LITTLE_MEMORY else None
    return Condition("memory", f"{free / 2**30:.1f} GiB free", fault)


def _check_disk(runs: Path) -> Condition:
    """Whether run directories can be written, and the room for them."""
    folder = runs.absolute()
    try:
        while not folder.exists():  # it is made with the first run
            folder = folder.parent
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        told = f"{folder} cannot be written to: {error.strerror}"
        return Condition("disk", told, "`--runs DIR` or $NNCTL_RUNS names another folder")
    fault = "too little for runs: free some space, or `--runs DIR` on another disk" if free < LITTLE_DISK else None
    return Condition("disk", f"{free / 2**30:,.1f} GiB free for {runs}", fault)


def _check_data() -> Condition:
    """The sets that are downloaded: where each lies, or that it is not here."""
    try:
        sets = [each for each in stock() if each.origin == "downloaded"]
    except (OSError, RuntimeError) as error:  # no such user, a folder that may not be entered
        fault = "set $NNCTL_DATA_DIR to a folder of yours"
        return Condition("data", f"cannot be looked for: {error}", fault)
    here = [f"{each.name} {each.path}" for each in sets if each.ready]
    away = [each.name for each in sets if not each.ready]
    hint = f"not on this disk: {', '.join(away)}; `nnctl data fetch {away[0]}` downloads one" if away else None
    return Condition("data", "; ".join(here) or "built-in sets only", hint=hint)


def _check_variables() -> Iterator[Condition]:
    for name in _VARIABLES:
        if (value := os.environ.get(name)) is None:
            continue
        missing = name == "NNCTL_DATA_DIR" and not Path(value).is_dir()
        yield Condition(f"${name}", value, "is no folder: data sets are looked for elsewhere" if missing else None)

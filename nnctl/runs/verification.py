"""`nnctl runs verify`: whether every file of a run is what was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nnctl.errors import RunError
from nnctl.runs import checkpoints
from nnctl.runs.directory import RunDirectory, compute_checksum


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file or checkpoint.

    Attributes:
        name: its path in the run.
        fault: what is wrong with it, or None.
    """

    name: str
    fault: str | None


def verify_run(run: RunDirectory) -> list[Verdict]:
    """Compares every checksum of a run: the files that its manifest names, and its checkpoints.

    Raises:
        RunError: the manifest cannot be read.
    """
    files = [Verdict(name, _find_fault(run.path, name, told)) for name, told in sorted(run.manifest.checksums.items())]
    return [*files, *_verify_checkpoints(run)]


def _find_fault(root: Path, name: str, told: str) -> str | None:
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        return "it lies outside of the run"
    path = root / name
    try:
        if path.is_symlink() or not path.is_file():
            return "it is missing" if not path.exists() else "it is not a regular file"
        return None if compute_checksum(path) == told else "its SHA-256 is not the one that was written down"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"


def _verify_checkpoints(run: RunDirectory) -> Iterator[Verdict]:
    for path in reversed(checkpoints.list_checkpoints(run.checkpoints)):
        name = str(path.relative_to(run.path))
        try:
            checkpoints.check_checkpoint(path)
        except RunError as error:
            yield Verdict(name, error.problems[0].message)
        else:
            yield Verdict(name, None)

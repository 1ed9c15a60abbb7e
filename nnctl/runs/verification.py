"""`nnctl runs verify`: whether every file of a run is what was written."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nnctl import bounds
from nnctl.errors import RunError
from nnctl.files import open_unfollowed, seal
from nnctl.runs import checkpoints
from nnctl.runs.directory import RunDirectory


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
    seal(run.path)  # what a link on the way leads to is no file of the run
    files = [Verdict(name, _find_fault(run.path, name, told)) for name, told in sorted(run.manifest.checksums.items())]
    return [*files, *_verify_checkpoints(run)]


def _find_fault(root: Path, name: str, told: str) -> str | None:
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        return "it lies outside of the run"
    try:
        with open_unfollowed(root / name) as content:
            return checkpoints.find_damage(content, bounds.RUN_FILE, told)
    except (FileNotFoundError, ValueError):  # or a name that no file has
        return "it is missing"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    except RunError as error:
        return error.problems[0].message


def _verify_checkpoints(run: RunDirectory) -> Iterator[Verdict]:
    if run.checkpoints.is_symlink():
        yield Verdict(run.checkpoints.name, f"{run.checkpoints} is a link")
        return
    for path in reversed(checkpoints.list_checkpoints(run.checkpoints)):
        name = str(path.relative_to(run.path))
        try:
            checkpoints.check_checkpoint(path)
        except RunError as error:
            yield Verdict(name, error.problems[0].message)
        else:
            yield Verdict(name, None)

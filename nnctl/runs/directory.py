"""A run's directory: its files by name, how it is made, and what becomes of its manifest."""

import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nnctl import bounds
from nnctl.errors import Problem, RunError
from nnctl.files import seal
from nnctl.runs import manifest
from nnctl.runs.clock import read_clock
from nnctl.runs.lock import hold_folder, is_lost
from nnctl.runs.manifest import Manifest


class _Inside:
    """A file or folder of a run, as an attribute of it: its path, whether it is there or not."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, run: "RunDirectory", kind: type["RunDirectory"]) -> Path:
        return run.path / self.name


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """A run directory; it may be moved as a whole.

    Attributes:
        path: the directory.
        spec: the user's file, byte for byte.
        resolved: the spec with every value written out.
        columns: how the columns of a table became numbers; only in a run on a table.
        inputs: what the training examples look like, and the names of what is predicted.
        scaling: how the examples and the targets are scaled.
        metrics: a row an epoch.
        log: what the terminal showed.
        model: the best epoch's model.
        checkpoints: the folder of the states that training can be resumed from.
        plots: the folder of the pictures.
        debug: the folder of what the debugger saw and found.
        diagnostics: a line for each look at the layers while training.
    """

    path: Path
    spec = _Inside("spec.yaml")
    resolved = _Inside("resolved.yaml")
    columns = _Inside("columns.json")
    inputs = _Inside("inputs.json")
    scaling = _Inside("scaling.json")
    metrics = _Inside("metrics.csv")
    log = _Inside("train.log")
    model = _Inside("model.keras")
    checkpoints = _Inside("checkpoint")
    plots = _Inside("plots")
    debug = _Inside("debug")
    diagnostics = _Inside("debug/diagnostics.jsonl")

    @property
    def id(self) -> str:
        """What the run is called: its folder's name, whatever it was called before."""
        return Path(os.path.abspath(self.path)).name  # noqa: PTH100  (a link is not followed: it has a name of its own)

    @property
    def root(self) -> Path:
        """The folder that it lies in, among other runs."""
        return self.path.parent if self.path.name not in ("", "..") else self.path.resolve().parent

    @property
    def manifest(self) -> Manifest:
        """What `run.json` says now, with the run's present id. Raises RunError if it cannot be read."""
        return replace(manifest.read_manifest(self.path / "run.json"), id=self.id)

    @property
    def lost(self) -> bool:
        """Whether the manifest says that it is running, and the process that ran it is gone."""
        return self.find_status(self.manifest) == "lost"

    def find_status(self, manifest: Manifest) -> str:
        """The status that a manifest of this run tells; `lost` if it is running, and the process that ran it is gone."""
        lost = manifest.status == "running" and is_lost(self.path, manifest.process)
        return "lost" if lost else manifest.status

    def confine(self, grows: bool = False) -> None:
        """Refuses a run that reaches outside of itself: links, pipes and devices among its files.

        Hard links are what copies and backups of runs often are; they do no harm where files are only read, or replaced.

        Args:
            grows: whether more is written behind what its files hold, so that these must have no other names.

        Raises:
            RunError: there is one, or the run holds more than a run can.
        """
        seal(self.path)  # a link that is put there from now on is not followed
        for count, (folder, folders, files) in enumerate(os.walk(self.path), 1):
            for name in (*folders, *files):
                path = Path(folder, name)
                try:
                    status = path.lstat()
                except FileNotFoundError:  # another process, which trains the run, has put something else in its place
                    continue
                if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                    kind = "a link" if stat.S_ISLNK(status.st_mode) else "no regular file"
                    hint = "a run holds its own files only: remove it, or put what it leads to in its place"
                    raise RunError(Problem("bad-run", f"{path} is {kind}", hint=hint))
                if grows and path in (self.log, self.diagnostics) and status.st_nlink > 1:
                    hint = "what is written to it would be there, too: put a copy of it in its place"
                    message = f"{path} has another name elsewhere (a hard link)"
                    raise RunError(Problem("bad-run", message, hint=hint))
            if len(Path(folder).relative_to(self.path).parts) > bounds.DEEP:
                raise RunError(Problem("bad-run", f"{self.path} holds folders in more than {bounds.DEEP} others"))
            if count > bounds.FOLDERS:
                raise RunError(Problem("bad-run", f"{self.path} holds more than {bounds.FOLDERS:,} folders"))

    def evaluation(self, split: str) -> Path:
        """The folder with a split's predictions and scores."""
        return self.path / "eval" / split

    def update(self, **changes: object) -> Manifest:
        """Writes the manifest with some fields changed, and returns it."""
        return self.revise(lambda manifest: changes)

    def revise(self, change: Callable[[Manifest], Mapping[str, Any]]) -> Manifest:
        """Writes the manifest with the fields changed that a function makes of it, and returns it.

        Other processes that change it wait meanwhile: what one of them adds, such as scores, the next one finds there.
        """
        with hold_folder(self.path):
            now = self.manifest
            changed = replace(now, **change(now))
            changed.write(self.path / "run.json")
        return changed

    def renew_checksums(self, *paths: Path, **changes: object) -> Manifest:
        """Writes the manifest with the checksums of these files, which must be complete, added or renewed, and other changes."""
        made = compute_checksums(self.path, *paths)
        return self.revise(lambda manifest: {"checksums": {**manifest.checksums, **made}, **changes})


def create_run(root: Path, name: str) -> tuple[RunDirectory, str]:
    """Makes a new, empty run directory under `root`, and returns it with the time of its creation (UTC, ISO 8601).

    The directory is made exclusively: two runs of the same second and name never share one.

    Raises:
        RunError: the directory cannot be made.
    """
    for _ in range(16):
        now = read_clock()
        path = root / f"{now:%Y%m%d-%H%M%S}-{name}-{os.urandom(2).hex()}"
        try:
            root.mkdir(parents=True, exist_ok=True)
            path.mkdir()
        except FileExistsError:
            if not root.is_dir():
                raise RunError(Problem("bad-runs", f"{root} is not a directory", hint="`--runs DIR`")) from None
            continue
        except OSError as error:
            message = f"no run directory can be made in {root}: {error.strerror}"
            hint = "`--runs DIR` or $NNCTL_RUNS name another place"
            raise RunError(Problem("bad-runs", message, hint=hint)) from None
        seal(path)
        return RunDirectory(path), now.isoformat(timespec="microseconds")  # which of two is the newer one
    raise RunError(Problem("bad-runs", f"no free name for a run in {root}"))


def compute_checksums(root: Path, *paths: Path) -> dict[str, str]:
    """The SHA-256 of files, by their paths from `root`."""
    return {path.relative_to(root).as_posix(): compute_checksum(path) for path in paths}


def compute_checksum(path: Path) -> str:
    """A file's SHA-256, in hex."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

"""A run's directory: its files by name, how it is made, and how RUN on the command line finds it."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nnctl.errors import Problem, RunError
from nnctl.runs import manifest
from nnctl.runs.lock import is_gone
from nnctl.runs.manifest import Manifest

MOST_FOLDERS = 10_000  # of one run: checkpoints and scores are a few dozen


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
    def manifest(self) -> Manifest:
        """What `run.json` says now. Raises RunError if it cannot be read."""
        return manifest.read_manifest(self.path / "run.json")

    @property
    def lost(self) -> bool:
        """Whether the manifest says that it is running, and the process that ran it is gone."""
        manifest = self.manifest
        return manifest.status == "running" and is_gone(manifest.process)

    def confine(self) -> None:
        """Refuses a run that reaches outside of itself: links, pipes and devices among its files.

        Raises:
            RunError: there is one, or the run holds more than a run can.
        """
        for count, (folder, folders, files) in enumerate(os.walk(self.path), 1):
            for name in (*folders, *files):
                path = Path(folder, name)
                try:
                    mode = path.lstat().st_mode
                except FileNotFoundError:  # another process, which trains the run, has put something else in its place
                    continue
                if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                    kind = "a link" if stat.S_ISLNK(mode) else "no regular file"
                    hint = "a run holds its own files only: remove it, or put what it leads to in its place"
                    raise RunError(Problem("bad-run", f"{path} is {kind}", hint=hint))
            if count > MOST_FOLDERS:
                raise RunError(Problem("bad-run", f"{self.path} holds more than {MOST_FOLDERS:,} folders"))

    def evaluation(self, split: str) -> Path:
        """The folder with a split's predictions and scores."""
        return self.path / "eval" / split

    def update(self, **changes: object) -> Manifest:
        """Writes the manifest with some fields changed, and returns it."""
        changed = replace(self.manifest, **changes)  # type: ignore[arg-type]
        changed.write(self.path / "run.json")
        return changed

    def renew_checksums(self, *paths: Path) -> dict[str, str]:
        """The manifest's checksums with those of these files, which must be complete, added or renewed."""
        return {**self.manifest.checksums, **compute_checksums(self.path, *paths)}


def find_root(given: str | Path | None) -> Path:
    """The folder of the run directories: the one that is given, `$NNCTL_RUNS`, or `runs`."""
    return Path(given or os.environ.get("NNCTL_RUNS") or "runs")


def create_run(root: Path, name: str) -> tuple[RunDirectory, str]:
    """Makes a new, empty run directory under `root`, and returns it with the time of its creation (UTC, ISO 8601).

    The directory is made exclusively: two runs of the same second and name never share one.

    Raises:
        RunError: the directory cannot be made.
    """
    for _ in range(16):
        now = datetime.now(UTC)
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
        return RunDirectory(path), now.isoformat(timespec="microseconds")  # which of two is the newer one
    raise RunError(Problem("bad-runs", f"no free name for a run in {root}"))


def list_runs(root: Path) -> list[RunDirectory]:
    """The runs under a folder, oldest first; folders without a readable `run.json` are passed over."""
    return sorted(_find_runs(root), key=lambda run: (run.manifest.created, run.path.name))


def find_run(argument: str, root: Path) -> RunDirectory:
    """The run that a RUN argument means: a path, a unique prefix of an id, a name (its newest run), or `latest`.

    Raises:
        RunError: no run or more than one answers to it.
    """
    if argument and _is_kind(Path(argument) / "run.json", Path.is_file):
        return RunDirectory(Path(argument))
    runs = list_runs(root)
    if argument == "latest" and runs:
        return runs[-1]
    if named := [run for run in runs if run.manifest.name == argument]:
        return named[-1]
    begun = [run for run in runs if argument and run.path.name.startswith(argument)]
    if len(begun) == 1:
        return begun[0]
    raise RunError(_explain_not_found(argument, root, runs, begun))


def compute_checksums(root: Path, *paths: Path) -> dict[str, str]:
    """The SHA-256 of files, by their paths from `root`."""
    return {path.relative_to(root).as_posix(): compute_checksum(path) for path in paths}


def compute_checksum(path: Path) -> str:
    """A file's SHA-256, in hex."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _explain_not_found(argument: str, root: Path, runs: list[RunDirectory], begun: list[RunDirectory]) -> Problem:
    if not argument:
        return Problem("no-run", "the name of a run is empty", hint="`latest` is the newest, `nnctl runs` lists them")
    if begun:
        shown = ", ".join(run.path.name for run in begun[-3:])
        message = f"{len(begun)} runs begin with {argument!r}: {shown}"
        return Problem("ambiguous-run", message, hint="give more of the id")
    if _is_kind(Path(argument), Path.is_dir):
        return Problem("bad-run", f"{argument} is a directory without a run.json", hint="`nnctl runs` lists the runs")
    if not runs:
        return Problem("no-run", f"there are no runs in {root}", hint="`nnctl train SPEC` makes one")
    hint = f"the newest is {runs[-1].path.name}"
    return Problem("no-run", f"no run in {root} is called {argument!r} or begins so", hint=hint)


def _find_runs(root: Path) -> Iterator[RunDirectory]:
    for path in root.iterdir() if root.is_dir() else ():
        try:
            RunDirectory(path).manifest  # noqa: B018  (reading it is the test)
        except RunError:
            continue
        yield RunDirectory(path)


def _is_kind(path: Path, kind: Callable[[Path], bool]) -> bool:
    """Whether a path is of a kind; a text that no path can be (too long, a zero in it) is of none."""
    try:
        return kind(path)
    except (OSError, ValueError):
        return False

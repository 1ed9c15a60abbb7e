"""How runs are found: all that lie in a folder, and the one that RUN on the command line means."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nnctl.errors import Problem, RunError
from nnctl.runs.clock import is_to_come, read_clock
from nnctl.runs.directory import RunDirectory
from nnctl.runs.manifest import Manifest
from nnctl.spelling import compose


class Listed(NamedTuple):
    """A run of a folder, with what its `run.json` said when it was listed: the run may have changed, or gone, since then."""

    run: RunDirectory
    manifest: Manifest


def find_root(given: str | Path | None) -> Path:
    """The folder of the run directories: the one that is given, `$NNCTL_RUNS`, or `runs`."""
    return Path(given or os.environ.get("NNCTL_RUNS") or "runs")


def read_runs(root: Path) -> list[Listed]:
    """The runs under a folder, oldest first, each manifest read once; what is no run, or goes meanwhile, is passed over.

    Runs that were made at a time that is still to come go before all others: the clock that said so was wrong, and nobody
    knows how old they are.

    Raises:
        RunError: the folder cannot be read.
    """
    now = read_clock()
    found = list(_read_each(root))
    return sorted(found, key=lambda each: (*_rank_age(each.manifest.created, now), each.run.path.name))


def list_runs(root: Path) -> list[RunDirectory]:
    """The runs of `read_runs`, without what they say."""
    return [each.run for each in read_runs(root)]


def find_run(argument: str, root: Path) -> RunDirectory:
    """The run that a RUN argument means.

    A text with a separator in it is a path. Else it is `latest`, a name (its newest run), an id or its beginning, among the runs
    of `root`; and only what is none of these is a folder of the working directory.

    Raises:
        RunError: no run or more than one answers to it.
    """
    path = Path(argument)
    there = bool(argument) and _is_kind(path / "run.json", Path.is_file)
    if there and (len(path.parts) != 1 or path.is_absolute() or argument != path.name):
        return RunDirectory(path)
    runs, argument = read_runs(root), compose(argument)
    if argument == "latest" and runs:
        return runs[-1].run
    named = [each.run for each in runs if each.manifest.name == argument]
    begun = [each.run for each in runs if argument and each.run.path.name.startswith(argument)]
    whole = [run for run in begun if run.path.name == argument]
    for found in (whole, named[-1:], begun):
        if len(found) == 1:
            return found[0]
    if there and not begun and argument != "latest":
        return RunDirectory(path)
    raise RunError(_explain_not_found(argument, root, runs, begun))


def _rank_age(created: str, now: datetime) -> tuple[bool, datetime]:
    """What runs are sorted by, oldest first: when they were made (ISO 8601), if that can be."""
    moment = datetime.fromisoformat(created)
    return not is_to_come(created, now), moment


def _read_each(root: Path) -> Iterator[Listed]:
    for path in _list_folder(root):
        run = RunDirectory(path)
        try:
            yield Listed(run, run.manifest)
        except RunError:
            continue


def _list_folder(root: Path) -> list[Path]:
    if not _is_kind(root, Path.is_dir):
        return []
    try:
        return list(root.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        message = f"{root} cannot be read: {error.strerror}"
        raise RunError(Problem("bad-runs", message, hint="`--runs DIR` or $NNCTL_RUNS name another place")) from None


def _explain_not_found(argument: str, root: Path, runs: list[Listed], begun: list[RunDirectory]) -> Problem:
    if not argument:
        return Problem("no-run", "the name of a run is empty", hint="`latest` is the newest, `nnctl runs` lists them")
    if begun:
        shown = ", ".join(run.path.name for run in begun[-3:])
        message = f"{len(begun)} runs begin with {argument!r}: {shown}"
        return Problem("ambiguous-run", message, hint="give more of the id")
    if _is_kind(Path(argument), Path.is_dir) and argument != "latest":
        return Problem("bad-run", f"{argument} is a directory without a run.json", hint="`nnctl runs` lists the runs")
    if not runs:
        return Problem("no-run", f"there are no runs in {root}", hint="`nnctl train SPEC` makes one")
    hint = f"the newest is {runs[-1].run.path.name}"
    return Problem("no-run", f"no run in {root} is called {argument!r} or begins so", hint=hint)


def _is_kind(path: Path, kind: Callable[[Path], bool]) -> bool:
    """Whether a path is of a kind; a text that no path can be (too long, a zero in it) is of none."""
    try:
        return kind(path)
    except (OSError, ValueError):
        return False

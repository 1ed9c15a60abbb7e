"""The spec or the run that a verb is about, whatever was typed for it: a file, `-`, a run, or one for the other."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from nnctl.errors import Problem, RunError, SpecError, UsageError

if TYPE_CHECKING:
    from nnctl.api import Run, Spec

STDIN = "-"
_SUFFIXES = (".yaml", ".yml")


def name_spec(path: Path) -> str:
    """What messages call a spec: its path, or `<stdin>`."""
    return "<stdin>" if str(path) == STDIN else str(path)


def is_spec(path: Path) -> bool:
    """Whether what was typed for a spec or a run is a spec."""
    return str(path) == STDIN or path.suffix in _SUFFIXES or (path.is_file() and not _holds_run(path.parent))


def load_spec(path: Path, overrides: Iterable[tuple[str, str]] = ()) -> "Spec":
    """The spec in a file, or that comes through the standard input if the path is `-`.

    Raises:
        SpecError: with every mistake that was found; where there is no such file, with what it may have been meant for.
    """
    from nnctl.api import specs
    from nnctl.cli.shell import terminal

    if str(path) == STDIN:
        return specs.load_spec(specs.read_stream(terminal.open_stdin()), overrides)
    try:
        return specs.load_spec(path, overrides)
    except SpecError as error:
        if path.exists() or [each.code for each in error.problems] != ["unreadable-file"] or error.problems[0].place:
            raise
        from nnctl.cli.shell.advice import advise_spec

        advice = advise_spec(path)
        raise error if advice is None else SpecError(replace(error.problems[0], hint=advice)) from None


def load_either(path: Path, settings: Sequence[tuple[str, str]] = ()) -> "Spec":
    """The spec in a file, or of a run as it was trained.

    Raises:
        SpecError, RunError: it cannot be read.
        UsageError: settings are given for a run, which has been trained.
    """
    from nnctl.cli.shell.advice import find_run

    found = None if is_spec(path) else find_run(str(path))
    if found is None:
        return load_spec(path, settings)
    if settings:
        refuse_settings(path, f"`{found.path / 'resolved.yaml'}` is its spec, which takes it")
    return found.spec


def refuse_settings(run: object, hint: str) -> NoReturn:
    """Refuses `--set` of what has been trained.

    Args:
        run: what was typed for the run.
        hint: what takes it.

    Raises:
        UsageError: always.
    """
    raise UsageError(Problem("usage", f"--set changes a spec, and {run} is a run that has been trained", hint=hint))


def load_run(name: str, runs: Path, files: Sequence[str] = ()) -> "Run":
    """The run of a name, or in whose folder a file lies (`RUN/model.keras`).

    Args:
        name: what was typed for it.
        runs: the folder of the run directories.
        files: what stands behind it on the command line.

    Raises:
        RunError: there is none; it says what else was given in its place.
    """
    from nnctl.api.runs import load_run

    path = Path(name)
    if path.is_file() and _holds_run(path.parent):
        return load_run(path.parent, runs)
    try:
        return load_run(name, runs)
    except RunError as error:
        from nnctl.cli.shell.advice import advise_run

        other = advise_run(path, runs, files) if error.problems[0].code == "no-run" else None
        raise error if other is None else RunError(other) from None


def refuse_stream(path: Path) -> None:
    """Refuses to write beside a spec that is no file.

    Raises:
        UsageError: it came through the standard input.
    """
    if str(path) == STDIN:
        hint = "save the spec as a file, and name that"
        raise UsageError(
            Problem("usage", "a spec from the standard input has no folder to write the edit to", hint=hint)
        )


def _holds_run(folder: Path) -> bool:
    try:
        return (folder / "run.json").is_file()
    except (OSError, ValueError):
        return False

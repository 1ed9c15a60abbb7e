"""What was meant by a spec or a run that is not there: a setting, a run, a data source, a file beside it."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.errors import Problem, RunError
from nnctl.spelling import find_nearest

if TYPE_CHECKING:
    from nnctl.api import Run

_SUFFIXES = (".yaml", ".yml")


def find_run(name: str, runs: Path | None = None) -> "Run | None":
    """The run of a name, or None."""
    from nnctl.api.runs import load_run

    try:
        return load_run(name, runs)
    except RunError:
        return None


def advise_spec(path: Path) -> str | None:
    """What a spec that is not there may have been meant for: a setting, a run, a data source, another file."""
    from nnctl.api import SOURCES

    text = str(path)
    if "=" in text and not text.startswith("="):
        return f"`--set {shlex.quote(text)}` sets a value; the spec stands beside it"
    if (run := find_run(text)) is not None:
        whole = shlex.quote(str(run.path / "resolved.yaml"))
        return f"that is a run: {whole} is its spec, and `nnctl train --resume {shlex.quote(text)}` goes on with it"
    if text == "latest":
        return "there is no run yet: `nnctl train SPEC` makes one"
    if text in SOURCES:
        return f"that is a data source, which a spec names: `nnctl explain source {text}` tells of it"
    for folder in dict.fromkeys((path.parent, Path("configs"))):
        try:
            beside = sorted(each.name for each in folder.iterdir() if each.suffix in _SUFFIXES)
        except (OSError, ValueError):
            continue
        near = next((each for each in beside if Path(each).stem == path.name), None) or find_nearest(path.name, beside)
        if near is not None:
            return f"did you mean `{folder / near}`?"
    return None


def advise_run(path: Path, runs: Path, files: Sequence[str]) -> Problem | None:
    """What was given in the place of a run: the file to predict, a spec."""
    if not path.is_file():
        return None
    last = files[-1] if files else None
    if last is not None and find_run(last, runs) is not None:
        right = shlex.join(["nnctl", "predict", last, str(path), *files[:-1]])
        return Problem("no-run", f"{path} is a file, and the run comes before the files", hint=f"`{right}`")
    if path.suffix not in _SUFFIXES:
        return Problem(
            "no-run", f"{path} is a file, not a run", hint="`nnctl runs` lists the runs, `latest` is the newest"
        )
    newest = _find_newest(path, runs)
    hint = (
        f"`nnctl train {shlex.quote(str(path))}` makes one" if newest is None else f"its newest run is `{newest.path}`"
    )
    return Problem("no-run", f"{path} is a spec, and a run is expected", hint=hint)


def _find_newest(spec: Path, runs: Path) -> "Run | None":
    """The newest run of a spec, by the path that it was trained from."""
    from nnctl.api.runs import list_manifests

    whole = spec.resolve()
    return next((run for run, told in reversed(list_manifests(runs)) if Path(told.spec).resolve() == whole), None)

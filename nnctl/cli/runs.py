"""`nnctl runs`: what has been trained."""

import shlex
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from nnctl.cli import options
from nnctl.cli.shell import envelope, subjects, verbs
from nnctl.cli.shell.numbers import format_number
from nnctl.errors import NnctlError

if TYPE_CHECKING:
    from nnctl.api.runs import Run
    from nnctl.runs import Manifest, Row

_ORDER = (0, 1, 6, 7, 5, 4, 2, 3)  # the columns as a narrow terminal leaves them out, the last one first

app = typer.Typer(cls=verbs.Verbs, invoke_without_command=True)


@app.callback()
def runs(context: typer.Context, runs: options.Runs = options.RUNS, json: options.Json = False) -> int | None:
    """List the runs, oldest first."""
    if context.invoked_subcommand is not None:
        return None
    from nnctl.api.runs import list_manifests
    from nnctl.cli.shell import terminal
    from nnctl.cli.views.tables import print_table

    found = list_manifests(runs)
    if json:
        envelope.tell({"runs": [{"run": str(run.path), **asdict(manifest)} for run, manifest in found]})
        return 0
    heads = ("run", "status", "spec", "data", "epochs", "validation", "test", "age")
    if found:
        print_table(heads, [_format_cells(*each) for each in found], terminal.results(), order=_ORDER)
    else:
        terminal.results().print(f"no runs in {runs}", soft_wrap=True)
    _note_unfinished(found)
    return 0


@app.command(cls=verbs.Verb, epilog=verbs.format_examples("nnctl runs verify latest"))
def verify(run: options.RunName, runs: options.Runs = options.RUNS, json: options.Json = False) -> int:
    """Compare every checksum of a run: its files and its checkpoints."""
    from nnctl.cli.shell import terminal

    found = subjects.load_run(run, runs)
    verdicts = found.verify()
    faults = [each for each in verdicts if each.fault is not None]
    if json:
        envelope.tell({"run": str(found.path), "files": [asdict(each) for each in verdicts]})
        return 1 if faults else 0
    for each in faults:
        terminal.faults().print(f"{each.name}: {each.fault}", style="bad")
    sound = f"{len(verdicts) - len(faults)} of {len(verdicts)} files and checkpoints of {found.path} are sound"
    terminal.results().print(sound)
    return 1 if faults else 0


def _note_unfinished(found: "list[tuple[Run, Manifest]]") -> None:
    """Says how the seeds go on that nobody trains any more."""
    from nnctl.api.seeds import list_unfinished
    from nnctl.cli.shell import terminal

    for run, left, count in list_unfinished(found):
        told = f"{left} of {count} seeds of {run.manifest.name} are still to be trained"
        command = f"nnctl train --resume {shlex.quote(str(run.path))}"
        terminal.results().print(f"{told}: {command}", soft_wrap=True)


def _format_cells(run: "Run", manifest: "Manifest") -> list[str]:
    data = manifest.data.get("source", "")
    told = str(data) if data == manifest.data.get("requested") else f"{data} (for {manifest.data.get('requested')})"
    begin = [manifest.id, manifest.status + _format_place(manifest), manifest.spec, told, str(manifest.epochs)]
    return [
        *begin,
        _format_headline(manifest, "validation") or _format_watched(run, manifest),
        _format_headline(manifest, "test"),
        _format_age(manifest.created),
    ]


def _format_place(manifest: "Manifest") -> str:
    """Which of its set a run is, if it is of one."""
    told = manifest.seeds
    return f", seed {manifest.seed - told['first'] + 1} of {told['count']}" if told else ""


def _format_headline(manifest: "Manifest", split: str) -> str:
    """The first score of a split that is defined, if it was evaluated."""
    scores = manifest.scores.get(split, {}).items()
    return next((f"{name} {format_number(value)}" for name, value in scores if value is not None), "")


def _format_watched(run: "Run", manifest: "Manifest") -> str:
    """What validation said of the best epoch: the first metric watched, else the monitored number, if it is one of it."""
    row: Row = {}
    with suppress(NnctlError, OSError, IndexError):  # a run that is damaged is listed all the same
        row = run.metrics[manifest.best_epoch - 1] if manifest.best_epoch else {}
    watched = ((name, value) for name, value in row.items() if name.startswith("val_") and name != "val_loss")
    name, value = next(watched, (manifest.monitor or "", manifest.best))
    return (
        f"{name.removeprefix('val_')} {format_number(value)}" if value is not None and name.startswith("val_") else ""
    )


def _format_age(created: str) -> str:
    """The time since a moment, in the largest unit that it fills; of one that is to come nobody knows how long it has been."""
    from nnctl.api.runs import compute_age

    seconds = compute_age(created)
    if seconds is None:
        return "?"
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"

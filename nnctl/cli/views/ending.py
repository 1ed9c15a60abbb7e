"""What `nnctl train` shows when a training has ended, and the exit code it ends with."""

import shlex
import signal
from collections.abc import Iterator
from dataclasses import asdict
from statistics import mean, stdev
from typing import TYPE_CHECKING

from rich.text import Text

from nnctl.cli.shell import envelope, terminal
from nnctl.cli.shell.numbers import format_count, format_number
from nnctl.cli.shell.signals import CODES
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views import scores
from nnctl.cli.views.live import Terminal, format_resume
from nnctl.cli.views.tables import print_line, print_table
from nnctl.errors import Problem
from nnctl.files import append_to

if TYPE_CHECKING:
    from nnctl.api import Run

_TOLD = (
    "id", "name", "status", "message", "epochs", "best_epoch", "monitor", "best", "scores", "data", "engine", "parameters"
)  # fmt: skip


def conclude(run: "Run", shown: Terminal, json: bool) -> int:
    """Shows how a training ended and what comes next; returns its exit code."""
    _show(run, json)
    record(run)
    if run.manifest.status == "interrupted":
        message, hint = f"interrupted after epoch {run.manifest.epochs}", format_resume(run)
        envelope.add_problems(Problem("interrupted", message, hint=f"`{hint}` goes on with it"))
        return CODES[shown.wish.number or signal.SIGINT]
    return 0 if run.manifest.status == "done" else 1


def record(run: "Run") -> None:
    """Adds a run to the answer in JSON: its path, what its manifest says of its end, and what its score did not beat."""
    told = {"run": str(run.path), **{name: getattr(run.manifest, name) for name in _TOLD}}
    # Of a run that was finished before, nothing was scored here: that is not the same as nothing unbeaten.
    unbeaten = None if run.evaluation is None else [asdict(bar) for bar in run.evaluation.unbeaten]
    envelope.append("runs", {**told, "unbeaten": unbeaten})


def summarise(runs: "list[Run]", json: bool) -> None:
    """Shows what trainings with several seeds came to."""
    if not json and len(runs) > 1:
        _print_spread(runs)


def show_finished(run: "Run", json: bool) -> None:
    """Says that a run is done, and that nothing was asked of it."""
    manifest = run.manifest
    record(run)
    if json:
        return
    why = f" ({manifest.message})" if manifest.message else ""
    terminal.results().print(f"{run.path} is finished: {format_count(manifest.epochs, 'epoch')}{why}")
    terminal.results().print("`--epochs N` makes it longer", style="quiet")


def _show(run: "Run", json: bool) -> None:
    """The last lines of a training, on the terminal and in its log."""
    done = run.manifest.status == "done"
    console = terminal.results() if done else terminal.faults()
    with append_to(run.directory.log) as log:
        for line in _format_score(run) if done else _format_end(run):
            terminal.make_log(log).print(line)
            if not (done and json):
                print_line(line, console)


def _print_spread(runs: "list[Run]") -> None:
    """Each headline score over the seeds: mean, standard deviation (n - 1), least and greatest."""
    found = [next(iter(run.manifest.scores.values()), {}) for run in runs]
    rows = list[list[str]]()
    for name in dict.fromkeys(name for scored in found for name in scored):  # of one that diverged there are none
        values = [value for scored in found if (value := scored.get(name)) is not None]
        if len(values) > 1:
            numbers = (mean(values), stdev(values), min(values), max(values))
            rows.append([name.replace("_", " "), *map(format_number, numbers)])
    console = terminal.results()
    console.print(f"{len(runs)} seeds", style="name")
    print_table(("score", "mean", "deviation", "least", "greatest"), rows, console, right=range(1, 5))


def _format_score(run: "Run") -> Iterator[str | Text]:
    """What a training that came to its end has to show, and what to do next."""
    manifest, evaluation, path = run.manifest, run.evaluation, run.path
    if evaluation is not None:
        yield assemble((scores.format_headline(evaluation.scores, evaluation.split), "name"))
        if unbeaten := scores.format_unbeaten(evaluation.scores, evaluation.split, evaluation.unbeaten):
            yield assemble((unbeaten, "warn"))
        if "not_finite" in evaluation.scores.overall:
            yield assemble((evaluation.scores.remarks[0], "warn"))
        yield from (assemble((line, "warn")) for line in scores.list_renamed(evaluation.scores))
    if manifest.message:
        yield manifest.message
    if manifest.drift:
        yield assemble((f"not one unbroken training: {'; '.join(manifest.drift)}", "warn"))
    if manifest.best is None:  # the message says why
        yield f"kept epoch {manifest.best_epoch or '-'} of {manifest.epochs}, none is best"
    else:
        yield f"best epoch {manifest.best_epoch} of {manifest.epochs} ({manifest.monitor} {format_number(manifest.best)})"
    if warning := scores.format_sample_warning(manifest.data):
        yield assemble((warning, "warn"))
    yield f"run  {path}"
    yield from _list_pictures(run)
    yield assemble("next ", (_choose_next(run), "name"))


def _choose_next(run: "Run") -> str:
    """The command that tells most of a training that came to its end: why it is no better, or all scores of what it has."""
    path, evaluation = shlex.quote(str(run.path)), run.evaluation
    if evaluation is not None and evaluation.unbeaten:
        return f"nnctl debug {path}"
    split = "train" if evaluation is None else evaluation.split
    return f"nnctl evaluate {path}{'' if split == 'test' else f' --split {split}'}"


def _format_end(run: "Run") -> Iterator[str | Text]:
    """Why a training did not come to its end, and what is left of it."""
    manifest = run.manifest
    reasons = {
        "interrupted": f"interrupted after epoch {manifest.epochs}",
        "diverged": f"diverged in epoch {manifest.epochs + 1}: the loss or a weight is no longer a finite number",
    }
    if manifest.grown:
        reasons["diverged"] = "diverged"
    epoch, which = manifest.best_epoch, "last" if manifest.best is None else "best"
    kept = f"the {which} epoch's model ({epoch}) is kept" if epoch else "no epoch ended: no model"
    yield assemble((reasons[manifest.status], "bad"), f"; {kept}")
    following = format_resume(run)
    if manifest.status == "diverged":
        if manifest.message:
            yield manifest.message
        yield "a smaller learning rate is the first thing to try: `--set train.learning_rate=...`"
        following = f"nnctl debug {shlex.quote(str(run.path))}"
    yield f"run  {run.path}"
    yield from _list_pictures(run)
    yield assemble("next ", (following, "name"))


def _list_pictures(run: "Run") -> Iterator[Text]:
    """What was drawn, and what the picture of the layers shows, whose name does not say it."""
    names = sorted(path.stem for path in run.directory.plots.glob("*.png"))
    told = [f"{name} (gradients, dead units)" if name == "layers" else name for name in names]
    if told:
        yield assemble((f"     its plots/: {', '.join(told)}", "quiet"))

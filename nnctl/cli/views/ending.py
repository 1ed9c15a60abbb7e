"""What `nnctl train` shows when a training has ended, and the exit code it ends with."""

import signal
from collections.abc import Iterator
from statistics import mean, stdev

from rich.markup import escape
from rich.table import Table

from nnctl.cli.shell import terminal
from nnctl.cli.shell.signals import CODES
from nnctl.cli.views import scores
from nnctl.cli.views.live import Terminal, plain_console, resuming
from nnctl.engine.train import Trained
from nnctl.runs import Manifest

# What a run that did not come to its end is told by, and its exit code.
_EXITS = {"done": 0, "diverged": 1, "failed": 1}


def conclude(outcome: Trained, shown: Terminal, json: bool) -> int:
    """Shows how a training ended and what comes next; returns its exit code."""
    _show(outcome, json)
    if outcome.manifest.status == "interrupted":
        return CODES[shown.wish.number or signal.SIGINT]
    return _EXITS[outcome.manifest.status]


def summarise(outcomes: list[Trained], json: bool) -> None:
    """Shows what trainings with several seeds came to; as JSON what any did."""
    if json:
        told = [{"run": str(outcome.run.path), **_document(outcome.manifest)} for outcome in outcomes]
        terminal.print_json(told[0] if len(told) == 1 else told)
    elif len(outcomes) > 1:
        terminal.results().print(_spread(outcomes))


def _show(outcome: Trained, json: bool) -> None:
    """The last lines of a training, on the terminal and in its log."""
    done = outcome.manifest.status == "done"
    console = terminal.results() if done else terminal.notes()
    with outcome.run.log.open("a", encoding="utf-8") as log:
        for line in _score(outcome) if done else _end(outcome):
            plain_console(log).print(line)
            if not (done and json):
                console.print(line)


def _spread(outcomes: list[Trained]) -> Table:
    """Each headline score over the seeds: mean, standard deviation (n - 1), least and greatest."""
    table = Table(
        "score", "mean", "deviation", "least", "greatest", title=f"{len(outcomes)} seeds", box=None, padding=(0, 2)
    )
    rows = [next(iter(outcome.manifest.scores.values()), {}) for outcome in outcomes]
    for name in rows[0]:
        values = [value for row in rows if (value := row.get(name)) is not None]
        if len(values) > 1:
            numbers = (mean(values), stdev(values), min(values), max(values))
            table.add_row(name.replace("_", " "), *(f"{number:.4f}" for number in numbers))
    return table


def _score(outcome: Trained) -> Iterator[str]:
    """What a training that came to its end has to show, and what to do next."""
    manifest, evaluation, path = outcome.manifest, outcome.evaluation, outcome.run.path
    if evaluation is not None:
        yield f"[name]{scores.headline(evaluation.scores, evaluation.split)}[/]"
    if manifest.message:
        yield escape(manifest.message)
    if manifest.drift:
        yield f"[warn]not one unbroken training: {escape('; '.join(manifest.drift))}[/]"
    best = "" if manifest.best is None else f" ({manifest.monitor} {manifest.best:.4f})"
    yield f"best epoch {manifest.best_epoch} of {manifest.epochs}{best}"
    if warning := scores.sample_warning(manifest.data):
        yield f"[warn]{escape(warning)}[/]"
    yield f"run  {escape(str(path))}"
    yield f"next [name]nnctl evaluate {escape(str(path))}[/]"


def _end(outcome: Trained) -> Iterator[str]:
    """Why a training did not come to its end, and what is left of it."""
    manifest = outcome.manifest
    reasons = {
        "interrupted": f"interrupted after epoch {manifest.epochs}",
        "diverged": f"diverged in epoch {manifest.epochs + 1}: the loss or a weight is no longer a finite number",
    }
    kept = (
        f"the best epoch's model ({manifest.best_epoch}) is kept" if manifest.best_epoch else "no epoch ended: no model"
    )
    yield f"[bad]{reasons[manifest.status]}[/]; {kept}"
    if manifest.status == "diverged":
        if outcome.divergence is not None:
            yield escape(outcome.divergence.message)
        yield "a smaller learning rate is the first thing to try: `--set train.learning_rate=...`"
    yield f"run  {escape(str(outcome.run.path))}"
    if manifest.status == "interrupted":
        yield f"next [name]{escape(resuming(outcome.run))}[/]"


def _document(manifest: Manifest) -> dict[str, object]:
    told = ("id", "name", "status", "epochs", "best_epoch", "monitor", "best", "scores", "data", "engine", "parameters")
    return {name: getattr(manifest, name) for name in told}

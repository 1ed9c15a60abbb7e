"""`nnctl evaluate`: the full table of scores of a run's best model."""

from pathlib import Path
from typing import Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope, subjects


def evaluate(
    run: options.RunName,
    split: Annotated[
        str, typer.Option(help="test, validation or train.", autocompletion=completion.list_splits)
    ] = "test",
    data: Annotated[
        Path | None,
        options.option("PATH", "Score on this file instead; its source is the run's.", completion.list_files),
    ] = None,
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Score a run's best model: precision, recall, F1, confusion and more."""
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import scores

    found = subjects.load_run(run, runs)
    with terminal.report_progress(terminal.notes()) as report:
        evaluation = found.evaluate(split, data, report)
    if json:
        told = {"run": str(found.path), "split": evaluation.split, "folder": str(evaluation.folder)}
        envelope.tell({**told, "scores": evaluation.scores.document()})
        return 0
    console = terminal.results()
    scores.show(evaluation.scores, evaluation.split, console)
    if warning := scores.format_sample_warning(found.manifest.data):
        console.print(warning, style="warn")
    console.print(f"written to {evaluation.folder}", style="quiet")
    return 0

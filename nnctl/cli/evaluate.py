"""`nnctl evaluate`: the full table of scores of a run's best model."""

from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope, subjects
from nnctl.errors import DataError, RunError, SpecError

if TYPE_CHECKING:
    from nnctl.api.runs import Run


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
    try:
        with terminal.report_progress(terminal.notes()) as report:
            evaluation = found.evaluate(split, data, report)
    except (DataError, SpecError):
        _tell_kept(found, split, json)
        raise
    if json:
        envelope.tell(_document(found, evaluation))
        return 0
    console = terminal.results()
    unbeaten = scores.format_unbeaten(evaluation.scores, evaluation.split, evaluation.unbeaten)
    scores.show(evaluation.scores, evaluation.split, console, unbeaten)
    if warning := scores.format_sample_warning(found.manifest.data):
        console.print(warning, style="warn")
    scores.show_places(evaluation.folder, evaluation.pictures, console)
    return 0


def _document(run: "Run", evaluation: Any) -> dict[str, object]:
    """An evaluation as JSON has it."""
    told = {"run": str(run.path), "split": evaluation.split, "folder": str(evaluation.folder)}
    unbeaten = [asdict(bar) for bar in evaluation.unbeaten]
    more = {"pictures": list(map(str, evaluation.pictures)), "unbeaten": unbeaten}
    return {**told, **more, "scores": evaluation.scores.document()}


def _tell_kept(run: "Run", split: str, json: bool) -> None:
    """Says what the split scored when it was scored last, which needs no data."""
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import scores

    with suppress(RunError):
        kept, folder = run.manifest.scores.get(split, {}), run.directory.evaluation(split)
        envelope.tell({"run": str(run.path), "split": split, "folder": str(folder), "kept": kept})
        if kept and not json:
            scores.show_kept(kept, split, folder, terminal.results())

"""`nnctl predict`: what a run's best model says of pictures, arrays and tables."""

from typing import Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import envelope, subjects


def predict(
    run: options.RunName,
    files: Annotated[
        list[str], options.argument("FILE…", "PNG, JPEG, npz or CSV files, folders of them, or - for stdin.")
    ],
    top: Annotated[
        int | None,
        typer.Option(min=1, metavar="K", help="Show the K most probable classes; if left out, 3 of at least 1 %."),
    ] = None,
    invert: Annotated[
        str,
        typer.Option(
            metavar="auto|no|yes", help="Invert pictures; auto: when training images have the opposite polarity."
        ),
    ] = "auto",
    fit: Annotated[bool, typer.Option(help="Scale and centre drawings like the training images, where needed.")] = True,
    csv: Annotated[bool, typer.Option("--csv", help="Print a row for each example, with every probability.")] = False,
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Tell what a run's best model says of files: pictures, arrays, tables."""
    import nnctl.api
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import predictions

    form = predictions.choose_form(csv, json)
    found = subjects.load_run(run, runs, files)
    with terminal.report_progress(terminal.notes()) as report:
        answered = nnctl.api.predict(found, files, invert, fit, terminal.open_stdin(), report)
    envelope.tell({"run": str(found.path), "task": answered.task, "names": list(answered.names)})
    with predictions.open_printer(form, answered.meaning, answered.names, top) as show:
        lost = [show(block) for block in answered.blocks]
    return int(any(lost))

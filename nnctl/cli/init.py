"""`nnctl init`: a commented spec that trains as it stands."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope


def init(
    name: Annotated[str | None, options.argument("NAME", "The spec's name; NAME.yaml is written.")] = None,
    template: Annotated[
        str | None, options.option("KIND", "mlp, cnn, mnist_mlp, regression or tabular.", completion.list_templates)
    ] = None,
    data: Annotated[
        Path | None, options.option("PATH", "Your data: a folder of images, a CSV, an NPZ.", completion.list_files)
    ] = None,
    label: Annotated[
        str | None, typer.Option(metavar="COLUMN[,COLUMN]", help="The column of your table to predict, or several.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
    json: options.Json = False,
) -> int:
    """Write a spec to start from, on a built-in data set or fitted to your data."""
    from nnctl.api.starting import init as begin
    from nnctl.cli.shell import terminal

    with terminal.report_progress(terminal.notes()) as report:
        starter = begin(name, template, data, force, report, label)
    if json:
        envelope.tell(
            {
                "spec": str(starter.path),
                "template": starter.template,
                "found": starter.found,
                "undecided": starter.undecided,
            }
        )
        return 0
    console = terminal.results()
    for line in starter.found:
        console.print(line)
    console.print(f"written to {starter.path}", style="name")
    then = "check" if starter.undecided else "train"
    console.print(f"next nnctl {then} {shlex.quote(str(starter.path))}", style="quiet")
    return 0

"""`nnctl data`: which data sets there are, what one holds, and how it comes onto this disk."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope, subjects, verbs

app = typer.Typer(cls=verbs.Verbs, help="List data sets, show what one holds, fetch one.", no_args_is_help=True)


@app.command("list", cls=verbs.Verb, epilog=verbs.format_examples("nnctl data list"))
def listing(json: options.Json = False) -> int:
    """List every source of data, and whether it is on this disk."""
    from nnctl.api import stock
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import census

    found = stock()
    if json:
        envelope.tell({"sources": [asdict(each) for each in found]})
        return 0
    census.show_sources(found, terminal.results())
    return 0


@app.command("show", cls=verbs.Verb, epilog=verbs.format_examples("nnctl data show configs/digits_images.yaml"))
def show(
    spec: options.SpecPath,
    settings: options.Settings = None,
    out: Annotated[
        Path | None,
        options.option(
            "PNG",
            "Plot each column, or images of each class as they are and augmented, into this file.",
            completion.list_files,
        ),
    ] = None,
    json: options.Json = False,
) -> int:
    """Show the data of a spec as training sees them: splits, types, ranges, classes, columns."""
    from nnctl.api import summarise_data
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import census

    read = subjects.load_either(spec, options.merge_overrides(settings))
    with terminal.report_progress(terminal.notes()) as report:
        found = summarise_data(read, out, report)
    if json:
        envelope.tell({**asdict(found), "sheet": None if out is None else str(out)})
        return 0
    census.show(found, terminal.results())
    if out is not None:
        terminal.results().print(f"sheet    {out}")
    return 0


@app.command("fetch", cls=verbs.Verb, epilog=verbs.format_examples("nnctl data fetch mnist"))
def fetch(
    name: Annotated[str, options.argument("NAME", "A source that is downloaded.", completion.list_downloads)],
    json: options.Json = False,
) -> int:
    """Download a data set into $NNCTL_DATA_DIR or Keras's cache, unless it is there already."""
    from nnctl.api import fetch
    from nnctl.cli.shell import terminal

    with terminal.report_progress(terminal.notes()) as report:
        path = fetch(name, report)
    if json:
        envelope.tell({"name": name, "path": path})
        return 0
    terminal.results().print(f"{name} is at {path}")
    return 0

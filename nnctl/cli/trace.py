"""`nnctl trace`: one step of learning, in numbers."""

from pathlib import Path
from typing import Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import completion, envelope, subjects


def trace(
    subject: Annotated[
        str, options.argument("SPEC|RUN", "A YAML spec, or a run by path, id or name.", completion.list_specs)
    ],
    example: Annotated[int, typer.Option(metavar="N", help="Which training example, counted from 0.")] = 0,
    unit: Annotated[
        str | None,
        typer.Option(
            metavar="LAYER:I", help="Write out this unit: `1:17` is unit 17 of layers[1].", show_default=False
        ),
    ] = None,
    optimizer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Take the step with this one, at Keras's default rate. Repeatable.", show_default=False
        ),
    ] = None,
    steps: Annotated[int, typer.Option(min=1, metavar="K", help="Take K steps on the batch.")] = 1,
    settings: options.Settings = None,
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Show one step of learning in numbers: forward, loss, backward, update."""
    import nnctl.api
    from nnctl.cli.shell import terminal
    from nnctl.cli.views.tracing import backward, document, forward, update

    path, overrides = Path(subject), options.merge_overrides(settings)
    of_run = not subjects.is_spec(path)
    if of_run and overrides:
        subjects.refuse_settings(subject, "`nnctl trace RUN/resolved.yaml` takes it")
    found = subjects.load_run(subject, runs) if of_run else subjects.load_spec(path, overrides)
    with terminal.report_progress(terminal.notes()) as report:
        traced = nnctl.api.trace(found, example, unit, optimizer or (), steps, report)
    if json:
        envelope.tell(document.document(traced))
        return 0
    forward.show(traced, terminal.results())
    backward.show(traced, terminal.results())
    update.show(traced, terminal.results())
    return 0

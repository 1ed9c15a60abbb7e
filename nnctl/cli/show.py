"""`nnctl show`: what a spec comes to, and what its training takes, without TensorFlow unless `--time` asks for it."""

from typing import Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import envelope, subjects


def show(
    spec: options.SpecPath,
    settings: options.Settings = None,
    time: Annotated[bool, typer.Option("--time", help="Run some steps and measure how long an epoch takes.")] = False,
    json: options.Json = False,
) -> int:
    """Show a spec's values and where they come from, its layers, and what training takes."""
    import nnctl.api
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import cost, outline

    read = subjects.load_either(spec, options.merge_overrides(settings))
    with terminal.report_progress(terminal.notes()) as report:
        shown = nnctl.api.show(read, time, report)
    if json:
        envelope.tell({**outline.document(read, shown.values), **cost.document(shown.plan, shown.timing)})
        return 0
    outline.show(shown.values, terminal.results())
    terminal.results().print()
    cost.show(shown.plan, shown.timing, terminal.results())
    return 0

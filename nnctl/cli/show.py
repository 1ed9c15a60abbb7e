"""`nnctl show`: what a spec comes to, and what its training takes, without TensorFlow unless `--time` asks for it."""

from typing import TYPE_CHECKING, Annotated

import typer

from nnctl.cli import options

if TYPE_CHECKING:
    from nnctl.engine.loop.timing import Timing
    from nnctl.spec import Spec


def show(
    spec: options.SpecPath,
    settings: options.Settings = None,
    time: Annotated[bool, typer.Option("--time", help="Run some steps and say how long an epoch takes.")] = False,
    json: options.Json = False,
) -> int:
    """Show a spec's values and where they come from, its layers, and what training takes."""
    from nnctl.api import load_spec
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import cost, outline
    from nnctl.data import plan_ahead
    from nnctl.spec import dump, origins

    read = load_spec(spec, options.overriding(settings))
    plan = plan_ahead(read)
    values = list(origins.settings(read))
    timing = _timing(read) if time else None
    if json:
        told = [dict(origins.document(value)) for value in values]
        terminal.print_json({"spec": dump.resolved(read), "origins": told, **cost.document(plan, timing)})
        return 0
    outline.show(values, terminal.results())
    terminal.results().print()
    cost.show(plan, timing, terminal.results())
    return 0


def _timing(spec: "Spec") -> "Timing":
    """Times real steps: here TensorFlow is loaded."""
    from nnctl.cli.shell import terminal
    from nnctl.data import load

    with terminal.reporting(terminal.notes()) as report:
        dataset = load(spec.data, report)
        from nnctl.engine.loop import timing
        from nnctl.engine.train import prepare
    return timing.timing(prepare(dataset.plan(spec), dataset))

"""`nnctl doctor`: whether nnctl works here, and what to do about what is missing."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from nnctl.cli import options
from nnctl.cli.shell import envelope

if TYPE_CHECKING:
    from nnctl.environment import Condition

_WIDTH = len("$NNCTL_DATA_DIR")  # of the names


def doctor(runs: options.Runs = options.RUNS, json: options.Json = False) -> int:
    """Say whether nnctl works here: versions, memory, disk, data, devices, a short training."""
    from nnctl.api.doctor import examine
    from nnctl.cli.shell import terminal

    found = []
    for condition in examine(runs):
        found.append(condition)
        if not json:
            _show(condition)
    faults = [condition for condition in found if condition.fault]
    if json:
        envelope.tell({"conditions": [asdict(condition) for condition in found]})
    else:
        well = (("all is well", "good"), "  ", ("next nnctl init", "quiet"))
        told = ((f"{len(faults)} to mend", "bad"),) if faults else well
        terminal.results().print(terminal.assemble(*told))
    return 1 if faults else 0


def _show(condition: "Condition") -> None:
    from nnctl.cli.shell import terminal
    from nnctl.cli.views.tables import print_folded

    console = terminal.results()
    print_folded(terminal.assemble((f"{condition.name:<{_WIDTH}}", "name"), " "), condition.told, console)
    for style, text in (("bad", condition.fault), ("quiet", condition.hint)):
        if text:
            print_folded(f"{'':<{_WIDTH}} ", text, console, style)

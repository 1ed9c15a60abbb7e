"""`nnctl debug`: what keeps a network from learning, why, and the edit that mends it."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nnctl.cli import options

if TYPE_CHECKING:
    from nnctl.diagnosis import Diagnosis, Selection
    from nnctl.spec import Spec

_STAGES = "nnctl.engine.debug"  # what looks at the data and at the network itself: `debug_spec`, and `prove` for a fix


def debug(
    spec: options.SpecPath,
    settings: options.Settings = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    fix: Annotated[bool, typer.Option("--fix", help="Write the spec with the first edit made beside it.")] = False,
    json: options.Json = False,
) -> int:
    """Say what keeps the network of a spec from learning, and the edit that mends it."""
    from nnctl.cli import findings, terminal
    from nnctl.data import peek
    from nnctl.diagnosis import selection
    from nnctl.spec import load_spec

    read = load_spec(spec, options.overriding(settings), peek)
    diagnosis = _diagnosis(read, selection(select or (), ignore or ()))
    told = _told(diagnosis, read)
    if not json:
        findings.show(diagnosis.findings, read.source, terminal.results())
        terminal.results().print(_verdict(diagnosis))
    if fix:
        told["fixed"] = _fixed(diagnosis, read, spec)
    if json:
        terminal.print_json(told)
    return int(diagnosis.bad)


def _diagnosis(spec: "Spec", chosen: "Selection") -> "Diagnosis":
    """The verdict over all stages that there are: of the spec alone, and with the engine's of its data and probes."""
    from nnctl.cli import terminal
    from nnctl.data import load, peek
    from nnctl.diagnosis import check, diagnose, told

    if not (
        Path(__file__).parents[1] / "engine" / "debug.py"
    ).is_file():  # to look for the module would load TensorFlow
        return check(spec, peek(spec.data), chosen)
    with terminal.reporting(terminal.notes()) as report:
        dataset = load(spec.data, report)
        found = import_module(_STAGES).debug_spec(spec, dataset, report).findings
    return diagnose(told(spec, found, chosen))


def _told(diagnosis: "Diagnosis", spec: "Spec") -> dict[str, Any]:
    """The verdict as JSON has it."""
    from nnctl.cli.findings import plain

    first = None if diagnosis.primary is None else plain(diagnosis.primary, spec.source)
    others = [plain(finding, spec.source) for finding in diagnosis.alternatives]
    return {
        "primary": first,
        "alternatives": others,
        "findings": [plain(finding, spec.source) for finding in diagnosis.findings],
    }


def _verdict(diagnosis: "Diagnosis") -> str:
    """The last line: what to mend first."""
    if diagnosis.primary is None:
        return "[good]nothing found[/] that keeps the network from learning"
    others = [finding.code for finding in diagnosis.alternatives]
    besides = f", then {' and '.join(others)}" if others else ""
    return f"mend [name]{diagnosis.primary.code}[/] first{besides}"


def _fixed(diagnosis: "Diagnosis", spec: "Spec", path: Path) -> str | None:
    """Writes the spec with the first finding's edits beside it, and returns where.

    Raises:
        SpecError: an edit names what is not written in this file.
        UsageError: what stands there is something else.
    """
    from nnctl.cli import terminal
    from nnctl.diagnosis.edits import apply
    from nnctl.errors import Problem, UsageError
    from nnctl.files import write_text

    primary = diagnosis.primary
    if primary is None or primary.fix is None:
        terminal.notes().print("no edit of the spec to write")
        return None
    fixed, text = path.with_name(f"{path.stem}.fixed{path.suffix}"), apply(spec.source.text, primary.fix.edits)
    if fixed.exists() and fixed.read_text(encoding="utf-8", errors="replace") != text:
        hint = "move it away, or take over what it holds"
        raise UsageError(Problem("file-exists", f"{fixed} is there already, and holds something else", hint=hint))
    write_text(fixed, text)
    terminal.notes().print(f"{fixed}: the spec with the edit of {primary.code}, not proved by a training", markup=False)
    return str(fixed)

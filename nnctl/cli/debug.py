"""`nnctl debug`: what keeps a network from learning, why, and the edit that mends it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnctl.cli import options

if TYPE_CHECKING:
    from nnctl.cli.autopsy import Debugged
    from nnctl.diagnosis import Diagnosis, Facts, Fix, Selection
    from nnctl.spec import Spec


def debug(
    subject: Annotated[str, options.argument("SPEC|RUN", "A YAML spec, or a run by path, id or name.")],
    settings: options.Settings = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    fix: Annotated[bool, typer.Option("--fix", help="Write the spec with the first edit made beside it.")] = False,
    rates: Annotated[bool, typer.Option("--lr", help="Only test learning rates, and draw the test.")] = False,
    write: Annotated[bool, typer.Option("--write", help="With --lr: write the spec with the rate beside it.")] = False,
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Say what keeps the network of a spec or a run from learning, and the edit that mends it."""
    from nnctl.cli import autopsy
    from nnctl.data import peek
    from nnctl.diagnosis import selection
    from nnctl.spec import load_spec

    path, chosen = Path(subject), selection(select or (), ignore or ())
    if path.suffix not in (".yaml", ".yml") and not path.is_file():
        autopsy.refuse(settings, rates, write)
        return _conclude(autopsy.diagnosed(subject, runs, chosen), fix, json)
    read = load_spec(path, options.overriding(settings), peek)
    if rates:
        return _rates(read, path, write, json)
    return _conclude(autopsy.Debugged(*_diagnosis(read, chosen), path), fix, json)


def _conclude(verdict: "Debugged", fix: bool, json: bool) -> int:
    """Shows the verdict, writes the edit beside its spec if that is asked for, and returns the exit code."""
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import anatomy, findings

    diagnosis, facts = verdict.diagnosis, verdict.facts
    if not json:
        anatomy.show(facts, terminal.results())
        findings.show(diagnosis.findings, facts.spec.source, terminal.results())
        terminal.results().print(_verdict(diagnosis))
    fixed = _fixed(diagnosis, facts.spec, verdict.path) if fix else None
    if json:
        terminal.print_json({**verdict.document(), "probe": anatomy.plain(facts), "fixed": fixed})
    return int(diagnosis.bad)


def _diagnosis(spec: "Spec", chosen: "Selection") -> "tuple[Diagnosis, Facts]":
    """The verdict over the spec, its data and its network."""
    from nnctl.cli.shell import terminal
    from nnctl.data import load
    from nnctl.diagnosis import told

    told(spec, (), chosen)  # refuses a comment that names no code before anything is loaded
    with terminal.reporting(terminal.notes()) as report:
        dataset = load(spec.data, report)
        from nnctl.engine.debug import debug_spec  # the spec is known good: now TensorFlow may take its seconds

        return debug_spec(spec, dataset, chosen, report)


def _rates(spec: "Spec", path: Path, write: bool, json: bool) -> int:
    """The learning-rate range test of a spec: drawn, told, and written if that is asked for."""
    from nnctl import plots
    from nnctl.cli.shell import terminal
    from nnctl.data import load
    from nnctl.diagnosis import Fix

    with terminal.reporting(terminal.notes()) as report:
        dataset = load(spec.data, report)
        from nnctl.engine.debug import debug_rates

        found = debug_rates(spec, dataset, report)
    drawn = path.with_name(f"{path.stem}.rates.png")
    plots.draw_rates(found.rates, found.losses, found.asked, found.suggested, drawn, spec.name)
    told = {"asked": found.asked, "suggested": found.suggested, "diverging": found.diverging, "plot": str(drawn)}
    if json:
        terminal.print_json(told)
    else:
        best = "no rate made the loss fall" if found.suggested is None else f"try [name]{found.suggested:g}[/]"
        lost = "" if found.diverging is None else f"; the loss is lost from {found.diverging:.1e} on"
        terminal.results().print(f"the spec asks for {found.asked:g}; {best}{lost}")
        terminal.notes().print(f"drawn in {drawn}", markup=False)
    if write and found.suggested is not None:
        _write(spec, path, Fix.setting(("train", "learning_rate"), found.suggested), "the rate of the range test")
    return 0 if found.suggested is not None else 1


def _verdict(diagnosis: "Diagnosis") -> str:
    """The last line: what to mend first."""
    if diagnosis.primary is None:
        return "[good]nothing found[/] that keeps the network from learning"
    others = [finding.code for finding in diagnosis.alternatives]
    besides = f", and if that is not enough {' and '.join(others)}" if others else ""
    return f"mend [name]{diagnosis.primary.code}[/] first{besides}; `nnctl explain {diagnosis.primary.code}` tells more"


def _fixed(diagnosis: "Diagnosis", spec: "Spec", path: Path) -> str | None:
    """Writes the spec with the first finding's edits beside it, and returns where; says what a short training said of it."""
    from nnctl.cli.shell import terminal

    primary = diagnosis.primary
    if primary is None or primary.fix is None:
        terminal.notes().print("no edit of the spec to write")
        return None
    proof = f"proved: {primary.checked}" if primary.checked else "not proved: a short training shows no gain by itself"
    return _write(spec, path, primary.fix, f"the edit of {primary.code}; {proof}")


def _write(spec: "Spec", path: Path, fix: "Fix", what: str) -> str:
    """Writes the spec with a fix made beside it, its comments kept.

    Raises:
        SpecError: an edit names what is not written in this file.
        UsageError: what stands there is something else.
    """
    from nnctl.cli.shell import terminal
    from nnctl.errors import Problem, UsageError
    from nnctl.files import write_text
    from nnctl.spec.edits import apply

    fixed, text = path.with_name(f"{path.stem}.fixed{path.suffix}"), apply(spec.source.text, fix.edits)
    if fixed.exists() and not (fixed.is_file() and fixed.read_text(encoding="utf-8", errors="replace") == text):
        hint = "move it away, or take over what it holds"
        raise UsageError(Problem("file-exists", f"{fixed} is there already, and holds something else", hint=hint))
    write_text(fixed, text)
    terminal.notes().print(f"{fixed}: the spec with {what}", markup=False)
    return str(fixed)

"""`nnctl debug`: what keeps a network from learning, why, and the edit that mends it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nnctl.cli import options
from nnctl.cli.shell import envelope, subjects
from nnctl.cli.shell.numbers import format_count, format_number
from nnctl.errors import Problem, UsageError

if TYPE_CHECKING:
    from nnctl.api import Debugged, Run, Spec, Standing
    from nnctl.cli.shell.terminal import Part
    from nnctl.diagnosis import Diagnosis


def debug(
    subject: Annotated[str, options.argument("SPEC|RUN", "A YAML spec, or a run by path, id or name.")],
    settings: options.Settings = None,
    select: options.Select = None,
    ignore: options.Ignore = None,
    fix: Annotated[bool, typer.Option("--fix", help="Also write a copy of the spec with the first edit made.")] = False,
    rates: Annotated[bool, typer.Option("--lr", help="Run only the learning-rate range test, and plot it.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="With --lr: also write a copy of the spec with the rate.")
    ] = False,
    runs: options.Runs = options.RUNS,
    json: options.Json = False,
) -> int:
    """Say what keeps the network of a spec or a run from learning, and the edit that mends it."""
    from nnctl.api.checking import parse_selection
    from nnctl.api.debugging import debug
    from nnctl.cli.shell import terminal

    path, chosen = Path(subject), parse_selection(select or (), ignore or ())
    overrides, of_run = options.merge_overrides(settings), not subjects.is_spec(path)
    if of_run:
        _refuse(settings, rates, write)
    elif fix or write:
        subjects.refuse_stream(path)
    if rates and not of_run:
        return _show_rates(subjects.load_spec(path, overrides), path, write, json)
    found: Run | Spec = subjects.load_run(subject, runs) if of_run else subjects.load_spec(path, overrides)
    with terminal.report_progress(terminal.notes()) as report:
        verdict = debug(found, chosen, report)
    return _conclude(verdict, fix, json)


def _refuse(settings: list[str] | None, rates: bool, write: bool) -> None:
    """Refuses the flags that ask for something of a spec.

    Raises:
        UsageError: one was given.
    """
    flags = {"--set": bool(settings), "--lr": rates, "--write": write}
    if given := [flag for flag, there in flags.items() if there]:
        hint = "`nnctl debug RUN/resolved.yaml` takes it"
        raise UsageError(
            Problem("usage", f"{given[0]} changes a spec, and this run has already been trained", hint=hint)
        )


def _conclude(verdict: "Debugged", fix: bool, json: bool) -> int:
    """Shows the verdict, writes the edit beside its spec if that is asked for, and returns the exit code."""
    from nnctl.cli.shell import terminal
    from nnctl.cli.views import anatomy, findings
    from nnctl.cli.views.tables import print_line

    diagnosis, facts = verdict.diagnosis, verdict.facts
    if verdict.standing is not None:
        for line in (_format_headline(verdict.standing), *verdict.notes):
            print_line(line, terminal.notes())
    if not json:
        anatomy.show(facts, terminal.results())
        findings.show(diagnosis.findings, facts.as_written.source, terminal.results())
        terminal.results().print(terminal.assemble(*_format_verdict(diagnosis)))
    else:
        envelope.tell({**verdict.document(), "probe": anatomy.document(facts), "fixed": None})
    if fix:
        envelope.tell({"fixed": _write_fixed(verdict)})
    return int(diagnosis.bad)


def _format_headline(standing: "Standing") -> str:
    """The run, what became of it, and its scores beside those that need no network."""
    parts = [f"{name} {_format_score(score)}" for name, score in standing.scores.items()]
    if (base := standing.baselines) is not None:
        numbers = f"trivial {base.trivial:.3f}, linear {base.linear:.3f}, neighbour {base.neighbour:.3f}"
        parts.append(f"without a network: {numbers} ({base.metric})")
    return f"{standing.run}: {standing.status} after {format_count(standing.epochs, 'epoch')}; {'; '.join(parts)}"


def _format_score(score: float) -> str:
    """A score beside the baselines, which have three decimals, as far as that says something of it."""
    return f"{score:.3f}" if abs(score) < 1e3 else format_number(score)


def _show_rates(spec: "Spec", path: Path, write: bool, json: bool) -> int:
    """The learning-rate range test of a spec: drawn, told, and written if that is asked for."""
    from nnctl.api.debugging import find_rate, write_rate
    from nnctl.api.specs import find_folder
    from nnctl.cli.shell import terminal

    drawn = find_folder(path) / f"{'stdin' if str(path) == '-' else path.stem}.rates.png"
    with terminal.report_progress(terminal.notes()) as report:
        found = find_rate(spec, drawn, report)
    told = {"asked": found.asked, "suggested": found.suggested, "diverging": found.diverging, "plot": str(drawn)}
    if json:
        envelope.tell({**told, "fixed": None})
    else:
        best = (
            ("no rate made the loss fall",) if found.suggested is None else ("try ", (f"{found.suggested:g}", "name"))
        )
        lost = "" if found.diverging is None else f"; training diverges from {found.diverging:.1e} on"
        terminal.results().print(terminal.assemble(f"the spec asks for {found.asked:g}; ", *best, lost))
        terminal.notes().print(f"drawn in {drawn}")
    if write and found.suggested is not None:
        fixed = write_rate(spec, found.suggested, path)
        envelope.tell({"fixed": str(fixed)})
        terminal.notes().print(f"{fixed}: the spec with the rate of the range test")
    return 0 if found.suggested is not None else 1


def _format_shortfall(diagnosis: "Diagnosis") -> "Sequence[Part]":
    """What no cause was found for: what the network stays below, and what was tried."""
    short = diagnosis.shortfall
    assert short is not None
    better = " and ".join(f"{name} {score:.3f}" for name, score in short.better.items())
    steps = "" if short.steps is None else f" after {short.steps:,} steps"
    tried = ", ".join(diagnosis.tried)
    told = f"tried without success: {tried}" if tried else "there was no suspicion to try"
    rest = f", but {short.metric} {short.score:.3f}{steps} stays below {better}; {told}"
    return ("no cause found", "warn"), rest


def _format_verdict(diagnosis: "Diagnosis") -> "Sequence[Part]":
    """The last line: what to mend first."""
    if diagnosis.primary is None:
        well = (("nothing found", "good"), " that keeps the network from learning")
        return well if diagnosis.shortfall is None else _format_shortfall(diagnosis)
    others = [finding.code for finding in diagnosis.alternatives]
    besides = f", and if that is not enough {' and '.join(others)}" if others else ""
    first = diagnosis.primary.code
    return "mend ", (first, "name"), f" first{besides}; `nnctl explain {first}` tells more"


def _write_fixed(verdict: "Debugged") -> str | None:
    """Writes the spec with the first finding's edits beside it, and returns where; says what a short training said of it."""
    from nnctl.api.debugging import write_fixed
    from nnctl.cli.shell import terminal

    primary = verdict.diagnosis.primary
    if primary is None or primary.fix is None:
        terminal.notes().print("no edit of the spec to write")
        return None
    proof = f"proved: {primary.checked}" if primary.checked else "not proved: a short training alone shows no gain"
    fixed = write_fixed(verdict.facts.spec, primary.fix, verdict.path)
    terminal.notes().print(f"{fixed}: the spec with the edit of {primary.code}; {proof}")
    return str(fixed)

"""How findings are shown: one form for `check`, `train` and `debug`."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from nnctl.api.checking import apply_fix, document_finding
from nnctl.cli.shell import envelope, terminal
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views.tables import fold
from nnctl.diagnosis import Diagnosis, Finding
from nnctl.errors import Source
from nnctl.spec.edits import diff
from nnctl.spec.text.path import format_path

_COLOURS = {"error": "bad", "warning": "warn", "info": "quiet"}
_LABEL = 10  # characters that the labels take: `  found   `


def show(findings: Iterable[Finding], source: Source, console: Console) -> None:
    """Prints findings, each a headed block of what was found, what it does, and the edit that mends it."""
    for finding in findings:
        for line in _format_lines(finding, source, console.width):
            console.print(line, soft_wrap=True)


def show_unchecked(not_checked: Iterable[str], console: Console) -> None:
    """Prints what training may refuse and `check` did not look at, a line each."""
    for each in not_checked:
        console.print(fold(assemble("  ", ("not checked: ", "quiet")), each, console.width, "quiet"))


def note(diagnosis: Diagnosis, source: Source) -> None:
    """Prints what `check` would warn of among a command's notes; what is only worth knowing is left to `check`, and JSON."""
    envelope.tell({"findings": [document_finding(finding, source) for finding in diagnosis.findings]})
    show([finding for finding in diagnosis.findings if finding.loud], source, terminal.notes())


def _format_lines(finding: Finding, source: Source, width: int) -> Iterator[Text]:
    """The lines of a finding; what is only worth knowing takes one."""
    place = finding.place
    at = source.name if place is None else f"{place.source.name}:{place.line}"
    head = assemble((finding.code, "name"), " ", (str(finding.level), _COLOURS[finding.level or "warning"]))
    if finding.level == "info" or finding.explained_by is not None:
        told = f"{finding.where}: {finding.found}; {finding.effect}" if finding.where else finding.found
        told += "" if finding.explained_by is None else f" (explained by {finding.explained_by})"
        yield fold(assemble(head, "  "), f"{at}  {told}", width, indent=_LABEL)
        return
    yield assemble(head, " " * max(1, 8 - len(finding.level or "")), f"{at}  {finding.where}")
    yield fold("  found   ", finding.found, width)
    yield fold("  effect  ", finding.effect, width)
    yield from _format_fix(finding, source, width)
    if finding.checked:
        yield fold("  checked ", finding.checked, width)


def _format_fix(finding: Finding, source: Source, width: int) -> Iterator[Text]:
    """The edit as the lines it takes away and adds; in words, where this text does not hold what is to be changed."""
    if finding.fix is None:
        return
    after = apply_fix(finding.fix, source)
    changed = [] if after is None else diff(source.text, after, "").split("\n")[2:]
    lines = [line for line in changed if line.startswith(("+", "-"))]
    if after is None:
        lines = [
            f"{format_path(edit.path)}: {edit.value if edit.kind != 'remove' else 'removed'}"
            for edit in finding.fix.edits
        ]
    label = "fix"
    for line in lines:
        colour = {"-": "bad", "+": "good"}.get(line[:1], "name")
        text = f"{line[0]} {line[1:].strip()}" if line[:1] in "+-" else line
        yield fold(f"  {label:<8}", text, width, colour)
        label = ""
    if finding.fix.instead:
        yield fold(f"  {'or':<8}", finding.fix.instead, width)

"""How a spec that was mended is shown: what was changed, where it stands, and what is left."""

from pathlib import Path
from typing import TYPE_CHECKING

from nnctl.cli.shell import envelope, output, terminal
from nnctl.cli.shell.numbers import format_count
from nnctl.cli.shell.terminal import assemble
from nnctl.cli.views import findings
from nnctl.errors import render

if TYPE_CHECKING:
    from nnctl.api.fixing import MendedSpec

_COLOURS = {"+": "good", "-": "bad", "@": "quiet"}


def show(mended: "MendedSpec", fixed: Path | None, path: Path, json: bool) -> None:
    """Prints the edits as a diff, the file that they are written into, and what no edit was made for.

    Args:
        mended: the spec.
        fixed: the file, or None where nothing was mended.
        path: the spec's own file.
        json: whether stdout is JSON's: then only mistakes that are left are told, on stderr.
    """
    envelope.add_problems(*mended.problems)
    if not json:
        console = terminal.results()
        for line in mended.diff.splitlines():
            console.print(assemble((line, _COLOURS.get(line[:1], ""))))
        console.print(assemble(*_summarise(mended, fixed, path)))
        findings.show_unchecked(mended.not_checked, console)
        if mended.diagnosis is not None:
            findings.show(mended.diagnosis.findings, mended.after, console)
    if mended.problems:
        output.complain(render(mended.problems))


def document(mended: "MendedSpec", fixed: Path | None) -> dict[str, object]:
    """The edits as JSON has them."""
    edits = [edit.document() for edit in mended.edits]
    return {"fixed": None if fixed is None else str(fixed), "edits": edits, "diff": mended.diff}


def _summarise(mended: "MendedSpec", fixed: Path | None, path: Path) -> "list[terminal.Part]":
    """What was mended and what is left, in a line."""
    count, codes = len(mended.edits), ", ".join(dict.fromkeys(edit.code for edit in mended.edits))
    made: list[terminal.Part] = [(f"{path}", ""), ": nothing that can be fixed without a trial"]
    if fixed is not None:
        edits = format_count(count, "edit")
        made = [("mended", "good"), f"  {path}: {edits} ({codes}), written to ", (str(fixed), "name")]
    loud = [] if mended.diagnosis is None else [each for each in mended.diagnosis.findings if each.loud]
    left = [(len(mended.problems), "mistake"), (len(loud), "finding")]
    rest = " and ".join(format_count(number, noun) for number, noun in left if number)
    return [*made, f"; left to mend by hand: {rest}" if rest else "; nothing is left to mend"]

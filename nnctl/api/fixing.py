"""The edits of a spec that need no trial, made: slips of which one name can be meant, and what `check` finds an edit for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nnctl.api.checking import EVERYTHING, apply_fix, check, glance
from nnctl.api.specs import find_file, find_folder, require_beginning
from nnctl.data import peek
from nnctl.diagnosis import Diagnosis, Finding, Selection
from nnctl.errors import NnctlError, Place, Problem, Source, SpecError, UsageError, split_lines
from nnctl.files import write_text
from nnctl.spec import Spec, load_spec
from nnctl.spec.edits import diff
from nnctl.spec.text import document

_MARKED = re.compile(r"[&*!$|>]")  # an anchor, an alias, a tag, a reference or a text on lines of its own
_MOST = 200  # edits of one spec: each makes what is wrong less, so that there is an end before


@dataclass(frozen=True, slots=True)
class Mending:
    """One edit that was made.

    Attributes:
        code: that of the mistake or finding.
        line: the line of the text that it was made in, or None where it stands at no line of it.
        found: what was wrong, in a sentence.
        diff: what it changes, as a unified diff without a context.
    """

    code: str
    line: int | None
    found: str
    diff: str

    def document(self) -> dict[str, object]:
        """It as JSON has it."""
        return {"code": self.code, "line": self.line, "found": self.found, "diff": self.diff}


@dataclass(frozen=True, slots=True)
class MendedSpec:
    """A spec with what could be mended mended, and what is left.

    Attributes:
        before: its text as it was.
        after: its text with the edits made.
        edits: these, in the order in which they were made.
        problems: the mistakes that are left; the spec cannot be read before they are mended by hand.
        spec: the mended spec, or None where mistakes are left.
        diagnosis: what is left to find in it, or None likewise.
        not_checked: what was not looked at, a sentence each.
    """

    before: Source
    after: Source
    edits: tuple[Mending, ...]
    problems: tuple[Problem, ...]
    spec: Spec | None
    diagnosis: Diagnosis | None
    not_checked: tuple[str, ...] = ()

    @property
    def diff(self) -> str:
        """All that was changed, as a unified diff."""
        return diff(self.before.text, self.after.text, self.before.name)


def mend(path: Path, chosen: Selection = EVERYTHING, labels: bool = True) -> MendedSpec:
    """Makes the edits of a spec that need no trial; nothing is written, comments and layout stay.

    A mistake is mended where one name alone can be meant by what stands there, a finding where it is loud, nothing else explains
    it and its edit is the only one that does. Each edit is kept only if what it mends is gone and nothing new is wrong.

    Args:
        path: the spec's file. What stands in its bases is left as it is.
        chosen: which findings are mended and told.
        labels: whether to look at the labels, as `check` does.

    Raises:
        SpecError: the file cannot be read at all.
        UsageError: it has a suffix that no other file can stand beside.
    """
    before = document.read_source(find_file(path))
    state, edits = _judge(before, chosen, labels), list[Mending]()
    while len(edits) < _MOST:
        step = next(_propose(state, chosen, labels), None)
        if step is None:
            break
        made, state = step
        edits.append(made)
    left = state.problems, state.spec, state.diagnosis, state.not_checked
    return MendedSpec(before, state.source, tuple(edits), *left)


def write_mended(text: str, path: Path) -> Path:
    """Writes a mended spec beside the one that it was: `NAME.fixed.yaml` beside `NAME.yaml`.

    Beside a spec that comes with nnctl nothing is written: that of such a one goes into the current folder.

    Args:
        text: the mended YAML.
        path: the spec's file, or where it would lie.

    Returns:
        The path of what was written.

    Raises:
        UsageError: what stands there is something else, or the folder cannot be written to.
    """
    fixed = find_fixed(path)
    try:
        if fixed.exists() or fixed.is_symlink():
            if fixed.is_file() and fixed.read_text(encoding="utf-8", errors="replace") == text:
                return fixed
            hint = "move it away, or take over what it holds"
            raise UsageError(Problem("file-exists", f"{fixed} is there already, and holds something else", hint=hint))
        write_text(fixed, text)
    except OSError as error:
        raise UsageError(Problem("unwritable-file", f"{fixed} cannot be written: {error.strerror}")) from None
    return fixed


def find_fixed(path: Path) -> Path:
    """Where the mended form of a spec stands."""
    return find_folder(path) / f"{path.stem}.fixed{path.suffix}"


@dataclass(frozen=True, slots=True)
class _State:
    """A text of the spec, and what is wrong with it."""

    source: Source
    problems: tuple[Problem, ...] = ()
    spec: Spec | None = None
    diagnosis: Diagnosis | None = None
    not_checked: tuple[str, ...] = ()


def _judge(source: Source, chosen: Selection, labels: bool) -> _State:
    try:
        spec = require_beginning(load_spec(source, (), peek))
        seen = glance(spec, labels)
        return _State(source, spec=spec, diagnosis=check(seen.plan, chosen), not_checked=seen.not_checked)
    except NnctlError as error:
        return _State(source, error.problems)


def _propose(state: _State, chosen: Selection, labels: bool) -> Iterator[tuple[Mending, _State]]:
    """The edits that make it better, each with what is wrong then."""
    for problem in state.problems:
        text = _replace_word(problem, state.source)
        if text is None or problem.place is None:
            continue
        after = _judge(replace(state.source, text=text), chosen, labels)
        if _parses(after.source) and _is_gone(problem, after):
            changed = _format_lines(state.source.text, text)
            yield Mending(problem.code, problem.place.line, problem.message, changed), after
    if state.diagnosis is None:
        return
    for finding in state.diagnosis.findings:
        text = _edit(finding, state.source)
        if text is None:
            continue
        after = _judge(replace(state.source, text=text), chosen, labels)
        if after.diagnosis is not None and _is_mended(finding, state.diagnosis, after.diagnosis):
            place = finding.place if finding.place and finding.place.source.name == state.source.name else None
            changed = _format_lines(state.source.text, text)
            yield Mending(finding.code, place.line if place else None, finding.found, changed), after


def _parses(source: Source) -> bool:
    """Whether a text is YAML still: a key that is mended may stand twice then."""
    try:
        document.parse(source)
    except SpecError:
        return False
    return True


def _is_gone(problem: Problem, after: _State) -> bool:
    """Whether a mistake is gone; others may come to light that it has hidden, but none where it was."""
    place = problem.place
    same = [each for each in after.problems if each.place and place and _find_start(each.place) == _find_start(place)]
    return not same and (problem.code, problem.message) not in [(each.code, each.message) for each in after.problems]


def _find_start(place: Place) -> tuple[str, int, int]:
    return place.source.name, place.line, place.column


def _is_mended(finding: Finding, before: Diagnosis, after: Diagnosis) -> bool:
    """Whether there is less of what was found, and nothing is loud that was not found before."""
    had, has = ([each.code for each in one.findings] for one in (before, after))
    fewer = has.count(finding.code) < had.count(finding.code)
    return fewer and {each.code for each in after.findings if each.loud} <= set(had)


def _replace_word(problem: Problem, source: Source) -> str | None:
    """The text with what is meant in the place of what stands there; None where it stands elsewhere, or is not certain."""
    place, meant = problem.place, problem.meant
    if meant is None or place is None or place.origin is not None or place.source.name != source.name:
        return None
    lines = split_lines(source.text)
    if place.line > len(lines):
        return None
    line, start, end = lines[place.line - 1], place.column - 1, place.column - 1 + place.width
    if _MARKED.match(line[start:end]) or "${" in line[start:end]:
        return None
    lines[place.line - 1] = f"{line[:start]}{meant}{line[end:]}"
    return "".join(lines)


def _edit(finding: Finding, source: Source) -> str | None:
    """The text with a finding's edits made; None where there are others that would do, or it is not the one to blame."""
    if finding.fix is None or finding.fix.instead or not finding.loud or finding.explained_by is not None:
        return None
    return apply_fix(finding.fix, source)


def _format_lines(before: str, after: str) -> str:
    """The lines that an edit takes away and adds."""
    changed: Sequence[str] = diff(before, after, "").split("\n")[2:]
    return "\n".join(line for line in changed if line.startswith(("+", "-")))

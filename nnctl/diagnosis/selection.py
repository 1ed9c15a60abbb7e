"""Which findings a user wants to hear of: `--select`, `--ignore`, and `# nnctl: ignore CODE` in the spec."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nnctl.diagnosis.finding import Finding
from nnctl.diagnosis.rule import spell_code
from nnctl.diagnosis.rules.index import RULES
from nnctl.errors import Place, Problem, Source, SpecError, UsageError, split_lines
from nnctl.spec.origins import find_places
from nnctl.spec.sections import Spec
from nnctl.spelling import find_nearest

_COMMENT = re.compile(r"(?:^|\s)#\s*nnctl:\s*ignore\b[:\s]*(?P<codes>[^#]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes, in any spelling, or letters (`H` for every code that begins with it).

    Attributes:
        select: what is told; everything if empty.
        ignore: what is not told, even if it is selected.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def includes(self, code: str) -> bool:
        """Whether a finding of this code is told."""
        return (not self.select or _is_named(code, self.select)) and not _is_named(code, self.ignore)


def parse_selection(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Selection:
    """The selection that `--select` and `--ignore` make, each a list of codes between commas.

    Raises:
        UsageError: no rule has this code, or one that begins with this letter.
    """
    chosen = Selection(tuple(_split_codes(select)), tuple(_split_codes(ignore)))
    unknown = [*_find_unknown(chosen.select, None, "--select"), *_find_unknown(chosen.ignore, None, "--ignore")]
    if unknown:
        raise UsageError(*unknown)
    return chosen


def select_findings(spec: Spec, findings: Iterable[Finding], chosen: Selection) -> list[Finding]:
    """The findings that are selected and that no comment of the spec asks to leave out.

    A comment `# nnctl: ignore H05, A01` counts for the line it stands on, for the next line with something on it if it has
    a line of its own, and for the whole file if it stands above everything else. A finding lies on the line of its place
    and on the lines of what that belongs to: a layer's comment counts for its arguments.

    Raises:
        SpecError: a comment names no code, or one that no rule has.
    """
    comments = _parse_comments(spec.source)
    return [one for one in findings if chosen.includes(one.code) and not _is_ignored(spec, one, comments)]


def _is_ignored(spec: Spec, finding: Finding, comments: "_Comments") -> bool:
    standing = [place.line for place in find_places(spec, finding.path) if place.source.text == spec.source.text]
    codes = [*comments.everywhere, *(code for line in standing for code in comments.lines.get(line, ()))]
    return _is_named(finding.code, codes)


def _is_named(code: str, chosen: Iterable[str]) -> bool:
    """Whether a code is among the chosen ones, or its letter is: `P` takes P10, and `P1` only P01."""
    return not {code, code[:1]}.isdisjoint(map(spell_code, chosen))


@dataclass(frozen=True, slots=True)
class _Comments:
    """The codes that comments ignore: everywhere, and by line."""

    everywhere: tuple[str, ...]
    lines: dict[int, list[str]]


def _parse_comments(source: Source) -> _Comments:
    everywhere: list[str] = []
    lines: dict[int, list[str]] = {}
    waiting: list[str] = []
    begun = False
    problems: list[Problem] = []
    for number, line in enumerate(split_lines(source.text), 1):
        content = line.strip()
        found = _COMMENT.search(line)
        codes = list(_split_codes([found["codes"]])) if found else []
        if found:
            place = Place(source, number, found.start() + 1 + line[found.start() :].index("#"), len(found[0].strip()))
            problems += _find_mistakes(codes, place)
        if content.startswith("#"):
            (waiting if begun else everywhere).extend(codes)
        elif content:
            begun = True
            lines[number] = [*waiting, *codes]
            waiting = []
    if problems:
        raise SpecError(*problems)
    return _Comments(tuple(everywhere), lines)


def _find_mistakes(codes: list[str], place: Place) -> Iterator[Problem]:
    if not codes:
        yield Problem("bad-code", "this comment names no code", place, "for example `# nnctl: ignore H05, A01`")
    yield from _find_unknown(codes, place, "the comment")


def _split_codes(texts: Iterable[str]) -> Iterator[str]:
    yield from (code.upper() for text in texts for code in re.split(r"[,\s]+", text) if code)


def _find_unknown(codes: Iterable[str], place: Place | None, where: str) -> Iterator[Problem]:
    """What is wrong with each code that no rule has."""
    for code in codes:
        if any(_is_named(each, (code,)) for each in RULES):
            continue
        near = find_nearest(code.replace("O", "0"), RULES)
        near = near or next((one for one in RULES if one.startswith(code[:1])), None)
        named = f"did you mean {near!r}? " if near else ""
        hint = f"{named}H, A, C and so on name all of a letter"
        yield Problem("unknown-code", f"{where} names {code!r}, and no rule has this code", place, hint)

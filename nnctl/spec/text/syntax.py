"""What to do about a text that is not YAML: the parser's place is where it gave up, and what is wrong mostly stands before it."""

import re

import yaml

from nnctl.errors import Place, Problem, Source, split_lines
from nnctl.spec.text.typography import make_plain, name_foreign

_BARE_REFERENCE = re.compile(r"(?<![\"'$])\$\{[^{}\"']*\}")
_NO_COLON = re.compile(r"\s*(?:- +)?([A-Za-z_]\w*)\s*(?:\{|\[)|\s*([A-Za-z_]\w*)\s*$")
_ASSIGNED = re.compile(r"\s*(?:- +)?([A-Za-z_]\w*)\s*=\s*(\S.*)")
_BARE = re.compile(r"\s*(?:- +)?[A-Za-z_]\w*\s*$")
_NO_SPACE = re.compile(r"[\s{,]*(?:- *)?([A-Za-z_]\w*):([^\s:/].*)")
_OPENING, _CLOSING = "{[", "}]"


def explain_syntax(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    """The problem that a parser's error stands for, at the place where it can be mended, with what to do."""
    mark = error.problem_mark or error.context_mark
    place = None if mark is None else make_place(source, mark.line + 1, mark.column + 1)
    if place is not None and "\t" in (before := source.find_line(place.line)[: place.column]) and not before.strip():
        return Problem("bad-yaml", "a tab cannot indent YAML", place, _suggest_spaces(source, place.line))
    if place is not None and (found := _BARE_REFERENCE.search(source.find_line(place.line))):
        spot = Place(source, place.line, found.start() + 1, len(found[0]))
        message = "inside {...} and [...] YAML takes a reference only in quotes"
        return Problem("bad-yaml", message, spot, f'write "{found[0]}"')
    lines = sorted({spot.line + 1 for spot in (error.context_mark, error.problem_mark) if spot is not None})
    wrong = _find_foreign(source, lines)
    if wrong is None and place is not None:
        wrong = (
            _find_comment(source, place.line)
            or _find_quote(source, error)
            or _find_open(source, error)
            or _find_parted(source, error, place)
            or _find_uneven(source, place.line)
            or _find_incomplete(source, lines)
        )
    if wrong is not None:
        return wrong
    context = f" {error.context}" if error.context and error.context_mark else ""
    where = f" that begins on line {error.context_mark.line + 1}" if context and error.context_mark else ""
    return Problem("bad-yaml", f"{error.problem}{context}{where}", place)


def make_place(source: Source, line: int, column: int) -> Place:
    """A place, or the end of the text for one behind it."""
    lines = split_lines(source.text)
    if lines and line > len(lines):
        return Place(source, len(lines), len(source.find_line(len(lines))) + 1)
    return Place(source, line, column)


def _suggest_spaces(source: Source, line: int) -> str:
    other = _find_before(source, line)
    return "use spaces" if other is None else f"use spaces, and compare the indentation with line {other}"


def _find_foreign(source: Source, lines: list[int]) -> Problem | None:
    """The first character that is not what it looks like, on the lines of the error or on the one before."""
    nearby = [*lines, *(number for line in lines if (number := _find_before(source, line)))]
    for line in nearby:
        text = source.find_line(line)
        for at, each in enumerate(text):
            if each == "#":
                break
            plain = make_plain(each)
            if each != plain and not plain.isalnum() and plain.isascii() and (named := name_foreign(each)):
                message = f"{named} is no {'space' if plain.isspace() else repr(plain)} to YAML"
                hint = "write a plain space" if plain.isspace() else "write the plain one"
                return Problem("bad-yaml", message, Place(source, line, at + 1), hint)
    return None


def _find_comment(source: Source, end: int) -> Problem | None:
    """A comment as other languages have it, which YAML takes for a text."""
    for line in range(1, end + 1):
        text = source.find_line(line)
        if found := re.match(r"\s*(//|/\*|<!--|%)", text):
            spot = Place(source, line, found.start(1) + 1, len(found[1]))
            return Problem("bad-yaml", f"{found[1]!r} begins no comment in YAML", spot, "begin it with '# '")
    return None


def _find_quote(source: Source, error: yaml.MarkedYAMLError) -> Problem | None:
    """A quote that nothing closes."""
    start = error.context_mark
    if start is None or "quoted scalar" not in (error.context or "") or "end of stream" not in (error.problem or ""):
        return None
    quote = source.find_line(start.line + 1)[start.column : start.column + 1]
    spot = Place(source, start.line + 1, start.column + 1)
    message = f"the quote {quote} opens on line {start.line + 1} and is never closed"
    return Problem("bad-yaml", message, spot, f"write {quote} behind the text, too, or none at all")


def _find_parted(source: Source, error: yaml.MarkedYAMLError, place: Place) -> Problem | None:
    """What no comma parts inside of brackets: a `;`, or nothing between a value and the next key."""
    if error.context_mark is None or "flow" not in (error.context or ""):
        return None
    before = source.find_line(place.line)[: place.column - 1]
    begin = max(before.rfind(each) for each in ",{[") + 1
    found = re.search(r":\s.*?(\s*;\s*|\s+)([A-Za-z_]\w*)\s*$", before[begin:])
    if found is None:
        return None
    if ";" in found[1]:
        spot = Place(source, place.line, begin + found.start(1) + found[1].index(";") + 1)
        return Problem("bad-yaml", "';' parts nothing in YAML", spot, "write ',' in its place")
    spot = Place(source, place.line, begin + found.start(2) + 1, len(found[2]))
    return Problem("bad-yaml", f"there is no comma before {found[2]!r}", spot, f"write `, {found[2]}:`")


def _find_open(source: Source, error: yaml.MarkedYAMLError) -> Problem | None:
    """A bracket that the text ends without, or that another one closes."""
    start, end = error.context_mark, error.problem_mark
    if start is None or end is None or "flow" not in (error.context or ""):
        return None
    opening = source.find_line(start.line + 1)[start.column : start.column + 1]
    if opening not in _OPENING or not opening:
        return None
    closing, found = _CLOSING[_OPENING.index(opening)], source.find_line(end.line + 1)[end.column : end.column + 1]
    message = f"{opening!r} opens on line {start.line + 1} and is never closed"
    if found and found in _CLOSING:
        spot = make_place(source, end.line + 1, end.column + 1)
        message = f"{opening!r} opens on line {start.line + 1}, and {found!r} does not close it"
        return Problem("bad-yaml", message, spot, f"write {closing!r} before {found!r}")
    last = _find_last_inside(source, start.line + 1, end.line + 1)
    if last == end.line + 1 and end.column < len(source.find_line(last).rstrip()):
        return None  # what is wrong stands inside the brackets
    spot = Place(source, last, len(_cut_comment(source.find_line(last))) + 1)
    return Problem("bad-yaml", message, spot, f"end the line with {closing!r}")


def _find_last_inside(source: Source, first: int, end: int) -> int:
    """The last line that seems to stand inside a bracket of a line: as long as the lines go on deeper, without a dash."""
    last, depth = first, _indent(source.find_line(first))
    for line in range(first + 1, end + 1):
        text = source.find_line(line)
        if text.strip() and (_indent(text) <= depth or text.lstrip().startswith("- ")):
            break
        last = line if text.strip() else last
    return last


def _cut_comment(text: str) -> str:
    return text.partition(" #")[0].rstrip()


def _find_uneven(source: Source, line: int) -> Problem | None:
    """A line that is deeper than the complete one above it, or less deep than what it belongs to."""
    before, text = _find_before(source, line), source.find_line(line)
    if before is None:
        return None
    above, depth = source.find_line(before), _indent(text)
    if text.lstrip().startswith("- ") and not above.lstrip().startswith("- ") and depth <= _indent(above):
        if _indent(above) == depth and re.fullmatch(r"\s*[A-Za-z_]\w*:?", above):
            message = f"line {line} begins with a dash, and line {before} above it does not"
            return Problem(
                "bad-yaml",
                message,
                Place(source, before, depth + 1, len(above) - depth),
                f"begin line {before} with '- '",
            )
        return None
    opens = _cut_comment(above).endswith(":")
    if depth > _indent(above) and not opens and (":" in text or text.lstrip().startswith("-")):
        if _BARE.fullmatch(above) and not text.lstrip().startswith("-"):
            return _explain_colon(source, before, above)
        message = f"line {line} is indented by {depth} and line {before} above it by {_indent(above)}"
        hint = f"compare the indentation with line {before}: what stands side by side begins in one column"
        return Problem("bad-yaml", message, Place(source, line, depth + 1), hint)
    if depth < _indent(above) and not _has_level(source, line, depth):
        message = f"line {line} is indented by {depth}, and no line above it is"
        return Problem(
            "bad-yaml", message, Place(source, line, depth + 1), f"compare the indentation with line {before}"
        )
    return None


def _find_incomplete(source: Source, lines: list[int]) -> Problem | None:
    """A key without its colon, or without a space behind it."""
    nearby = [number for line in lines for number in (line, _find_before(source, line)) if number is not None]
    for line in dict.fromkeys(nearby):
        text = source.find_line(line)
        found = _NO_SPACE.match(text)
        if found:
            told = f"{found[1]}: {found[2]}"
            spot = Place(source, line, found.start(1) + 1, len(found[1]) + 1)
            return Problem("bad-yaml", f"there is no space behind the colon of {found[1]!r}", spot, f"write `{told}`")
        if found := _ASSIGNED.match(text):
            spot = Place(source, line, found.start(1) + 1, len(text.rstrip()) - found.start(1))
            return Problem("bad-yaml", "YAML has a colon where Python has '='", spot, f"write `{found[1]}: {found[2]}`")
        if re.match(r"\s*-[A-Za-z]", text):
            spot = Place(source, line, text.index("-") + 1)
            return Problem(
                "bad-yaml", "there is no space behind the dash", spot, f"write `- {text.strip()[1:].strip()}`"
            )
        if (found := _NO_COLON.match(text)) and ":" not in text[: found.end()]:
            return _explain_colon(source, line, text)
        if re.match(r"\s*[A-Za-z_]\w* +[^:\s]+$", text):
            return _explain_colon(source, line, text)
    return None


def _explain_colon(source: Source, line: int, text: str) -> Problem:
    found = re.search(r"[A-Za-z_]\w*", text)
    assert found is not None
    spot = Place(source, line, found.start() + 1, len(found[0]))
    outer = next((n for n in range(line - 1, 0, -1) if _indent(source.find_line(n)) < _indent(text)), None)
    if outer is not None and re.fullmatch(r"\s*(layers|metrics|augment):\s*", source.find_line(outer)):
        message = f"{found[0]!r} is an item of a list and has no dash"
        return Problem("bad-yaml", message, spot, f"begin each item with '- ': `- {text.strip()}`")
    return Problem("bad-yaml", f"there is no colon behind {found[0]!r}", spot, f"write `{found[0]}:`")


def _find_before(source: Source, line: int) -> int | None:
    """The last line above one that holds more than a comment."""
    numbers = range(min(line, len(split_lines(source.text)) + 1) - 1, 0, -1)
    return next((n for n in numbers if (text := source.find_line(n).strip()) and not text.startswith("#")), None)


def _has_level(source: Source, line: int, depth: int) -> bool:
    return any(_indent(source.find_line(n)) == depth for n in range(1, line) if source.find_line(n).strip())


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))

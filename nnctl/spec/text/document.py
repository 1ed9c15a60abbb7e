"""A YAML file as a tree of nodes, each of which knows the line and column it was written at.

YAML 1.2's numbers, booleans and null (`1e-3` is a number, `yes` is a word); no tags, no merge keys, no second document.
PyYAML's parser is asked for events only, and the tree is built here: its own loaders keep no places, take the last of two
equal keys in silence, and recurse for ever into an alias of itself.
"""

import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nnctl.errors import Place, Problem, Source, SpecError

Scalar = str | int | float | bool | None

# A spec is a page or two. What is larger is a mistake or an attack (a megabyte of YAML takes PyYAML 13 s).
LARGEST_FILE = 256 * 1024  # bytes
DEEPEST = 32  # levels of nesting
MOST_NODES = 20_000  # nodes after aliases are expanded: an alias bomb of nine lines asks for 10^9
LONGEST_INTEGER = 18  # digits: what fits 64 bits whatever its value

_PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
# YAML 1.2's core schema, https://yaml.org/spec/1.2.2/#1032-tag-resolution
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_OCTAL = re.compile(r"[-+]?0[0-9]+")  # of YAML 1.1: the same digits are two numbers
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_BARE_REFERENCE = re.compile(r"(?<![\"'$])\$\{[^{}\"']*\}")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document: a scalar, a list of nodes, or a map of entries by key; and where it stands."""

    value: "Scalar | Sequence[Node] | Mapping[Scalar, Entry]"
    place: Place

    @property
    def entries(self) -> "Mapping[Scalar, Entry] | None":
        """The entries of a map, in the order of the file, or None for anything else."""
        return self.value if isinstance(self.value, Mapping) else None

    @property
    def items(self) -> "Sequence[Node] | None":
        """The items of a list, or None for anything else."""
        return self.value if isinstance(self.value, list) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a map, with the place of the key."""

    key: Place
    node: Node


def describe(node: Node) -> str:
    """What a node is, for a message: `'relu'`, `3`, `true`, `null`, `a list`, `a map`."""
    if node.entries is not None:
        return "a map"
    if node.items is not None:
        return "a list"
    if isinstance(node.value, str):
        return repr(node.value if len(node.value) <= 40 else node.value[:37] + "...")
    if isinstance(node.value, bool):
        return str(node.value).lower()
    return "nothing" if node.value is None else repr(node.value)


def bare(node: Node) -> Any:
    """The value of a node and of all inside it, without the places."""
    if node.entries is not None:
        return {key: bare(entry.node) for key, entry in node.entries.items()}
    return [bare(item) for item in node.items] if node.items is not None else node.value


def read(path: Path) -> Node:
    """The document in a file.

    Raises:
        SpecError: the file cannot be read, is too large, is not UTF-8, or is not YAML as nnctl takes it.
    """
    text = _text(path)
    return parse(Source(str(path), text.removeprefix("\ufeff"), marked=text.startswith("\ufeff")))


def parse(source: Source) -> Node:
    """The document in a source.

    Raises:
        SpecError: with each tag and duplicate key that was found, or the one fault that ends the reading.
    """
    if found := _CONTROL.search(source.text):
        before = source.text[: found.start()]
        line, column = before.count("\n") + 1, found.start() - before.rfind("\n")
        named = f"the control character {found.group()!r}"
        raise SpecError(Problem("bad-yaml", f"{named} has no place in YAML", Place(source, line, column)))
    try:
        events: Iterator[Any] = yaml.parse(source.text, Loader=_PARSER)
        builder = _Builder(source, events)
        root = builder.document()
    except yaml.MarkedYAMLError as error:
        raise SpecError(_syntax(source, error)) from None
    except yaml.YAMLError as error:
        raise SpecError(Problem("bad-yaml", f"{source.name} is not YAML: {error}")) from None
    if builder.problems:
        raise SpecError(*builder.problems)
    return root


def _text(path: Path) -> str:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise SpecError(Problem("unreadable-file", f"{path} is {kind}, expected a YAML file"))
        if status.st_size > LARGEST_FILE:
            size = f"{status.st_size:,} bytes, more than the {LARGEST_FILE:,} a spec may have"
            raise SpecError(Problem("file-too-large", f"{path} has {size}"))
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = "`nnctl check` and `nnctl train` take the path of a YAML file"
        raise SpecError(Problem("unreadable-file", f"{path} cannot be read: {reason}", hint=hint)) from None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"{path} is not UTF-8: byte {raw[error.start]:#04x} on line {line}"
        raise SpecError(Problem("not-utf8", message, hint="save the file as UTF-8")) from None


def _syntax(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = None if mark is None else _within(source, mark.line + 1, mark.column + 1)
    if place is not None and "\t" in source.line(place.line)[: place.column]:
        return Problem("bad-yaml", "a tab cannot indent YAML", place, "use spaces")
    if place is not None and (found := _BARE_REFERENCE.search(source.line(place.line))):
        spot = Place(source, place.line, found.start() + 1, len(found[0]))
        message = "inside {...} and [...] YAML takes a reference only in quotes"
        return Problem("bad-yaml", message, spot, f'write "{found[0]}"')
    context = f" {error.context}" if error.context and error.context_mark else ""
    where = f" that begins on line {error.context_mark.line + 1}" if context and error.context_mark else ""
    return Problem("bad-yaml", f"{error.problem}{context}{where}", place)


def _within(source: Source, line: int, column: int) -> Place:
    """A place, or the end of the text for one behind it."""
    lines = source.text.splitlines()
    if lines and line > len(lines):
        return Place(source, len(lines), len(lines[-1]) + 1)
    return Place(source, line, column)


class _Builder:
    """Builds nodes from the parser's events; keeps the mistakes that do not end the reading."""

    def __init__(self, source: Source, events: Iterator[Any]) -> None:
        self.source, self.events = source, events
        self.problems: list[Problem] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.open: set[str] = set()
        self.count = 0

    def document(self) -> Node:
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise SpecError(Problem("empty-spec", f"{self.source.name} is empty", hint="`nnctl init` writes a spec"))
        root = self.node(next(self.events), 1)
        next(self.events)  # the end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise SpecError(Problem("two-documents", "a second document begins here; a spec is one", self.place(after)))
        return root

    def place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Place(self.source, start.line + 1, start.column + 1, max(1, width))

    def node(self, event: Any, depth: int) -> Node:
        place = self.place(event)
        self.count += 1
        if self.count > MOST_NODES:
            raise SpecError(Problem("too-many-values", f"more than {MOST_NODES:,} values, aliases counted in", place))
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, place)
        if depth > DEEPEST:
            raise SpecError(Problem("too-deep", f"nested more than {DEEPEST} levels deep", place))
        if event.tag is not None and not (isinstance(event, yaml.ScalarEvent) and event.tag == "!"):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            message = f"the tag {tag} is not allowed: a spec holds values, not objects"
            self.problems.append(Problem("yaml-tag", message, place, "remove the tag"))
        before = self.count
        if event.anchor:
            self.open.add(event.anchor)
        node = self.content(event, place, depth)
        if event.anchor:
            self.open.discard(event.anchor)
            self.anchors[event.anchor] = node, self.count - before
        return node

    def content(self, event: Any, place: Place, depth: int) -> Node:
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self.sequence(depth), place)
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self.mapping(depth), place)
        return Node(self.scalar(event, place), place)

    def alias(self, event: Any, place: Place) -> Node:
        if event.anchor in self.open:
            raise SpecError(Problem("recursive-alias", f"*{event.anchor} stands inside what it names", place))
        if event.anchor not in self.anchors:
            raise SpecError(Problem("bad-yaml", f"*{event.anchor} names no anchor above it", place))
        node, size = self.anchors[event.anchor]
        self.count += size
        return Node(node.value, place)

    def sequence(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return items

    def mapping(self, depth: int) -> dict[Scalar, Entry]:
        entries: dict[Scalar, Entry] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if key.entries is not None or key.items is not None:
                self.problems.append(Problem("bad-key", f"{describe(key)} cannot be a key", key.place))
            elif key.value in entries:
                first = entries[key.value].key.line
                message = f"{describe(key)} stands twice in one map; the first is on line {first}"
                self.problems.append(Problem("duplicate-key", message, key.place, "keep one of them"))
            else:
                entries[key.value] = Entry(key.place, value)  # type: ignore[index]
        return entries

    def scalar(self, event: Any, place: Place) -> Scalar:
        text: str = event.value
        if not event.implicit[0]:  # quoted, or a block of text
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _OCTAL.fullmatch(text):
            number = int(text, 10) if len(text) <= LONGEST_INTEGER + 1 else "another"
            message = f"{text} is {number} in YAML 1.2, and an octal number in YAML 1.1"
            self.problems.append(Problem("leading-zero", message, place, f"write {number}, or '{text}' for a text"))
            return 0
        if _INTEGER.fullmatch(text):
            if len(text) > LONGEST_INTEGER + 1:
                self.problems.append(Problem("number-too-long", f"a whole number of {len(text)} digits", place))
                return 0
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

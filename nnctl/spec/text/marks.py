"""A YAML text as it is written: each value with the characters that it takes. Here alone a text becomes a tree.

PyYAML's parser is asked for events only: its own trees keep no places of aliases, take the last of two equal keys in silence, and
recurse for ever into an alias of itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from nnctl.errors import Place, Problem, Source, SpecError, split_lines
from nnctl.spec.text.syntax import explain_syntax

DEEPEST = 32  # levels of nesting
MOST_NODES = 20_000  # nodes after aliases are expanded: an alias bomb of nine lines asks for 10^9

_PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_COLON = re.compile(r"\s*:")


@dataclass(slots=True, eq=False)
class Mark:
    """A value as it is written.

    Attributes:
        place: the line and column that it begins at.
        start: the offset of its first character; of an anchor, if it has one.
        end: the offset behind its last character, comments behind it left out.
        flow: whether it is a scalar, or stands between brackets.
        text: of a scalar its value as a text, else None.
        bare: whether it is a scalar without quotes, which may be more than a text.
        items: of a list its items.
        entries: of a map its keys and values.
        anchor: its anchor, or None.
        alias: what it is an alias of, or None.
        tag: its tag, or None.
    """

    place: Place
    start: int
    end: int
    flow: bool = True
    text: str | None = None
    bare: bool = False
    items: "list[Mark] | None" = None
    entries: "list[tuple[Mark, Mark]] | None" = None
    anchor: str | None = None
    alias: "Mark | None" = None
    tag: str | None = None

    @property
    def column(self) -> int:
        """The column (from 0) that it begins in."""
        return self.place.column - 1

    @property
    def inner(self) -> "list[Mark]":
        """The values inside it."""
        return self.items or [each for entry in self.entries or () for each in entry]

    def walk(self) -> "Iterator[Mark]":
        """It and all values inside it."""
        yield self
        for each in self.inner:
            yield from each.walk()


def parse_marks(source: Source) -> Mark:
    """The tree of a text.

    Raises:
        SpecError: it is not YAML as nnctl takes it: the one fault that ends the reading.
    """
    if found := _CONTROL.search(source.text):
        lines = split_lines(source.text[: found.end()])
        line, column = len(lines), len(lines[-1])
        named = f"the control character {found.group()!r}"
        raise SpecError(Problem("bad-yaml", f"{named} has no place in YAML", Place(source, line, column)))
    try:
        return _Builder(source).build()
    except yaml.MarkedYAMLError as error:
        raise SpecError(explain_syntax(source, error)) from None
    except yaml.YAMLError as error:
        raise SpecError(Problem("bad-yaml", f"{source.name} is not YAML: {error}")) from None


class _Builder:
    """Builds marks from the parser's events."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.events: Iterator[Any] = yaml.parse(source.text, Loader=_PARSER)
        self.anchors: dict[str, tuple[Mark, int]] = {}
        self.open: set[str] = set()
        self.count = 0
        # libyaml does not count a byte order mark.
        self.shift = int(_PARSER is not yaml.SafeLoader and source.text.startswith("\ufeff"))

    def build(self) -> Mark:
        next(self.events)  # the start of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise SpecError(Problem("empty-spec", f"{self.source.name} is empty", hint="`nnctl init` writes a spec"))
        root = self.make_mark(next(self.events), 1)
        next(self.events)  # the end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            message = "a second document begins here; a spec is one"
            raise SpecError(Problem("two-documents", message, self.locate(after)))
        return root

    def locate(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Place(self.source, start.line + 1, start.column + 1, max(1, width))

    def find_offset(self, mark: Any) -> int:
        return int(mark.index) + self.shift

    def make_mark(self, event: Any, depth: int) -> Mark:
        place = self.locate(event)
        mark = Mark(place, self.find_offset(event.start_mark), self.find_offset(event.end_mark))
        self.count += 1
        if self.count > MOST_NODES:
            raise SpecError(Problem("too-many-values", f"more than {MOST_NODES:,} values, aliases counted in", place))
        if isinstance(event, yaml.AliasEvent):
            mark.alias = self.find_anchored(str(event.anchor), place)
            return mark
        if depth > DEEPEST:
            raise SpecError(Problem("too-deep", f"nested more than {DEEPEST} levels deep", place))
        if event.tag is not None and not (isinstance(event, yaml.ScalarEvent) and event.tag == "!"):
            mark.tag = event.tag
        before = self.count
        if event.anchor:
            self.open.add(event.anchor)
        self.read_content(event, mark, depth)
        if event.anchor:
            mark.anchor = event.anchor
            self.open.discard(event.anchor)
            self.anchors[event.anchor] = mark, self.count - before
        while mark.end > mark.start and self.source.text[mark.end - 1].isspace():
            mark.end -= 1
        return mark

    def find_anchored(self, anchor: str, place: Place) -> Mark:
        """What an anchor names."""
        if anchor in self.open:
            raise SpecError(Problem("recursive-alias", f"*{anchor} stands inside what it names", place))
        if anchor not in self.anchors:
            raise SpecError(Problem("bad-yaml", f"*{anchor} names no anchor above it", place))
        mark, size = self.anchors[anchor]
        self.count += size
        return mark

    def read_content(self, event: Any, mark: Mark, depth: int) -> None:
        """Reads a scalar, a list or a map to its end."""
        if isinstance(event, yaml.ScalarEvent):
            mark.text, mark.bare = event.value, event.implicit[0]
            return
        mark.flow = bool(event.flow_style)
        inner: list[Mark] = []
        while not isinstance(following := next(self.events), (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            inner.append(self.make_mark(following, depth + 1))
        if isinstance(event, yaml.SequenceStartEvent):
            mark.items = inner
        else:
            mark.entries = list(zip(inner[::2], inner[1::2], strict=True))
            for key, value in mark.entries:
                self.settle(key, value)
        # A block ends where what follows it begins, comments and all: its own last character is that of its last value.
        mark.end = self.find_offset(following.end_mark) if mark.flow or not inner else inner[-1].end

    def settle(self, key: Mark, value: Mark) -> None:
        """Puts a value that is not there behind its colon; between brackets libyaml has it in front of what follows."""
        if value.start == value.end and (colon := _COLON.match(self.source.text, key.end)):
            value.start = value.end = colon.end()

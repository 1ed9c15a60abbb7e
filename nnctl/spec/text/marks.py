"""A YAML text as a tree that knows which characters each value takes: what an edit that keeps comments needs."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from nnctl.spec.text.document import Scalar

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_RESERVED = {"true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL"}
_UNSAFE = re.compile(r"[,\[\]{}\n]|: | #")  # what a bare text between brackets cannot hold


@dataclass(slots=True, eq=False)
class Mark:
    """A value as it is written.

    Attributes:
        start: the offset of its first character; of an anchor, if it has one.
        end: the offset behind its last character, comments behind it left out.
        column: the column (from 0) that it begins in.
        flow: whether it is a scalar, or stands between brackets.
        text: of a scalar its value as a text, else None.
        items: of a list its items.
        entries: of a map its keys and values.
        anchor: its anchor, or None.
        alias: what it is an alias of, or None.
    """

    start: int
    end: int
    column: int
    flow: bool = True
    text: str | None = None
    items: "list[Mark] | None" = None
    entries: "list[tuple[Mark, Mark]] | None" = None
    anchor: str | None = None
    alias: "Mark | None" = None

    @property
    def inner(self) -> "list[Mark]":
        """The values inside it."""
        return self.items or [each for entry in self.entries or () for each in entry]

    def walk(self) -> "Iterator[Mark]":
        """It and all values inside it."""
        yield self
        for each in self.inner:
            yield from each.walk()


def read(text: str) -> Mark:
    """The tree of a text that `document.parse` takes."""
    # PyYAML's own parser: its marks count characters, whatever libyaml counts.
    return _Builder(text).value


@dataclass
class _Builder:
    source: str
    events: Any = field(init=False)
    anchors: dict[str, Mark] = field(default_factory=dict)
    value: Mark = field(init=False)

    def __post_init__(self) -> None:
        self.events = (event for event in yaml.parse(self.source, Loader=yaml.SafeLoader))
        while not isinstance(next(self.events), yaml.DocumentStartEvent):
            pass
        self.value = self.node(next(self.events))

    def node(self, event: Any) -> Mark:
        mark = Mark(event.start_mark.index, event.end_mark.index, event.start_mark.column)
        if isinstance(event, yaml.AliasEvent):
            mark.alias = self.anchors[str(event.anchor)]
            return mark
        if event.anchor:
            mark.anchor = event.anchor
            self.anchors[event.anchor] = mark
        if isinstance(event, yaml.ScalarEvent):
            mark.text = event.value
        else:
            self.collect(event, mark)
        mark.end = max(mark.start, len(self.source[: mark.end].rstrip()) if mark.end > mark.start else mark.end)
        return mark

    def collect(self, event: Any, mark: Mark) -> None:
        """Reads a list or a map to its end."""
        mark.flow = bool(event.flow_style)
        ending = yaml.MappingEndEvent if isinstance(event, yaml.MappingStartEvent) else yaml.SequenceEndEvent
        inner: list[Mark] = []
        following: Any = next(self.events)
        while not isinstance(following, ending):
            inner.append(self.node(following))
            following = next(self.events)
        if isinstance(event, yaml.SequenceStartEvent):
            mark.items = inner
        else:
            mark.entries = list(zip(inner[::2], inner[1::2], strict=True))
        # A block ends where what follows it begins, comments and all: its own last character is that of its last value.
        last: Any = following.end_mark
        mark.end = last.index if mark.flow or not inner else inner[-1].end


def flow(value: Any) -> str:
    """A value of YAML's own types on one line: `{dense: {units: 5}}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Scalar) -> str:
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value not in _RESERVED else json.dumps(value, ensure_ascii=False)
    if isinstance(value, float):
        return re.sub(r"e([-+])0+", r"e\1", repr(value)).replace("inf", ".inf").replace("nan", ".nan")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def flowed(mark: Mark, source: str) -> str:
    """A value as it is written, put on one line; comments inside it are lost."""
    if mark.entries is not None:
        return "{" + ", ".join(f"{flowed(key, source)}: {flowed(value, source)}" for key, value in mark.entries) + "}"
    if mark.items is not None:
        return "[" + ", ".join(flowed(item, source) for item in mark.items) + "]"
    written = source[mark.start : mark.end]
    quoted = written[:1] in "\"'" and "\n" not in written
    if mark.text is None or quoted or not _UNSAFE.search(written):
        return written or "null"
    return json.dumps(mark.text, ensure_ascii=False)

"""Changes of a YAML text that leave every other character where it is."""

import json
import re
from dataclasses import dataclass
from typing import Any

from nnctl.errors import LINE_ENDS, split_lines
from nnctl.spec.text.document import Scalar
from nnctl.spec.text.marks import Mark

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_RESERVED = {"true", "false", "null", "True", "False", "Null", "TRUE", "FALSE", "NULL"}
_END = re.compile(f"\r\n|[{LINE_ENDS}]")
_UNSAFE = re.compile(rf"[,\[\]{{}}{LINE_ENDS}]|: | #")  # what a bare text between brackets cannot hold


@dataclass(frozen=True, slots=True)
class Text:
    """A text and one change of it at a time; each method returns the text changed."""

    source: str

    def put(self, start: int, end: int, new: str) -> str:
        """Other characters in the place of some."""
        return self.source[:start] + new + self.source[end:]

    def set_item(self, mark: Mark, value: Any) -> str:
        """Another value in the place of an item of a block's list."""
        return self.put(mark.start, mark.end, _format_item(value))

    def rewrite(self, mark: Mark, new: str, key: Mark | None = None) -> str:
        """Other text in the place of a value; a comment behind the key of a block stays."""
        if key is None:
            return self.put(mark.start, mark.end, new)
        colon = self.source.index(":", key.end) + 1
        gap = self.source[colon : mark.start]
        if not _END.search(gap) and mark.end > mark.start:
            return self.put(mark.start, mark.end, new)
        comment = split_lines(gap)[0].strip() if gap else ""
        return self.put(colon, max(mark.end, colon), f" {new}" + (f"  {comment}" if comment else ""))

    def add(self, holder: Mark, key: str, value: Any, holders_key: Mark | None = None) -> str:
        """Another key at the end of a map."""
        new = f"{format_flow(key)}: {format_flow(value)}"
        if not holder.entries:
            return self.rewrite(holder, f"{{{new}}}", holders_key)
        last = holder.entries[-1][1]
        if holder.flow:
            gap = " " if last.start == last.end else ""  # libyaml does not read `{a:, b: 1}`
            return self.put(last.end, last.end, f"{gap}, {new}")
        return self.add_line_behind(last, " " * holder.entries[0][0].column + new)

    def insert(self, holder: Mark, index: int, value: Any) -> str:
        """Another item in front of one of a list, or at its end."""
        items = holder.items or []
        if holder.flow:
            if not items:
                return self.put(holder.start, holder.end, f"[{format_flow(value)}]")
            if index < len(items):
                return self.put(items[index].start, items[index].start, f"{format_flow(value)}, ")
            return self.put(items[-1].end, items[-1].end, f", {format_flow(value)}")
        line = " " * holder.column + f"- {_format_item(value)}"
        if index:
            return self.add_line_behind(items[index - 1], line)
        start = self.find_line_start(self.find_dash(holder, items[0]))
        return self.put(start, start, line + self.newline)

    def drop_entry(self, holder: Mark, index: int, holders_key: Mark | None) -> str:
        """A map without one of its keys."""
        entries = holder.entries or []
        if len(entries) == 1:
            return self.rewrite(holder, "{}", holders_key)
        spans = [(key.start, value.end) for key, value in entries]
        return self.drop(spans, index, holder.flow)

    def drop_item(self, holder: Mark, index: int, holders_key: Mark | None) -> str:
        """A list without one of its items."""
        items = holder.items or []
        if len(items) == 1:
            return self.rewrite(holder, "[]", holders_key)
        starts = [item.start if holder.flow else self.find_dash(holder, item) for item in items]
        return self.drop([(start, item.end) for start, item in zip(starts, items, strict=True)], index, holder.flow)

    def drop(self, spans: list[tuple[int, int]], index: int, between_brackets: bool) -> str:
        """The text without one of several stretches, of which there are others."""
        start, end = spans[index]
        following = spans[index + 1][0] if index + 1 < len(spans) else None
        if not between_brackets and not self.source[self.find_line_start(start) : start].strip():
            return self.put(self.find_line_start(start), self.find_next_line(end), "")
        if following is not None:
            return self.put(start, following, "")
        before = spans[index - 1][1]
        gap = self.source[before:start]
        return self.put(start if "#" in gap else before, end, "")

    def add_line_behind(self, mark: Mark, line: str) -> str:
        """A line more behind the one that a value ends on, whose comment stays there."""
        end = self.find_next_line(mark.end)
        lead = "" if end and self.source[end - 1] in LINE_ENDS else self.newline
        return self.put(end, end, lead + line + (self.newline if not lead else ""))

    def find_dash(self, holder: Mark, item: Mark) -> int:
        """The offset of the dash in front of an item of a block."""
        line = self.find_line_start(item.start)
        while self.source[line + holder.column : line + holder.column + 1] != "-":
            line = self.find_line_start(line - 1)
        return line + holder.column

    def find_line_start(self, offset: int) -> int:
        """The offset at which a line begins."""
        return max(self.source.rfind(each, 0, offset) for each in LINE_ENDS) + 1

    def find_next_line(self, offset: int) -> int:
        """The offset at which the next line begins, or the end."""
        end = _END.search(self.source, offset)
        return len(self.source) if end is None else end.end()

    @property
    def newline(self) -> str:
        """What the text's lines end with."""
        first = _END.search(self.source)
        return "\n" if first is None else first[0]

    def flow(self, mark: Mark) -> str:
        """A value as it is written, put on one line; comments inside it are lost."""
        if mark.entries is not None:
            return "{" + ", ".join(f"{self.flow(key)}: {self.flow(value)}" for key, value in mark.entries) + "}"
        if mark.items is not None:
            return "[" + ", ".join(map(self.flow, mark.items)) + "]"
        written = self.source[mark.start : mark.end]
        quoted = written[:1] in "\"'" and not _END.search(written)
        if mark.text is None or quoted or not _UNSAFE.search(written):
            return written or "null"
        return _quote(mark.text)


def _quote(text: str) -> str:
    """A text in double quotes, on one line: what ends a line for YAML, and none for JSON, as its escape."""
    return _END.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _format_item(value: Any) -> str:
    """A value as an item of a block: a map of one key needs no braces."""
    if isinstance(value, dict) and len(value) == 1:
        ((key, inner),) = value.items()
        return f"{format_flow(key)}: {format_flow(inner)}"
    return format_flow(value)


def format_flow(value: Any) -> str:
    """A value of YAML's own types on one line: `{dense: {units: 5}}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{format_flow(key)}: {format_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(format_flow(item) for item in value) + "]"
    return _format_scalar(value)


def _format_scalar(value: Scalar) -> str:
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and value not in _RESERVED else _quote(value)
    if isinstance(value, float):
        return re.sub(r"e([-+])0+", r"e\1", repr(value)).replace("inf", ".inf").replace("nan", ".nan")
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)

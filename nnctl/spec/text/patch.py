"""Changes of a YAML text that leave every other character where it is."""

from dataclasses import dataclass
from typing import Any

from nnctl.spec.text.marks import Mark, flow, flowed


@dataclass(frozen=True, slots=True)
class Text:
    """A text and one change of it at a time; each method returns the text changed."""

    source: str

    def put(self, start: int, end: int, new: str) -> str:
        """Other characters in the place of some."""
        return self.source[:start] + new + self.source[end:]

    def set_item(self, mark: Mark, value: Any) -> str:
        """Another value in the place of an item of a block's list."""
        return self.put(mark.start, mark.end, _item(value))

    def rewrite(self, mark: Mark, new: str, key: Mark | None = None) -> str:
        """Other text in the place of a value; a comment behind the key of a block stays."""
        if key is None:
            return self.put(mark.start, mark.end, new)
        colon = self.source.index(":", key.end) + 1
        gap = self.source[colon : mark.start]
        if "\n" not in gap and mark.end > mark.start:
            return self.put(mark.start, mark.end, new)
        comment = gap.split("\n")[0].strip()
        return self.put(colon, max(mark.end, colon), f" {new}" + (f"  {comment}" if comment else ""))

    def add(self, holder: Mark, key: str, value: Any, holders_key: Mark | None = None) -> str:
        """Another key at the end of a map."""
        new = f"{flow(key)}: {flow(value)}"
        if not holder.entries:
            return self.rewrite(holder, f"{{{new}}}", holders_key)
        last = holder.entries[-1][1]
        if holder.flow:
            return self.put(last.end, last.end, f", {new}")
        return self.line_behind(last, " " * holder.entries[0][0].column + new)

    def insert(self, holder: Mark, index: int, value: Any) -> str:
        """Another item in front of one of a list, or at its end."""
        items = holder.items or []
        if holder.flow:
            if not items:
                return self.put(holder.start, holder.end, f"[{flow(value)}]")
            if index < len(items):
                return self.put(items[index].start, items[index].start, f"{flow(value)}, ")
            return self.put(items[-1].end, items[-1].end, f", {flow(value)}")
        line = " " * holder.column + f"- {_item(value)}"
        if index:
            return self.line_behind(items[index - 1], line)
        start = self.line_of(self.dash(holder, items[0]))
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
        starts = [item.start if holder.flow else self.dash(holder, item) for item in items]
        return self.drop([(start, item.end) for start, item in zip(starts, items, strict=True)], index, holder.flow)

    def drop(self, spans: list[tuple[int, int]], index: int, between_brackets: bool) -> str:
        """The text without one of several stretches, of which there are others."""
        start, end = spans[index]
        following = spans[index + 1][0] if index + 1 < len(spans) else None
        if not between_brackets and not self.source[self.line_of(start) : start].strip():
            return self.put(self.line_of(start), self.line_after(end), "")
        if following is not None:
            return self.put(start, following, "")
        before = spans[index - 1][1]
        gap = self.source[before:start]
        return self.put(start if "#" in gap else before, end, "")

    def line_behind(self, mark: Mark, line: str) -> str:
        """A line more behind the one that a value ends on, whose comment stays there."""
        end = self.line_after(mark.end)
        lead = "" if self.source[:end].endswith("\n") else self.newline
        return self.put(end, end, lead + line + (self.newline if not lead else ""))

    def dash(self, holder: Mark, item: Mark) -> int:
        """The offset of the dash in front of an item of a block."""
        line = self.line_of(item.start)
        while self.source[line + holder.column : line + holder.column + 1] != "-":
            line = self.line_of(line - 1)
        return line + holder.column

    def line_of(self, offset: int) -> int:
        """The offset at which a line begins."""
        return self.source.rfind("\n", 0, offset) + 1

    def line_after(self, offset: int) -> int:
        """The offset at which the next line begins, or the end."""
        return self.source.find("\n", offset) + 1 or len(self.source)

    @property
    def newline(self) -> str:
        """What the text's lines end with."""
        return "\r\n" if "\r\n" in self.source else "\n"

    def flowed(self, mark: Mark) -> str:
        """A value as it is written, on one line."""
        return flowed(mark, self.source)


def _item(value: Any) -> str:
    """A value as an item of a block: a map of one key needs no braces."""
    if isinstance(value, dict) and len(value) == 1:
        ((key, inner),) = value.items()
        return f"{flow(key)}: {flow(inner)}"
    return flow(value)

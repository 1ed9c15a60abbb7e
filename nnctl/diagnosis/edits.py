"""Edits of a spec's YAML that keep its comments and its layout.

A path names what a spec says, not how it is written: `("model", "layers", 5, "units")` is found in `- dense: 64`, in
`- dense: {units: 64}` and in the same on two lines; what the form has no room for opens up (`- flatten` becomes
`- flatten: {name: x}`, `optimizer: sgd` becomes `optimizer: {sgd: {momentum: 0.9}}`).
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NoReturn

from nnctl.diagnosis.finding import Edit
from nnctl.errors import Problem, Source, SpecError
from nnctl.spec import catalogue
from nnctl.spec.catalogue import keys
from nnctl.spec.catalogue.kinds import Items, Kind, families, kind
from nnctl.spec.reader import is_first
from nnctl.spec.text import marks
from nnctl.spec.text.marks import Mark
from nnctl.spec.text.patch import Text, flow

_SECTIONS = {"model": keys.MODEL, "train": keys.TRAIN, "data": keys.DATA}


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with each edit made, in their order.

    Raises:
        SpecError: `cannot-edit`: what an edit names is not written in this text, or stands in several places at once.
    """
    for edit in edits:
        text = _edited(text, edit)
    return text


def diff(before: str, after: str, name: str) -> str:
    """What differs between two texts, as a unified diff of the file `name`."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return "".join(line if line.endswith("\n") else line + "\n" for line in difflib.unified_diff(old, new, name, name))


class _Opened(Exception):  # noqa: N818
    """Raised with the text in which a short form on the way has been opened up: the walk begins anew."""


class _Finished(Exception):  # noqa: N818
    """Raised with the edited text where the form has a place for the value as it is: `dropout: 0.3`."""


@dataclass(frozen=True, slots=True)
class _Here:
    """A value on the way: what is written, the key it stands behind, and what it may be."""

    mark: Mark
    key: Mark | None
    kind: Kind | None = None


def _edited(text: str, edit: Edit) -> str:
    while True:
        try:
            return _Walk(text, edit).done()
        except _Finished as finished:
            return str(finished)
        except _Opened as opened:
            text = str(opened)


class _Walk:
    """One edit of one text."""

    def __init__(self, text: str, edit: Edit) -> None:
        self.text, self.edit = Text(text), edit
        root = marks.read(Source("", text))
        self.shared = {id(mark.alias) for mark in root.walk() if mark.alias is not None}
        self.here = _Here(root, None)

    def done(self) -> str:
        """The text with the edit made."""
        for depth, step in enumerate(self.edit.path[:-1]):
            self.enter(step, depth)
        last, depth = self.edit.path[-1], len(self.edit.path) - 1
        self.open(last, final=True)
        self.guard(self.here.mark)
        holder = self.here.mark
        if holder.items is not None and isinstance(last, int):
            return self.item(holder, last)
        if holder.entries is None and not _empty(holder):
            self.fail(f"{self.edit.path[depth - 1]} holds no {last!r}")
        return self.entry(holder, str(last))

    def item(self, holder: Mark, index: int) -> str:
        items = holder.items or []
        if self.edit.kind == "insert" and index <= len(items):
            return self.text.insert(holder, index, self.edit.value)
        if index >= len(items):
            self.fail(f"there is no item {index} of {len(items)}")
        self.guard(*items[index].walk())
        if self.edit.kind == "remove":
            return self.text.drop_item(holder, index, self.here.key)
        if holder.flow:
            return self.text.rewrite(items[index], flow(self.edit.value))
        return self.text.set_item(items[index], self.edit.value)

    def entry(self, holder: Mark, name: str) -> str:
        found = next((i for i, (key, _) in enumerate(holder.entries or ()) if key.text == name), None)
        if found is None and self.edit.kind == "set":
            return self.text.add(holder, name, self.edit.value, self.here.key)
        if found is None or self.edit.kind == "insert":
            self.fail(f"there is no {name!r}")
        key, value = (holder.entries or [])[found]
        self.guard(*value.walk())
        if self.edit.kind == "remove":
            return self.text.drop_entry(holder, found, self.here.key)
        return self.text.rewrite(value, flow(self.edit.value), key)

    def enter(self, step: str | int, depth: int) -> None:
        """Moves on to a part of the value."""
        self.open(step)
        mark = self.here.mark
        self.guard(mark)
        if isinstance(step, int):
            if mark.items is None or step >= len(mark.items):
                self.fail(f"{self.edit.path[depth - 1]} has no item {step}")
            self.here = _Here(mark.items[step], None, _item_kind(self.here.kind))
            return
        for key, value in mark.entries or ():
            if key.text == step:
                self.here = _Here(value, key, self.kind_of(step, depth))
                return
        self.fail(f"{step!r} is not written here")

    def kind_of(self, step: str, depth: int) -> Kind | None:
        """What the value of a key may be, as far as it is known."""
        if depth == 1:
            table = _SECTIONS.get(str(self.edit.path[0]), {})
            return kind(table[step].kind) if step in table and table[step].kind else None
        entry = self.entry_of
        return kind(entry.arguments[step].kind) if entry and step in entry.arguments else None

    def open(self, step: str | int, final: bool = False) -> None:
        """Goes to where an argument of a component stands, and opens a form that has no room for it."""
        self.entry_of: catalogue.Entry | None = None
        mark, key = self.here.mark, self.here.key
        if mark.alias is not None:
            raise _Opened(self.text.rewrite(mark, self.text.flowed(mark.alias), key))
        if not isinstance(step, str):
            return
        if self.edit.path[:2] == ("train", "early_stopping") and mark.text:
            raise _Opened(self.text.rewrite(mark, f"{{patience: {self.text.flowed(mark)}}}", key))
        source = self.edit.path[:2] == ("data", "source") and key is not None and key.text == "source"
        named = families(self.here.kind) if self.here.kind else []
        if not named and not source:
            return
        if mark.text is not None:
            raise _Opened(self.bare(mark, key))
        if len(mark.entries or ()) == 1:
            self.inside(mark, step if final else None, named)

    def bare(self, mark: Mark, key: Mark | None) -> str:
        """A name with room for arguments: between braces, unless it is an item of a block."""
        name = self.text.flowed(mark)
        block = key is None and not self.in_brackets(mark)
        return self.text.rewrite(mark, f"{name}: {{}}" if block else f"{{{name}: {{}}}}", key)

    def in_brackets(self, mark: Mark) -> bool:
        """Whether an item of a list stands between brackets."""
        root = marks.read(Source("", self.text.source))
        holder = next(each for each in root.walk() if any(item.start == mark.start for item in each.items or ()))
        return holder.flow

    def inside(self, mark: Mark, final: str | None, named: list[str]) -> None:
        """Goes from a component to its arguments."""
        ((name, content),) = mark.entries or []
        entries = (catalogue.entry(family, str(name.text)) for family in named)
        self.entry_of = entry = next((each for each in entries if each is not None), None)
        self.guard(mark)
        if content.alias is not None:
            raise _Opened(self.text.rewrite(content, self.text.flowed(content.alias), name))
        if entry is not None and entry.first and self.is_first(entry, content):
            if final == entry.first and self.edit.kind == "set":
                raise _Finished(self.text.rewrite(content, flow(self.edit.value), name))
            raise _Opened(self.text.rewrite(content, f"{{{entry.first}: {self.text.flowed(content)}}}", name))
        self.here = _Here(content, name)

    def is_first(self, entry: catalogue.Entry, content: Mark) -> bool:
        """Whether what stands behind a component's name is its first argument."""
        if content.entries is not None:
            return is_first(entry, [key.text for key, _ in content.entries])
        return content.items is not None or not _empty(content)

    def guard(self, *found: Mark) -> None:
        """Refuses to change what is used in another place as well."""
        if any(id(mark) in self.shared for mark in found):
            self.fail("it is shared by an alias")

    def fail(self, why: str) -> NoReturn:
        """Ends the edit."""
        path = ".".join(str(step) for step in self.edit.path)
        hint = "change it by hand, or in the file that it comes from"
        raise SpecError(Problem("cannot-edit", f"{path} cannot be edited: {why}", None, hint))


def _item_kind(found: Kind | None) -> Kind | None:
    return next((each.item for each in found or () if isinstance(each, Items)), None)


def _empty(mark: Mark) -> bool:
    """Whether nothing stands there, as in `dense:`."""
    return mark.text in ("", "~", "null", "Null", "NULL")

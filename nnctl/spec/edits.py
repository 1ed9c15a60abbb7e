"""Edits of a spec: of its YAML, whose comments and layout stay, and of a spec that is loaded.

A path names what a spec says, not how it is written: `("model", "layers", 5, "units")` is found in `- dense: 64`, in
`- dense: {units: 64}` and in the same on two lines; what the form has no room for opens up (`- flatten` becomes
`- flatten: {name: x}`, `optimizer: sgd` becomes `optimizer: {sgd: {momentum: 0.9}}`).
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Literal, NoReturn

from nnctl.errors import Problem, Source, SpecError, split_lines
from nnctl.spec import catalogue, dump, load
from nnctl.spec.catalogue.slots import SPEC, Slot, is_first
from nnctl.spec.sections import Spec
from nnctl.spec.text import marks
from nnctl.spec.text.document import NULLS
from nnctl.spec.text.marks import Mark
from nnctl.spec.text.patch import Text, format_flow
from nnctl.spec.text.path import Path, Step, format_path


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the YAML.

    Attributes:
        path: what is changed.
        value: what stands there afterwards, in YAML's own types; not used by `remove`.
        kind: `set` puts the value in the place of the old one, or adds the key; `insert` puts it in front of the item
            of a list that the path names; `remove` takes the item or key away.
    """

    path: Path
    value: Any = None
    kind: Literal["set", "insert", "remove"] = "set"


def apply(text: str, edits: Iterable[Edit], complete: bool = False) -> str:
    """The text with each edit made, in their order.

    Args:
        text: a spec's YAML.
        edits: the edits.
        complete: whether every value of the spec stands in the text, so that there is nothing to remove where a key is missing.

    Raises:
        SpecError: `cannot-edit`: what an edit names is not written in this text, or stands in several places at once.
    """
    for edit in edits:
        text = _apply_one(text, edit, complete)
    return text


def apply_to_spec(spec: Spec, edits: Iterable[Edit]) -> Spec:
    """The spec with each edit made. Nothing is read from the spec's file, so overrides and bases are part of it.

    Raises:
        SpecError: the edits do not fit, or do not give a spec that can be built.
    """
    text = apply(dump.dump(spec), edits, complete=True)
    return load.load_text(Source(spec.source.name, text), FilePath(spec.source.name))


def diff(before: str, after: str, name: str) -> str:
    """What differs between two texts, as a unified diff of the file `name`."""
    old, new = split_lines(before), split_lines(after)
    return "".join(line if line.endswith("\n") else line + "\n" for line in difflib.unified_diff(old, new, name, name))


class _Opened(Exception):  # noqa: N818
    """Raised with the text in which a short form on the way has been opened up: the walk begins anew."""


class _Finished(Exception):  # noqa: N818
    """Raised with the edited text where the walk ends early: the form has a place for the value as it is (`dropout: 0.3`)."""


@dataclass(frozen=True, slots=True)
class _Here:
    """A value on the way: what is written, the key it stands behind, what may stand there, and the list that it is an item of."""

    mark: Mark
    key: Mark | None = None
    slot: Slot = SPEC
    holder: Mark | None = None


def _apply_one(text: str, edit: Edit, complete: bool) -> str:
    while True:
        try:
            return _Walk(text, edit, complete).apply()
        except _Finished as finished:
            return str(finished)
        except _Opened as opened:
            text = str(opened)


class _Walk:
    """One edit of one text."""

    def __init__(self, text: str, edit: Edit, complete: bool) -> None:
        self.text, self.edit, self.complete = Text(text), edit, complete
        root = marks.parse_marks(Source("", text))
        self.shared = {id(mark.alias) for mark in root.walk() if mark.alias is not None}
        self.here = _Here(root)

    def apply(self) -> str:
        """The text with the edit made."""
        for depth, step in enumerate(self.edit.path[:-1]):
            self.enter(step, depth)
        last, depth = self.edit.path[-1], len(self.edit.path) - 1
        self.open(last, final=True)
        self.guard(self.here.mark)
        holder = self.here.mark
        if holder.items is not None and isinstance(last, int):
            return self.edit_item(holder, last)
        if holder.entries is None and not _is_empty(holder):
            self.reject(f"{self.edit.path[depth - 1]} holds no {last!r}")
        return self.edit_entry(holder, str(last))

    def edit_item(self, holder: Mark, index: int) -> str:
        items = holder.items or []
        if self.edit.kind == "insert" and index <= len(items):
            return self.text.insert(holder, index, self.edit.value)
        if index >= len(items):
            self.reject(f"there is no item {index} of {len(items)}")
        self.guard(*items[index].walk())
        if self.edit.kind == "remove":
            return self.text.drop_item(holder, index, self.here.key)
        if holder.flow:
            return self.text.rewrite(items[index], format_flow(self.edit.value))
        return self.text.set_item(items[index], self.edit.value)

    def edit_entry(self, holder: Mark, name: str) -> str:
        found = next((i for i, (key, _) in enumerate(holder.entries or ()) if key.text == name), None)
        if found is None and self.edit.kind == "set":
            return self.text.add(holder, name, self.edit.value, self.here.key)
        if found is None:
            self.miss()
        if found is None or self.edit.kind == "insert":
            self.reject(f"there is no {name!r}")
        key, value = (holder.entries or [])[found]
        self.guard(*value.walk())
        if self.edit.kind == "remove":
            return self.text.drop_entry(holder, found, self.here.key)
        return self.text.rewrite(value, format_flow(self.edit.value), key)

    def enter(self, step: Step, depth: int) -> None:
        """Moves on to a part of the value."""
        component = self.open(step)
        mark, slot = self.here.mark, self.here.slot.follow(step, component)
        self.guard(mark)
        if isinstance(step, int):
            if mark.items is None or step >= len(mark.items):
                self.reject(f"{self.edit.path[depth - 1]} has no item {step}")
            self.here = _Here(mark.items[step], None, slot, mark)
            return
        for key, value in mark.entries or ():
            if key.text == step:
                self.here = _Here(value, key, slot)
                return
        self.miss()
        self.reject(f"{step!r} is not written here")

    def open(self, step: Step, final: bool = False) -> catalogue.Entry | None:
        """Goes to where an argument of a component stands, and opens a form that has no room for it."""
        mark, key, slot = self.here.mark, self.here.key, self.here.slot
        if mark.alias is not None:
            raise _Opened(self.text.rewrite(mark, self.text.flow(mark.alias), key))
        if not isinstance(step, str):
            return None
        if slot.first is not None and mark.text:
            raise _Opened(self.text.rewrite(mark, f"{{{slot.first}: {self.text.flow(mark)}}}", key))
        if slot.named and mark.text is not None:
            raise _Opened(self.make_room(mark, key))
        return self.enter_component(step if final else None) if slot.named and len(mark.entries or ()) == 1 else None

    def make_room(self, mark: Mark, key: Mark | None) -> str:
        """A name with room for arguments: between braces, unless it is an item of a block."""
        name, holder = self.text.flow(mark), self.here.holder
        block = holder is not None and not holder.flow
        return self.text.rewrite(mark, f"{name}: {{}}" if block else f"{{{name}: {{}}}}", key)

    def enter_component(self, final: str | None) -> catalogue.Entry | None:
        """Goes from a component to its arguments."""
        ((name, content),) = self.here.mark.entries or []
        entry = self.here.slot.find_component(name.text)
        self.guard(self.here.mark)
        if content.alias is not None:
            raise _Opened(self.text.rewrite(content, self.text.flow(content.alias), name))
        if entry is not None and entry.first and _is_first(entry, content):
            if final == entry.first and self.edit.kind == "set":
                raise _Finished(self.text.rewrite(content, format_flow(self.edit.value), name))
            raise _Opened(self.text.rewrite(content, f"{{{entry.first}: {self.text.flow(content)}}}", name))
        self.here = _Here(content, name, Slot())
        return entry

    def miss(self) -> None:
        """Ends the edit where a key is missing that was to be removed, if the text holds all that there is."""
        if self.edit.kind == "remove" and self.complete:
            raise _Finished(self.text.source)

    def guard(self, *found: Mark) -> None:
        """Refuses to change what is used in another place as well."""
        if any(id(mark) in self.shared for mark in found):
            self.reject("it is shared by an alias")

    def reject(self, why: str) -> NoReturn:
        """Ends the edit with the reason why it cannot be made."""
        hint = "change it by hand, or in the file that it comes from"
        raise SpecError(Problem("cannot-edit", f"{format_path(self.edit.path)} cannot be edited: {why}", None, hint))


def _is_first(entry: catalogue.Entry, content: Mark) -> bool:
    """Whether what stands behind a component's name is its first argument."""
    if content.entries is not None:
        return is_first(entry, [key.text for key, _ in content.entries])
    return content.items is not None or not _is_empty(content)


def _is_empty(mark: Mark) -> bool:
    """Whether nothing stands there, as in `dense:`."""
    return mark.text in NULLS

"""Reads nodes into checked values and components, and collects every mistake instead of stopping at the first.

A component is written as a bare name (`flatten`), a one-key map (`dense: {units: 512}`), or a name with its first argument
(`dropout: 0.3`). What it may hold is the catalogue's to say.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from nnctl.errors import Place, Problem
from nnctl.spec import catalogue
from nnctl.spec.catalogue import kinds
from nnctl.spec.catalogue.advice import (
    Expectation,
    advise_component,
    advise_first,
    advise_map,
    advise_value,
    find_nearest_component,
)
from nnctl.spec.catalogue.belonging import name_key, suggest_argument, suggest_key
from nnctl.spec.catalogue.calls import read_python
from nnctl.spec.catalogue.entries import explain_exclusion
from nnctl.spec.catalogue.kinds import Choice, Items, Kind, Number, Plain
from nnctl.spec.catalogue.loaders import suggest_source
from nnctl.spec.catalogue.numerals import find_meant_number, suggest_number
from nnctl.spec.catalogue.slots import is_first
from nnctl.spec.sections import Component, Value
from nnctl.spec.text.document import Keyed, Node, Scalar, describe, strip_places
from nnctl.spelling import find_certain, find_nearest


class _Misfit:
    """The type of what stands for a value that is of no use; the reason is among the problems."""


MISFIT: Final = _Misfit()


class Reader:
    """Reads values; `problems` grows by one for each mistake.

    Attributes:
        problems: every mistake so far, in the order in which they were found.
        items: the items of the list that was read last, those of no use as `MISFIT`.
        expectation: what names that fit several components are taken for.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.items: list[Value | _Misfit] = []
        self.expectation = Expectation()

    def flag(
        self, code: str, message: str, place: Place | None, hint: str | None = None, meant: str | None = None
    ) -> _Misfit:
        """Notes a mistake; the answer stands for the value that is not there."""
        self.problems.append(Problem(code, message, place, hint, meant))
        return MISFIT

    def read_value(self, kind: Kind, node: Node, what: str) -> Value | _Misfit:
        """The node's value if the kind takes it; `what` is what a message calls it."""
        for alternative in kind:
            if isinstance(alternative, Items) and node.items is not None:
                return self._read_items(alternative, node, what)
        if node.entries is None and node.items is None:
            scalar: Scalar = node.value  # type: ignore[assignment]
            for alternative in kind:
                if isinstance(alternative, (Number, Choice, Plain)) and alternative.fits(scalar):
                    # Keras asks some numbers for their methods of a float.
                    return float(scalar) if isinstance(alternative, Number) and not alternative.whole else scalar  # type: ignore[arg-type]
        named = kinds.list_families(kind)
        number = isinstance(node.value, str) and (
            suggest_number(node.value, kind) or read_python(node.value) is not None
        )
        plain = isinstance(node.value, str) and not number
        if named and (node.entries is not None or plain):
            return self.read_component(self._choose_family(named, node), node, kind)
        return self._flag_misfit(kind, node, what)

    def read_component(self, family: str, node: Node, kind: Kind = ()) -> Component | _Misfit:
        """The component of a family that a node writes; `kind` lists what else might have been meant."""
        head = self._read_head(family, node)
        if head is None:
            return MISFIT
        written, place, content = head
        entry = catalogue.find_entry(family, written)
        if entry is None:
            return self._flag_unknown(family, written, place, kind)
        before = len(self.problems)
        nodes = self._read_arguments(entry, content, place)
        values = {name: self._read_argument(entry, name, node) for name, node in nodes.items()}
        if len(self.problems) == before or nodes:
            self._flag_missing(entry, {*nodes, *_guess_meant(entry, content)}, place)
        self._flag_unbuildable(entry, nodes)
        if len(self.problems) > before:
            return MISFIT
        places = {name: node.place for name, node in nodes.items()}
        return Component(family, entry.name, values, place, places)  # type: ignore[arg-type]

    def read_keys(self, node: Node, known: Iterable[str], what: str) -> dict[str, Keyed]:
        """The entries of a map whose keys are among those known; what else stands there is a mistake each."""
        if node.entries is None:
            hint = _suggest_map(what, node)
            self.flag("not-a-map", f"{what} is {describe(node)}, expected a map of keys", node.place, hint)
            return {}
        found, names = {}, tuple(known)
        for key, entry in node.entries.items():
            if isinstance(key, str) and key in names:
                found[key] = entry
            else:
                shown = repr(key) if isinstance(key, str) else key
                said, meant = suggest_key(_SECTIONS.get(what, what), str(key), names)
                hint = said or f"{what} takes {', '.join(names)}"
                meant = meant or find_certain(str(key), names)
                self.flag("unknown-key", f"{what} has no key {shown}", entry.key, hint, meant)
        return found

    def _read_items(self, items: Items, node: Node, what: str) -> Value | _Misfit:
        count = len(node.items or ())
        if count < items.least or (items.most is not None and count > items.most):
            return self.flag("bad-value", f"{what} has {count} items, expected {items}", node.place)
        values = [self.read_value(items.item, one, f"item {i} of {what}") for i, one in enumerate(node.items or (), 1)]
        self.items = values
        return MISFIT if MISFIT in values else values  # type: ignore[return-value]

    def _flag_misfit(self, kind: Kind, node: Node, what: str) -> _Misfit:
        message = f"{what} is {describe(node)}, expected {kinds.describe_kind(kind)}"
        advice = advise_value(node.value, node.place, kind) if isinstance(node.value, str) else None
        if advice is not None:
            return self.flag("bad-value", message, advice.place, advice.hint, advice.meant)
        hint = suggest_number(node.value, kind)
        if any(kinds.list_families(each.item) == ["layer"] for each in kind if isinstance(each, Items)):
            hint = "each layer begins with a dash: `- flatten`, `- dense: {units: 10}`"
        if kinds.list_families(kind) == ["layer"] and isinstance(node.value, int) and not isinstance(node.value, bool):
            dense = f"{{dense: {node.value}}}"
            return self.flag("bad-value", message, node.place, f"write `{dense}` for that many units", dense)
        if hint is None and isinstance(node.value, str):
            guess = find_nearest(node.value, kinds.list_choices(kind))
            hint = f"did you mean {guess!r}?" if guess else _suggest_spelling(node.value, kind)
        meant = find_meant_number(node.value, kind)
        if meant is None and isinstance(node.value, str):
            meant = find_certain(node.value, kinds.list_choices(kind)) or _find_literal(node.value, kind)
        return self.flag("bad-value", message, node.place, hint, meant)

    def _choose_family(self, named: list[str], node: Node) -> str:
        """Of several families the one that knows the node's name, else the first."""
        name = node.value if isinstance(node.value, str) else next(iter(node.entries or ()), "")
        return next((family for family in named if catalogue.find_entry(family, str(name))), named[0])

    def _read_head(self, family: str, node: Node) -> tuple[str, Place, Node | None] | None:
        """The name that a component is written with, where it stands, and the node behind it if there is one."""
        if isinstance(node.value, str):
            return node.value, node.place, None
        if not node.entries:
            example = {"layer": "`flatten` or `dense: {units: 10}`"}.get(family, "a name or `name: {...}`")
            self.flag("bad-component", f"{add_article(family)} is {describe(node)}, expected {example}", node.place)
            return None
        (name, entry), *others = node.entries.items()
        if not isinstance(name, str):
            self.flag("bad-component", f"{add_article(family)} is called {name!r}, expected a name", entry.key)
            return None
        known = catalogue.find_entry(family, name) is not None
        if not known and (advice := advise_map(family, strip_places(node), node.place)):
            self.flag("bad-component", f"{add_article(family)} is one name", entry.key, advice.hint)
            return None
        for other, extra in others:
            hint = (
                f"indent {other!r} under '{name}', or give it its own `- `" if family == "layer" else "keep one of them"
            )
            self.flag("bad-component", f"{add_article(family)} is one name, and {other!r} is a second", extra.key, hint)
        return None if others else (name, entry.key, entry.node)

    def _flag_unknown(self, family: str, written: str, place: Place, kind: Kind) -> _Misfit:
        if reason := explain_exclusion(family, written):
            return self.flag("excluded", f"{written!r} cannot stand here: it {reason}", place)
        message = f"no {family} is called {written!r}"
        if advice := advise_component(family, written, place, kind, self.expectation):
            return self.flag(f"unknown-{family}", message, advice.place, advice.hint, advice.meant)
        guess = find_nearest_component(family, written, kinds.list_choices(kind), self.expectation)
        hint = f"did you mean {guess!r}?" if guess else suggest_number(written, kind)
        meant = find_certain(written, [*catalogue.list_spellings(family), *kinds.list_choices(kind)])
        return self.flag(f"unknown-{family}", message, place, hint, meant)

    def _read_arguments(self, entry: catalogue.Entry, content: Node | None, place: Place) -> dict[str, Node]:
        """The node of each argument that is known, by name."""
        if content is None or (content.value is None and not _takes_null(entry)):
            return {}
        if content.entries is None or is_first(entry, list(content.entries)):
            if entry.first is not None:
                return self._read_first(entry, content)
            self.flag("bad-component", f"{entry.name} has no first argument, got {describe(content)}", content.place)
            return {}
        return {str(name): each.node for name, each in content.entries.items() if self._is_known(entry, name, each.key)}

    def _read_first(self, entry: catalogue.Entry, content: Node) -> dict[str, Node]:
        """The one argument that stands behind a component's name; of several without their names the names are told."""
        assert entry.first is not None
        kind = kinds.parse_kind(entry.arguments[entry.first].kind)
        taken = content.items is not None and any(isinstance(each, Items) for each in kind)
        advice = None if taken else advise_first(entry, strip_places(content), content.place, self.expectation)
        if advice is None:
            return {entry.first: content}
        message = f"{entry.name}'s {entry.first} is {describe(content)}, expected {kinds.describe_kind(kind)}"
        self.flag("bad-value", message, advice.place, advice.hint, advice.meant)
        return {}

    def _is_known(self, entry: catalogue.Entry, name: Scalar, place: Place) -> bool:
        if isinstance(name, str) and name in entry.arguments:
            return True
        if isinstance(name, str) and name in entry.withheld:
            self.flag("withheld", f"{entry.name}'s {name!r} is not offered: {entry.withheld[name]}", place)
            return False
        if known := suggest_argument(entry, str(name)):
            self.flag("unknown-key", f"{entry.name} has no argument {name!r}", place, *known)
            return False
        hint = _suggest_owner(entry, str(name))
        meant = find_certain(str(name), entry.arguments)
        meant = meant if hint == f"did you mean {meant!r}?" else None  # another component may be meant
        self.flag("unknown-key", f"{entry.name} has no argument {name!r}", place, hint, meant)
        return False

    def _read_argument(self, entry: catalogue.Entry, name: str, node: Node) -> Value | _Misfit:
        return self.read_value(kinds.parse_kind(entry.arguments[name].kind), node, f"{entry.name}'s {name}")

    def _flag_missing(self, entry: catalogue.Entry, given: Collection[str], place: Place) -> None:
        for name, argument in entry.arguments.items():
            if argument.required and name not in given:
                wanted = f"{name}, {kinds.describe_kind(kinds.parse_kind(argument.kind))}"
                hint = f"write `{entry.name}: {{{name}: ...}}`"
                self.flag("missing-argument", f"{entry.name} needs {wanted}", place, hint)

    def _flag_unbuildable(self, entry: catalogue.Entry, nodes: Mapping[str, Node]) -> None:
        """Notes what Keras refuses although each argument by itself is right."""
        name = nodes.get("name")
        if entry.family == "layer" and name is not None and isinstance(name.value, str) and not _may_name(name.value):
            hint = "a name is not empty and holds no '/'"
            self.flag("bad-name", f"{entry.name}'s name is {name.value!r}, which cannot name a layer", name.place, hint)
        clipping = [key for key in _CLIPPING if key in nodes and nodes[key].value is not None]
        if entry.family == "optimizer" and len(clipping) > 1:
            message = f"{clipping[0]} and {clipping[1]} both clip the gradients"
            self.flag("contradiction", message, nodes[clipping[1]].place, "keep one of them")


# A section as messages call it, by its path.
_SECTIONS = {"the spec": "", "early_stopping": "train.early_stopping", "split": "data.split"}
_CLIPPING = ("clipnorm", "clipvalue", "global_clipnorm")


def _may_name(text: str) -> bool:
    """Whether a layer can be called so; Keras keeps weights under paths of names."""
    return bool(text) and "/" not in text and text.isprintable()


def add_article(family: str) -> str:
    """The family with its article."""
    return f"{'an' if family[0] in 'aio' else 'a'} {family}"


def _takes_null(entry: catalogue.Entry) -> bool:
    return entry.first is not None and "null" in entry.arguments[entry.first].kind.split("|")


def _guess_meant(entry: catalogue.Entry, content: Node | None) -> set[str]:
    """The arguments that misspelt keys seem to mean: to call them missing as well would say one mistake twice."""
    keys = (name_key(str(key)) for key in (content.entries or ()) if key not in entry.arguments) if content else ()
    found = {key: (suggest_argument(entry, key) or ("", None))[1] for key in keys}
    return {guess for key, own in found.items() if (guess := own or find_nearest(key, entry.arguments))}


def _suggest_map(what: str, node: Node) -> str | None:
    """What to write in the place of a section that is a text, a list or nothing."""
    if what == "data" and isinstance(node.value, str):
        return suggest_source(node.value)[0] or f"write `data: {{source: {node.value}}}`"
    if isinstance(node.value, str) and (found := re.match(r"(\w+) *=", node.value)):
        return f"write a colon in the place of each `=`: `{found[1]}: ...`"
    if what == "model":
        return "below it stands `layers:`, indented, and below that each layer with a dash: `- flatten`"
    if node.items is not None:
        return "its keys stand without dashes"
    return "its keys stand below it, indented by two spaces" if node.value is None else None


def _suggest_spelling(text: str, kind: Kind) -> str | None:
    """A hint for a text that would be taken if it were written otherwise."""
    literal = _find_literal(text, kind)
    return None if literal is None else f"write {literal}"


def _find_literal(text: str, kind: Kind) -> str | None:
    """What YAML has for a text that other languages take for true, false or nothing."""
    taken = {str(alternative) for alternative in kind}
    if text.lower() in ("yes", "no", "on", "off") and "true or false" in taken:
        return "true" if text.lower() in ("yes", "on") else "false"
    return "null" if text.lower() in ("none", "null") and "null" in taken else None


def _suggest_owner(entry: catalogue.Entry, name: str) -> str:
    """The components of its family that do have this argument, or the nearest one that the component has."""
    owners = [other for other in catalogue.list_names(entry.family) if name in _list_arguments(entry.family, other)]
    if owners and len(owners) <= 6:
        return f"{', '.join(owners)} {'has' if len(owners) == 1 else 'have'} it"
    if guess := find_nearest(name, entry.arguments):
        return f"did you mean {guess!r}?"
    names = list(entry.arguments)
    known = f"{', '.join(names[:12])}{' ...' if len(names) > 12 else ''}"
    return f"{entry.name} takes {known}" if names else "it takes none"


def _list_arguments(family: str, name: str) -> Iterable[str]:
    entry = catalogue.find_entry(family, name)
    return entry.arguments if entry else ()

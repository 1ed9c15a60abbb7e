"""Reads nodes into checked values and components, and collects every mistake instead of stopping at the first.

A component is written as a bare name (`flatten`), a one-key map (`dense: {units: 512}`), or a name with its first argument
(`dropout: 0.3`). What it may hold is the catalogue's to say.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from nnctl.errors import Place, Problem
from nnctl.registry import nearest
from nnctl.spec import catalogue
from nnctl.spec.catalogue.kinds import Choice, Items, Kind, Number, Plain, choices, expected, families, kind
from nnctl.spec.catalogue.numerals import rewritten
from nnctl.spec.catalogue.slots import is_first
from nnctl.spec.sections import Component, Value
from nnctl.spec.text.document import Keyed, Node, Scalar, describe


class _Misfit:
    """The type of what stands for a value that is of no use; the reason is among the problems."""


MISFIT: Final = _Misfit()


class Reader:
    """Reads values; `problems` grows by one for each mistake.

    Attributes:
        problems: every mistake so far, in the order in which they were found.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def problem(self, code: str, message: str, place: Place | None, hint: str | None = None) -> _Misfit:
        """Notes a mistake; the answer stands for the value that is not there."""
        self.problems.append(Problem(code, message, place, hint))
        return MISFIT

    def value(self, kind: Kind, node: Node, what: str) -> Value | _Misfit:
        """The node's value if the kind takes it; `what` is what a message calls it."""
        for alternative in kind:
            if isinstance(alternative, Items) and node.items is not None:
                return self._items(alternative, node, what)
        if node.entries is None and node.items is None:
            scalar: Scalar = node.value  # type: ignore[assignment]
            for alternative in kind:
                if isinstance(alternative, (Number, Choice, Plain)) and alternative.fits(scalar):
                    # Keras asks some numbers for their methods of a float.
                    return float(scalar) if isinstance(alternative, Number) and not alternative.whole else scalar  # type: ignore[arg-type]
        named = families(kind)
        if named and (node.entries is not None or (isinstance(node.value, str) and not rewritten(node.value, kind))):
            return self.component(self._family(named, node), node, kind)
        return self._misfit(kind, node, what)

    def component(self, family: str, node: Node, kind: Kind = ()) -> Component | _Misfit:
        """The component of a family that a node writes; `kind` lists what else might have been meant."""
        head = self._head(family, node)
        if head is None:
            return MISFIT
        written, place, content = head
        entry = catalogue.entry(family, written)
        if entry is None:
            return self._unknown(family, written, place, kind)
        before = len(self.problems)
        nodes = self._arguments(entry, content, place)
        values = {name: self._argument(entry, name, node) for name, node in nodes.items()}
        self._missing(entry, {*nodes, *_meant(entry, content)}, place)
        self._unbuildable(entry, nodes)
        if len(self.problems) > before:
            return MISFIT
        places = {name: node.place for name, node in nodes.items()}
        return Component(family, entry.name, values, place, places)  # type: ignore[arg-type]

    def keys(self, node: Node, known: Iterable[str], what: str) -> dict[str, Keyed]:
        """The entries of a map whose keys are among those known; what else stands there is a mistake each."""
        if node.entries is None:
            self.problem("not-a-map", f"{what} is {describe(node)}, expected a map of keys", node.place)
            return {}
        found, names = {}, tuple(known)
        for key, entry in node.entries.items():
            if isinstance(key, str) and key in names:
                found[key] = entry
            else:
                shown = repr(key) if isinstance(key, str) else key
                guess = nearest(str(key), names)
                hint = f"did you mean {guess!r}?" if guess else f"{what} takes {', '.join(names)}"
                self.problem("unknown-key", f"{what} has no key {shown}", entry.key, hint)
        return found

    def _items(self, items: Items, node: Node, what: str) -> Value | _Misfit:
        count = len(node.items or ())
        if count < items.least or (items.most is not None and count > items.most):
            return self.problem("bad-value", f"{what} has {count} items, expected {items}", node.place)
        values = [self.value(items.item, item, f"item {i} of {what}") for i, item in enumerate(node.items or (), 1)]
        return MISFIT if MISFIT in values else values  # type: ignore[return-value]

    def _misfit(self, kind: Kind, node: Node, what: str) -> _Misfit:
        hint = rewritten(node.value, kind)
        if hint is None and isinstance(node.value, str):
            guess = nearest(node.value, choices(kind))
            hint = f"did you mean {guess!r}?" if guess else _unquoted(node.value, kind)
        message = f"{what} is {describe(node)}, expected {expected(kind)}"
        return self.problem("bad-value", message, node.place, hint)

    def _family(self, named: list[str], node: Node) -> str:
        """Of several families the one that knows the node's name, else the first."""
        name = node.value if isinstance(node.value, str) else next(iter(node.entries or ()), "")
        return next((family for family in named if catalogue.entry(family, str(name))), named[0])

    def _head(self, family: str, node: Node) -> tuple[str, Place, Node | None] | None:
        """The name that a component is written with, where it stands, and the node behind it if there is one."""
        if isinstance(node.value, str):
            return node.value, node.place, None
        if not node.entries:
            example = {"layer": "`flatten` or `dense: {units: 10}`"}.get(family, "a name or `name: {...}`")
            self.problem("bad-component", f"{a(family)} is {describe(node)}, expected {example}", node.place)
            return None
        (name, entry), *others = node.entries.items()
        if not isinstance(name, str):
            self.problem("bad-component", f"{a(family)} is called {name!r}, expected a name", entry.key)
            return None
        for other, extra in others:
            hint = (
                f"indent {other!r} under '{name}', or give it its own `- `" if family == "layer" else "keep one of them"
            )
            self.problem("bad-component", f"{a(family)} is one name, and {other!r} is a second", extra.key, hint)
        return None if others else (name, entry.key, entry.node)

    def _unknown(self, family: str, written: str, place: Place, kind: Kind) -> _Misfit:
        if reason := catalogue.excluded(family, written):
            return self.problem("excluded", f"{written!r} cannot stand here: it {reason}", place)
        guess = nearest(written, [*catalogue.names(family), *catalogue.spellings(family), *choices(kind)])
        meant = catalogue.entry(family, guess) if guess else None
        hint = f"did you mean {meant.name if meant else guess!r}?" if guess else None
        if family == "layer" and catalogue.entry("activation", written):
            hint = f"an activation on its own is `- activation: {written}`"
        return self.problem(f"unknown-{family}", f"no {family} is called {written!r}", place, hint)

    def _arguments(self, entry: catalogue.Entry, content: Node | None, place: Place) -> dict[str, Node]:
        """The node of each argument that is known, by name."""
        if content is None or (content.value is None and not _takes_null(entry)):
            return {}
        if content.entries is None or is_first(entry, list(content.entries)):
            if entry.first is not None:
                return {entry.first: content}
            self.problem("bad-component", f"{entry.name} has no first argument, got {describe(content)}", content.place)
            return {}
        return {
            str(name): argument.node
            for name, argument in content.entries.items()
            if self._known(entry, name, argument.key)
        }

    def _known(self, entry: catalogue.Entry, name: Scalar, place: Place) -> bool:
        if isinstance(name, str) and name in entry.arguments:
            return True
        if isinstance(name, str) and name in entry.withheld:
            self.problem("withheld", f"{entry.name}'s {name!r} is not offered: {entry.withheld[name]}", place)
            return False
        self.problem("unknown-key", f"{entry.name} has no argument {name!r}", place, _whose(entry, str(name)))
        return False

    def _argument(self, entry: catalogue.Entry, name: str, node: Node) -> Value | _Misfit:
        return self.value(kind(entry.arguments[name].kind), node, f"{entry.name}'s {name}")

    def _missing(self, entry: catalogue.Entry, given: Collection[str], place: Place) -> None:
        for name, argument in entry.arguments.items():
            if argument.required and name not in given:
                wanted = f"{name}, {expected(kind(argument.kind))}"
                hint = f"write `{entry.name}: {{{name}: ...}}`"
                self.problem("missing-argument", f"{entry.name} needs {wanted}", place, hint)

    def _unbuildable(self, entry: catalogue.Entry, nodes: Mapping[str, Node]) -> None:
        """Notes what Keras refuses although each argument by itself is right."""
        name = nodes.get("name")
        if entry.family == "layer" and name is not None and isinstance(name.value, str) and not _names(name.value):
            hint = "a name is not empty and holds no '/'"
            self.problem(
                "bad-name", f"{entry.name}'s name is {name.value!r}, which cannot name a layer", name.place, hint
            )
        clipping = [key for key in _CLIPPING if key in nodes and nodes[key].value is not None]
        if entry.family == "optimizer" and len(clipping) > 1:
            message = f"{clipping[0]} and {clipping[1]} both clip the gradients"
            self.problem("contradiction", message, nodes[clipping[1]].place, "keep one of them")


_CLIPPING = ("clipnorm", "clipvalue", "global_clipnorm")


def _names(text: str) -> bool:
    """Whether a layer can be called so; Keras keeps weights under paths of names."""
    return bool(text) and "/" not in text and text.isprintable()


def a(family: str) -> str:
    """The family with its article."""
    return f"{'an' if family[0] in 'aio' else 'a'} {family}"


def _takes_null(entry: catalogue.Entry) -> bool:
    return entry.first is not None and "null" in entry.arguments[entry.first].kind.split("|")


def _meant(entry: catalogue.Entry, content: Node | None) -> set[str]:
    """The arguments that misspelt keys seem to mean: to call them missing as well would say one mistake twice."""
    keys = (key for key in (content.entries or ()) if key not in entry.arguments) if content else ()
    return {guess for key in keys if (guess := nearest(str(key), entry.arguments))}


def _unquoted(text: str, kind: Kind) -> str | None:
    """A hint for a text that would be taken if it were written otherwise."""
    if text.lower() in ("yes", "no", "on", "off") and any(str(alternative) == "true or false" for alternative in kind):
        return f"write {'true' if text.lower() in ('yes', 'on') else 'false'}"
    if text.lower() in ("none", "null"):
        return "write null" if any(str(alternative) == "null" for alternative in kind) else None
    return None


def _whose(entry: catalogue.Entry, name: str) -> str:
    """The components of its family that do have this argument, or the nearest one that the component has."""
    owners = [other for other in catalogue.names(entry.family) if name in _arguments_of(entry.family, other)]
    if owners and len(owners) <= 6:
        return f"{', '.join(owners)} {'has' if len(owners) == 1 else 'have'} it"
    if guess := nearest(name, entry.arguments):
        return f"did you mean {guess!r}?"
    known = list(entry.arguments)
    return (
        f"{entry.name} takes {', '.join(known[:12])}{' ...' if len(known) > 12 else ''}" if known else "it takes none"
    )


def _arguments_of(family: str, name: str) -> Iterable[str]:
    entry = catalogue.entry(family, name)
    return entry.arguments if entry else ()

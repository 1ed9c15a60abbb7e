"""`vars:` and `${vars.width}`: values with names, written once and used anywhere.

A text that is only a reference becomes the value, whatever its type; inside a longer text the value is written out. `$${`
stands for a `${` that is none. `${HOME}` at the begin of a text is no reference either: paths begin so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from nnctl import bounds
from nnctl.errors import Place, Problem, SpecError
from nnctl.spec.text.document import Keyed, Node, describe
from nnctl.spec.text.marks import DEEPEST, MOST_NODES
from nnctl.spelling import find_nearest

_REFERENCE = re.compile(r"(?P<escape>\$?)\$\{(?P<path>[^{}$]*)(?P<end>\}?)")


def resolve(root: Node) -> Node:
    """The document with each reference's value in its place, and without `vars`.

    A value stands where the reference to it does, and its place's `origin` tells where it was written.

    Raises:
        SpecError: with each reference that names no variable, or the cycle or size that ends the reading.
    """
    if root.entries is None:
        return root
    variables = root.entries.get("vars")
    if variables is not None and variables.node.value is not None and variables.node.entries is None:
        message = f"vars is {describe(variables.node)}, expected a map of names and values"
        raise SpecError(Problem("not-a-map", message, variables.node.place))
    rest = Node({key: entry for key, entry in root.entries.items() if key != "vars"}, root.place)
    resolver = _Resolver(Node({}, root.place) if variables is None else variables.node)
    found = resolver.resolve_node(rest, 1)
    if resolver.problems:
        raise SpecError(*resolver.problems)
    return found


def find_unused(root: Node, documents: Iterable[Node]) -> list[Problem]:
    """A problem for each variable that nothing refers to, neither the whole nor one of the documents it is made of.

    Args:
        root: the whole, overrides included.
        documents: a spec's own file and its bases: a variable whose only use an override replaced is no mistake.
    """
    variables = (root.entries or {}).get("vars")
    used = {path for node in (root, *documents) for path in _list_references(node)}
    return [] if variables is None else list(_find_unused(variables.node, "vars", used))


def find_begin(place: Place) -> Place:
    """Where the first character of a value was written: behind a reference, if the text at `place` begins with one."""
    written = place.source.find_line(place.line)[place.column - 1 :]
    while place.origin is not None and written.lstrip("'\"").startswith("${"):
        place = place.origin
        written = place.source.find_line(place.line)[place.column - 1 :]
    return place


def _list_references(node: Node) -> Iterator[str]:
    """The path of each reference in a document."""
    if node.entries is not None:
        for entry in node.entries.values():
            yield from _list_references(entry.node)
    for item in node.items or ():
        yield from _list_references(item)
    if isinstance(node.value, str):
        yield from (found["path"].strip() for found in _REFERENCE.finditer(node.value) if not found["escape"])


def _find_unused(node: Node, path: str, used: set[str]) -> Iterator[Problem]:
    for name, entry in (node.entries or {}).items():
        inner = f"{path}.{name}"
        if inner in used or path in used:
            continue
        if any(other.startswith(f"{inner}.") for other in used):
            yield from _find_unused(entry.node, inner, used)
            continue
        guess = find_nearest(inner, used)
        hint = f"did you mean {guess!r}?" if guess else f"write `${{{inner}}}` where it is meant, or remove it"
        yield Problem("unused-variable", f"nothing refers to {inner}", entry.key, hint)


class _Resolver:
    """Puts values in the place of references; `problems` holds the references that name no variable."""

    def __init__(self, variables: Node) -> None:
        self.variables = variables
        self.problems: list[Problem] = []
        self.open: list[str] = []
        self.count = 0

    def resolve_node(self, node: Node, depth: int) -> Node:
        self.count_node(node.place)
        if depth > DEEPEST:
            raise SpecError(Problem("too-deep", f"nested more than {DEEPEST} levels deep", node.place))
        if node.entries is not None:
            entries = {key: Keyed(e.key, self.resolve_node(e.node, depth + 1)) for key, e in node.entries.items()}
            return Node(entries, node.place)
        if node.items is not None:
            return Node([self.resolve_node(item, depth + 1) for item in node.items], node.place)
        return self.fill_text(node, node.value, depth) if isinstance(node.value, str) and "${" in node.value else node

    def fill_text(self, node: Node, text: str, depth: int) -> Node:
        """What a text with references becomes."""
        whole = _REFERENCE.fullmatch(text)
        if whole is not None and not (whole["escape"] or _is_home(whole)):
            value = self.resolve_reference(whole, node.place, depth)
            return Node(value.value, replace(node.place, origin=value.place))
        parts, end, origin = [], 0, None
        for found in _REFERENCE.finditer(text):
            parts.append(text[end : found.start()])
            end = found.end()
            if found["escape"] or _is_home(found):
                parts.append(found[0].removeprefix("$") if found["escape"] else found[0])
                continue
            value = self.resolve_reference(found, node.place, depth)
            origin = origin or value.place
            parts.append(self.format_value(value, found, node.place))
        joined = "".join([*parts, text[end:]])
        if len(joined) > bounds.SPEC:
            raise SpecError(Problem("too-long", f"a text of more than {bounds.SPEC:,} characters", node.place))
        return Node(joined, replace(node.place, origin=origin))

    def resolve_reference(self, found: re.Match[str], place: Place, depth: int) -> Node:
        """The value that a reference names; null, and a problem, if it names none."""
        self.count_node(place)
        head, *names = found["path"].strip().split(".")
        if not found["end"] or head != "vars" or not names:
            guess = f"${{vars.{found['path'].strip().split('.', 1)[-1] or 'name'}}}"
            message = f"{found[0]!r} is no reference"
            hint = f"a variable is written `{guess}`; a `${{` that is none is `$${{`"
            return self.note_unknown(message, place, hint)
        return self.resolve_names(names, place, depth)

    def resolve_names(self, names: list[str], place: Place, depth: int) -> Node:
        """The value at the end of a path below `vars`; what is passed through is resolved only if it is a reference."""
        node, path, fresh = self.variables, "vars", True
        for number, name in enumerate(names, 1):
            children = _list_children(node)
            if name not in children:
                guess = find_nearest(name, children)
                known = f"there are {', '.join(children)}" if children else f"{path} holds no names"
                hint = f"did you mean '{path}.{guess}'?" if guess else known
                return self.note_unknown(f"there is no variable {path}.{name}", place, hint)
            node, path = children[name], f"{path}.{name}"
            if fresh and (number == len(names) or isinstance(node.value, str)):
                node, fresh = self.resolve_variable(path, node, place, depth), False
        return node

    def resolve_variable(self, path: str, node: Node, place: Place, depth: int) -> Node:
        """A variable's own value, whose references are resolved."""
        if path in self.open:
            way = " -> ".join([*self.open[self.open.index(path) :], path])
            message = f"variables refer to each other: {way}"
            raise SpecError(Problem("variable-cycle", message, place, "give one a value"))
        if len(self.open) >= bounds.REFERENCES:
            message = f"more than {bounds.REFERENCES} variables refer to one another in a row"
            raise SpecError(Problem("too-deep", message, place, "write the value itself somewhere in between"))
        self.open.append(path)
        found = self.resolve_node(node, depth)
        self.open.pop()
        return found

    def format_value(self, value: Node, found: re.Match[str], place: Place) -> str:
        """A value inside a longer text."""
        if value.entries is not None or value.items is not None:
            self.note_unknown(f"{found[0]} is {describe(value)}, which cannot stand inside a text", place, None)
            return ""
        return value.value if isinstance(value.value, str) else "null" if value.value is None else describe(value)

    def note_unknown(self, message: str, place: Place, hint: str | None) -> Node:
        self.problems.append(Problem("bad-reference", message, place, hint))
        return Node(None, place)

    def count_node(self, place: Place) -> None:
        self.count += 1
        if self.count > MOST_NODES:
            raise SpecError(Problem("too-many-values", f"more than {MOST_NODES:,} values, variables counted in", place))


def _is_home(found: re.Match[str]) -> bool:
    """Whether a reference is `${HOME}` as a path begins with it."""
    return found.start() == 0 and found[0] == "${HOME}"


def _list_children(node: Node) -> dict[str, Node]:
    """What a map or a list holds, by key or by number."""
    if node.entries is not None:
        return {str(key): entry.node for key, entry in node.entries.items()}
    return {str(number): item for number, item in enumerate(node.items or ())}

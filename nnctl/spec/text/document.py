"""A YAML file as a tree of nodes, each of which knows the line and column it was written at.

YAML 1.2's numbers, booleans and null (`1e-3` is a number, `yes` is a word); no tags, no merge keys, no second document.
"""

import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from nnctl import bounds
from nnctl.errors import Place, Problem, Source, SpecError
from nnctl.files import open_regular
from nnctl.spec.text import marks
from nnctl.spec.text.marks import Mark

Scalar = str | int | float | bool | None

LONGEST_INTEGER = 18  # digits: what fits 64 bits whatever its value

# YAML 1.2's core schema, https://yaml.org/spec/1.2.2/#1032-tag-resolution
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_OCTAL = re.compile(r"[-+]?0[0-9]+")  # of YAML 1.1: the same digits are two numbers
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DEEP = 4  # the column behind which no section begins
NULLS = ("", "~", "null", "Null", "NULL")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(NULLS, None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the document: a scalar, a list of nodes, or a map of entries by key; and where it stands."""

    value: "Scalar | Sequence[Node] | Mapping[Scalar, Keyed]"
    place: Place

    @property
    def entries(self) -> "Mapping[Scalar, Keyed] | None":
        """The entries of a map, in the order of the file, or None for anything else."""
        return self.value if isinstance(self.value, Mapping) else None

    @property
    def items(self) -> "Sequence[Node] | None":
        """The items of a list, or None for anything else."""
        return self.value if isinstance(self.value, list) else None


@dataclass(frozen=True, slots=True)
class Keyed:
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


def strip_places(node: Node) -> Any:
    """The value of a node and of all inside it, without the places."""
    if node.entries is not None:
        return {key: strip_places(entry.node) for key, entry in node.entries.items()}
    return [strip_places(item) for item in node.items] if node.items is not None else node.value


def read(path: Path) -> Node:
    """The document in a file.

    Raises:
        SpecError: the file cannot be read, is too large, is not UTF-8, or is not YAML as nnctl takes it.
    """
    return parse(read_source(path))


def read_source(path: Path) -> Source:
    """The text of a file.

    Raises:
        SpecError: the file cannot be read, is too large, or is not UTF-8.
    """
    return _decode(_read_bytes(path), str(path))


def read_stream(stream: BinaryIO, name: str) -> Source:
    """The text that comes through a stream, of which no more is read than a spec may have.

    Raises:
        SpecError: it cannot be read, is too large, or is not UTF-8.
    """
    try:
        raw = stream.read(bounds.SPEC + 1)
    except (OSError, ValueError) as error:
        raise SpecError(Problem("unreadable-file", f"{name} cannot be read: {error}")) from None
    if len(raw) > bounds.SPEC:
        raise SpecError(Problem("file-too-large", f"{name} has more than the {bounds.SPEC:,} bytes a spec may have"))
    return _decode(raw, name)


def parse(source: Source) -> Node:
    """The document in a source.

    Raises:
        SpecError: with each tag and duplicate key that was found, or the one fault that ends the reading.
    """
    reader = _Reader()
    root = reader.read_node(marks.parse_marks(source))
    if reader.problems:
        raise SpecError(*reader.problems)
    return root


def _read_bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise SpecError(Problem("unreadable-file", f"{path} is {kind}, expected a YAML file"))
        with open_regular(path) as content:
            raw = content.read(bounds.SPEC + 1)
        if (size := max(status.st_size, len(raw))) > bounds.SPEC:
            told = f"{size:,} bytes, more than the {bounds.SPEC:,} a spec may have"
            raise SpecError(Problem("file-too-large", f"{path} has {told}"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        hint = "`nnctl check` and `nnctl train` take the path of a YAML file"
        raise SpecError(Problem("unreadable-file", f"{path} cannot be read: {reason}", hint=hint)) from None
    return raw


def _decode(raw: bytes, name: str) -> Source:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        message = f"{name} is not UTF-8: byte {raw[error.start]:#04x} on line {line}"
        raise SpecError(Problem("not-utf8", message, hint="save the file as UTF-8")) from None
    return Source(name, text.removeprefix("\ufeff"), marked=text.startswith("\ufeff"))


def _suggest_one(key: Node, value: Node) -> str:
    """What to do about a key that stands twice; layers do so where their dashes are missing."""
    below = value.entries is not None and key.place.column > _DEEP
    return f"keep one of them; layers of a list begin with a dash: `- {key.value}:`" if below else "keep one of them"


class _Reader:
    """Makes nodes of marks; keeps the mistakes that do not end the reading."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.anchored: dict[int, Node] = {}

    def read_node(self, mark: Mark) -> Node:
        if mark.alias is not None:
            return Node(self.anchored[id(mark.alias)].value, mark.place)
        if mark.tag is not None:
            message = f"the tag {mark.tag.replace('tag:yaml.org,2002:', '!!')} is not allowed: a spec holds values, not objects"
            self.problems.append(Problem("yaml-tag", message, mark.place, "remove the tag"))
        node = Node(self.read_value(mark), mark.place)
        if mark.anchor is not None:
            self.anchored[id(mark)] = node
        return node

    def read_value(self, mark: Mark) -> "Scalar | list[Node] | dict[Scalar, Keyed]":
        if mark.items is not None:
            return [self.read_node(item) for item in mark.items]
        if mark.entries is not None:
            return self.read_map(mark.entries)
        text = mark.text or ""
        return self.parse_scalar(text, mark.place) if mark.bare else text

    def read_map(self, written: Sequence[tuple[Mark, Mark]]) -> "dict[Scalar, Keyed]":
        entries: dict[Scalar, Keyed] = {}
        for key, value in ((self.read_node(key), self.read_node(value)) for key, value in written):
            if key.entries is not None or key.items is not None:
                self.problems.append(Problem("bad-key", f"{describe(key)} cannot be a key", key.place))
            elif key.value in entries:
                first = entries[key.value].key.line
                message = f"{describe(key)} appears twice in one map; the first is on line {first}"
                self.problems.append(Problem("duplicate-key", message, key.place, _suggest_one(key, value)))
            else:
                entries[key.value] = Keyed(key.place, value)  # type: ignore[index]
        return entries

    def parse_scalar(self, text: str, place: Place) -> Scalar:
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

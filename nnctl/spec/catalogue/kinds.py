"""The little language in which the catalogue and the sections say what a value may be.

bool   str   path   null                true or false; a text; the path of a file or folder; nothing
int    float>=0,<1    int!=0            a number, with bounds; a float takes whole numbers, but no NaN and no infinity
'valid'|'same'                          one of the choices
list(int>=1)   list(int;2)   list(float;1..3)    a list, of exactly two, of one to three
map(int>=1)                             a map from names to values of a kind; of a source's options only
activation, initializer, layer, ...     a component of that family
A|B                                     either
"""

import math
import re
from dataclasses import dataclass
from functools import cache

from nnctl.spec.text.document import Scalar

FAMILIES = (
    *("layer", "optimizer", "loss", "metric", "schedule"),
    *("activation", "initializer", "regularizer", "constraint"),
)
# Keras's float and integer types and its mixed policies: https://keras.io/api/mixed_precision/policy/
DTYPES = (
    *("float16", "float32", "float64", "bfloat16", "mixed_float16", "mixed_bfloat16"),
    *("bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64"),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number or any finite number within bounds, each an operator and a limit."""

    whole: bool
    bounds: tuple[tuple[str, float], ...]

    def fits(self, value: Scalar) -> bool:
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return False
        return math.isfinite(value) and all(_HOLDS[sign](value, limit) for sign, limit in self.bounds)

    def __str__(self) -> str:
        noun = "a whole number" if self.whole else "a number"
        texts = [_SAID[sign].format(_format_limit(limit)) for sign, limit in self.bounds]
        return " ".join([noun, " and ".join(texts).replace("and of at", "and at")]).strip()


@dataclass(frozen=True, slots=True)
class Choice:
    """One text."""

    text: str

    def fits(self, value: Scalar) -> bool:
        return value == self.text

    def __str__(self) -> str:
        return repr(self.text)


@dataclass(frozen=True, slots=True)
class Plain:
    """`bool`, `str`, `path` or `null`."""

    name: str

    def fits(self, value: Scalar) -> bool:
        return isinstance(value, {"bool": bool, "str": str, "path": str, "null": type(None)}[self.name])

    def __str__(self) -> str:
        return {"bool": "true or false", "str": "a text", "path": "a path", "null": "null"}[self.name]


@dataclass(frozen=True, slots=True)
class Items:
    """A list of one kind, from `least` to `most` items long."""

    item: "Kind"
    least: int
    most: int | None

    def __str__(self) -> str:
        if self.most is None:
            return f"a list, each {describe_kind(self.item)}"
        count = f"{self.least}" if self.least == self.most else f"{self.least} to {self.most}"
        return f"a list of {count}, each {describe_kind(self.item)}"


@dataclass(frozen=True, slots=True)
class Entries:
    """A map from names to values of one kind."""

    value: "Kind"

    def __str__(self) -> str:
        return f"a map, each value {describe_kind(self.value)}"


@dataclass(frozen=True, slots=True)
class Family:
    """A component of a family."""

    name: str

    def __str__(self) -> str:
        return f"{'an' if self.name[0] in 'aio' else 'a'} {self.name}"


Alternative = Number | Choice | Plain | Items | Entries | Family
Kind = tuple[Alternative, ...]

_HOLDS = {
    ">=": lambda value, limit: value >= limit,
    "<=": lambda value, limit: value <= limit,
    "!=": lambda value, limit: value != limit,
    ">": lambda value, limit: value > limit,
    "<": lambda value, limit: value < limit,
}
_SAID = {">=": "of at least {}", "<=": "of at most {}", "!=": "other than {}", ">": "above {}", "<": "below {}"}
_NUMBER = re.compile(r"(int|float)((?:(?:>=|<=|!=|>|<)[-+0-9.e]+,?)*)")
_BOUND = re.compile(r"(>=|<=|!=|>|<)([-+0-9.e]+)")
_LIST = re.compile(r"list\((.*?)(?:;(\d+)(?:\.\.(\d+))?)?\)")


@cache
def parse_kind(text: str) -> Kind:
    """The kind that a text of the language stands for; a text that is none raises ValueError."""
    alternatives: list[Alternative] = []
    for part in _split(text):
        alternatives += [Choice(name) for name in DTYPES] if part == "dtype" else [_read_alternative(part)]
    return tuple(alternatives)


def describe_kind(kind: Kind) -> str:
    """What the kind takes, as a phrase for `expected …`."""
    texts = [str(alternative) for alternative in kind if alternative != Plain("null")]
    if Plain("null") in kind:
        texts.append("null")
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def list_choices(kind: Kind) -> list[str]:
    """The texts that the kind lists."""
    return [alternative.text for alternative in kind if isinstance(alternative, Choice)]


def list_families(kind: Kind) -> list[str]:
    """The families that the kind takes components of."""
    return [alternative.name for alternative in kind if isinstance(alternative, Family)]


def _split(text: str) -> list[str]:
    """The alternatives of a text: cut at each `|` that no parenthesis holds."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "|" and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    return [part.strip() for part in [*parts, text[start:]]]


def _read_alternative(text: str) -> Alternative:
    if text in FAMILIES:
        return Family(text)
    if text in ("bool", "str", "path", "null"):
        return Plain(text)
    if text.startswith("'") and text.endswith("'"):
        return Choice(text[1:-1])
    if found := _NUMBER.fullmatch(text):
        bounds = tuple((sign, float(limit)) for sign, limit in _BOUND.findall(found[2]))
        return Number(found[1] == "int", bounds)
    if found := _LIST.fullmatch(text):
        least = int(found[2]) if found[2] else 0
        most = int(found[3]) if found[3] else (least if found[2] else None)
        return Items(parse_kind(found[1]), least, most)
    if text.startswith("map(") and text.endswith(")"):
        return Entries(parse_kind(text[4:-1]))
    raise ValueError(f"{text!r} is no kind")


def _format_limit(limit: float) -> str:
    return f"{limit:g}" if abs(limit) < 1e6 else f"{limit:,.0f}"

"""The keys of a spec."""

from collections.abc import Iterator, Mapping

from nnctl.spec.catalogue import tables
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.kinds import describe_kind, list_families, parse_kind
from nnctl.topics.prose import format_value, read_prose, unfold
from nnctl.topics.topic import Row, Shelf, Topic


def make_shelves() -> Iterator[Shelf]:
    """The shelf of keys."""
    what = "what a spec may say, section by section"
    yield Shelf("keys", "key", what, names=_list_names, topic=_find_topic, spellings=_list_spellings)


def _list_names() -> tuple[str, ...]:
    return tuple(path for path, _ in tables.walk_keys())


def _list_spellings() -> tuple[str, ...]:
    """The paths, and the last word of each that only one key has."""
    words = [path.rpartition(".")[2] for path in _list_names()]
    return (*_list_names(), *(word for word in words if words.count(word) == 1))


def _find_topic(text: str) -> Topic | None:
    """The key of a path; or of its last word, the one that stands highest where several have it."""
    known = dict(tables.walk_keys())
    path = text if text in known else next((each for each in known if each.endswith(f".{text}")), None)
    return None if path is None else _make_topic(path, known)


def _make_topic(path: str, known: Mapping[str, Key]) -> Topic:
    key, told = known[path], read_prose("key").get(path) or {}
    others = [each for each in known if each != path and each.rpartition(".")[2] == path.rpartition(".")[2]]
    return Topic(
        "key",
        path,
        key.doc,
        tuple(_make_sections(path, key, told)),
        tuple(_make_row(path, name, inner) for name, inner in (tables.find_inner(path) or {}).items()),
        _make_example(path),
        see=(*told.get("see", ()), *others),
    )


def _make_sections(path: str, key: Key, told: dict[str, str]) -> Iterator[tuple[str, str]]:
    takes = _describe_takes(path, key, told)
    if takes:
        yield "Takes", takes
    default = tables.find_default(path)
    if default is not tables.ABSENT:
        yield "Default", format_value(default)
    if "when" in told:
        yield "When to use it", unfold(told["when"])


def _describe_takes(path: str, key: Key, told: dict[str, str]) -> str:
    """What a key may hold, with the shelves of the components among it."""
    if "takes" in told:
        return unfold(told["takes"])
    if not key.kind:
        return "a map of the keys below" if tables.find_inner(path) else ""
    found = parse_kind(key.kind)
    named = [f"`nnctl list {_form_plural(family)}` shows them" for family in list_families(found)]
    below = ["or a map of the keys below"] if tables.find_inner(path) else []
    return "; ".join([describe_kind(found), *below, *named])


def _form_plural(family: str) -> str:
    return "losses" if family == "loss" else f"{family}s"


def _make_row(path: str, name: str, key: Key) -> Row:
    inside = f"{path}.{name}"
    default = tables.find_default(inside)
    takes = _describe_takes(inside, key, read_prose("key").get(inside) or {})
    return Row(name, takes, "" if default is tables.ABSENT else format_value(default), key.doc)


def _make_example(path: str) -> str:
    if whole := (read_prose("key").get(path) or {}).get("example"):
        return str(whole).rstrip()
    text = tables.make_example(path)
    if not text:
        return ""
    *above, name = path.split(".")
    lines = [f"{'  ' * depth}{section}:" for depth, section in enumerate(above)]
    return "\n".join([*lines, f"{'  ' * len(above)}{name}: {text}"])

"""The `data` section."""

from collections.abc import Mapping

from nnctl.errors import Place
from nnctl.spec.catalogue import keys
from nnctl.spec.catalogue.numerals import parse_number
from nnctl.spec.section import SectionReader, collect_places
from nnctl.spec.sections import Data
from nnctl.spec.text.document import Keyed, Node, describe, strip_places


def read_data(reader: SectionReader, node: Node) -> Data | None:
    """The section, or None if it names no source; its mistakes are noted. Whether there is such a source, `peek` tells."""
    entries = reader.read_section(node, keys.DATA, "data", needed=("source",))
    source = _read_source(reader, entries.get("source"))
    values = reader.collect(entries, keys.DATA, ("offline", "split_seed", "scale", "target_scale", "labels", "subset"))
    paths = reader.collect(entries, keys.DATA, ("path", "validation", "test"))
    paths = {key: value for key, value in paths.items() if key == "path" or not _refuses(reader, key, value, entries)}
    values |= {key: reader.resolve_path(value, entries[key].node.place) for key, value in paths.items()}
    if "split" in entries:
        values["split"] = _read_split(reader, entries["split"].node)
    if "skip" in entries:
        values["skip"] = _read_skip(reader, entries["skip"].node)
    if source is None:
        return None
    places = {**collect_places(entries), **_collect_option_places(entries["source"].node)}
    return Data(*source, **values, places=places)  # type: ignore[arg-type]


def _collect_option_places(node: Node) -> dict[str, Place]:
    """Where the value of each option of the source stands (`source.label`), and its name (`source.label:`)."""
    inner = next(iter((node.entries or {}).values()), None)
    options = {} if inner is None else inner.node.entries or {}
    values = {f"source.{name}": each.node.place for name, each in options.items()}
    return {**values, **{f"source.{name}:": each.key for name, each in options.items()}}


def _read_split(reader: SectionReader, node: Node) -> dict[str, object] | None:
    """One key and the column that it names; None for null and for what is no use."""
    if node.entries is None:
        if node.value is not None:
            hint = "`split: {time: date}`, `split: {time: rows}` or `split: {group: patient}`"
            reader.flag("bad-value", f"split is {describe(node)}, expected a map of one key, or null", node.place, hint)
        return None
    entries = reader.read_section(node, keys.SPLIT, "split")
    if len(entries) > 1:
        hint = "keep one of them: rows of one group can lie on both sides of a time"
        reader.flag("contradiction", "split cuts by time or by group, not by both", node.place, hint)
        return None
    if not node.entries:
        reader.flag("bad-value", "split is an empty map", node.place, "`split: {time: date}`, or leave it out")
    return reader.collect(entries, keys.SPLIT, keys.SPLIT) or None


def _read_skip(reader: SectionReader, node: Node) -> dict[str, object] | None:
    """What is left out, by what it lacks; None for null and for what is no use."""
    hint = "`skip: {unlabelled: true}`, `skip: {unreadable: true}`, or both in one map"
    if node.entries is None:
        if node.value is not None:
            reader.flag("bad-value", f"skip is {describe(node)}, expected a map, or null", node.place, hint)
        return None
    if not node.entries:
        reader.flag("bad-value", "skip is an empty map", node.place, f"{hint}; or leave it out")
    entries = reader.read_section(node, keys.SKIP, "skip")
    return reader.collect(entries, keys.SKIP, keys.SKIP) or None


def _refuses(reader: SectionReader, key: str, value: object, entries: Mapping[str, Keyed]) -> bool:
    """Whether a share is written as a text, which would be taken for a path, or a test split is declined; it is noted."""
    if key == "test" and entries[key].node.value == "none":
        hint = "leave it out for the source's own, or for a share of 0.2"
        reader.flag("bad-value", "test is 'none', expected a share, a path or null", entries[key].node.place, hint)
        return True
    meant = parse_number(value) if isinstance(value, str) else None
    if meant is None:
        return False
    hint = f"write {meant:g}" if 0 < meant < 1 else "a share is a number between 0 and 1; a path can begin with ./"
    reader.flag("bad-value", f"{key} is {value!r}, expected a share or a path", entries[key].node.place, hint)
    return True


def _read_source(reader: SectionReader, entry: Keyed | None) -> tuple[str, dict[str, object]] | None:
    if entry is None:
        return None
    node = entry.node
    if isinstance(node.value, str):
        return node.value, {}
    if node.entries is not None and len(node.entries) == 1:
        (name, inner), *_ = node.entries.items()
        if isinstance(name, str) and (inner.node.entries is not None or inner.node.value is None):
            return name, {str(key): strip_places(option.node) for key, option in (inner.node.entries or {}).items()}
    reader.flag("bad-source", f"source is {describe(node)}, expected a name such as `mnist`", node.place)
    return None

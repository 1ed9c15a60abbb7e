"""The `data` section."""

from collections.abc import Mapping

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
    if source is None:
        return None
    return Data(*source, **values, places=collect_places(entries))  # type: ignore[arg-type]


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

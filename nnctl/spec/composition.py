"""`base: other.yaml`: a spec that says only how it differs from another one."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nnctl.errors import Place, Problem, Source, SpecError
from nnctl.spec.catalogue.slots import SPEC, Slot
from nnctl.spec.section import find_path
from nnctl.spec.text import document
from nnctl.spec.text.document import Keyed, Node, describe

MOST_BASES = 16  # files in a chain: more than anyone can follow


def read(written: Path | Source, alone: bool = False) -> list[Node]:
    """The documents of a spec: its own, its base's, the base of that, and so on.

    Args:
        written: the file, or a text as if it stood in a file of its name.
        alone: whether it must do without a base, and no other file is read.

    Raises:
        SpecError: a file cannot be read, is not YAML as nnctl takes it, or is in the end its own base.
    """
    if isinstance(written, Source):
        documents, files = [document.parse(written)], [Path(written.name)]
    else:
        documents, files = [document.read(written)], [written]
    while (base := _find_base(documents[-1])) is not None:
        path, place = base
        if alone:
            hint = "`resolved.yaml` holds every value; a run may be somebody else's, and names no file to read"
            raise SpecError(Problem("bad-base", "the spec of a run has no base", place, hint))
        _refuse_cycle(files, path, place)
        documents.append(_read_base(path, place))
        files.append(path)
    return documents


def merge(documents: Sequence[Node]) -> Node:
    """One document of several, the first of which has the last word: maps merge, lists and values replace."""
    *nearer, root = documents
    for over in reversed(nearer):
        root = _merge_nodes(over, root, SPEC)
    if root.entries is None:
        return root
    return Node({key: entry for key, entry in root.entries.items() if key != "base"}, root.place)


def _merge_nodes(over: Node, under: Node, slot: Slot) -> Node:
    if over.entries is None or under.entries is None:
        return over
    if slot.named and over.entries.keys() != under.entries.keys():
        return over  # `adam: {}` takes the place of `sgd: {}` and does not stand beside it
    entries = dict(under.entries)
    for key, entry in over.entries.items():
        old = entries.get(key)
        inside = slot.follow(str(key))
        entries[key] = entry if old is None else Keyed(entry.key, _merge_nodes(entry.node, old.node, inside))
    return Node(entries, over.place)


def _find_base(root: Node) -> tuple[Path, Place] | None:
    """The path of a document's base, and where it stands."""
    entry = (root.entries or {}).get("base")
    if entry is None or entry.node.value is None:
        return None
    node, place = entry.node, entry.node.place
    if not isinstance(node.value, str):
        raise SpecError(Problem("bad-base", f"base is {describe(node)}, expected the path of a spec", place))
    if "${" in node.value.removeprefix("${HOME}"):
        raise SpecError(Problem("bad-base", "base is read before the variables are", place, "write the path itself"))
    return find_path(node.value, place), place


def _read_base(path: Path, place: Place) -> Node:
    try:
        root = document.read(path)
    except SpecError as error:
        # What is wrong with the file as a whole is shown where it is asked for.
        problems = (p if p.place else replace(p, place=place, hint=_suggest_file(place)) for p in error.problems)
        raise SpecError(*problems) from None
    if root.entries is None:
        raise SpecError(Problem("bad-base", f"{path} is {describe(root)}, expected a map of keys", place))
    return root


def _suggest_file(place: Place) -> str:
    beside = Path(place.source.name).with_name("resolved.yaml")
    return f"{beside} holds every value" if beside.is_file() else "the path is relative to the file that it stands in"


def _refuse_cycle(files: Sequence[Path], path: Path, place: Place) -> None:
    known = [file.resolve() for file in files]
    if path.resolve() in known:
        way = " -> ".join(map(str, [*files[known.index(path.resolve()) :], path]))
        raise SpecError(Problem("base-cycle", f"a spec cannot be its own base: {way}", place, "remove this one"))
    if len(files) > MOST_BASES:
        raise SpecError(Problem("too-many-bases", f"a chain of more than {MOST_BASES} bases", place))

"""What the readers of all sections share: keys by table, paths beside the spec, names that stand once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from nnctl.errors import Place, Problem, SpecError
from nnctl.spec.catalogue import tables
from nnctl.spec.catalogue.belonging import find_section, name_key
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.kinds import parse_kind
from nnctl.spec.reader import MISFIT, Reader
from nnctl.spec.sections import Component, Places
from nnctl.spec.text.document import Keyed, Node
from nnctl.spec.text.variables import find_begin
from nnctl.spelling import find_nearest

_HOME = re.compile(r"\A(\$HOME|\$\{HOME\})(?=/|\Z)")
Table = Mapping[str, Key]
Entries = Mapping[str, Keyed]


class SectionReader(Reader):
    """Reads sections, which are maps whose keys a table lists."""

    def read_section(self, node: Node, table: Table, what: str, needed: Iterable[str] = ()) -> dict[str, Keyed]:
        """The entries of a section by key; an unknown key and a needed one that is missing are mistakes."""
        found = self.read_keys(node, table, what)
        unknown = [name_key(str(key)) for key in node.entries or () if key not in table]
        meant = {find_nearest(key, table) for key in unknown} | {find_section(what, key) for key in unknown}
        if what == "the spec":  # `train:` inside of `model:` is told there
            inside = (found[each].node for each in ("data", "model", "train") if each in found)
            meant |= {str(key) for inner in inside for key in inner.entries or ()}
        for key in needed if node.entries is not None else ():
            if key not in found and key not in meant:
                path = key if what == "the spec" else f"{what}.{key}"
                hint = f"{table[key].doc} For example `{key}: {tables.make_example(path)}`."
                self.flag("missing-key", f"{what} has no key {key!r}", node.place, hint)
        return found

    def read_plain(self, entries: Entries, table: Table, key: str, default: object) -> object:
        """The checked value of a key, or its default; a value that does not fit gives the default too."""
        if key not in entries:
            return default
        value = self.read_value(parse_kind(table[key].kind), entries[key].node, key)
        return default if value is MISFIT else value

    def collect(self, entries: Entries, table: Table, names: Iterable[str]) -> dict[str, object]:
        """The checked values of those keys that the user wrote and that fit."""
        values = {name: self.read_plain(entries, table, name, MISFIT) for name in names if name in entries}
        return {name: value for name, value in values.items() if value is not MISFIT}

    def resolve_path(self, value: object, place: Place) -> object:
        """A text as a path beside the file that its first character was written in, or from here if that was a flag.

        `none` is None, and a number stays as it is.
        """
        if not isinstance(value, str):
            return value
        try:
            return None if value == "none" else find_path(value, find_begin(place))
        except SpecError as error:
            self.problems += [replace(problem, place=place) for problem in error.problems]
            return None

    def check_distinct(self, components: list[Component], what: str) -> None:
        """Notes each component whose `name` another one of the list has."""
        seen: set[str] = set()
        for component in components:
            name = component.arguments.get("name")
            label = str(name) if name is not None else component.name if what == "metrics" else None
            if label is not None and _is_reserved(label, what):
                place = component.places.get("name", component.place)
                self.flag("reserved-name", f"{label!r} is a name of nnctl's own", place, "choose another one")
            if label in seen:
                place = component.places.get("name", component.place)
                self.flag("duplicate-name", f"two {what} are called {label!r}", place, "give one a `name` of its own")
            seen |= {label} if label else set()


def drop_covered(problems: Iterable[Problem]) -> list[Problem]:
    """The problems without those about a part of what another one takes as a whole: `3)` of `kernel_size: (3, 3)`."""
    found = list(problems)
    wide = [each.place for each in found if each.place is not None and each.place.width > 1 and each.meant is not None]
    return [each for each in found if each.place is None or not any(_covers(place, each.place) for place in wide)]


def _covers(whole: Place, part: Place) -> bool:
    same = whole.source is part.source and whole.line == part.line
    return same and whole.column < part.column < whole.column + whole.width


def _is_reserved(label: str, what: str) -> bool:
    """Whether a layer or metric of that name would be taken for something else."""
    if what == "layers":
        return label.startswith("input")
    return label in ("epoch", "step", "seconds", "learning_rate", "loss") or label.startswith("val_")


def find_folder(place: Place) -> Path:
    """The folder of the file that a place is in; the working directory for a flag."""
    return Path() if place.source.name.startswith("--") else Path(place.source.name).parent


def find_path(text: str, place: Place) -> Path:
    """A text of a file as a path from the file's folder; `~`, `~user` and `$HOME` at its begin as shells have them.

    Raises:
        SpecError: nobody has that home folder, or no system has such a path.
    """
    try:
        if "\0" in text:
            raise SpecError(
                Problem("bad-value", f"{text!r} holds a NUL, which no path does", place, "write it without")
            )
        text = _HOME.sub("~", text)
        # A path forgets that `./~x` begins with a dot.
        return find_folder(place) / (Path(text).expanduser() if text.startswith("~") else Path(text))
    except RuntimeError:  # `~nobody/x`
        hint = "write the folder itself, or ./~... for a name that begins so"
        raise SpecError(
            Problem("bad-value", f"{text.split('/')[0]!r} is not a user of this machine", place, hint)
        ) from None


def collect_places(entries: Entries) -> Places:
    """Where the value of each key stands, and of each key of a map below it: `early_stopping.patience`."""
    inner = {f"{key}.{below}": e.node.place for key, entry in entries.items() for below, e in _list_below(entry)}
    return {**{key: entry.node.place for key, entry in entries.items()}, **inner}


def _list_below(entry: Keyed) -> Iterable[tuple[object, Keyed]]:
    return (entry.node.entries or {}).items()

"""What may stand where a path leads: keys of sections, items of lists, arguments of components; and what short forms stand for.

A component may be a name alone, and what stands behind its name its first argument alone: `dropout: 0.3`. So may the map of a key
be the value of its first key alone: `early_stopping: 4`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from nnctl.spec.catalogue import keys
from nnctl.spec.catalogue.entries import Entry, find_entry
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.kinds import Items, Kind, list_families, parse_kind
from nnctl.spec.text.document import Scalar
from nnctl.spec.text.path import Path, Step

_SOURCE: Path = ("data", "source")  # named like a component; what arguments a source takes, `nnctl.data` knows


@dataclass(frozen=True, slots=True)
class Slot:
    """What may stand in one place of a spec.

    Attributes:
        path: the place, as far as keys of sections lead to it; () inside of lists and components.
        kind: the values; () where nothing says which.
        keys: the keys of the map that may stand there.
    """

    path: Path = ()
    kind: Kind = ()
    keys: Mapping[str, Key] = field(default_factory=dict)

    @property
    def families(self) -> list[str]:
        """The families whose components may stand there."""
        return list_families(self.kind)

    @property
    def named(self) -> bool:
        """Whether a component or a data source may stand there: a bare name, or a map of a name to arguments."""
        return bool(self.families) or self.path == _SOURCE

    @property
    def first(self) -> str | None:
        """The key that a value alone sets, of a map that may be written so: `early_stopping: 4`."""
        return next(iter(self.keys), None) if self.kind else None

    def find_component(self, name: object) -> Entry | None:
        """The component that a name means there."""
        found = (find_entry(family, name) for family in self.families if isinstance(name, str))
        return next((each for each in found if each is not None), None)

    def follow(self, step: Step, component: Entry | None = None) -> "Slot":
        """What may stand one step on: an item, the value of a key, or an argument of the component that stands here."""
        if isinstance(step, int):
            return Slot(kind=next((each.item for each in self.kind if isinstance(each, Items)), ()))
        if component is not None:
            argument = component.arguments.get(step)
            return Slot() if argument is None else Slot(kind=parse_kind(argument.kind))
        if step not in self.keys:
            return Slot()
        path, text = (*self.path, step), self.keys[step].kind
        # A table that is named like a key lists the keys of that key's map: EARLY_STOPPING those of `train.early_stopping`.
        return Slot(path, parse_kind(text) if text else (), getattr(keys, step.upper(), {}))


SPEC = Slot(keys=keys.TOP)


def find_slot(path: Path) -> Slot:
    """What may stand at a path of keys and items; what only arguments of components lead to is not known."""
    return reduce(Slot.follow, path, SPEC)


def is_first(entry: Entry, keys: Sequence[Scalar]) -> bool:
    """Whether a map with these keys is the first argument (`bidirectional: {lstm: 32}`) and not a map of arguments."""
    if entry.first is None or len(keys) != 1 or keys[0] in entry.arguments:
        return False
    return Slot(kind=parse_kind(entry.arguments[entry.first].kind)).find_component(keys[0]) is not None

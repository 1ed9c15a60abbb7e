"""Which class each key of `train.class_weight` means: one, or it is refused with what it could mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nnctl.spelling import compose, find_nearest

_SHOWN = 20  # classes that a hint lists


class KeyFault(NamedTuple):
    """A key that means no class, more than one, or one that another key means, with a hint."""

    key: int | str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class MatchedKeys:
    """The classes that keys mean.

    Attributes:
        indices: the index of the class of each key that means one.
        faults: what is wrong with the others.
    """

    indices: Mapping[int | str, int]
    faults: tuple[KeyFault, ...] = ()


def match_keys(keys: Iterable[int | str], names: Sequence[str], older: bool = False) -> MatchedKeys:
    """The class that each key means: a text by its name, whole numbers all by index, as Keras has them, or all by name.

    Where numbers could be both, and would mean different classes, none is guessed: classes called 1 and 2 have the indices 0
    and 1. Names are compared in Unicode's composed form (NFC), so that one that is written decomposed is the same.

    Args:
        keys: names and indices, in any order and side by side.
        names: the names of all classes, by index.
        older: whether to take a number for a name first, each by itself, as versions before 0.3.0 did.
    """
    held = {compose(name): index for index, name in enumerate(names)}
    if older:
        found = {key: index for key in keys if (index := _find_by_name_first(key, held)) is not None}
        return MatchedKeys(found, tuple(_explain_unknown(key, names) for key in keys if key not in found))
    read = _read_numbers([key for key in keys if isinstance(key, int)], held, names)
    texts = {key: held.get(compose(key)) for key in keys if isinstance(key, str)}
    faults = [*read.faults, *(_explain_unknown(key, names) for key, index in texts.items() if index is None)]
    found = {**read.indices, **{key: index for key, index in texts.items() if index is not None}}
    return MatchedKeys(found, (*faults, *_find_doubles(found, names)))


def _read_numbers(keys: Sequence[int], held: Mapping[str, int], names: Sequence[str]) -> MatchedKeys:
    """What whole numbers mean, all taken in one way."""
    by_name: dict[int | str, int] = {key: held[str(key)] for key in keys if str(key) in held}
    by_index: dict[int | str, int] = {key: key for key in keys if 0 <= key < len(names)}
    if len(by_name) == len(by_index) == len(keys):
        faults = [_explain_both(key, names) for key in keys if by_name[key] != by_index[key]]
        return MatchedKeys({key: key for key in keys if by_name[key] == key}, tuple(faults))
    for found in (by_name, by_index):
        if len(found) == len(keys):
            return MatchedKeys(found)
    unknown = [key for key in keys if key not in by_name and key not in by_index]
    mixed = [_explain_mixture(by_name, by_index)] if not unknown else []
    return MatchedKeys({}, (*(_explain_unknown(key, names) for key in unknown), *mixed))


def _find_by_name_first(key: int | str, held: Mapping[str, int]) -> int | None:
    if compose(str(key)) in held:
        return held[compose(str(key))]
    return key if isinstance(key, int) and 0 <= key < len(held) else None


def _find_doubles(found: Mapping[int | str, int], names: Sequence[str]) -> Iterator[KeyFault]:
    """The keys that mean a class that a key before them means."""
    first: dict[int, int | str] = {}
    for key, index in found.items():
        if index in first:
            message = f"the keys {first[index]!r} and {key!r} both mean class {names[index]!r}"
            yield KeyFault(key, message, "keep one of them")
        first.setdefault(index, key)


def _explain_unknown(key: int | str, names: Sequence[str]) -> KeyFault:
    near = find_nearest(str(key), names) if isinstance(key, str) else None
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    hint = f"did you mean {near!r}?" if near else f"there are {', '.join(names[:_SHOWN])}{more}"
    if isinstance(key, str) and key.isdecimal() and int(key) < len(names):
        hint += "; in quotes a key is a name, without them an index"
    return KeyFault(key, f"there is no class {key!r} to weigh", hint)


def _explain_both(key: int, names: Sequence[str]) -> KeyFault:
    other = names[key]
    message = f"the key {key} is the name of a class, and the index of the class called {other!r}"
    return KeyFault(key, message, f"in quotes it is a name: `'{key}'` for the one, `'{other}'` for the other")


def _explain_mixture(by_name: Mapping[int | str, int], by_index: Mapping[int | str, int]) -> KeyFault:
    """Numbers of which one can be an index alone, and another a name alone."""
    index, name = (
        next(key for key in one if key not in other) for one, other in ((by_index, by_name), (by_name, by_index))
    )
    message = f"the key {index} can be an index alone, and {name} a name alone"
    return KeyFault(name, message, "write all keys as names, in quotes, or all as indices, from 0")

"""Where a key belongs that stands in the wrong place, and what keys and arguments are called elsewhere."""

import re
from collections.abc import Collection, Mapping

from nnctl.spec.catalogue import keys
from nnctl.spec.catalogue.calls import SHAPES
from nnctl.spec.catalogue.elsewhere import ELSEWHERE, NO_SHAPE, SAID, WORDS
from nnctl.spec.catalogue.entries import Entry, find_entry, list_names
from nnctl.spec.catalogue.foreign import fold_foreign
from nnctl.spec.catalogue.loaders import find_owner
from nnctl.spec.text.typography import make_plain, name_foreign
from nnctl.spelling import find_nearest

_TABLES: Mapping[str, Collection[str]] = {
    "": keys.TOP,
    "data": keys.DATA,
    "model": keys.MODEL,
    "train": keys.TRAIN,
    "train.early_stopping": keys.EARLY_STOPPING,
    "data.split": keys.SPLIT,
}
_PAIR = re.compile(r"([A-Za-z_]\w*)(?:\s*[=:]\s*|\s+)(\S.*)")


def find_home(section: str, key: str) -> tuple[str, str | None] | None:
    """What to do with a key that a section has not, and the key here that it means there; None if nothing is known of it.

    Args:
        section: the section's path, () of keys with dots; an empty text for the top.
        key: the key.
    """
    folded = fold_foreign(key)
    homes = [path for path, table in _TABLES.items() if key in table]
    target = f"{homes[0]}.{key}".strip(".") if homes else ELSEWHERE.get(folded)
    if target is not None and folded not in SAID:
        parent, _, name = target.rpartition(".")
        if parent == section:
            return f"did you mean {name!r}?", name
        return _lead(section, parent, name, key), None
    if section in ("data", "") and (owner := find_owner(key)):
        return f"it is an option of a source: `source: {{{owner[0]}: {{{owner[1]}: ...}}}}` in `data`", None
    if folded in SAID:
        return SAID[folded], None
    if section in ("train", "") and (guess := _own_argument("optimizer", key)):
        return f"it is an argument of the optimizer: `optimizer: {{{guess}: {{{key}: ...}}}}` in `train`", None
    if section in ("model", "") and (
        guess := _own_argument("layer", key)
    ):  # `activation`, before the layer of that name
        return f"it is an argument of a layer: `- {guess}: {{{key}: ...}}`", None
    if section in ("model", "") and find_entry("layer", key) is not None:
        return f"a layer stands in a list, with a dash: `layers:`, and below it `- {key}: ...`", None
    return None


def find_section(what: str, key: str) -> str:
    """What a key that a section has not is for: the section at the top that it belongs in, or the key of this one that it means.

    An empty text if neither is known.
    """
    homes = [path for path, table in _TABLES.items() if path and key in table]
    target = homes[0] if homes else ELSEWHERE.get(fold_foreign(key), "")
    parent, _, name = target.rpartition(".")
    return name if parent == what else target.partition(".")[0]


def suggest_argument(entry: Entry, name: str) -> tuple[str, str | None] | None:
    """What to do with an argument that a component has not, and the one of its own that it means."""
    if parted := part_key(name, entry.arguments):
        return parted
    folded = fold_foreign(name)
    for own, others in WORDS.items():
        if folded in others and own in entry.arguments:
            return f"did you mean {own!r}?", own
    if fold_foreign(name) in {fold_foreign(each) for each in SHAPES} and entry.family == "layer":
        return NO_SHAPE, None
    if entry.family == "optimizer" and folded in ("lr", "learningrate", "rate"):
        return "the rate stands beside the optimizer: `learning_rate:` in `train`", None
    if entry.family == "optimizer" and folded == "decay":
        return SAID["decay"], None
    if entry.family == "layer" and folded in ("dropout", "dropoutrate"):
        return "dropout is a layer of its own, behind this one: `- dropout: 0.3`", None
    if folded in ("batchnorm", "batchnormalization", "bn", "normalization"):
        return "it is a layer of its own, behind this one: `- batch_normalization`", None
    if folded in ("l1", "l2", "l1l2") and "kernel_regularizer" in entry.arguments:
        return f"write `kernel_regularizer: {{{folded}: 0.01}}`", None
    return None


def name_key(key: str) -> str:
    """The name in a key that has taken its value, or an odd space, into it: `units=10`, `data：mnist`."""
    plain = make_plain(key).strip()
    found = _PAIR.fullmatch(plain)
    return found[1] if found else plain


def part_key(key: str, own: Collection[str]) -> tuple[str, str] | None:
    """What to write for a key that has taken its value into it, as Python's `=` and a colon of another width make it."""
    name, plain = name_key(key), make_plain(key).strip()
    if name not in own or name == key:
        return None
    found, odd = _PAIR.fullmatch(plain), name_foreign(key)
    meant = f"{name}: {found[2]}" if found else name
    return (f"write `{name}:`: {odd} is no plain one" if odd else f"write `{meant}`"), meant


def _own_argument(family: str, key: str) -> str | None:
    """The best known component of a family that has an argument."""
    first = {"layer": ("dense", "conv2d"), "optimizer": ("sgd", "adam")}[family]
    for name in (*first, *list_names(family)):
        entry = find_entry(family, name)
        if entry is not None and key in entry.arguments:
            return name
    return None


def _lead(section: str, parent: str, name: str, key: str) -> str:
    """The way from one section to another."""
    if not parent:
        told = f"`{name}:` stands at the top of the spec"
        return f"{told}: one level out" if section else told
    told = f"put it under `{parent.replace('.', ': ')}:`" + (f" as `{name}`" if name != key else "")
    if section and parent.startswith(f"{section}."):
        return f"{told}, one level in"
    return f"{told}: one level out" if section.startswith(f"{parent}.") else told


def suggest_key(section: str, key: str, own: Collection[str]) -> tuple[str | None, str | None]:
    """A hint for a key that a section has not, and the section's own key that is meant, where one surely is."""
    if home := part_key(key, own) or find_home(section, key):
        return home
    if key != key.strip() and (odd := name_foreign(key)):
        return f"{odd} is no space to YAML: indent with plain ones", None
    if guess := find_nearest(key, own):
        return f"did you mean {guess!r}?", None
    for path, table in _TABLES.items():
        if path != section and (guess := find_nearest(key, table)):
            return _lead(section, path, guess, key), None
    return None, None

"""What a flag that nnctl does not have would set: `--lr 0.1` is `--set train.learning_rate=0.1`.

It is found among the keys of a spec, by their names, initials and beginnings, and among the components of the catalogue and their
arguments; only what neither would tell stands in a table.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path as FilePath

from nnctl.cli.shell.settable import SECTIONS, find_component, read_document
from nnctl.spec import catalogue
from nnctl.spec.catalogue import tables
from nnctl.spec.catalogue.kinds import Items, Plain, parse_kind
from nnctl.spec.catalogue.slots import find_slot
from nnctl.spec.text.document import Node
from nnctl.spec.text.path import Path, follow, parse_path, read_head
from nnctl.spelling import find_nearest

# What other programs call it.
_WORDS = {
    "dataset": "data.source", "data": "data.source", "val_split": "data.validation", "validation_split": "data.validation",
    "test_size": "data.test", "test_split": "data.test", "random_state": "seed", "random_seed": "seed",
    "criterion": "train.loss", "objective": "train.loss", "scheduler": "train.learning_rate",
    "pretrained": "train.init_from", "weights": "train.init_from", "amp": "train.precision",
    "b": "train.batch_size", "e": "train.epochs",
}  # fmt: skip
_LAYERS: Path = ("model", "layers")


def find_setting(flag: str, value: str | None, path: FilePath | None = None, near: bool = True) -> str | None:
    """What stands behind `--set` for a flag; None where nothing of a spec is called so.

    Args:
        flag: the flag, as it was typed.
        value: what stands behind it, or None: an example of the key's is taken.
        path: the spec that it is typed for, whose components are asked for their arguments, or None.
        near: whether the beginning of a key's name, and a name that looks like it, count as well.
    """
    name = flag.lstrip("-").lower().replace("-", "_")
    if name in SECTIONS and name not in _WORDS:
        return None
    if (switched := _find_switch(name)) is not None:
        return switched
    root = None if path is None else read_document(path)
    key = _find_key(name)
    if key is None and value is None and (named := _find_named(name)) is not None:
        return named
    key = key or _find_argument(name, root)
    if key is None and (owned := _find_owned(name, value)) is not None:
        return owned
    key = key or (_find_near(name) if near else None)
    return None if key is None else f"{key}={_write_value(key, value)}"


def _find_key(name: str) -> str | None:
    """The key of a path, a name, a word of other programs, or initials: `lr`."""
    leaves, initials = _map_leaves(), _map_initials()
    return name if name in _list_keys() else leaves.get(name) or _WORDS.get(name) or initials.get(name)


def _find_near(name: str) -> str | None:
    """The one key whose name begins so (`opt`), or whose name has something in front or behind (`num_epochs`)."""
    leaves = _map_leaves()
    begun = [leaf for leaf in leaves if len(name) > 2 and leaf.startswith(name)]
    inside = [leaf for leaf in leaves if name.endswith(f"_{leaf}") or name.startswith(f"{leaf}_")]
    one = next((each[0] for each in (begun, inside) if len(each) == 1), None) or find_nearest(name, leaves)
    return None if one is None else leaves[one]


def _find_switch(name: str) -> str | None:
    """What turns a key off: `--no-shuffle`."""
    key = _map_leaves().get(name.removeprefix("no_")) if name.startswith("no_") else None
    kind = "" if key is None else dict(tables.walk_keys())[key].kind
    return f"{key}=false" if kind and Plain("bool") in parse_kind(kind) else None


def _find_named(name: str) -> str | None:
    """What a component's name alone sets: `--adam`."""
    for key in _list_keys():
        entry = find_slot(parse_path(key)).find_component(name)
        if entry is not None:
            return f"{key}={entry.name}"
    return None


def _find_argument(name: str, root: Node | None) -> str | None:
    """The argument of this name of the spec's optimizer, loss or schedule, or of its first layer that has one or is called so."""
    for key in _list_keys():
        slot = find_slot(parse_path(key))
        node = follow(root, parse_path(key))
        entry = slot.find_component(tables.find_default(key) if node is None else read_head(node))
        if entry is not None and name in entry.arguments:
            return f"{key}.{entry.name}.{name}"
    items = getattr(follow(root, _LAYERS), "items", None) or ()
    for number in range(len(items)):
        entry = find_component((*_LAYERS, number), root)
        if entry is not None and entry.name == name and entry.first:
            return f"model.layers.{number}.{entry.first}"
        if entry is not None and name in entry.arguments and name != "name":
            return f"model.layers.{number}.{name}"
    return None


def _find_owned(name: str, value: str | None) -> str | None:
    """The plainest component that has an argument of this name, in the place of the spec's: `{sgd: {momentum: 0.9}}`.

    Only where one stands by default: an optimizer may be exchanged, a loss goes with the last layer.
    """
    for key in _list_keys():
        slot = find_slot(parse_path(key))
        for family in slot.families if slot.find_component(tables.find_default(key)) is not None else ():
            owners = [catalogue.get_entry(family, each) for each in catalogue.list_names(family)]
            owners = [each for each in owners if name in each.arguments]
            if owners:
                plain = min(owners, key=lambda entry: len(entry.arguments))
                return f"{key}={{{plain.name}: {{{name}: {value or 'VALUE'}}}}}"
    return None


def _write_value(key: str, value: str | None) -> str:
    """A value as a spec writes it: of a key that takes a list, one item is a list."""
    known = dict(tables.walk_keys()).get(key)
    if value is None:
        return "VALUE" if known is None else tables.make_example(key)
    kinds = parse_kind(known.kind) if known is not None and known.kind else ()
    takes_list = any(isinstance(each, Items) for each in kinds)
    alone = takes_list and all(isinstance(each, Items) or each == Plain("null") for each in kinds)
    return f"[{value}]" if alone and not value.startswith("[") else value


@cache
def _list_keys() -> tuple[str, ...]:
    """Every key that a value may be set of, those nearer to the top first."""
    keys = [path for path, _ in tables.walk_keys() if path not in SECTIONS]
    return tuple(sorted(keys, key=lambda path: path.count(".")))


@cache
def _map_leaves() -> Mapping[str, str]:
    """The key for each last name of one; where several have it, that nearest to the top."""
    return {path.rpartition(".")[2]: path for path in reversed(_list_keys())}


@cache
def _map_initials() -> Mapping[str, str]:
    """The key for the initials of its words, where no other has the same: `lr`, `bs`."""
    told = list(_abbreviate())
    counts = Counter(short for short, _ in told)
    return {short: key for short, key in told if counts[short] == 1}


def _abbreviate() -> Iterator[tuple[str, str]]:
    for leaf, key in _map_leaves().items():
        words = leaf.split("_")
        if len(words) > 1:
            yield "".join(word[0] for word in words), key

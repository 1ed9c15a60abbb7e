"""Every key of a spec by its dotted path, with its default and an example: what the schema and the explanations are made of.

A new key or table of `keys.py` needs no line here; an example is made of its kind unless one stands below.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, Final

from nnctl.errors import Source
from nnctl.spec import sections
from nnctl.spec.catalogue import keys
from nnctl.spec.catalogue.keys import Key
from nnctl.spec.catalogue.kinds import Choice, Number, Plain, parse_kind
from nnctl.spec.catalogue.slots import find_slot
from nnctl.spec.text.document import parse, strip_places
from nnctl.spec.text.path import parse_path

ABSENT: Final = object()
"""Stands for the default of a key that must be given, or that is no value."""

_SECTIONS: Mapping[str, type] = {
    "": sections.Spec,
    "data": sections.Data,
    "train": sections.Train,
    "train.early_stopping": sections.EarlyStopping,
}
# Where a section's field is not what a spec writes: another name, or another word for None.
_FIELDS = {"train.max_time": "max_seconds"}
_WRITTEN: Mapping[str, Any] = {
    "seed": 0,
    "data.validation": "none",
    "train.optimizer": "adam",
    "train.augment": None,
    "train.xla": "auto",
}
_EXAMPLES = {
    "base": "other.yaml",
    "vars": "{rate: 0.01}",
    "name": "digits-small",
    "seed": "7",
    "data": "{source: mnist, validation: 0.1}",
    "data.source": "mnist",
    "data.path": "mine.npz",
    "data.offline": "mnist_5k",
    "data.validation": "0.1",
    "data.test": "0.2",
    "data.split": "{time: date}",
    "data.split.time": "date",
    "data.split.group": "patient",
    "data.skip": "{unlabelled: true, unreadable: true}",
    "data.skip.unlabelled": "true",
    "data.skip.unreadable": "true",
    "data.split_seed": "1",
    "data.scale": "standard",
    "data.labels": "one_hot",
    "data.subset": "1000",
    "model": "{layers: [flatten, {dense: {units: 64, activation: relu}}, {dense: {units: 10, activation: softmax}}]}",
    "model.layers": "[flatten, {dense: {units: 64, activation: relu}}, {dense: {units: 10, activation: softmax}}]",
    "train": "{loss: categorical_crossentropy, optimizer: adam, epochs: 5}",
    "train.loss": "sparse_categorical_crossentropy",
    "train.optimizer": "{sgd: {momentum: 0.9}}",
    "train.learning_rate": "{cosine_decay: {initial_learning_rate: 0.1, warmup_epochs: 1}}",
    "train.batch_size": "64",
    "train.epochs": "20",
    "train.shuffle": "false",
    "train.metrics": "[accuracy, {top_k_categorical_accuracy: 3}]",
    "train.monitor": "loss",
    "train.mode": "min",
    "train.early_stopping": "{patience: 5, min_delta: 0.001}",
    "train.augment": "[{random_rotation: 0.05}, {random_zoom: 0.1}]",
    "train.precision": "mixed_bfloat16",
    "train.init_from": "../runs/20261123-184502-mnist-cnn-a3f9",
    "train.max_time": "10m",
    "train.tensorboard": "true",
    "train.class_weight": "{0: 1.0, 1: 2.5}",
    "train.xla": "update",
    "train.early_stopping.patience": "5",
    "train.early_stopping.min_delta": "0.001",
    "train.early_stopping.start_from_epoch": "10",
    "train.early_stopping.baseline": "0.5",
    "train.early_stopping.monitor": "loss",
    "train.early_stopping.mode": "min",
}


def walk_keys() -> Iterator[tuple[str, Key]]:
    """Every key with its path, a section before what stands in it."""
    return _walk("", keys.TOP)


def find_inner(path: str) -> Mapping[str, Key] | None:
    """The keys of the map that a key may hold, or None if it holds no such map."""
    return find_slot(parse_path(path)).keys or None


def find_default(path: str) -> Any:
    """What a key is if it is left out, as YAML has it, or `ABSENT`."""
    if path in _WRITTEN:
        return _WRITTEN[path]
    field = _find_field(path)
    if field is None or field.default is MISSING:
        return ABSENT
    return None if field.default is None else field.default


def make_example(path: str) -> str:
    """An example of a key's value in YAML, or an empty text where none can be made of its kind."""
    return _EXAMPLES.get(path) or make_value(dict(walk_keys())[path].kind)


def make_value(text: str) -> str:
    """A value of a kind in YAML, or an empty text where none comes to mind."""
    for each in parse_kind(text) if text else ():
        if isinstance(each, Choice):
            return each.text
        if isinstance(each, Number):
            return next((str(n) for n in (1, 2, 0.5, 0, -1) if each.fits(n)), "")
        if each == Plain("bool"):
            return "true"
    return ""


def parse_value(text: str) -> Any:
    """The value that a text of YAML writes, as plain maps, lists and scalars."""
    return strip_places(parse(Source("example", text)))


def _walk(prefix: str, table: Mapping[str, Key]) -> Iterator[tuple[str, Key]]:
    for name, key in table.items():
        path = f"{prefix}{name}"
        yield path, key
        yield from _walk(f"{path}.", find_inner(path) or {})


def _find_field(path: str) -> "Field[Any] | None":
    section, _, name = path.rpartition(".")
    known = _SECTIONS.get(section)
    wanted = _FIELDS.get(path, name)
    return next((each for each in fields(known) if each.name == wanted), None) if known else None

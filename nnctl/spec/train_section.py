"""The `train` section."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from nnctl.errors import Place, Problem
from nnctl.spec.catalogue import keys
from nnctl.spec.catalogue.calls import read_keywords
from nnctl.spec.catalogue.kinds import parse_kind
from nnctl.spec.network.augmentation import select_augmentations
from nnctl.spec.network.watched import VALIDATION, find_reported, list_metrics, name_metric
from nnctl.spec.reader import MISFIT
from nnctl.spec.section import Entries, SectionReader, collect_places
from nnctl.spec.sections import Component, EarlyStopping, Train
from nnctl.spec.text.document import Node, describe
from nnctl.spec.text.patch import format_flow
from nnctl.spelling import find_nearest

_PLAIN = ("learning_rate", "batch_size", "epochs", "shuffle", "monitor", "mode", "precision", "tensorboard")
DURATION = re.compile(r"(\d+(?:\.\d+)?)([smh]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


def read_train(reader: SectionReader, node: Node) -> Train | None:
    """The section, or None if it has no loss; its mistakes are noted."""
    entries = reader.read_section(node, keys.TRAIN, "train", needed=("loss",))
    values = reader.collect(entries, keys.TRAIN, ("loss", "optimizer", *_PLAIN))
    _read_components(reader, entries, values)
    if (path := reader.read_plain(entries, keys.TRAIN, "init_from", None)) is not None:
        values["init_from"] = reader.resolve_path(path, entries["init_from"].node.place)
    if "max_time" in entries:
        values["max_seconds"] = _read_seconds(reader, entries["max_time"].node)
    if "checkpoint" in entries:
        values["every_seconds"] = _read_every_seconds(reader, entries["checkpoint"].node)
    if "early_stopping" in entries:
        _read_early_stopping(reader, entries["early_stopping"].node, values)
    if "class_weight" in entries:
        values["class_weight"] = _read_class_weight(reader, entries["class_weight"].node)
    _check_piecewise(reader, values.get("learning_rate"))
    xla = reader.read_plain(entries, keys.TRAIN, "xla", "auto")
    if "loss" not in values:
        return None
    values.setdefault("optimizer", Component("optimizer", "adam", {}))
    train = Train(**values, xla=None if xla == "auto" else xla, places=collect_places(entries))  # type: ignore[arg-type]
    return _name_monitors(train)


def check_monitor(reader: SectionReader, train: Train, validated: bool) -> None:
    """Notes a monitored number that training will not report; `validated`: whether there are validation examples."""
    names = ["loss", *list_metric_names(train)]
    if validated:
        names += [VALIDATION + name for name in names]
    for name, place in list_monitors(train):
        if name not in names:
            reader.problems.append(explain_monitor(name, place, names, validated))


def list_monitors(train: Train) -> list[tuple[str, Place | None]]:
    """The numbers that a spec says to watch, by what tells the best epoch and by what lowers the rate, and where it does."""
    rate, place = train.learning_rate, train.places.get("monitor") or train.places.get("early_stopping")
    watched = [] if train.monitor is None else [(train.monitor, place)]
    if isinstance(rate, Component) and rate.arguments.get("monitor") is not None:
        watched.append((str(rate.arguments["monitor"]), rate.places.get("monitor")))
    return watched


def explain_monitor(name: str, place: Place | None, names: Sequence[str], validated: bool) -> Problem:
    """What is wrong with a monitored number that is not among the names of those that are reported."""
    hint = f"there are {', '.join(names)}"
    if name.startswith(VALIDATION) and not validated:
        hint = "there is no validation: set data.validation"
    elif guess := find_nearest(name, names):
        hint = f"did you mean {guess!r}?"
    return Problem("unknown-monitor", f"nothing called {name!r} is measured", place, hint)


def _name_monitors(train: Train) -> Train:
    """The section with its monitors called as what they mean is called in the history."""
    rate = train.learning_rate
    if isinstance(rate, Component) and isinstance(written := rate.arguments.get("monitor"), str):
        rate = replace(rate, arguments={**rate.arguments, "monitor": find_reported(train, written)})
    monitor = None if train.monitor is None else find_reported(train, train.monitor)
    return replace(train, learning_rate=rate, monitor=monitor)


def list_metric_names(train: Train) -> list[str]:
    """What the metrics of a spec are called in the history; where it names none, those that the task may bring."""
    return [name_metric(metric) for metric in list_metrics(train)]


def _check_piecewise(reader: SectionReader, rate: object) -> None:
    """Notes boundaries that do not rise, and values that are not one more than the boundaries."""
    if not isinstance(rate, Component) or rate.name != "piecewise_constant_decay":
        return
    boundaries, values = rate.arguments["boundaries"], rate.arguments["values"]
    if isinstance(boundaries, list) and isinstance(values, list):
        if any(later <= earlier for earlier, later in itertools.pairwise(boundaries)):  # type: ignore[operator]
            reader.flag("bad-value", "boundaries do not rise", rate.places["boundaries"], "sort them, without repeats")
        if len(values) != len(boundaries) + 1:
            message = f"{len(boundaries)} boundaries part {len(boundaries) + 1} values, got {len(values)}"
            reader.flag("bad-value", message, rate.places["values"])


def _read_components(reader: SectionReader, entries: Entries, values: dict[str, object]) -> None:
    """Adds the lists of components to the values."""
    written = reader.read_plain(entries, keys.TRAIN, "metrics", None)
    metrics = [written] if isinstance(written, Component) else written
    if isinstance(metrics, list):
        reader.check_distinct(metrics, "metrics")
        values["metrics"] = tuple(metrics)
    if isinstance(augment := reader.read_plain(entries, keys.TRAIN, "augment", None), list):
        values["augment"] = select_augmentations(reader, augment)


def _read_seconds(reader: SectionReader, node: Node) -> float | None:
    """A duration: a number of seconds, or a number with `s`, `m` or `h`."""
    if node.value is None:
        return None
    text = str(node.value) if node.entries is None and node.items is None else ""
    if isinstance(node.value, bool) or not (found := DURATION.fullmatch(text)) or not float(found[1]):
        hint = "`90s`, `10m`, `2h`, or seconds"
        reader.flag("bad-value", f"max_time is {describe(node)}, expected a duration", node.place, hint)
        return None
    return float(found[1]) * _SECONDS[found[2]]


def _read_every_seconds(reader: SectionReader, node: Node) -> object:
    """`checkpoint: {every_seconds: 60}`, or the number alone."""
    if node.entries is None:
        value = reader.read_value(parse_kind(keys.TRAIN["checkpoint"].kind), node, "checkpoint")
        return 60.0 if value is MISFIT else value
    entries = reader.read_section(node, keys.CHECKPOINT, "checkpoint")
    return reader.read_plain(entries, keys.CHECKPOINT, "every_seconds", 60.0)


def _read_early_stopping(reader: SectionReader, node: Node, values: dict[str, object]) -> None:
    """Adds `early_stopping` to the values of `train`, and the monitor and mode that it may name."""
    if node.entries is None:
        if hint := _suggest_stopping(node.value):
            reader.flag("bad-value", f"early_stopping is {describe(node)}, expected epochs or a map", node.place, hint)
            return
        patience = reader.read_value(parse_kind(keys.TRAIN["early_stopping"].kind), node, "early_stopping")
        values["early_stopping"] = EarlyStopping(patience) if isinstance(patience, int) else None
        return
    entries = reader.read_section(node, keys.EARLY_STOPPING, "early_stopping")
    given = reader.collect(entries, keys.EARLY_STOPPING, keys.EARLY_STOPPING)
    for key in ("monitor", "mode"):
        value = given.pop(key, None)
        if value is not None and values.get(key) not in (None, value):
            message = f"early_stopping's {key} is {value!r}, but train's is {values[key]!r}"
            reader.flag("contradiction", message, entries[key].node.place, "keep one of them")
        values |= {key: value} if value is not None else {}
    values["early_stopping"] = EarlyStopping(**given)  # type: ignore[arg-type]


def _suggest_stopping(value: object) -> str | None:
    """What to write for a call of Keras's class, or for a yes."""
    if value is True or value == "yes":
        return "say after how many epochs without an improvement: `early_stopping: 3`"
    call = read_keywords(value) if isinstance(value, str) else None
    if call is None:
        return None
    kept = {key: each for key, each in call[1].items() if key in keys.EARLY_STOPPING} or {"patience": 3}
    return f"write `early_stopping: {format_flow(kept)}`"


def _read_class_weight(reader: SectionReader, node: Node) -> object:
    if node.entries is None:
        value = reader.read_value(parse_kind(keys.TRAIN["class_weight"].kind), node, "class_weight")
        return None if value is MISFIT else value
    if not node.entries:
        hint = "`balanced`, or a factor for each class that counts otherwise: `{0: 2.0}`"
        reader.flag("bad-value", "class_weight is an empty map", node.place, hint)
    weights: dict[int | str, object] = {}
    for key, entry in node.entries.items():
        if isinstance(key, bool) or not isinstance(key, (int, str)) or (isinstance(key, int) and key < 0):
            written = "null" if key is None else describe(Node(key, entry.key))
            whole = isinstance(key, float) and key.is_integer()
            hint = f"write {key:.0f}" if whole else f"in quotes a key is a name: `'{written}'`"
            message = f"class_weight's key {written} is no class's index or name"
            reader.flag("bad-value", message, entry.key, hint)
        else:
            weights[key] = reader.read_value(parse_kind("float>=0"), entry.node, f"the weight of class {key}")
    return weights

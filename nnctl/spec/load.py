"""From a file to a spec: read, override, check each section, follow the shapes; every mistake at once."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from nnctl.errors import DataError, Place, Problem, Source, SpecError
from nnctl.registry import nearest
from nnctl.spec import document, keys, network, overrides
from nnctl.spec.document import Entry, Node, describe
from nnctl.spec.kinds import kind
from nnctl.spec.reader import MISFIT, Reader
from nnctl.spec.sections import Component, Data, EarlyStopping, Facts, Places, Spec, Train

Peek = Callable[[Data], Facts]
# A name becomes part of a folder's name.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def load_spec(path: Path, overriding: Iterable[overrides.Override] = (), peek: Peek | None = None) -> Spec:
    """The spec in a file.

    Args:
        path: the YAML file.
        overriding: flags and their texts, (`--set`, `train.epochs=3`), later ones last.
        peek: tells what is known of the data without loading them; without it, shapes are not followed.

    Raises:
        SpecError: with every mistake that was found.
    """
    root = overrides.apply(document.read(path), overriding)
    return _Loader(path, root.place.source).spec(root, peek)


class _Loader(Reader):
    """Reads the sections of one spec."""

    def __init__(self, path: Path, source: Source) -> None:
        super().__init__()
        self.path, self.source = path, source

    def spec(self, root: Node, peek: Peek | None) -> Spec:
        top = self.section(root, keys.TOP, "the spec", needed=("data", "model", "train"))
        name = self.name(top.get("name"))
        seed = self.plain(top, keys.TOP, "seed", 0)
        data = self.data(top["data"].node) if "data" in top else None
        layers = self.layers(top["model"].node) if "model" in top else None
        train = self.train(top["train"].node) if "train" in top else None
        if data is not None and train is not None:
            self.monitor(train, data)
        if data is not None and peek is not None:
            self.follow(data, layers, train, peek)
        if self.problems or data is None or layers is None or train is None:
            raise SpecError(*sorted(self.problems, key=_position))
        return Spec(name, seed, data, layers, train, self.source)  # type: ignore[arg-type]

    def follow(self, data: Data, layers: tuple[Component, ...] | None, train: Train | None, peek: Peek) -> None:
        try:
            facts = peek(data)
        except DataError as error:
            self.problems += error.problems
            return
        if layers is not None:
            self.problems += network.problems(layers, train, data, facts)

    def section(self, node: Node, table: Mapping[str, keys.Key], what: str, needed: Iterable[str]) -> dict[str, Entry]:
        found = self.keys(node, table, what)
        meant = {nearest(str(key), table) for key in node.entries or () if key not in table}
        for key in needed if node.entries is not None else ():
            if key not in found and key not in meant:
                self.problem("missing-key", f"{what} has no key {key!r}", node.place, table[key].doc)
        return found

    def plain(self, entries: Mapping[str, Entry], table: Mapping[str, keys.Key], key: str, default: object) -> object:
        """The checked value of a key, or its default; a value that does not fit gives the default too."""
        if key not in entries:
            return default
        value = self.value(kind(table[key].kind), entries[key].node, key)
        return default if value is MISFIT else value

    def given(
        self, entries: Mapping[str, Entry], table: Mapping[str, keys.Key], names: Iterable[str]
    ) -> dict[str, object]:
        """The checked values of those keys that the user wrote and that fit."""
        values = {name: self.plain(entries, table, name, MISFIT) for name in names if name in entries}
        return {name: value for name, value in values.items() if value is not MISFIT}

    def name(self, entry: Entry | None) -> str:
        if entry is None:
            return re.sub(r"[^A-Za-z0-9._-]+", "-", self.path.stem).strip("-._")[:64] or "spec"
        value = entry.node.value
        if isinstance(value, str) and _NAME.fullmatch(value):
            return value
        hint = "a letter or digit, then at most 63 of letters, digits, '.', '_' and '-'; quote a number"
        self.problem("bad-name", f"name is {describe(entry.node)}, which cannot name a run", entry.node.place, hint)
        return "spec"

    def data(self, node: Node) -> Data | None:
        entries = self.section(node, keys.DATA, "data", needed=("source",))
        source = self.source_of(entries.get("source"))
        plain = ("offline", "split_seed", "scale", "labels", "subset")
        values = self.given(entries, keys.DATA, plain)
        paths = self.given(entries, keys.DATA, ("path", "validation", "test"))
        values |= {key: self.beside(value) for key, value in paths.items()}
        if source is None:
            return None
        return Data(*source, **values, places=_places(entries))  # type: ignore[arg-type]

    def source_of(self, entry: Entry | None) -> tuple[str, dict[str, object]] | None:
        if entry is None:
            return None
        node = entry.node
        if isinstance(node.value, str):
            return node.value, {}
        if node.entries is not None and len(node.entries) == 1:
            (name, inner), *_ = node.entries.items()
            if isinstance(name, str) and (inner.node.entries is not None or inner.node.value is None):
                return name, {str(key): _bare(option.node) for key, option in (inner.node.entries or {}).items()}
        self.problem("bad-source", f"source is {describe(node)}, expected a name such as `mnist`", node.place)
        return None

    def beside(self, value: object) -> object:
        """A text as a path beside the spec's file; `none` as None; a number as it is."""
        if not isinstance(value, str):
            return value
        return None if value == "none" else self.path.parent / Path(value).expanduser()

    def layers(self, node: Node) -> tuple[Component, ...] | None:
        entries = self.section(node, keys.MODEL, "model", needed=("layers",))
        if "layers" not in entries:
            return None
        layers = self.value(kind(keys.MODEL["layers"].kind), entries["layers"].node, "layers")
        if not isinstance(layers, list):
            return None
        self.distinct(layers, "layers")  # type: ignore[arg-type]
        return tuple(layers)  # type: ignore[arg-type]

    def distinct(self, components: list[Component], what: str) -> None:
        """Notes each component whose `name` another one of the list has."""
        seen: set[str] = set()
        for component in components:
            name = component.arguments.get("name")
            label = str(name) if name is not None else component.name if what == "metrics" else None
            if label in seen:
                place = component.places.get("name", component.place)
                self.problem(
                    "duplicate-name", f"two {what} are called {label!r}", place, "give one a `name` of its own"
                )
            seen |= {label} if label else set()

    def train(self, node: Node) -> Train | None:
        entries = self.section(node, keys.TRAIN, "train", needed=("loss",))
        simple = ("learning_rate", "batch_size", "epochs", "shuffle", "monitor", "mode")
        values = self.given(entries, keys.TRAIN, ("loss", "optimizer", *simple))
        if "metrics" in entries and isinstance(metrics := self.plain(entries, keys.TRAIN, "metrics", None), list):
            self.distinct(metrics, "metrics")
            values["metrics"] = tuple(metrics)
        if "early_stopping" in entries:
            self.early_stopping(entries["early_stopping"].node, values)
        if "class_weight" in entries:
            values["class_weight"] = self.class_weight(entries["class_weight"].node)
        xla = self.plain(entries, keys.TRAIN, "xla", "auto")
        if "loss" not in values:
            return None
        values.setdefault("optimizer", Component("optimizer", "adam", {}))
        return Train(**values, xla=None if xla == "auto" else xla, places=_places(entries))  # type: ignore[arg-type]

    def early_stopping(self, node: Node, values: dict[str, object]) -> None:
        """Adds `early_stopping` to the values of `train`, and the monitor and mode that it may name."""
        if node.entries is None:
            patience = self.value(kind(keys.TRAIN["early_stopping"].kind), node, "early_stopping")
            values["early_stopping"] = EarlyStopping(patience) if isinstance(patience, int) else None
            return
        entries = self.section(node, keys.EARLY_STOPPING, "early_stopping", needed=())
        given = self.given(entries, keys.EARLY_STOPPING, keys.EARLY_STOPPING)
        for key in ("monitor", "mode"):
            value = given.pop(key, None)
            if value is not None and values.get(key) not in (None, value):
                message = f"early_stopping's {key} is {value!r}, but train's is {values[key]!r}"
                self.problem("contradiction", message, entries[key].node.place, "keep one of them")
            values |= {key: value} if value is not None else {}
        values["early_stopping"] = EarlyStopping(**given)  # type: ignore[arg-type]

    def class_weight(self, node: Node) -> object:
        if node.entries is None:
            value = self.value(kind(keys.TRAIN["class_weight"].kind), node, "class_weight")
            return None if value is MISFIT else value
        weights: dict[int | str, object] = {}
        for key, entry in node.entries.items():
            if isinstance(key, bool) or not isinstance(key, (int, str)) or (isinstance(key, int) and key < 0):
                self.problem("bad-value", f"class_weight's key {key!r} is no class's index or name", entry.key)
            else:
                weights[key] = self.value(kind("float>=0"), entry.node, f"the weight of class {key}")
        return weights

    def monitor(self, train: Train, data: Data) -> None:
        """Checks that each monitored number is one that training will report."""
        names = ["loss", *metric_names(train)]
        if data.validation is not None:
            names += [f"val_{name}" for name in names]
        rate, place = train.learning_rate, train.places.get("monitor") or train.places.get("early_stopping")
        watched = [(train.monitor, place)]
        if isinstance(rate, Component) and rate.arguments.get("monitor") is not None:
            watched.append((str(rate.arguments["monitor"]), rate.places["monitor"]))
        for name, where in watched:
            if name is not None and name not in names:
                hint = f"there are {', '.join(names)}"
                if name.startswith("val_") and data.validation is None:
                    hint = "there is no validation: set data.validation"
                self.problem("unknown-monitor", f"nothing called {name!r} is measured", where, hint)


def metric_names(train: Train) -> list[str]:
    """What the metrics of a spec are called in the history; where it names none, those that the task may bring."""
    if train.metrics is None:
        return ["accuracy", "mean_absolute_error"]
    return [str(metric.arguments.get("name") or metric.name) for metric in train.metrics]


def _bare(node: Node) -> object:
    """A node's value without its places."""
    if node.entries is not None:
        return {key: _bare(entry.node) for key, entry in node.entries.items()}
    return [_bare(item) for item in node.items] if node.items is not None else node.value


def _places(entries: Mapping[str, Entry]) -> Places:
    return {key: entry.node.place for key, entry in entries.items()}


def _position(problem: Problem) -> tuple[int, int, int]:
    """What problems are sorted by: those of the file as a whole, then those of the file by line, then the overrides."""
    place: Place | None = problem.place
    return (0, 0, 0) if place is None else (2 if place.source.name.startswith("--") else 1, place.line, place.column)

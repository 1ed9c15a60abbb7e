"""From a file to a spec: read it and its bases, override, put in the variables, check, follow the shapes.

Every mistake is said at once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nnctl.errors import DataError, Problem, Source, SpecError
from nnctl.spec import composition
from nnctl.spec.catalogue import keys
from nnctl.spec.data_section import read_data
from nnctl.spec.network import trace
from nnctl.spec.network.augmentation import check_network
from nnctl.spec.network.expectation import choose_entropy, count_axes, list_sound
from nnctl.spec.network.fit import takes_classes, takes_numbers, takes_yes
from nnctl.spec.section import SectionReader, collect_places, drop_covered
from nnctl.spec.sections import Component, Data, DataFacts, Spec
from nnctl.spec.text import document, overrides, variables
from nnctl.spec.text.document import Keyed, Node, describe
from nnctl.spec.train_section import check_monitor, read_train
from nnctl.spelling import compose, is_run_name, make_run_name

Peek = Callable[[Data], DataFacts]


def load_spec(
    written: Path | Source, overriding: Iterable[overrides.Override] = (), peek: Peek | None = None, trained: bool = False,
    alone: bool = False,
) -> Spec:  # fmt: skip
    """The spec in a file.

    Args:
        written: the YAML file, or its text, put together as if it stood in a file of that name.
        overriding: flags and their texts, (`--set`, `train.epochs=3`), later ones last.
        peek: tells what is known of the data without loading them; without it, shapes are not followed.
        trained: whether the spec is that of a run, which goes on with what has become a mistake since then.
        alone: whether it lies in a run, where it has no base: no other file is read for it.

    Raises:
        SpecError: with every mistake that was found.
    """
    documents = composition.read(written, alone)
    root = overrides.apply(composition.merge(documents), overriding)
    reader = SectionReader()
    reader.problems += variables.find_unused(root, documents)
    path = Path(written.name) if isinstance(written, Source) else written
    return _read_spec(reader, path, variables.resolve(root), peek, trained)


def load_text(source: Source, path: Path, peek: Peek | None = None) -> Spec:
    """The spec in a text that was put together and is complete, as if it stood in a file at `path`.

    Raises:
        SpecError: with every mistake that was found.
    """
    return _read_spec(SectionReader(), path, variables.resolve(document.parse(source)), peek)


def _read_spec(reader: SectionReader, path: Path, root: Node, peek: Peek | None, trained: bool = False) -> Spec:
    top = reader.read_section(root, keys.TOP, "the spec", needed=("data", "model", "train"))
    if "base" in top:  # those of the files are gone by now
        reader.flag("bad-override", "base cannot be set: it is read before", top["base"].key, "write it in the file")
    name = _read_name(reader, top.get("name"), path)
    seed = reader.read_plain(top, keys.TOP, "seed", 0)
    data = read_data(reader, top["data"].node) if "data" in top else None
    layers = _read_fitting_layers(reader, top["model"].node, data, peek) if "model" in top else None
    items = reader.items  # of `layers`, those of no use as well
    reader.expectation = replace(reader.expectation, entropy=choose_entropy(layers or list_sound(items)))
    train = read_train(reader, top["train"].node) if "train" in top else None
    if data is not None and train is not None:
        loss = train.loss.name
        numbers = layers is not None and takes_numbers(loss, layers)
        data = replace(data, classes=takes_classes(loss), probabilities=takes_yes(loss), numbers=numbers)
    facts, faults = (None, []) if data is None or peek is None else _look(data, peek)
    if data is not None and train is not None:
        # Of data that are not or cannot be looked at it is not known; what is wrong with them is told.
        check_monitor(reader, train, facts is None or facts.is_validated(data))
    reader.problems += faults
    followed = None if layers is None or facts is None else trace.follow_network(layers, facts.shape)
    if data is not None and followed is not None and facts is not None:
        reader.problems += trace.find_problems(followed, train, data, facts, trained)
    if followed is None and facts is not None and not faults:
        reader.problems += _find_early_faults(items, facts)
    reader.problems = drop_covered(reader.problems)
    if reader.problems or data is None or layers is None or train is None:
        raise SpecError(*sorted(reader.problems, key=lambda problem: _locate(problem, path)))
    place = root.place.source, collect_places(top)
    return Spec(name, seed, data, layers, train, *place, facts, followed, trained)  # type: ignore[arg-type]


def _find_early_faults(items: Sequence[object], facts: DataFacts) -> list[Problem]:
    """What does not fit among the layers in front of the first that cannot be read."""
    sound = list_sound(items, front=True)
    if len(sound) == len(items):  # all can be read, and what is wrong with them has been told
        return []
    followed = trace.follow_network(tuple(sound), facts.shape)
    if facts.shape is None or followed.fault is None:
        return []
    layer, error = followed.fault
    return [Problem("bad-shape", error.message, layer.places.get(error.argument or "", layer.place), error.hint)]


def _look(data: Data, peek: Peek) -> tuple[DataFacts | None, list[Problem]]:
    """What a look at the data tells, or what is wrong with them."""
    try:
        return peek(data), []
    except DataError as error:
        return None, list(error.problems)


def _read_fitting_layers(
    reader: SectionReader, node: Node, data: Data | None, peek: Peek | None
) -> tuple[Component, ...] | None:
    """The layers; of those that do not exist the nearest that fits the data is told, for which they are looked at."""
    before = len(reader.problems)
    layers = _read_layers(reader, node)
    if layers is not None or data is None or peek is None:
        return layers
    facts, _ = _look(data, peek)
    axes = count_axes(None if facts is None else facts.shape)
    if axes != reader.expectation.axes:
        del reader.problems[before:]
        reader.expectation = replace(reader.expectation, axes=axes)
        return _read_layers(reader, node)
    return None


def _read_layers(reader: SectionReader, node: Node) -> tuple[Component, ...] | None:
    entries = reader.read_section(node, keys.MODEL, "model", needed=("layers",))
    layers = reader.read_plain(entries, keys.MODEL, "layers", None)
    if not isinstance(layers, list):
        return None
    reader.check_distinct(layers, "layers")
    before = len(reader.problems)
    check_network(reader, layers)
    return tuple(layers) if len(reader.problems) == before else None


def _read_name(reader: SectionReader, entry: Keyed | None, path: Path) -> str:
    if entry is None:
        return make_run_name(path.stem)
    value = entry.node.value
    if isinstance(value, str) and is_run_name(name := compose(value)):
        return name
    hint = "a letter or digit, then at most 63 of letters, digits, '.', '_' and '-'; quote a number"
    reader.flag("bad-name", f"name is {describe(entry.node)}, which cannot name a run", entry.node.place, hint)
    return "spec"


def _locate(problem: Problem, path: Path) -> tuple[int, str, int, int]:
    """What problems are sorted by: the file as a whole, the file by line, its bases, the overrides."""
    if (place := problem.place) is None:
        return (0, "", 0, 0)
    name = place.source.name
    return (3 if name.startswith("--") else 1 if name == str(path) else 2, name, place.line, place.column)

from collections.abc import Callable

import pytest

from nnctl.spec import catalogue
from nnctl.spec.catalogue.kinds import FAMILIES
from nnctl.topics import find_shelf
from nnctl.topics.prose import read_prose

NAMES = [(family, name) for family in FAMILIES for name in catalogue.list_names(family)]


@pytest.mark.parametrize(("family", "name"), NAMES)
def test_every_example_passes_check_and_names_what_it_shows(
    family: str, name: str, refused: Callable[[str], set[str]]
) -> None:
    topic = find_shelf(family).topic(name)
    assert topic is not None
    assert name in topic.example
    assert refused(topic.example) == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_no_prose_outlives_its_component(family: str) -> None:
    found = read_prose(family)
    told = [name for group in found.values() for name in group] if family == "layer" else list(found)
    assert sorted(told) == sorted(set(told))
    assert [name for name in told if name not in catalogue.list_names(family)] == []
    entries = [each for group in found.values() for each in group.values()] if family == "layer" else found.values()
    assert {key for entry in entries for key in entry} <= {
        "what",
        "when",
        "formula",
        "gradient",
        "also",
        "curve",
        "example",
        "source",
        "see",
    }


def test_every_layer_stands_in_a_group() -> None:
    layers = find_shelf("layers")
    assert [name for name in layers.names() if layers.group(name) == "other"] == []
    assert sorted(layers.names()) == sorted(catalogue.list_names("layer"))


def test_what_is_used_most_says_when_to_use_it() -> None:
    optimizers = find_shelf("optimizers")
    assert [name for name in optimizers.names() if not optimizers.topic(name).sections] == []
    for name in ("dense", "conv2d", "lstm", "dropout", "batch_normalization", "max_pooling2d", "embedding", "flatten"):
        assert find_shelf("layer").topic(name).sections[0][0] == "When to use it"


def test_arguments_are_the_catalogues() -> None:
    topic = find_shelf("optimizers").topic("SGD")
    assert (topic.kind, topic.name) == ("optimizer", "sgd")
    rows = {row.name: row for row in topic.rows}
    assert list(rows) == list(catalogue.get_entry("optimizer", "sgd").arguments)
    assert (rows["momentum"].takes, rows["momentum"].default) == ("a number of at least 0 and at most 1", "0.0")
    assert topic.source.startswith("keras.optimizers.SGD; ")
    assert {row.name: row.default for row in find_shelf("layer").topic("dense").rows}["units"] is None


def test_an_argument_is_a_topic_of_its_own() -> None:
    topic = find_shelf("layers").topic("Conv2D.padding")
    assert (topic.kind, topic.name, topic.see) == ("argument", "conv2d.padding", ("conv2d",))
    assert ("Takes", "'valid' or 'same'") in topic.sections
    assert find_shelf("layers").topic("conv2d.colour") is None

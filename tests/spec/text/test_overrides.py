from typing import Any

import pytest

from nnctl.errors import Source, SpecError
from nnctl.spec.text.document import Node, parse
from nnctl.spec.text.overrides import apply

TEXT = "train:\n  optimizer: sgd\n  epochs: 10\nmodel:\n  layers:\n    - flatten\n    - dense: {units: 4}\n"


def plain(node: Node) -> object:
    if node.entries is not None:
        return {key: plain(entry.node) for key, entry in node.entries.items()}
    return [plain(item) for item in node.items] if node.items is not None else node.value


def put(*texts: str) -> dict[str, object]:
    return plain(apply(parse(Source("s.yaml", TEXT)), [("--set", text) for text in texts]))  # type: ignore[return-value]


def test_a_value_is_replaced_and_read_as_yaml() -> None:
    assert put("train.epochs=3")["train"] == {"optimizer": "sgd", "epochs": 3}
    assert put("train.learning_rate=1e-3")["train"]["learning_rate"] == 0.001  # type: ignore[index]
    assert put("train.optimizer={adam: {beta_1: 0.5}}")["train"]["optimizer"] == {"adam": {"beta_1": 0.5}}  # type: ignore[index]


def test_maps_that_are_not_there_are_made() -> None:
    assert put("data.source=mnist")["data"] == {"source": "mnist"}


def test_a_bare_name_opens_up() -> None:
    assert put("train.optimizer.sgd.momentum=0.9")["train"]["optimizer"] == {"sgd": {"momentum": 0.9}}  # type: ignore[index]


def test_items_of_a_list_are_counted_from_zero() -> None:
    assert put("model.layers.1.dense.units=64")["model"] == {"layers": ["flatten", {"dense": {"units": 64}}]}


def test_an_item_is_addressed_by_its_name() -> None:
    text = "layers:\n  - flatten\n  - dense: {units: 4, name: fc1}\n  - dense: {units: 2, name: '0'}\n"

    def layers(setting: str) -> list[Any]:
        found = plain(apply(parse(Source("s.yaml", text)), [("--set", setting)]))
        return found["layers"]  # type: ignore[index,no-any-return]

    assert layers("layers.fc1.units=64")[1] == {"dense": {"units": 64, "name": "fc1"}}
    assert layers("layers.fc1.dense.units=64") == layers("layers.fc1.units=64") == layers("layers.1.units=64")
    assert layers("layers.fc1=flatten")[1] == "flatten"
    assert layers("layers.0.name=flat")[0] == {"flatten": {"name": "flat"}}  # a number counts, whatever is called so
    with pytest.raises(SpecError) as caught:
        layers("layers.fc2.units=64")
    assert caught.value.problems[0].hint == "did you mean 'fc1'?"


def test_the_last_of_two_wins() -> None:
    assert put("train.epochs=3", "train.epochs=4")["train"]["epochs"] == 4  # type: ignore[index]


def test_an_empty_value_is_null() -> None:
    assert put("train.epochs=")["train"]["epochs"] is None  # type: ignore[index]


@pytest.mark.parametrize(
    "text", ["train.epochs", "=3", "train..epochs=3", "train.epochs.more=3", "train.optimizer.adam.beta_1=0.5",
             "model.layers.7=flatten", "model.layers.x=flatten", "train.epochs=[1", "train=!!python/none"],
)  # fmt: skip
def test_what_cannot_be_put_is_said(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        put(text)
    place = caught.value.problems[0].place
    assert place is not None
    assert place.source.name == "--set"


@pytest.mark.parametrize(
    ("text", "column"), [("data.source={npz", 17), ("train.epochs=[1, {a: b]", 23), ("seed=010", 6)]
)
def test_a_value_that_is_no_yaml_is_shown_in_the_override(text: str, column: int) -> None:
    with pytest.raises(SpecError) as caught:
        put(text)
    place = caught.value.problems[0].place
    assert place is not None
    assert (place.source.text, place.line, place.column) == (text, 1, column)


def test_a_replaced_value_stands_in_the_override() -> None:
    root = apply(parse(Source("s.yaml", TEXT)), [("--set", "train.epochs=3")])
    assert root.entries is not None
    train = root.entries["train"].node.entries
    assert train is not None
    place = train["epochs"].node.place
    assert (place.source.text, place.column) == ("train.epochs=3", 14)

import pytest

from nnctl.errors import Place, Source
from nnctl.spec.catalogue import get_entry
from nnctl.spec.catalogue.advice import (
    Expectation,
    advise_component,
    advise_first,
    advise_map,
    advise_value,
    find_nearest_component,
)
from nnctl.spec.catalogue.kinds import parse_kind


def place(line: str, written: str) -> Place:
    return Place(Source("s.yaml", line), 1, line.index(written) + 1, len(written))


@pytest.mark.parametrize(
    ("family", "line", "written", "meant"),
    [
        (
            "layer",
            "    - Dense(5, activation='relu')",
            "Dense(5, activation='relu')",
            "dense: {units: 5, activation: relu}",
        ),
        ("layer", "layers: [Dense(5, use_bias=False), x]", "Dense(5", "{dense: {units: 5, use_bias: false}}"),
        ("optimizer", "  optimizer: SGD(0.1)", "SGD(0.1)", "sgd\n  learning_rate: 0.1"),
        (
            "optimizer",
            "train: {optimizer: SGD(0.1, momentum=0.9)}",
            "SGD(0.1",
            "{sgd: {momentum: 0.9}}, learning_rate: 0.1",
        ),
        ("loss", "  loss: nn.CrossEntropyLoss()", "nn.CrossEntropyLoss()", "binary_crossentropy"),
        ("activation", "a: “relu”", "“relu”", "relu"),
        ("activation", "a: None", "None", "linear"),
        ("layer", "- max_pool", "max_pool", "max_pooling1d"),
        ("loss", "loss: accuracy", "accuracy", None),
    ],
)
def test_what_was_meant_stands_in_its_place(family: str, line: str, written: str, meant: str | None) -> None:
    expectation = Expectation(axes=1, entropy="binary_crossentropy")
    advice = advise_component(family, written, place(line, written), (), expectation)
    assert advice is not None
    assert advice.meant == meant
    assert advice.hint


def test_a_tuple_takes_what_commas_have_cut_off() -> None:
    advice = advise_value("(3", place("{k: (3,3), a: 1}", "(3"), parse_kind("int>=1|list(int>=1;2)"))
    assert advice is not None
    assert (advice.meant, advice.place.width) == ("[3, 3]", 5)


def test_arguments_without_names_are_named() -> None:
    advice = advise_first(
        get_entry("layer", "dense"), "10, softmax", place("- dense: 10, softmax", "10, softmax"), Expectation()
    )
    assert advice is not None
    assert advice.meant == "{units: 10, activation: softmax}"


def test_a_name_that_is_a_value_becomes_the_key() -> None:
    where = place("{name: sgd}", "name")
    advice = advise_map("optimizer", {"name": "sgd", "lr": 0.01}, where)
    assert advice is not None
    assert advice.hint == "write `optimizer: sgd` and `learning_rate: 0.01`"
    assert advise_map("optimizer", {"sgd": {}, "adam": {}}, where) is None


def test_the_nearest_is_the_nearest_that_fits() -> None:
    assert [find_nearest_component("layer", "max_poling", [], Expectation(axes)) for axes in (1, 2, 3)] == [
        f"max_pooling{axes}d" for axes in (1, 2, 3)
    ]
    assert find_nearest_component("layer", "conv3", [], Expectation(2)) == "conv2d"


@pytest.mark.parametrize(
    ("line", "written", "meant"),
    [
        ("- dense：｛units：10｝", "dense：｛units：10｝", "dense: {units: 10}"),
        ("- model.add(Dense(10))", "model.add(Dense(10))", "dense: 10"),
        ("- Activation('relu')", "Activation('relu')", "activation: relu"),
        ("- nn.ReLU(inplace=True)", "nn.ReLU(inplace=True)", "relu"),
        ("- InputLayer(input_shape=(8,))", "InputLayer(input_shape=(8", None),
    ],
)
def test_a_layer_of_another_notation_is_written_here(line: str, written: str, meant: str | None) -> None:
    advice = advise_component("layer", written, place(line, written), (), Expectation())
    assert advice is not None
    assert advice.meant == meant


def test_arguments_with_dashes_become_one_map() -> None:
    written = [{"units": 10}, {"activation": "softmax"}]
    advice = advise_first(get_entry("layer", "dense"), written, place("- dense:", "dense"), Expectation())
    assert advice is not None
    assert advice.hint.startswith("write `dense: {units: 10, activation: softmax}`")
    assert advise_first(get_entry("layer", "dense"), [{"unitz": 3}], place("- dense:", "dense"), Expectation()) is None

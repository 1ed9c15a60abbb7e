from dataclasses import replace

import numpy as np
import pytest

from nnctl.diagnosis.rules.index import RULES

from ...conftest import made


@pytest.mark.parametrize(("momentum", "heard"), [(0.9, False), (0.99, False), (0.999, True), (1.0, False)])
def test_a_momentum_that_hardly_forgets(facts, momentum, heard):
    found = list(RULES["C09"].apply(facts(f"train.optimizer={{sgd: {{momentum: {momentum}}}}}")))
    assert [one.level for one in found] == ["warning"] * heard
    if heard:
        assert "1,000 steps accumulate" in found[0].found
        assert found[0].fix.edits[0].value == 0.9


@pytest.mark.parametrize(("given", "heard"), [(0.1, False), (1000.0, True)])
def test_an_accumulator_that_begins_full(facts, given, heard):
    found = list(RULES["C09"].apply(facts(f"train.optimizer={{adagrad: {{initial_accumulator_value: {given}}}}}")))
    assert [one.found for one in found] == ["initial_accumulator_value is 1000"] * heard


@pytest.mark.parametrize(
    ("weights", "counts", "level"),
    [
        ("{0: 500, 1: 1}", None, "info"),
        ("{0: 500}", None, "info"),
        ("{0: 1001, 1: 1}", None, "warning"),
        ("{0: 0}", None, "warning"),
        ("{0: 30, 1: 1}", None, None),
        ("{0: 30, 1: 1}", (200, 200), "info"),
        ("{0: 30, 1: 1}", (390, 10), "info"),
        ("{0: 1, 1: 30}", (390, 10), None),
    ],
)
def test_weights_that_leave_no_room_for_a_class(facts, weights, counts, level):
    labels = np.repeat([0, 1], (200, 200) if counts is None else counts)
    x = np.random.default_rng(0).normal(size=(400, 4)).astype(np.float32)
    layers = "model.layers=[{dense: {units: 8, activation: relu}}, {dense: {units: 1, activation: sigmoid}}]"
    known = facts(layers, "train.loss=binary_crossentropy", f"train.class_weight={weights}", data=made(x, labels))
    if counts is None:
        known = replace(known, dataset=None)
    assert [one.level for one in RULES["C11"].apply(known)] == ([] if level is None else [level])


@pytest.mark.parametrize(
    ("names", "weights", "levels"),
    [(("1", "2"), "{1: 30, 2: 1}", ["info"]), (("1", "2"), "{0: 1, 1: 30}", []), (("cat", "dog"), "{1: 30}", [])],
)
def test_weights_of_classes_that_are_called_by_numbers(facts, names, weights, levels):
    layers = "model.layers=[{dense: {units: 8, activation: relu}}, {dense: {units: 1, activation: sigmoid}}]"
    x, labels = np.random.default_rng(0).normal(size=(400, 4)).astype(np.float32), np.repeat([0, 1], (390, 10))
    known = facts(layers, "train.loss=binary_crossentropy", f"train.class_weight={weights}", data=made(x, labels))
    # The many are weighed in the first, by name, and the few in the others, by index.
    known = replace(known, dataset=replace(known.dataset, names=names))
    assert [one.level for one in RULES["C11"].apply(known)] == levels


@pytest.mark.parametrize(
    ("weights", "rare", "heard"),
    [("{0: 0.95, 1: 0.05}", 20, True), ("{1: 0.5}", 20, True), ("{0: 0.53, 1: 10}", 20, False), ("{0: 1, 1: 0.9}", 20, False),
     ("{0: 0.95, 1: 0.05}", 180, False)],
)  # fmt: skip
def test_a_rare_class_that_weighs_less(facts, weights, rare, heard):
    layers = "model.layers=[{dense: {units: 8, activation: relu}}, {dense: {units: 1, activation: sigmoid}}]"
    x, labels = np.random.default_rng(0).normal(size=(400, 4)).astype(np.float32), np.repeat([0, 1], (400 - rare, rare))
    known = facts(layers, "train.loss=binary_crossentropy", f"train.class_weight={weights}", data=made(x, labels))
    found = [*RULES["C15"].apply(known)]
    assert bool(found) == heard
    if weights == "{0: 0.95, 1: 0.05}" and heard:
        assert found[0].found == "class 1 has 20 examples and weight 0.05; class 0 has 380 examples and weight 0.95"
        assert found[0].fix.edits[0].value == "balanced"


CONVOLUTION = "{conv2d: {filters: 2, kernel_size: 3, activation: relu}}"


@pytest.mark.parametrize(
    ("settings", "heard"),
    [
        (("train.optimizer=adafactor",), True),
        (("train.optimizer=adam",), False),
        (
            ("train.optimizer=adafactor", "model.layers=[flatten, {dense: {units: 9, activation: gelu}}, {dense: 10}]"),
            False,
        ),
        (
            (
                "train.optimizer=adafactor",
                "model.layers=[{conv2d: {filters: 2, kernel_size: 3, activation: relu}}, flatten, {dense: 10}]",
            ),
            False,
        ),
        (("train.optimizer=adafactor", "data.source=cifar10"), False),
    ],
)
def test_zeros_under_adafactor(facts, settings, heard):
    assert bool(list(RULES["C14"].apply(facts("train.metrics=[]", *settings)))) == heard


@pytest.mark.parametrize("blank", [False, True])
def test_zeros_are_measured_where_data_are_loaded(facts, blank):
    x = np.random.default_rng(0).normal(size=(200, 6)).astype(np.float32)
    x[:, 3] *= not blank
    layers = "model.layers=[{dense: {units: 8, activation: relu}}, {dense: {units: 2, activation: softmax}}]"
    known = facts(layers, "train.optimizer=adafactor", data=made(x, np.arange(200) % 2))
    assert bool(list(RULES["C14"].apply(known))) == blank

from collections.abc import Callable

import pytest

from nnctl.diagnosis import Facts
from nnctl.diagnosis.finding import Edit
from nnctl.diagnosis.variant import variant
from nnctl.errors import SpecError
from nnctl.spec import Spec


@pytest.fixture
def spec(facts: Callable[..., Facts]) -> Spec:
    return facts("train.epochs=7").spec


def test_edits_are_made_in_turn_and_overrides_stay(spec: Spec) -> None:
    layers = ("model", "layers")
    edits = [
        Edit((*layers, 1, "units"), 5), Edit((*layers, 1), {"dropout": 0.5}, "insert"), Edit((*layers, 0), kind="remove"),
        Edit(("train", "optimizer", "beta_1"), 0.5), Edit(("data", "scale"), "standard"),
    ]  # fmt: skip
    made = variant(spec, [*edits, Edit((*layers, 0), "flatten", "insert")])
    assert [layer.name for layer in made.layers] == ["flatten", "dropout", "dense", "dense"]
    assert (made.layers[1].arguments["rate"], made.layers[2].arguments["units"]) == (0.5, 5)
    assert made.train.optimizer.arguments["beta_1"] == 0.5
    assert (made.data.scale, made.train.epochs) == ("standard", 7)
    assert [layer.name for layer in spec.layers] == ["flatten", "dense", "dense"]  # what was given stays as it was


def test_a_bare_name_gets_arguments_and_an_argument_goes(spec: Spec) -> None:
    made = variant(spec, [Edit(("train", "loss", "label_smoothing"), 0.1)])
    assert (made.train.loss.name, made.train.loss.arguments["label_smoothing"]) == ("categorical_crossentropy", 0.1)
    again = variant(made, [Edit(("train", "loss", "label_smoothing"), kind="remove")])
    assert "label_smoothing" not in again.train.loss.arguments


def test_edits_that_give_no_spec_are_refused(spec: Spec) -> None:
    with pytest.raises(SpecError):
        variant(spec, [Edit(("model", "layers", 1, "units"), -1)])

import warnings
from collections.abc import Callable

import keras
import numpy as np
import pytest

from nnctl.diagnosis import Facts, apply_rules

HEAD = "{{dense: {{units: 10, activation: {}}}}}"


@pytest.mark.parametrize(
    ("head", "logits", "codes"),
    [
        (HEAD.format("relu6"), True, {"A02"}),  # it clips: logits from 0 to 6 have no floor that matters
        (HEAD.format("relu6") + ", softmax", False, {"A02"}),
        (HEAD.format("relu6") + ", {activation: gelu}", True, {"A02"}),
        (HEAD.format("tanh"), True, {"H03"}),
        (HEAD.format("softmax") + ", {activation: sigmoid}", False, {"H03"}),
        (HEAD.format("sparsemax"), True, {"H03"}),
        (HEAD.format("softmax"), False, set()),
    ],
)
def test_what_squeezes_twice_is_told_from_what_clips(
    facts: Callable[..., Facts], head: str, logits: bool, codes: set[str]
) -> None:
    loss = "{categorical_crossentropy: {from_logits: true}}" if logits else "categorical_crossentropy"
    found = facts(f"model.layers=[flatten, {head}]", f"train.loss={loss}")
    assert {one.code for one in apply_rules(found)} & {"A02", "H03"} == codes


@pytest.mark.parametrize(("head", "floor"), [("softmax", 0.0), ("tanh", 1.461)])
def test_a_loss_of_logits_has_a_floor_behind_what_keras_does_not_look_behind(
    facts: Callable[..., Facts], head: str, floor: float
) -> None:
    loss, rows = keras.losses.CategoricalCrossentropy(from_logits=True), 20 * np.eye(10, dtype=np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras's own, which nobody sees in a training
        least = float(loss(np.eye(10), keras.activations.get(head)(keras.ops.convert_to_tensor(rows))))
    assert least == pytest.approx(floor, abs=1e-3)
    text = f"model.layers=[flatten, {HEAD.format(head)}]"
    found = facts(text, "train.loss={categorical_crossentropy: {from_logits: true}}")
    levels = [one.level for one in apply_rules(found) if one.code == "H03"]
    assert levels == (["error"] if floor else ["info"])

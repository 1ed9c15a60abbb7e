from collections.abc import Callable

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
